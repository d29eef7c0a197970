//! Whose licences a caller sees.

use pms_database::search::Entity;
use pms_database::search::searches::MispLicences;
use pms_database::{Connection, DbError, partners};
use pms_runtime::Visible;
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

/// The licences of the caller's own partners, or all of them.
pub(super) fn licences_of_own(caller: Caller) -> Visible<<MispLicences as Entity>::Source> {
    match caller.scope() {
        Scope::All => Visible::All,
        Scope::Own => Visible::only(move |conn| {
            let own = partners::owned_by(conn, caller.user_id())?;
            Ok(vec![MispLicences::of_misps(own)])
        }),
    }
}
