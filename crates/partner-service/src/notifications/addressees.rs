//! Under which names notifications are addressed to a caller.

use pms_database::{Connection, DbError, notifications, partners};
use pms_web::Caller;

/// The caller's own partners, and whether they are active. An administrator is addressed by
/// the user name too, where no partner has it: one without partners, who has notifications
/// all the same, is not refused for the lack of partners
/// (contract clients-users-notifications.md §3.3, §3.5).
///
/// # Errors
/// When a statement fails.
pub(super) fn of_caller(
    conn: &mut Connection,
    caller: &Caller,
) -> Result<Vec<(String, bool)>, DbError> {
    let mut own = partners::activity_of_owned(conn, caller.user_id())?;
    if caller.is_partner_admin() {
        let name = caller.user_id().to_lowercase();
        if !own.is_empty() || notifications::has_any(conn, &name)? {
            own.push((name, true));
        }
    }
    Ok(own)
}
