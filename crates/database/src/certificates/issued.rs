//! What the columns of `keymgr.partner_cert_store` say about the issued
//! certificate. Rows from before these columns are filled at the start.
#![expect(missing_docs, reason = "fields are columns of our own table")]

use chrono::NaiveDateTime;
use diesel::dsl::IntervalDsl as _;
use diesel::prelude::*;

use crate::schema::{ca_cert_store, partner_cert_store};

/// Longest time between the two rows of a partner's upload; those of other key managers differ.
const UPLOAD_MINUTES: i32 = 1;

/// Facts of an issued certificate.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = partner_cert_store)]
pub struct IssuedFacts {
    pub signed_subject: String,
    pub signed_issuer: String,
    pub signed_not_before: NaiveDateTime,
    pub signed_not_after: NaiveDateTime,
    /// Signed decimal.
    pub signed_serial_no: String,
    /// Lower-case hex SHA-1 of the DER form.
    pub signed_thumbprint: String,
    /// Lower-case hex SHA-256 of the DER form.
    pub signed_sha256: String,
    /// Lower-case hex SHA-256 of the public key.
    pub public_key_sha256: String,
}

/// A row whose facts are not yet there.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner_cert_store)]
pub struct Unfilled {
    pub cert_id: String,
    /// PEM.
    pub signed_cert_data: String,
}

/// Of these certificates, by SHA-256, those that were issued to partners.
pub fn list_issued_among(conn: &mut PgConnection, sha256: &[String]) -> QueryResult<Vec<String>> {
    partner_cert_store::table
        .filter(partner_cert_store::signed_sha256.eq_any(sha256))
        .select(partner_cert_store::signed_sha256.assume_not_null())
        .distinct()
        .load(conn)
}

/// Of these certificates, by SHA-256, those that a domain trusts because partners uploaded them as
/// their own, each with the names of those partners. An authority that was there before a partner
/// uploaded its certificate is none of them.
pub fn list_brought_by_partners(
    conn: &mut PgConnection,
    domain: &str,
    sha256: &[String],
) -> QueryResult<Vec<(String, String)>> {
    // The upload of a partner stores the authority in the same transaction.
    let with_upload = ca_cert_store::cr_dtimes
        .ge(partner_cert_store::cr_dtimes)
        .and(ca_cert_store::cr_dtimes.lt(partner_cert_store::cr_dtimes + UPLOAD_MINUTES.minutes()));
    let upload = partner_cert_store::cert_sha256
        .eq(ca_cert_store::cert_sha256)
        .and(partner_cert_store::partner_domain.eq(ca_cert_store::partner_domain))
        .and(with_upload);
    ca_cert_store::table
        .inner_join(partner_cert_store::table.on(upload))
        .filter(ca_cert_store::partner_domain.eq(domain))
        .filter(ca_cert_store::cert_sha256.eq_any(sha256))
        .select((
            ca_cert_store::cert_sha256,
            partner_cert_store::organization_name,
        ))
        .distinct()
        .load(conn)
}

/// At most `limit` rows without facts behind the row `after`, by id. They are
/// locked; rows that another process is filling are left out.
pub fn list_unfilled(
    conn: &mut PgConnection,
    after: &str,
    limit: i64,
) -> QueryResult<Vec<Unfilled>> {
    partner_cert_store::table
        .filter(partner_cert_store::signed_sha256.is_null())
        .filter(partner_cert_store::cert_id.gt(after))
        .order(partner_cert_store::cert_id)
        .limit(limit)
        .for_update()
        .skip_locked()
        .select(Unfilled::as_select())
        .load(conn)
}

/// Fills the facts of a row.
pub fn fill(conn: &mut PgConnection, cert_id: &str, facts: &IssuedFacts) -> QueryResult<()> {
    diesel::update(partner_cert_store::table.find(cert_id))
        .set(facts)
        .execute(conn)?;
    Ok(())
}
