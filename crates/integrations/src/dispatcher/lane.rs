//! Delivers one lane: leases due rows while there is room, delivers each in a
//! task of its own, and settles together what has ended meanwhile.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDateTime;
use pms_database::outbox::queue::{self, Delivery, Outcome};
use pms_database::outbox::settling::{self, Ended, Settled};
use pms_database::{Clock, Db, DbError};
use prometheus::IntCounterVec;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::DispatcherSettings;
use super::courier::Courier;

/// Works on one lane.
pub(super) struct Worker {
    pub(super) db: Db,
    pub(super) clock: Clock,
    pub(super) settings: DispatcherSettings,
    pub(super) deliveries: IntCounterVec,
    pub(super) courier: Arc<Courier>,
}

/// When to look at the table next.
#[derive(Clone, Copy)]
enum Look {
    /// As soon as there is room.
    Now,
    /// When somebody commits, not before the first instant, and at the second
    /// one at the latest.
    Between(Instant, Instant),
}

/// Deliveries under way, and settlements that wait for their keys.
type Flying = JoinSet<Landed>;

/// What a task of [`Flying`] ends with.
enum Landed {
    /// A delivery that is to be settled.
    Delivery(Ended),
    /// A delivery that was settled on its own.
    Settled,
}

impl Worker {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut committed = self.db.committed();
        let mut flying = Flying::new();
        let mut look = Look::Now;
        while !*stopped.borrow() {
            let room = self.room(&flying);
            if matches!(look, Look::Now) && room > 0 {
                // Commits from here on end the wait below, even those that this
                // look at the table is too early to see.
                committed.mark_unchanged();
                look = self.take_off(&mut flying, room).await;
                continue;
            }
            tokio::select! {
                Some(landed) = flying.join_next() => {
                    // The next rows of their keys may be due now.
                    if self.settle(landed, &mut flying).await {
                        look = Look::Now;
                    }
                }
                () = next(look, &mut committed) => look = Look::Now,
                changed = stopped.changed() => {
                    // Whoever could stop us is gone: nobody waits for the rows.
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
        while let Some(landed) = flying.join_next().await {
            self.settle(landed, &mut flying).await;
        }
    }

    fn room(&self, flying: &Flying) -> usize {
        let most = usize::try_from(self.settings.batch).unwrap_or(usize::MAX);
        most.saturating_sub(flying.len())
    }

    /// Leases up to `room` rows and begins to deliver them; tells when to look
    /// again.
    async fn take_off(&self, flying: &mut Flying, room: usize) -> Look {
        let begun = Instant::now();
        let token = Uuid::new_v4();
        let rows = self.lease(token, room).await.unwrap_or_else(|error| {
            let lane = self.courier.lane.name();
            tracing::warn!(lane, %error, "the outbox can't be read");
            Vec::new()
        });
        let found = rows.len();
        for row in rows {
            let courier = Arc::clone(&self.courier);
            flying.spawn(async move { Landed::Delivery(courier.carry(row, token).await) });
        }
        if found == room {
            return Look::Now;
        }
        // While a peer is down rows pile up, and looking takes long: looks
        // for nothing must not keep the database busy.
        let (poll, now) = (self.settings.poll, Instant::now());
        let rest = if found == 0 {
            (begun.elapsed() * 4).min(poll * 10)
        } else {
            Duration::ZERO
        };
        Look::Between(now + rest, now + poll.max(rest))
    }

    async fn lease(&self, token: Uuid, room: usize) -> Result<Vec<Delivery>, DbError> {
        let (lane, hold) = (self.courier.lane, self.settings.lease);
        let (now, limit) = (
            self.clock.now_naive(),
            i64::try_from(room).unwrap_or(i64::MAX),
        );
        self.db
            .read(move |conn| queue::lease(conn, lane, token, (now, hold), limit))
            .await
    }

    /// Settles a delivery, and with it whatever else has ended by now; tells
    /// whether the next rows of any of them may be due.
    async fn settle(&self, landed: Result<Landed, JoinError>, flying: &mut Flying) -> bool {
        let (mut ended, mut passed_on) = (Vec::new(), false);
        let mut next = Some(landed);
        while let Some(landed) = next {
            match landed {
                Ok(Landed::Delivery(one)) => ended.push(one),
                Ok(Landed::Settled) => passed_on = true,
                // Its lease runs out and the row is delivered again.
                Err(error) => tracing::error!(%error, "a delivery failed within"),
            }
            next = flying.try_join_next();
        }
        for one in &ended {
            let labels = [self.courier.lane.name(), name(&one.outcome)];
            self.deliveries.with_label_values(&labels).inc();
            passed_on |= !matches!(one.outcome, Outcome::Retry { .. });
        }
        if !ended.is_empty() {
            self.write_down(ended, flying).await;
        }
        passed_on
    }

    async fn write_down(&self, ended: Vec<Ended>, flying: &mut Flying) {
        let (lane, now) = (self.courier.lane, self.clock.now_naive());
        let rows: Arc<[Ended]> = ended.into();
        let written = Arc::clone(&rows);
        let settled = self
            .db
            .read(move |conn| settling::settle_all(conn, lane, &written, now))
            .await;
        let late = match settled {
            Ok(Settled { overtaken, held_up }) => {
                overtaken.into_iter().for_each(overtaken_by_another);
                held_up
            }
            // One row that can't be written must not keep back the others.
            Err(error) => {
                tracing::warn!(%error, "deliveries can't be settled together");
                rows.iter().map(|one| one.id).collect()
            }
        };
        for one in rows.iter().filter(|one| late.contains(&one.id)) {
            let patience = self.settings.lease;
            flying.spawn(settle_alone(self.db.clone(), one.clone(), now, patience));
        }
    }
}

/// Settles one delivery, when whoever queues under its key is done. While the
/// database is busy or away it tries again, for as long as the lease can hold.
async fn settle_alone(db: Db, one: Ended, now: NaiveDateTime, patience: Duration) -> Landed {
    const PAUSE: Duration = Duration::from_secs(1);
    let begun = Instant::now();
    loop {
        let row = one.clone();
        let settled = db
            .read(move |conn| queue::settle(conn, row.id, row.token, &row.outcome, now))
            .await;
        match settled {
            Ok(true) => break,
            Ok(false) => {
                overtaken_by_another(one.id);
                break;
            }
            Err(error) if begun.elapsed() < patience => {
                tracing::debug!(id = %one.id, %error, "settling again");
                tokio::time::sleep(PAUSE).await;
            }
            // The lease runs out and the row is delivered again, with the same id.
            Err(error) => {
                tracing::warn!(id = %one.id, %error, "a delivery can't be settled");
                break;
            }
        }
    }
    Landed::Settled
}

fn overtaken_by_another(id: Uuid) {
    tracing::warn!(%id, "the lease ran out during the delivery");
}

/// The outcome as a label of metrics.
const fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::Skipped => "skipped",
        Outcome::Retry { .. } => "failed",
        Outcome::Dead { .. } => "dead",
    }
}

/// Ready when it is time for the next look. A look that only waits for room is
/// made after the next delivery.
async fn next(look: Look, committed: &mut watch::Receiver<u64>) {
    let Look::Between(earliest, latest) = look else {
        return std::future::pending().await;
    };
    let signal = async {
        sleep_until(earliest).await;
        if committed.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = signal => {}
        () = sleep_until(latest) => {}
    }
}
