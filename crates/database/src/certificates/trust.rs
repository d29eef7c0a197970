//! What a domain trusts, for those who keep it in memory.

use chrono::NaiveDateTime;
use diesel::dsl::{count, max};
use diesel::prelude::*;

use super::CaCertificate;
use crate::flags::Flag as _;
use crate::schema::ca_cert_store;

/// Changes whenever the trusted certificates of a domain change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TrustVersion {
    /// How many certificates there are.
    pub certificates: i64,
    /// When the newest was stored.
    pub newest: Option<NaiveDateTime>,
    /// How many were marked as deleted: one that goes while another comes must
    /// show too.
    pub ended: i64,
    /// The last time that a row was changed.
    pub changed: Option<NaiveDateTime>,
}

/// The present version of a domain's trust. Certificates that an operator has
/// marked as deleted do not count.
pub fn trust_version(conn: &mut PgConnection, domain: &str) -> QueryResult<TrustVersion> {
    // Neither is ever NULL.
    let trusted = ca_cert_store::is_deleted.is_not_true().assume_not_null();
    let ended = ca_cert_store::is_deleted.is_true().assume_not_null();
    let (certificates, newest, ended, changed) = ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .select((
            count(ca_cert_store::cert_id).aggregate_filter(trusted),
            max(ca_cert_store::cr_dtimes).aggregate_filter(trusted),
            count(ca_cert_store::cert_id).aggregate_filter(ended),
            max(ca_cert_store::upd_dtimes),
        ))
        .get_result(conn)?;
    Ok(TrustVersion {
        certificates,
        newest,
        ended,
        changed,
    })
}

/// The id under which a domain holds the certificate with this SHA-256, also
/// when an operator has marked it as deleted.
pub fn ca_id(conn: &mut PgConnection, domain: &str, sha256: &str) -> QueryResult<Option<String>> {
    ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::cert_sha256.eq(sha256))
        .select(ca_cert_store::cert_id)
        .first(conn)
        .optional()
}

/// The trusted certificates of a domain, oldest first, expired ones included.
pub fn list_trusted(conn: &mut PgConnection, domain: &str) -> QueryResult<Vec<CaCertificate>> {
    CaCertificate::query()
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::is_deleted.is_not_true())
        .order((ca_cert_store::cr_dtimes, ca_cert_store::cert_id))
        .load(conn)
}

/// Ids of the trusted certificates of a domain that were stored at `since` or
/// later.
pub fn trusted_since(
    conn: &mut PgConnection,
    domain: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<String>> {
    ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::is_deleted.is_not_true())
        .filter(ca_cert_store::cr_dtimes.ge(since))
        .select(ca_cert_store::cert_id)
        .load(conn)
}

/// The certificates in these rows, oldest first.
pub fn find_trusted(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<CaCertificate>> {
    CaCertificate::query()
        .filter(ca_cert_store::cert_id.eq_any(ids))
        .order((ca_cert_store::cr_dtimes, ca_cert_store::cert_id))
        .load(conn)
}
