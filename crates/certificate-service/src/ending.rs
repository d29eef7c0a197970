//! How many certificates of authorities end soon, for who watches the metrics:
//! when one ends, certificates of partners below it stop being trusted.

use std::time::Duration;

use chrono::TimeDelta;
use pms_database::certificates;
use pms_runtime::{Runtime, RuntimeError};
use prometheus::IntGauge;
use tokio::time::MissedTickBehavior;

/// How often the store is looked at.
const EVERY: Duration = Duration::from_hours(1);
/// What soon is, in days.
const SOON: i64 = 30;

/// Keeps the gauge true while the process runs.
///
/// # Errors
/// When the metric can't be made.
pub(crate) fn watch(runtime: &Runtime) -> Result<(), RuntimeError> {
    let other = |error: prometheus::Error| RuntimeError::Other(error.to_string());
    let gauge = IntGauge::new(
        "ca_certificates_ending",
        "Certificates of authorities that end within 30 days",
    )
    .map_err(other)?;
    match runtime
        .edge
        .metrics()
        .registry()
        .register(Box::new(gauge.clone()))
    {
        // Another module of this process watches already.
        Err(prometheus::Error::AlreadyReg) => return Ok(()),
        registered => registered.map_err(other)?,
    }
    let (db, clock) = (runtime.db.clone(), runtime.clock.clone());
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let now = clock.now_naive();
            let until = now + TimeDelta::days(SOON);
            match db
                .read(move |conn| Ok(certificates::count_ending(conn, now, until)?))
                .await
            {
                Ok(ending) => gauge.set(ending),
                Err(error) => tracing::warn!(%error, "certificates that end soon can't be counted"),
            }
        }
    });
    Ok(())
}
