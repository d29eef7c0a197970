//! Rows and queries of `pms.user_details`: consent of users, and what they
//! have seen.

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::Stamp;
use crate::partners::own_of;
use crate::rows::{changed_by, created_by};
use crate::schema::{partner, user_details};

/// What is known of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Whether partners belong to the user; see [`crate::partners::list_owned`].
    pub has_partners: bool,
    /// The user's details, of exactly this user id; the oldest, should there be
    /// several.
    pub details: Option<UserDetails>,
}

/// The details of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserDetails {
    /// Primary key.
    pub id: String,
    /// `YES` or `NO`.
    pub consent_given: String,
    /// When that was said.
    pub consent_given_dtimes: NaiveDateTime,
    /// When the user last looked at the notifications.
    pub notifications_seen_dtimes: Option<NaiveDateTime>,
}

impl UserDetails {
    /// When the user consented; `None` without consent.
    pub fn consented_at(&self) -> Option<NaiveDateTime> {
        (self.consent_given == CONSENTED).then_some(self.consent_given_dtimes)
    }
}

/// `consent_given` of a user who consented.
const CONSENTED: &str = "YES";

/// What is known of a user, in one statement.
pub fn find(conn: &mut PgConnection, user_id: &str) -> QueryResult<User> {
    type Columns = (
        bool,
        Option<String>,
        Option<String>,
        Option<NaiveDateTime>,
        Option<NaiveDateTime>,
    );
    let details = || {
        user_details::table
            .filter(user_details::user_id.eq(user_id))
            .order((user_details::cr_dtimes, user_details::id))
    };
    let (has_partners, id, consent_given, consent_at, seen): Columns = diesel::select((
        exists(partner::table.filter(own_of!(user_id))),
        details().select(user_details::id).single_value(),
        details().select(user_details::consent_given).single_value(),
        details()
            .select(user_details::consent_given_dtimes)
            .single_value(),
        details()
            .select(user_details::notifications_seen_dtimes)
            .single_value(),
    ))
    .get_result(conn)?;
    let details = id.zip(consent_given).zip(consent_at);
    Ok(User {
        has_partners,
        details: details.map(|((id, consent_given), consent_given_dtimes)| UserDetails {
            id,
            consent_given,
            consent_given_dtimes,
            notifications_seen_dtimes: seen,
        }),
    })
}

/// Inserts the details of a user, who consents.
///
/// # Errors
/// A taken id is a unique violation of `user_details_pk`, a known user one of
/// `uk_user_details_user`.
pub fn insert_consent(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    diesel::insert_into(user_details::table)
        .values((
            user_details::id.eq(id),
            user_details::user_id.eq(&stamp.by),
            user_details::consent_given.eq(CONSENTED),
            user_details::consent_given_dtimes.eq(stamp.at),
            created_by!(user_details, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that a known user consents, again or for the first time.
pub fn renew_consent(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<()> {
    diesel::update(user_details::table.find(id))
        .set((
            user_details::consent_given.eq(CONSENTED),
            user_details::consent_given_dtimes.eq(stamp.at),
            changed_by!(user_details, stamp),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes when a user last looked at the notifications.
pub fn set_notifications_seen(
    conn: &mut PgConnection,
    id: &str,
    seen: NaiveDateTime,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(user_details::table.find(id))
        .set((
            user_details::notifications_seen_dtimes.eq(seen),
            changed_by!(user_details, stamp),
        ))
        .execute(conn)?;
    Ok(())
}
