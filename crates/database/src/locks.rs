//! Advisory locks, for uniqueness that no index can hold.
//!
//! An adopted database may hold duplicates that forbid a unique index. So
//! a use case that checks such a value before writing holds its lock first, on every
//! database, and the answer is the same with the index and without.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, Bool, Integer, Text};

/// What one transaction at a time may decide about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock<'a> {
    /// Registration with an e-mail address, by its hash.
    PartnerEmail(&'a str),
    /// Registration about the name of a user or a partner, in lower case.
    PartnerName(&'a str),
    /// The label of an API key of a partner for a policy.
    ApiKeyLabel {
        /// Partner id.
        partner_id: &'a str,
        /// Policy id.
        policy_id: &'a str,
    },
    /// The pairing of a device model with an SBI.
    DeviceOfSbi {
        /// Device model.
        device_id: &'a str,
        /// SBI.
        sbi_id: &'a str,
    },
    /// Consent and other details of a user.
    User(&'a str),
    /// The licences of a MISP, by partner id.
    MispLicence(&'a str),
    /// The certificates of authorities of a trust domain.
    TrustDomain(&'a str),
    /// The keys of an application and reference.
    Key {
        /// Application id.
        app_id: &'a str,
        /// Reference id.
        ref_id: &'a str,
    },
    /// The tables of keys as a whole: those who make or change keys share it.
    KeyTables,
    /// The name of a policy group.
    PolicyGroupName(&'a str),
    /// Certificates of public keys, by the beginning of their SHA-256.
    CertifiedKey(&'a str),
    /// The list of revoked certificates of an issuing key.
    Crl(&'a str),
    /// The order of what is queued under one order key.
    OutboxOrder(&'a str),
    /// The OIDC client of a public key, by the client id that follows from it.
    OidcClient(&'a str),
    /// What a partner is notified of.
    Notices {
        /// Partner id of the recipient.
        partner_id: &'a str,
        /// `notification_type`.
        kind: &'a str,
    },
}

impl Lock<'_> {
    /// Kind and value. Kinds are part of what running processes agree on:
    /// never renumber them.
    fn parts(self) -> (i32, String) {
        match self {
            Self::PartnerEmail(hash) => (1, hash.to_owned()),
            Self::ApiKeyLabel {
                partner_id,
                policy_id,
            } => (2, joined(partner_id, policy_id)),
            Self::DeviceOfSbi { device_id, sbi_id } => (3, joined(device_id, sbi_id)),
            Self::User(user_id) => (4, user_id.to_owned()),
            Self::MispLicence(misp_id) => (5, misp_id.to_owned()),
            Self::TrustDomain(domain) => (6, domain.to_owned()),
            Self::Key { app_id, ref_id } => (7, joined(app_id, ref_id)),
            Self::PolicyGroupName(name) => (8, name.to_owned()),
            Self::PartnerName(name) => (20, name.to_owned()),
            Self::OutboxOrder(key) => (9, key.to_owned()),
            Self::CertifiedKey(beginning) => (60, beginning.to_owned()),
            Self::Crl(key_id) => (61, key_id.to_owned()),
            Self::KeyTables => (62, String::new()),
            Self::OidcClient(client_id) => (40, client_id.to_owned()),
            Self::Notices { partner_id, kind } => (80, joined(partner_id, kind)),
        }
    }
}

/// Joins with a character that ids can't hold.
fn joined(first: &str, second: &str) -> String {
    format!("{first}\u{1f}{second}")
}

/// Waits for the lock and holds it until the transaction ends.
///
/// Values that share a hash wait for each other, which is slow but not wrong.
///
/// # Errors
/// A lock that doesn't come free in time is a timeout of the statement.
pub fn hold(conn: &mut PgConnection, lock: Lock<'_>) -> QueryResult<()> {
    hold_all(conn, &[lock])
}

/// As [`hold`] for several locks, in their order, with one statement.
///
/// # Errors
/// As [`hold`].
pub fn hold_all(conn: &mut PgConnection, locks: &[Lock<'_>]) -> QueryResult<()> {
    let locks = locks.iter().map(|lock| lock.parts()).collect();
    Hold { locks }.execute(conn)?;
    Ok(())
}

/// The statement of [`hold_all`]. Connections keep it prepared for each number of locks,
/// unlike a literal of SQL, which costs a round trip more.
#[derive(Debug)]
struct Hold {
    locks: Vec<(i32, String)>,
}

impl QueryId for Hold {
    type QueryId = ();
    // The text depends on how many locks there are.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl RunQueryDsl<PgConnection> for Hold {}

impl QueryFragment<Pg> for Hold {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        for (place, (kind, value)) in self.locks.iter().enumerate() {
            pass.push_sql(if place == 0 { "SELECT " } else { ", " });
            pass.push_sql("pg_advisory_xact_lock(");
            pass.push_bind_param::<Integer, _>(kind)?;
            pass.push_sql(", hashtext(");
            pass.push_bind_param::<Text, _>(value)?;
            pass.push_sql("))");
        }
        Ok(())
    }
}

/// As [`hold`], together with others that hold it this way.
///
/// # Errors
/// A lock that doesn't come free in time is a timeout of the statement.
pub fn hold_shared(conn: &mut PgConnection, lock: Lock<'_>) -> QueryResult<()> {
    let (kind, value) = lock.parts();
    diesel::sql_query("SELECT pg_advisory_xact_lock_shared($1, hashtext($2))")
        .bind::<Integer, _>(kind)
        .bind::<Text, _>(value)
        .execute(conn)?;
    Ok(())
}

/// As [`hold_shared`] for several locks, in their order, with one statement.
///
/// # Errors
/// As [`hold_shared`].
pub fn hold_all_shared(conn: &mut PgConnection, locks: &[Lock<'_>]) -> QueryResult<()> {
    let (kinds, values): (Vec<i32>, Vec<String>) = locks.iter().map(|lock| lock.parts()).unzip();
    diesel::sql_query(
        "SELECT pg_advisory_xact_lock_shared(kind, hashtext(value)) \
         FROM (SELECT kind, value FROM unnest($1, $2) WITH ORDINALITY AS wanted (kind, value, place) \
               ORDER BY place OFFSET 0) AS ordered",
    )
    .bind::<Array<Integer>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .execute(conn)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Attempt {
    #[diesel(sql_type = Bool)]
    held: bool,
}

/// As [`hold`] for several locks at once, but waits for none: tells for each, in
/// order, whether it is held now.
///
/// # Errors
/// When the statement fails.
pub fn try_hold(conn: &mut PgConnection, locks: &[Lock<'_>]) -> QueryResult<Vec<bool>> {
    let (kinds, values): (Vec<i32>, Vec<String>) = locks.iter().map(|lock| lock.parts()).unzip();
    let attempts: Vec<Attempt> = diesel::sql_query(
        "SELECT pg_try_advisory_xact_lock(kind, hashtext(value)) AS held \
         FROM unnest($1, $2) WITH ORDINALITY AS wanted (kind, value, place) \
         ORDER BY place",
    )
    .bind::<Array<Integer>, _>(kinds)
    .bind::<Array<Text>, _>(values)
    .load(conn)?;
    Ok(attempts.into_iter().map(|attempt| attempt.held).collect())
}
