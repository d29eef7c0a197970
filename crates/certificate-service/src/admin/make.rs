//! `pms keys make`: the key of another module, by hand.

use chrono::{DateTime, Utc};
use pms_database::keys::{Ending, exclusively};
use pms_database::{Connection, DbError};
use pms_web::settings::PkiSettings;

use super::KeySafe;
use crate::keys::{Keys, bootstrap};
use crate::vault::subject;

/// Makes the key of an application and reference (contract keymanager.md §4),
/// unless there ever was one. Tells whether it was made.
///
/// # Errors
/// One line: no keys may be made for the application, or the key encryption key
/// is not that of the database.
pub fn make(
    conn: &mut Connection,
    safe: KeySafe,
    pki: &PkiSettings,
    (app_id, ref_id): (&str, &str),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let keys = Keys::new(safe.0, subject(pki));
    exclusively(conn, Ending::Commit, |conn| {
        bootstrap::make_once(&keys, conn, (app_id, ref_id), now)
    })
}
