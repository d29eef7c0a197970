//! What a partner to be registered finds taken.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::owns_any;
use crate::schema::partner;

/// An e-mail address: its hash (lower-case hex SHA-256 of the lower-cased address), and
/// the address itself.
pub type HashedEmail<'a> = (&'a str, &'a str);

/// Whether a partner has the e-mail address: by hash, or in the clear where a row has no
/// hash.
///
/// A macro, because the type of the condition takes a page.
macro_rules! has_email {
    ($email:expr) => {{
        let (hash, clear) = $email;
        let by_hash = partner::table.filter(partner::email_id_hash.eq(hash));
        let by_clear_text = partner::table
            .filter(partner::email_id.eq(clear))
            .filter(partner::email_id_hash.is_null());
        exists(by_hash).or(exists(by_clear_text))
    }};
}

/// Whether a partner has this e-mail address.
pub fn exists_with_email(conn: &mut PgConnection, email: HashedEmail<'_>) -> QueryResult<bool> {
    diesel::select(has_email!(email)).get_result(conn)
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Looks it up with one statement, and a second one about the user.
pub fn taken(conn: &mut PgConnection, wanted: Wanted<'_>) -> QueryResult<Taken> {
    // A null would be cheaper to look for than an address, so that PostgreSQL would plan
    // the statement anew for each: that takes longer than to execute it.
    let callers_email = wanted.callers_email.unwrap_or(wanted.email);
    let (id, email, of_caller): (bool, bool, bool) = diesel::select((
        exists(partner::table.find(wanted.id)),
        has_email!(wanted.email),
        has_email!(callers_email),
    ))
    .get_result(conn)?;
    Ok(Taken {
        id,
        email,
        callers_email: wanted.callers_email.is_some() && of_caller,
        user: wanted.is_no_user && owns_any(conn, wanted.id)?,
    })
}
