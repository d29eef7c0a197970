//! `pms.expiry_mail`: mails that remind of an end without a notification of their
//! own.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::expiry_mail;

/// Notes that the mail about this end is queued; false when it was before. In the
/// transaction that queues it.
pub fn note_mail(
    conn: &mut PgConnection,
    (kind, item_hash, ends_at): (&str, &str, NaiveDateTime),
    at: NaiveDateTime,
) -> QueryResult<bool> {
    let noted = diesel::insert_into(expiry_mail::table)
        .values((
            expiry_mail::kind.eq(kind),
            expiry_mail::item_hash.eq(item_hash),
            expiry_mail::ends_at.eq(ends_at),
            expiry_mail::cr_dtimes.eq(at),
        ))
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(noted > 0)
}

/// Forgets the mails about what ended before `before`.
pub fn forget_mails(conn: &mut PgConnection, before: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(expiry_mail::table.filter(expiry_mail::ends_at.lt(before))).execute(conn)
}
