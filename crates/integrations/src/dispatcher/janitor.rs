//! Measures how full the queues are, says what waits, and ends what is past its
//! time. Each in a task of its own: a long clean-up must not delay the numbers.

use std::collections::BTreeMap;
use std::time::Duration;

use pms_database::outbox::depths::{self, Depth};
use pms_database::outbox::retention::{self, Keep};
use pms_database::outbox::{Queue, heads};
use pms_database::{Db, DbError};
use prometheus::IntCounterVec;
use tokio::sync::watch;
use tokio::time::Instant;

use super::Counters;

const MEASURE_EVERY: Duration = Duration::from_secs(15);
const CLEAN_UP_EVERY: Duration = Duration::from_secs(15);
const WARN_EVERY: Duration = Duration::from_secs(60);

/// Waits for the next round; false when there is none.
async fn next_round(pause: Duration, stopped: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(pause) => true,
        changed = stopped.changed() => changed.is_ok() && !*stopped.borrow(),
    }
}

/// Deletes rows that ended long ago, until the process stops.
pub(super) async fn clean_up(db: Db, keep: Keep, mut stopped: watch::Receiver<bool>) {
    loop {
        match retention::clean_up(&db, keep).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "ended outbox rows were deleted"),
            Err(error) => tracing::warn!(%error, "the outbox can't be cleaned up"),
        }
        if !next_round(CLEAN_UP_EVERY, &mut stopped).await {
            return;
        }
    }
}

/// Marks the rows of a queue as skipped as they come, until the process stops.
pub(super) async fn discard(
    db: Db,
    (queue, poll): (Queue, Duration),
    deliveries: IntCounterVec,
    mut stopped: watch::Receiver<bool>,
) {
    let skipped = deliveries.with_label_values(&[queue.name(), "skipped"]);
    loop {
        let mut pause = poll;
        match retention::discard(&db, queue).await {
            Ok(0) => {}
            Ok(rows) => {
                skipped.inc_by(rows);
                tracing::info!(queue = queue.name(), rows, "discarded: outbox.discard");
            }
            Err(error) => {
                tracing::warn!(queue = queue.name(), %error, "rows can't be discarded");
                pause = CLEAN_UP_EVERY;
            }
        }
        if !next_round(pause, &mut stopped).await {
            return;
        }
    }
}

/// Measures the queues, and says once a minute what waits for an address.
pub(super) struct Janitor {
    pub(super) db: Db,
    pub(super) counters: Counters,
    /// The queues that this process has no address for, and the settings that
    /// would name one.
    pub(super) waiting: BTreeMap<Queue, Vec<&'static str>>,
    pub(super) warned_at: Option<Instant>,
}

impl Janitor {
    pub(super) async fn run(mut self, mut stopped: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.round().await {
                tracing::debug!(%error, "the outbox can't be measured");
            }
            if !next_round(MEASURE_EVERY, &mut stopped).await {
                return;
            }
        }
    }

    async fn round(&mut self) -> Result<(), DbError> {
        let measure = |conn: &mut _| {
            heads::repair(conn)?;
            depths::depths(conn)
        };
        let depths = self.db.read(measure).await?;
        for queue in Queue::ALL {
            let depth = depths.iter().find(|depth| depth.queue == queue.name());
            self.counters.show(*queue, depth);
            let waiting = depth.filter(|_| self.waiting.contains_key(queue));
            let rows = waiting.map_or(0, |depth| depth.pending);
            let labels = [queue.name()];
            self.counters.waiting.with_label_values(&labels).set(rows);
        }
        self.warn(&depths);
        Ok(())
    }

    fn warn(&mut self, depths: &[Depth]) {
        if self.warned_at.is_some_and(|at| at.elapsed() < WARN_EVERY) {
            return;
        }
        let rows: Vec<String> = depths.iter().filter_map(|depth| self.line(depth)).collect();
        if rows.is_empty() {
            return;
        }
        self.warned_at = Some(Instant::now());
        tracing::warn!(
            rows = rows.join(", "),
            "outbox rows wait for a process that has the address of their peer; \
             this one has none (outbox.discard marks such rows as skipped)"
        );
    }

    /// Rows of a queue that wait for an address, for the log. Rows that another
    /// process takes within seconds are not worth a warning.
    fn line(&self, depth: &Depth) -> Option<String> {
        let queue: Queue = depth.queue.parse().ok()?;
        let missing = self.waiting.get(&queue)?;
        let age = depth.oldest_seconds?;
        let is_old = age >= i64::try_from(MEASURE_EVERY.as_secs()).ok()?;
        is_old.then(|| {
            format!(
                "{} of {queue}, the oldest for {age} s (not set: {})",
                depth.pending,
                missing.join(", ")
            )
        })
    }
}
