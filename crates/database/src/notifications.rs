//! Rows and queries of `pms.notifications`.

use diesel::prelude::*;
use pms_domain::notification::DISMISSED;

use crate::Stamp;
use crate::schema::notifications;

/// A notification, as far as its dismissal depends on it.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = notifications)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.22"
)]
pub struct NotificationState {
    pub id: String,
    pub partner_id: String,
    pub notification_type: String,
    pub notification_status: String,
}

/// The notification with exactly this id, locked until the transaction ends.
pub fn lock(conn: &mut PgConnection, id: &str) -> QueryResult<Option<NotificationState>> {
    NotificationState::query()
        .filter(notifications::id.eq(id))
        .for_update()
        .first(conn)
        .optional()
}

/// Puts a notification away.
pub fn dismiss(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    diesel::update(notifications::table.find(id))
        .set((
            notifications::notification_status.eq(DISMISSED),
            notifications::upd_by.eq(&stamp.by),
            notifications::upd_dtimes.eq(stamp.at),
        ))
        .execute(conn)?;
    Ok(())
}
