//! `keymgr.revoked_certificate`: issued certificates that must not be trusted
//! any more. Rows are never deleted, and changed only when a key turns out to be
//! compromised.
#![expect(missing_docs, reason = "fields are columns of our own table")]

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::prelude::*;

mod trust;

pub use trust::{BY_REVOCATION, end_trust, renew_trust, trusting_domains};

use super::PartnerCertificate;
use crate::flags::Flag as _;
use crate::locks;
use crate::schema::{ca_cert_store, partner, partner_cert_store, revoked_certificate};

/// A revoked certificate.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable, Insertable)]
#[diesel(table_name = revoked_certificate)]
#[diesel(primary_key(cert_id))]
pub struct RevokedCertificate {
    /// Row of the store of partner certificates.
    pub cert_id: String,
    /// Lower-case hex of the key identifier of the key that issued it; none
    /// when that key is not here.
    pub key_id: Option<String>,
    /// Content of the DER INTEGER.
    pub serial: Vec<u8>,
    /// Lower-case hex SHA-256 of the issued certificate.
    pub cert_sha256: String,
    /// Lower-case hex SHA-256 of the public key.
    pub public_key_sha256: String,
    pub cert_not_after: NaiveDateTime,
    /// The partner whose current certificate it was.
    pub partner_id: Option<String>,
    /// A name of RFC 5280.
    pub reason: String,
    /// Whether the key must not be used any more.
    pub key_compromised: bool,
    pub revoked_by: String,
    pub revoked_dtimes: NaiveDateTime,
}

/// Waits until no other transaction certifies or revokes this public key, or another of the keys
/// that share its lock.
pub fn lock_key(conn: &mut PgConnection, public_key_sha256: &str) -> QueryResult<()> {
    locks::hold(conn, lock_of(public_key_sha256))
}

/// Waits until no transaction revokes this public key; many may certify it at once.
pub fn lock_key_shared(conn: &mut PgConnection, public_key_sha256: &str) -> QueryResult<()> {
    locks::hold_shared(conn, lock_of(public_key_sha256))
}

/// As [`lock_key_shared`] for many keys, always in the same order.
pub fn lock_keys_shared(
    conn: &mut PgConnection,
    public_key_sha256: &BTreeSet<String>,
) -> QueryResult<()> {
    let keys = public_key_sha256.iter();
    let mut locks: Vec<_> = keys.map(|key| lock_of(key)).collect();
    locks.dedup();
    locks::hold_all_shared(conn, &locks)
}

/// Keys share sixteen locks, by the first digit of their hash: the server has room for some thousand
/// locks of all its sessions, and an upload may hold a thousand keys.
fn lock_of(public_key_sha256: &str) -> locks::Lock<'_> {
    let first = public_key_sha256.get(..1);
    locks::Lock::CertifiedKey(first.unwrap_or_default())
}

/// The revocation of the certificate in this row of the store.
pub fn find_revoked(
    conn: &mut PgConnection,
    cert_id: &str,
) -> QueryResult<Option<RevokedCertificate>> {
    RevokedCertificate::query()
        .filter(revoked_certificate::cert_id.eq(cert_id))
        .first(conn)
        .optional()
}

/// Whether a certificate was revoked because its private key is known to others.
pub fn is_compromised(conn: &mut PgConnection, public_key_sha256: &str) -> QueryResult<bool> {
    diesel::select(exists(
        revoked_certificate::table
            .filter(revoked_certificate::public_key_sha256.eq(public_key_sha256))
            .filter(revoked_certificate::key_compromised),
    ))
    .get_result(conn)
}

/// Whether an issued certificate with this SHA-256 was revoked.
pub fn is_revoked(conn: &mut PgConnection, sha256: &str) -> QueryResult<bool> {
    diesel::select(exists(
        revoked_certificate::table.filter(revoked_certificate::cert_sha256.eq(sha256)),
    ))
    .get_result(conn)
}

/// A certificate of this public key that another organisation has, if there is
/// one: the oldest.
pub fn shares_key(
    conn: &mut PgConnection,
    public_key_sha256: &str,
    organization: &str,
) -> QueryResult<Option<String>> {
    partner_cert_store::table
        .filter(partner_cert_store::public_key_sha256.eq(public_key_sha256))
        .filter(partner_cert_store::organization_name.ne(organization))
        .order((partner_cert_store::cr_dtimes, partner_cert_store::cert_id))
        .select(partner_cert_store::cert_id)
        .first(conn)
        .optional()
}

/// Whether no path may begin at a certificate: it was revoked, its key is
/// compromised, or the domain's trust in it was ended.
pub fn is_distrusted(
    conn: &mut PgConnection,
    domain: &str,
    sha256: &str,
    public_key_sha256: &str,
) -> QueryResult<bool> {
    let revoked = revoked_certificate::table.filter(revoked_certificate::cert_sha256.eq(sha256));
    let compromised = revoked_certificate::table
        .filter(revoked_certificate::public_key_sha256.eq(public_key_sha256))
        .filter(revoked_certificate::key_compromised);
    let ended = ca_cert_store::table
        .filter(ca_cert_store::cert_sha256.eq(sha256))
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::is_deleted.is_true());
    let any = exists(revoked).or(exists(compromised)).or(exists(ended));
    diesel::select(any).get_result(conn)
}

/// Of certificates, by SHA-256 of encoding and public key, those that a domain
/// must not begin to trust: it holds them already (also when their trust was
/// ended), they were revoked, or their key is compromised. Two sets of hashes.
pub fn list_barred(
    conn: &mut PgConnection,
    domain: &str,
    (sha256, public_key_sha256): (&[String], &[String]),
) -> QueryResult<(HashSet<String>, HashSet<String>)> {
    let held = ca_cert_store::table
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::cert_sha256.eq_any(sha256))
        .select(ca_cert_store::cert_sha256)
        .load::<String>(conn)?;
    let revoked = revoked_certificate::table
        .filter(revoked_certificate::cert_sha256.eq_any(sha256))
        .select(revoked_certificate::cert_sha256)
        .load::<String>(conn)?;
    let compromised = revoked_certificate::table
        .filter(revoked_certificate::public_key_sha256.eq_any(public_key_sha256))
        .filter(revoked_certificate::key_compromised)
        .select(revoked_certificate::public_key_sha256)
        .load::<String>(conn)?;
    let certificates = held.into_iter().chain(revoked);
    Ok((certificates.collect(), compromised.into_iter().collect()))
}

/// Inserts a revocation.
///
/// # Errors
/// A second one of the same certificate is a unique violation of
/// `pk_revoked_certificate`.
pub fn insert_revoked(conn: &mut PgConnection, row: &RevokedCertificate) -> QueryResult<()> {
    diesel::insert_into(revoked_certificate::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Certificates of this public key that are not revoked, oldest first.
pub fn list_unrevoked_of_key(
    conn: &mut PgConnection,
    public_key_sha256: &str,
) -> QueryResult<Vec<PartnerCertificate>> {
    let revoked = revoked_certificate::table
        .filter(revoked_certificate::cert_id.eq(partner_cert_store::cert_id));
    PartnerCertificate::query()
        .filter(partner_cert_store::public_key_sha256.eq(public_key_sha256))
        .filter(not(exists(revoked)))
        .order((partner_cert_store::cr_dtimes, partner_cert_store::cert_id))
        .load(conn)
}

/// Certificates of an issuing key that a list must name: those that end at
/// `since` or later, by serial number.
pub fn list_revoked_of_issuer(
    conn: &mut PgConnection,
    key_id: &str,
    since: NaiveDateTime,
) -> QueryResult<Vec<RevokedCertificate>> {
    RevokedCertificate::query()
        .filter(revoked_certificate::key_id.eq(key_id))
        .filter(revoked_certificate::cert_not_after.ge(since))
        .order((
            revoked_certificate::revoked_dtimes,
            revoked_certificate::cert_id,
        ))
        .load(conn)
}

/// The partner whose current certificate is in this row of the store.
pub fn holder(conn: &mut PgConnection, cert_id: &str) -> QueryResult<Option<String>> {
    partner::table
        .filter(partner::certificate_alias.eq(cert_id))
        .order(partner::id)
        .select(partner::id)
        .first(conn)
        .optional()
}

/// Whether another certificate was issued for this upload and is not revoked.
pub fn is_uploaded_elsewhere(
    conn: &mut PgConnection,
    domain: &str,
    sha256: &str,
) -> QueryResult<bool> {
    let revoked = revoked_certificate::table
        .filter(revoked_certificate::cert_id.eq(partner_cert_store::cert_id));
    diesel::select(exists(
        partner_cert_store::table
            .filter(partner_cert_store::cert_sha256.eq(sha256))
            .filter(partner_cert_store::partner_domain.eq(domain))
            .filter(not(exists(revoked))),
    ))
    .get_result(conn)
}

/// Gives a revocation a reason that ends the key too.
pub fn raise_reason(
    conn: &mut PgConnection,
    cert_id: &str,
    reason: &str,
) -> QueryResult<RevokedCertificate> {
    diesel::update(revoked_certificate::table.find(cert_id))
        .set((
            revoked_certificate::reason.eq(reason),
            revoked_certificate::key_compromised.eq(true),
        ))
        .returning(RevokedCertificate::as_returning())
        .get_result(conn)
}
