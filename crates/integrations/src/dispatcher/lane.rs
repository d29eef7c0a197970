//! The tasks of the dispatcher.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use pms_database::outbox::queue::{self, Delivery, Outcome};
use pms_database::outbox::{Lane, heads};
use pms_database::{Clock, Db, Failure};
use prometheus::IntCounterVec;
use tokio::sync::watch;
use uuid::Uuid;

use super::backoff::pause;
use super::{Counters, DispatcherSettings, Peers, Undelivered, trust_chain};

/// Delivers one lane.
pub(super) struct Worker {
    pub(super) lane: Lane,
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) peers: Arc<Peers>,
    pub(super) settings: DispatcherSettings,
    pub(super) deliveries: IntCounterVec,
}

impl Worker {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut committed = self.db.committed();
        while !*stopped.borrow() {
            // Commits from here on end the wait below, even those that this
            // look at the table is too early to see.
            committed.mark_unchanged();
            let begun = Instant::now();
            let more = match self.round().await {
                Ok(delivered) => delivered > 0,
                Err(error) => {
                    tracing::warn!(lane = self.lane.name(), %error, "the outbox can't be read");
                    false
                }
            };
            if more {
                continue;
            }
            // While a peer is down rows pile up, and looking takes long: looks
            // for nothing must not keep the database busy.
            let poll = self.settings.poll;
            let rest = (begun.elapsed() * 4).min(poll * 10);
            tokio::select! {
                () = signal(&mut committed, rest) => {}
                () = tokio::time::sleep(poll.max(rest)) => {}
                changed = stopped.changed() => {
                    // Whoever could stop us is gone: nobody waits for the rows.
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Leases, delivers and settles one batch; returns how many rows it had.
    async fn round(&self) -> Result<usize, Failure> {
        let (lane, limit, token) = (self.lane, i64::from(self.settings.batch), Uuid::new_v4());
        let (now, hold) = (self.clock.now_naive(), self.settings.lease);
        let rows = self
            .db
            .read(move |conn| queue::lease(conn, lane, token, (now, hold), limit))
            .await?;
        let count = rows.len();
        let deliveries = rows.iter().map(|row| self.deliver_and_settle(row, token));
        futures_util::future::join_all(deliveries).await;
        Ok(count)
    }

    async fn deliver_and_settle(&self, row: &Delivery, token: Uuid) {
        // A delivery that outlives its lease could reach the peer after later
        // rows of the same key, delivered by somebody else meanwhile.
        let limit = self.settings.lease / 4 * 3;
        let delivered = tokio::time::timeout(limit, self.deliver(row)).await;
        let delivered = delivered
            .unwrap_or_else(|_| Err(Undelivered::Retry("took longer than its lease".to_owned())));
        let outcome = self.judge(row, delivered);
        let name = match &outcome {
            Outcome::Delivered => "delivered",
            Outcome::Skipped => "skipped",
            Outcome::Retry { .. } => "failed",
            Outcome::Dead { .. } => "dead",
        };
        self.deliveries
            .with_label_values(&[self.lane.name(), name])
            .inc();
        self.log(row, &outcome);
        let (id, now) = (row.id, self.clock.now_naive());
        let settled = self
            .db
            .read(move |conn| queue::settle(conn, id, token, &outcome, now))
            .await;
        match settled {
            Ok(true) => {}
            Ok(false) => tracing::warn!(id = %row.id, "the lease ran out during the delivery"),
            // The lease runs out and the row is delivered again, with the same id.
            Err(error) => tracing::warn!(id = %row.id, %error, "a delivery can't be settled"),
        }
    }

    /// Boxed peer by peer: nested in one future, the compiler does not see that
    /// theirs may change threads.
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        let (topic, payload) = (row.topic.as_str(), &row.payload);
        let peers = &self.peers;
        let delivery = match self.lane {
            Lane::Event if trust_chain::of(payload).is_some() => {
                Some(trust_chain::deliver(peers, topic, payload).boxed())
            }
            Lane::Event => peers
                .hub
                .as_ref()
                .map(|hub| hub.publish(topic, payload).boxed()),
            Lane::Audit => peers
                .audit
                .as_ref()
                .map(|audit| audit.send(payload).boxed()),
            Lane::Mail => peers
                .mailer
                .as_ref()
                .map(|mailer| mailer.send(payload).boxed()),
        };
        delivery.unwrap_or_else(|| ready(Err(Undelivered::NoPeer)).boxed())
    }

    fn judge(&self, row: &Delivery, delivered: Result<(), Undelivered>) -> Outcome {
        let failures = u32::try_from(row.attempts).unwrap_or(0).saturating_add(1);
        match delivered {
            Ok(()) => Outcome::Delivered,
            Err(Undelivered::NoPeer) => Outcome::Skipped,
            Err(Undelivered::Never(error)) => Outcome::Dead { error },
            Err(Undelivered::Retry(error)) if failures >= self.settings.max_attempts => {
                Outcome::Dead { error }
            }
            Err(Undelivered::Retry(error)) => {
                let (first, longest) = (self.settings.retry_first, self.settings.retry_longest);
                let wait = pause(failures, first, longest, rand::random());
                Outcome::Retry {
                    at: self.clock.now_naive() + wait,
                    error,
                }
            }
        }
    }

    fn log(&self, row: &Delivery, outcome: &Outcome) {
        let (lane, topic, id) = (self.lane.name(), row.topic.as_str(), row.id);
        match outcome {
            Outcome::Delivered => tracing::debug!(lane, topic, %id, "delivered"),
            Outcome::Skipped => tracing::debug!(lane, topic, %id, "skipped: no peer"),
            Outcome::Retry { error, .. } => {
                tracing::warn!(lane, topic, %id, attempts = row.attempts + 1, error, "not delivered");
            }
            Outcome::Dead { error } => {
                tracing::error!(lane, topic, %id, attempts = row.attempts + 1, error, "parked as dead");
            }
        }
    }
}

/// Ready after a commit, but not before `rest` has passed.
async fn signal(committed: &mut watch::Receiver<u64>, rest: Duration) {
    tokio::time::sleep(rest).await;
    if committed.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Deletes what is long delivered and measures how full the lanes are.
pub(super) struct Keeper {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) settings: DispatcherSettings,
    pub(super) counters: Counters,
}

const MEASURE_EVERY: Duration = Duration::from_secs(15);
const ROWS_PER_CLEAN_UP: i64 = 5_000;

impl Keeper {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        while !*stopped.borrow() {
            if let Err(error) = self.round().await {
                tracing::debug!(%error, "the outbox can't be measured");
            }
            tokio::select! {
                () = tokio::time::sleep(MEASURE_EVERY) => {}
                changed = stopped.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn round(&self) -> Result<(), Failure> {
        let (now, keep) = (self.clock.now_naive(), self.settings.keep);
        let depths = self
            .db
            .read(move |conn| {
                queue::clean_up(conn, now, keep, ROWS_PER_CLEAN_UP)?;
                heads::repair(conn)?;
                queue::depths(conn)
            })
            .await?;
        for lane in Lane::ALL {
            let name = lane.name();
            let depth = depths.iter().find(|depth| depth.lane == name);
            let age = depth
                .and_then(|depth| depth.oldest)
                .map_or(0, |oldest| (now - oldest).num_seconds().max(0));
            self.counters
                .depth
                .with_label_values(&[name])
                .set(depth.map_or(0, |d| d.pending));
            self.counters
                .dead
                .with_label_values(&[name])
                .set(depth.map_or(0, |d| d.dead));
            self.counters.age.with_label_values(&[name]).set(age);
        }
        Ok(())
    }
}
