//! Whose rows a search may show: everybody's, or those of the caller's own
//! partners.

use pms_database::{Connection, DbError, partners};
use pms_web::{Caller, Scope};

/// Ids of the partners whose rows the caller may see; `None` for all.
///
/// # Errors
/// When the database does not answer.
pub(crate) fn visible_partners(
    conn: &mut Connection,
    caller: &Caller,
) -> Result<Option<Vec<String>>, DbError> {
    match caller.scope() {
        Scope::All => Ok(None),
        Scope::Own => Ok(Some(partners::owned_by(conn, caller.user_id())?)),
    }
}
