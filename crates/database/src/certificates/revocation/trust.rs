//! The trust of a domain in certificates, ended by a revocation and renewed.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::Stamp;
use crate::flags::Flag as _;
use crate::rows::changed_by;
use crate::schema::ca_cert_store;

/// `upd_by` of certificates that a revocation took out of a domain's trust,
/// to tell them from those that an operator has disabled.
pub const BY_REVOCATION: &str = "REVOCATION";

/// The domains that trust one of these certificates.
pub fn trusting_domains(conn: &mut PgConnection, sha256: &[String]) -> QueryResult<Vec<String>> {
    ca_cert_store::table
        .filter(ca_cert_store::cert_sha256.eq_any(sha256))
        .filter(ca_cert_store::is_deleted.is_not_true())
        .select(ca_cert_store::partner_domain)
        .distinct()
        .load(conn)
}

/// Ends a domain's trust in certificates that were issued to partners, or that
/// FTM partners issue with. The caller holds the lock of the domain.
pub fn end_trust(
    conn: &mut PgConnection,
    domain: &str,
    sha256: &[String],
    at: NaiveDateTime,
) -> QueryResult<usize> {
    let trusted = ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::cert_sha256.eq_any(sha256))
        .filter(ca_cert_store::is_deleted.is_not_true());
    diesel::update(trusted)
        .set((
            ca_cert_store::is_deleted.eq(true),
            ca_cert_store::del_dtimes.eq(at),
            ca_cert_store::upd_by.eq(BY_REVOCATION),
            ca_cert_store::upd_dtimes.eq(at),
        ))
        .execute(conn)
}

/// Trusts a certificate again that lost the domain's trust only because an
/// earlier certificate of its partner was revoked. The caller holds the lock of
/// the domain.
pub fn renew_trust(
    conn: &mut PgConnection,
    domain: &str,
    sha256: &str,
    stamp: &Stamp,
) -> QueryResult<usize> {
    let ended = ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::cert_sha256.eq(sha256))
        .filter(ca_cert_store::is_deleted.is_true())
        .filter(ca_cert_store::upd_by.eq(BY_REVOCATION));
    diesel::update(ended)
        .set((
            ca_cert_store::is_deleted.eq(false),
            ca_cert_store::del_dtimes.eq(None::<NaiveDateTime>),
            changed_by!(ca_cert_store, stamp),
        ))
        .execute(conn)
}
