//! Rows and queries of `pms.notifications`.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};
use pms_domain::notification::DISMISSED;

use crate::Stamp;
use crate::rows::changed_by;
use crate::schema::notifications;

mod given;

pub use given::{
    GivenNotice, NewNotification, details_since, insert, is_mail_sent, list_given, list_recipients,
    note_mail_sent,
};

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

/// Whether there is a notification to this partner id, or user name of an administrator.
pub fn has_any(conn: &mut PgConnection, partner_id: &str) -> QueryResult<bool> {
    let any = notifications::table.filter(notifications::partner_id.eq(partner_id));
    diesel::select(diesel::dsl::exists(any)).get_result(conn)
}

/// Puts a notification away.
pub fn dismiss(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    diesel::update(notifications::table.find(id))
        .set((
            notifications::notification_status.eq(DISMISSED),
            changed_by!(notifications, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Deletes at most `most` notifications that were written before `before`,
/// whatever their state, oldest first; returns how many.
pub fn delete_older(
    conn: &mut PgConnection,
    before: NaiveDateTime,
    most: i64,
) -> QueryResult<usize> {
    // Materialised, or a plan that repeats the inner query would delete more.
    diesel::sql_query(
        "WITH past AS MATERIALIZED ( \
           SELECT id FROM pms.notifications WHERE cr_dtimes < $1 \
           ORDER BY cr_dtimes LIMIT $2 FOR UPDATE SKIP LOCKED) \
         DELETE FROM pms.notifications AS n USING past WHERE n.id = past.id",
    )
    .bind::<Timestamp, _>(before)
    .bind::<BigInt, _>(most)
    .execute(conn)
}

/// How many notifications were written before `before`.
pub fn count_older(conn: &mut PgConnection, before: NaiveDateTime) -> QueryResult<i64> {
    notifications::table
        .filter(notifications::cr_dtimes.lt(before))
        .count()
        .get_result(conn)
}
