//! Numbers that are counted in the database from time to time.

use std::time::Duration;

use chrono::NaiveDateTime;
use pms_database::{Connection, DbError};
use prometheus::core::Collector;
use tokio::time::MissedTickBehavior;

use crate::{Runtime, RuntimeError};

/// How often they are counted.
const EVERY: Duration = Duration::from_hours(1);

impl Runtime {
    /// Registers `numbers` for Prometheus and, while the process runs, counts and
    /// shows them: now and once an hour. Where another module of this process has
    /// registered them, it counts them too, and nothing is done here.
    ///
    /// `what` names them in the log.
    ///
    /// # Errors
    /// When the process has other metrics of that name.
    pub fn count_hourly<T: Send + 'static>(
        &self,
        what: &'static str,
        numbers: impl Collector + 'static,
        count: fn(&mut Connection, NaiveDateTime) -> Result<T, DbError>,
        show: impl Fn(T) + Send + 'static,
    ) -> Result<(), RuntimeError> {
        match self.edge.metrics().registry().register(Box::new(numbers)) {
            Err(prometheus::Error::AlreadyReg) => return Ok(()),
            registered => registered?,
        }
        let (db, clock) = (self.db.clone(), self.clock.clone());
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(EVERY);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let now = clock.now_naive();
                match db.read(move |conn| count(conn, now)).await {
                    Ok(counted) => show(counted),
                    Err(error) => tracing::warn!(%error, "{what} can't be counted"),
                }
            }
        });
        Ok(())
    }
}
