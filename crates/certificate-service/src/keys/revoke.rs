//! Ending a key before its time.

use chrono::{DateTime, Utc};
use pms_database::keys as rows;
use pms_database::{Connection, DbError};
use pms_pki::errors;

use super::current::current;
use super::{Policies, make};
use crate::errors::{OrDbError as _, refused};

/// Ends the current key. What was encrypted for it stays readable.
///
/// # Errors
/// `KER-KMS-003` when not exactly one is current.
pub(crate) fn revoke(
    conn: &mut Connection,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    rows::lock(conn, app_id, ref_id)?;
    let days = Policies::of(conn, app_id)?.pre_expire_days(ref_id);
    let aliases = rows::aliases(conn, app_id, ref_id)?;
    let current = current(&aliases, days, now).or_failure()?;
    let current = current.ok_or_else(|| refused(errors::NO_UNIQUE_ALIAS))?;
    make::end(conn, [current], now)?;
    tracing::info!(app_id, ref_id, id = current.id, "revoked a key");
    Ok(())
}
