//! Notifications that jobs give, and what became of their mails.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_domain::notification::ACTIVE;

use crate::Stamp;
use crate::functions::strpos;
use crate::rows::created_by;
use crate::schema::notifications;

/// A notification to insert. Derives no `Debug`: it holds an address.
#[derive(Clone, Copy, Insertable)]
#[diesel(table_name = notifications)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.22"
)]
pub struct NewNotification<'a> {
    pub id: &'a str,
    pub partner_id: &'a str,
    pub notification_type: &'a str,
    pub notification_details_json: &'a str,
    /// Cipher text; empty when the recipient has no address.
    pub email_id: &'a str,
    pub email_lang_code: &'a str,
}

/// Inserts an active notification whose mail is not sent yet.
pub fn insert(
    conn: &mut PgConnection,
    new: &NewNotification<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::insert_into(notifications::table)
        .values((
            new,
            notifications::notification_status.eq(ACTIVE),
            notifications::email_sent.eq(Some(false)),
            created_by!(notifications, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Details of the notifications of a type that a partner was given since an
/// instant; if `holding` is given, of those whose text holds it.
pub fn details_since(
    conn: &mut PgConnection,
    (partner_id, kind): (&str, &str),
    since: NaiveDateTime,
    holding: Option<&str>,
) -> QueryResult<Vec<String>> {
    let mut query = notifications::table
        .filter(notifications::partner_id.eq(partner_id))
        .filter(notifications::notification_type.eq(kind))
        .filter(notifications::cr_dtimes.ge(since))
        .select(notifications::notification_details_json)
        .into_boxed();
    if let Some(part) = holding {
        let position = strpos(notifications::notification_details_json, part);
        query = query.filter(position.gt(0));
    }
    query.load(conn)
}

/// A notification that partners were given.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = notifications)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.22"
)]
pub struct GivenNotice {
    pub partner_id: String,
    pub notification_status: String,
    pub notification_details_json: String,
}

/// The notifications of a type that these partners were given since an instant.
pub fn list_given(
    conn: &mut PgConnection,
    kind: &str,
    partner_ids: &[String],
    since: NaiveDateTime,
) -> QueryResult<Vec<GivenNotice>> {
    GivenNotice::query()
        .filter(notifications::partner_id.eq_any(partner_ids))
        .filter(notifications::notification_type.eq(kind))
        .filter(notifications::cr_dtimes.ge(since))
        .load(conn)
}

/// Whom notifications of these types were made for, without those that partners
/// get about others' things.
pub fn list_recipients(conn: &mut PgConnection, kinds: &[&str]) -> QueryResult<Vec<String>> {
    notifications::table
        .filter(notifications::notification_type.eq_any(kinds))
        .select(notifications::partner_id)
        .distinct()
        .load(conn)
}

/// Whether the mail of a notification was sent; `None` when there is no such
/// notification any more.
pub fn is_mail_sent(conn: &mut PgConnection, id: &str) -> QueryResult<Option<bool>> {
    let sent: Option<Option<bool>> = notifications::table
        .find(id)
        .select(notifications::email_sent)
        .first(conn)
        .optional()?;
    Ok(sent.map(|sent| sent == Some(true)))
}

/// Notes that the mail of a notification was sent.
pub fn note_mail_sent(conn: &mut PgConnection, id: &str, at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(notifications::table.find(id))
        .set((
            notifications::email_sent.eq(Some(true)),
            notifications::email_sent_dtimes.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}
