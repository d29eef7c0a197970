//! `keymgr.ca_cert_store`: certificates of authorities, per trust domain.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::rows::created_by;
use crate::schema::ca_cert_store;
use crate::{Stamp, locks};

/// A certificate of an authority in one trust domain.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = ca_cert_store)]
#[diesel(primary_key(cert_id))]
pub struct CaCertificate {
    pub cert_id: String,
    pub cert_subject: String,
    pub cert_issuer: String,
    /// Row of the issuer; a root names itself.
    pub issuer_id: String,
    pub cert_not_before: NaiveDateTime,
    pub cert_not_after: NaiveDateTime,
    /// PEM.
    pub cert_data: String,
    /// Lower-case hex SHA-1 of the DER form, as the wire shows it.
    pub cert_thumbprint: String,
    /// Lower-case hex SHA-256 of the DER form, which decides about equality.
    pub cert_sha256: String,
    /// Signed decimal.
    pub cert_serial_no: String,
    pub partner_domain: String,
    /// `ROOT` or `INTERMEDIATE`.
    pub ca_cert_type: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
}

/// A certificate of an authority to insert.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = ca_cert_store)]
pub struct NewCaCertificate<'a> {
    pub cert_id: &'a str,
    pub cert_subject: &'a str,
    pub cert_issuer: &'a str,
    pub issuer_id: &'a str,
    pub cert_not_before: NaiveDateTime,
    pub cert_not_after: NaiveDateTime,
    pub cert_data: &'a str,
    pub cert_thumbprint: &'a str,
    pub cert_sha256: &'a str,
    pub cert_serial_no: &'a str,
    pub partner_domain: &'a str,
    pub ca_cert_type: &'a str,
}

/// Lets one transaction at a time change the trust of a domain.
pub fn lock_domain(conn: &mut PgConnection, domain: &str) -> QueryResult<()> {
    locks::hold(conn, locks::Lock::TrustDomain(domain))
}

/// The certificate in this row.
pub fn find_ca(conn: &mut PgConnection, cert_id: &str) -> QueryResult<Option<CaCertificate>> {
    CaCertificate::query()
        .filter(ca_cert_store::cert_id.eq(cert_id))
        .first(conn)
        .optional()
}

/// Whether the domain holds a certificate with this SHA-256.
pub fn ca_exists(conn: &mut PgConnection, domain: &str, sha256: &str) -> QueryResult<bool> {
    diesel::select(exists(
        ca_cert_store::table
            .filter(ca_cert_store::partner_domain.eq(domain))
            .filter(ca_cert_store::cert_sha256.eq(sha256)),
    ))
    .get_result(conn)
}

/// Every certificate of the domain, oldest first, expired ones included.
pub fn list_ca(conn: &mut PgConnection, domain: &str) -> QueryResult<Vec<CaCertificate>> {
    CaCertificate::query()
        .filter(ca_cert_store::partner_domain.eq(domain))
        .order((ca_cert_store::cr_dtimes, ca_cert_store::cert_id))
        .load(conn)
}

/// Certificates that one statement inserts: it has room for 65,535 values.
const AT_ONCE: usize = 500;

/// Inserts certificates of authorities.
///
/// # Errors
/// A certificate the domain holds already is a unique violation of
/// `uk_ca_cert_store_thumbprint` or `uk_ca_cert_store_sha256`.
pub fn insert_cas(
    conn: &mut PgConnection,
    certificates: &[NewCaCertificate<'_>],
    stamp: &Stamp,
) -> QueryResult<()> {
    for some in certificates.chunks(AT_ONCE) {
        let row = |certificate| {
            (
                certificate,
                created_by!(ca_cert_store, stamp),
                ca_cert_store::is_deleted.eq(Some(false)),
            )
        };
        diesel::insert_into(ca_cert_store::table)
            .values(some.iter().map(row).collect::<Vec<_>>())
            .execute(conn)?;
    }
    Ok(())
}
