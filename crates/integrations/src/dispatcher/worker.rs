//! Delivers one queue: leases due rows while there is room, delivers each in a
//! task of its own, and acknowledges together what has completed meanwhile.

use std::sync::Arc;
use std::time::Duration;

use pms_database::outbox::Queue;
use pms_database::outbox::acknowledging::{self, Acknowledged, Ended, Outcome};
use pms_database::outbox::leases::{self, Delivery};
use pms_database::{Db, DbError};
use prometheus::IntCounterVec;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, sleep_until};
use uuid::Uuid;

use super::DispatcherSettings;
use super::delivery_task::DeliveryTask;

/// Works on one queue.
pub(super) struct Worker {
    pub(super) db: Db,
    pub(super) settings: DispatcherSettings,
    pub(super) deliveries: IntCounterVec,
    pub(super) task: Arc<DeliveryTask>,
}

/// When to poll the table next.
#[derive(Clone, Copy)]
enum NextPoll {
    /// As soon as there is room.
    Now,
    /// At the next commit of this process, not before the first instant, and at
    /// the second one at the latest.
    Between(Instant, Instant),
}

/// Deliveries under way, and acknowledgements that wait for their keys.
type InFlight = JoinSet<Completed>;

/// What a task of [`InFlight`] ends with.
enum Completed {
    /// A delivery that is to be acknowledged.
    Delivery(Ended),
    /// A delivery that was acknowledged on its own.
    Acknowledged,
}

impl Worker {
    pub(super) async fn run(self, mut stopped: watch::Receiver<bool>) {
        let mut committed = self.db.committed();
        let mut in_flight = InFlight::new();
        let mut next_poll = NextPoll::Now;
        while !*stopped.borrow() {
            let room = self.room(&in_flight);
            if matches!(next_poll, NextPoll::Now) && room > 0 {
                // Commits from here on end the wait below, even those that this
                // poll is too early to see.
                committed.mark_unchanged();
                next_poll = self.dispatch_batch(&mut in_flight, room).await;
                continue;
            }
            tokio::select! {
                Some(completed) = in_flight.join_next() => {
                    // The next rows of their keys may be due now.
                    if self.acknowledge(completed, &mut in_flight).await {
                        next_poll = NextPoll::Now;
                    }
                }
                () = wait_for(next_poll, &mut committed) => next_poll = NextPoll::Now,
                changed = stopped.changed() => {
                    // The dispatcher was dropped: nothing waits for the rows.
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
        while let Some(completed) = in_flight.join_next().await {
            self.acknowledge(completed, &mut in_flight).await;
        }
    }

    fn room(&self, in_flight: &InFlight) -> usize {
        let most = usize::try_from(self.settings.batch).unwrap_or(usize::MAX);
        most.saturating_sub(in_flight.len())
    }

    /// Leases up to `room` rows and starts to deliver them; tells when to poll
    /// again.
    async fn dispatch_batch(&self, in_flight: &mut InFlight, room: usize) -> NextPoll {
        let started_at = Instant::now();
        let token = Uuid::new_v4();
        let rows = self.lease(token, room).await.unwrap_or_else(|error| {
            let queue = self.task.queue.name();
            tracing::warn!(queue, %error, "the outbox can't be read");
            Vec::new()
        });
        let found = rows.len();
        for row in rows {
            let task = Arc::clone(&self.task);
            in_flight.spawn(async move { Completed::Delivery(task.deliver(row, token).await) });
        }
        if found == room {
            return NextPoll::Now;
        }
        // While a peer is down rows pile up, and polling takes long: polls that
        // find nothing must not keep the database busy.
        let (poll, now) = (self.settings.poll, Instant::now());
        let rest = if found == 0 {
            (started_at.elapsed() * 4).min(poll * 10)
        } else {
            Duration::ZERO
        };
        NextPoll::Between(now + rest, now + poll.max(rest))
    }

    async fn lease(&self, token: Uuid, room: usize) -> Result<Vec<Delivery>, DbError> {
        let (queue, hold) = (self.task.queue, self.settings.lease);
        let limit = i64::try_from(room).unwrap_or(i64::MAX);
        self.db
            .read(move |conn| leases::lease(conn, queue, token, hold, limit))
            .await
    }

    /// Acknowledges a delivery, and with it all that have completed by now;
    /// tells whether the next rows of any of them may be due.
    async fn acknowledge(
        &self,
        completed: Result<Completed, JoinError>,
        in_flight: &mut InFlight,
    ) -> bool {
        let (mut ended, mut passed_on) = (Vec::new(), false);
        let mut next = Some(completed);
        while let Some(completed) = next {
            match completed {
                Ok(Completed::Delivery(one)) => ended.push(one),
                Ok(Completed::Acknowledged) => passed_on = true,
                // Its lease runs out and the row is delivered again.
                Err(error) => tracing::error!(%error, "a delivery failed within"),
            }
            next = in_flight.try_join_next();
        }
        for one in &ended {
            let labels = [self.task.queue.name(), label(&one.outcome)];
            self.deliveries.with_label_values(&labels).inc();
            passed_on |= !matches!(one.outcome, Outcome::Retry { .. });
        }
        if !ended.is_empty() {
            self.write_down(ended, in_flight).await;
        }
        passed_on
    }

    async fn write_down(&self, ended: Vec<Ended>, in_flight: &mut InFlight) {
        let queue = self.task.queue;
        let rows: Arc<[Ended]> = ended.into();
        let written = Arc::clone(&rows);
        let acknowledged = self
            .db
            .read(move |conn| acknowledging::acknowledge_all(conn, queue, &written))
            .await;
        let late = match acknowledged {
            Ok(Acknowledged { overtaken, held_up }) => {
                overtaken.into_iter().for_each(warn_overtaken);
                held_up
            }
            // One row that can't be written must not keep back the others.
            Err(error) => {
                tracing::warn!(%error, "deliveries can't be acknowledged together");
                rows.iter().map(|one| one.id).collect()
            }
        };
        for one in rows.iter().filter(|one| late.contains(&one.id)) {
            let patience = self.settings.lease;
            in_flight.spawn(acknowledge_alone(
                self.db.clone(),
                self.task.queue,
                one.clone(),
                patience,
            ));
        }
    }
}

/// Acknowledges one delivery, when no transaction queues under its key any more.
/// While the database is busy or away it tries again, for as long as the lease
/// can hold.
async fn acknowledge_alone(db: Db, queue: Queue, one: Ended, patience: Duration) -> Completed {
    const PAUSE: Duration = Duration::from_secs(1);
    let started_at = Instant::now();
    loop {
        let row = one.clone();
        let acknowledged = db
            .read(move |conn| acknowledging::acknowledge(conn, queue, &row))
            .await;
        match acknowledged {
            Ok(true) => break,
            Ok(false) => {
                warn_overtaken(one.id);
                break;
            }
            Err(error) if started_at.elapsed() < patience => {
                tracing::debug!(id = %one.id, %error, "acknowledging again");
                tokio::time::sleep(PAUSE).await;
            }
            // The lease runs out and the row is delivered again, with the same id.
            Err(error) => {
                let message = "a delivery can't be acknowledged";
                pms_log::warn(message, &error.to_string(), |line| {
                    tracing::warn!(id = %one.id, %error, "{line}");
                });
                break;
            }
        }
    }
    Completed::Acknowledged
}

fn warn_overtaken(id: Uuid) {
    tracing::warn!(%id, "the lease ran out during the delivery");
}

/// The outcome as a label of metrics.
const fn label(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "delivered",
        Outcome::Skipped { .. } => "skipped",
        Outcome::Moved(_) => "moved",
        Outcome::Retry { .. } => "failed",
        Outcome::Dead { .. } => "dead",
    }
}

/// Ready when it is time for the next poll. A poll that only waits for room is
/// made after the next delivery.
async fn wait_for(next_poll: NextPoll, committed: &mut watch::Receiver<u64>) {
    let NextPoll::Between(earliest, latest) = next_poll else {
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
