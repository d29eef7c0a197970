//! How many certificates of authorities end soon, for who watches the metrics:
//! when one ends, certificates of partners below it stop being trusted.

use chrono::TimeDelta;
use pms_database::certificates;
use pms_runtime::{Runtime, RuntimeError};
use prometheus::IntGauge;

/// What soon is, in days.
const SOON: i64 = 30;

/// Keeps the gauge true while the process runs.
///
/// # Errors
/// When the metric can't be made.
pub(crate) fn watch(runtime: &Runtime) -> Result<(), RuntimeError> {
    let gauge = IntGauge::new(
        "ca_certificates_ending",
        "Certificates of authorities that end within 30 days",
    )?;
    runtime.count_hourly(
        "certificates that end soon",
        gauge.clone(),
        |conn, now| {
            let until = now + TimeDelta::days(SOON);
            Ok(certificates::count_ending(conn, now, until)?)
        },
        move |ending| gauge.set(ending),
    )
}
