//! Deletes what is long delivered and measures how full the lanes are.

use std::time::Duration;

use pms_database::outbox::{Lane, heads, queue};
use pms_database::{Clock, Db, DbError};
use tokio::sync::watch;

use super::{Counters, DispatcherSettings};

/// The housekeeping of an outbox.
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

    async fn round(&self) -> Result<(), DbError> {
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
