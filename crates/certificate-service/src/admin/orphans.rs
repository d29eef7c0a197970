//! `pms keys orphans`: certificates that no row refers to any more.

use pms_database::certificates;
use pms_database::{Connection, DbError};

pub use pms_database::certificates::Orphan;

/// Hands at most `limit` certificates of partners that no partner and no chip
/// has to `each`, oldest first. Deletes nothing: the contract knows no deletion,
/// and others may know the id.
///
/// # Errors
/// When the statement fails.
pub fn for_each_orphan(
    conn: &mut Connection,
    limit: u32,
    each: impl FnMut(Orphan),
) -> Result<(), DbError> {
    certificates::for_each_orphan(conn, i64::from(limit), each)
}
