//! The metric that counts the certificates of authorities that end soon: when one
//! ends, the certificates of partners below it are not trusted any more.

use chrono::TimeDelta;
use pms_database::ends;
use pms_runtime::{Runtime, RuntimeError};
use prometheus::IntGauge;

/// A certificate that ends within so many days ends soon.
const SOON_DAYS: i64 = 30;

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
            let until = now + TimeDelta::days(SOON_DAYS);
            Ok(ends::count_ending_authorities(conn, now, until)?)
        },
        move |ending| gauge.set(ending),
    )
}
