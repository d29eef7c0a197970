//! What a partner to be registered finds taken.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::own_of;
use crate::schema::partner;

/// An e-mail address: its hash (lower-case hex SHA-256 of the lower-cased address), and
/// the address itself.
pub type HashedEmail<'a> = (&'a str, &'a str);

/// Whether a partner has the e-mail address: by hash, or in the clear where a row has no
/// hash. Not if there is none to look for.
///
/// A macro, because the type of the condition takes a page.
macro_rules! has_email {
    ($email:expr) => {{
        let (hash, clear): (Option<&str>, Option<&str>) = $email.unzip();
        let by_hash = partner::table.filter(partner::email_id_hash.eq(hash));
        let by_clear_text = partner::table
            .filter(partner::email_id.eq(clear))
            .filter(partner::email_id_hash.is_null());
        exists(by_hash).or(exists(by_clear_text))
    }};
}

/// Whether a partner has this e-mail address.
pub fn exists_with_email(conn: &mut PgConnection, email: HashedEmail<'_>) -> QueryResult<bool> {
    diesel::select(has_email!(Some(email))).get_result(conn)
}

/// What a partner is to be registered with, as far as others may have it.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// Id of the partner.
    pub id: &'a str,
    /// Its e-mail address.
    pub email: HashedEmail<'a>,
    /// The e-mail address of the user who registers it, if known.
    pub callers_email: Option<HashedEmail<'a>>,
    /// Whether the id must not be the name of a user who has partners.
    pub is_no_user: bool,
}

/// Which of that partners have already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Taken {
    /// The id of the partner.
    pub id: bool,
    /// Its e-mail address.
    pub email: bool,
    /// The e-mail address of the user who registers it.
    pub callers_email: bool,
    /// The id, as the name of their user, if that matters.
    pub user: bool,
}

/// Looks all of it up with one statement.
pub fn taken(conn: &mut PgConnection, wanted: Wanted<'_>) -> QueryResult<Taken> {
    diesel::select((
        exists(partner::table.find(wanted.id)),
        has_email!(Some(wanted.email)),
        has_email!(wanted.callers_email),
        wanted
            .is_no_user
            .into_sql::<Bool>()
            .and(exists(partner::table.filter(own_of!(wanted.id)))),
    ))
    .get_result(conn)
}
