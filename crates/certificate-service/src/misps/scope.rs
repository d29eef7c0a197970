//! Whose licences a caller sees.

use pms_database::{Connection, DbError, partners};
use pms_web::{Caller, Scope};

/// The caller's own partners, or `None` for a caller who sees all licences.
pub(super) fn visible(
    conn: &mut Connection,
    caller: &Caller,
) -> Result<Option<Vec<String>>, DbError> {
    Ok(match caller.scope() {
        Scope::All => None,
        Scope::Own => Some(partners::owned_by(conn, caller.user_id())?),
    })
}
