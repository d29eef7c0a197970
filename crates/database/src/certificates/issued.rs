//! What the columns of `keymgr.partner_cert_store` say about the issued
//! certificate. Rows from before these columns are filled at the start.
#![expect(missing_docs, reason = "fields are columns of our own table")]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::schema::partner_cert_store;

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

/// Whether one of the certificates with these SHA-256 was issued to a partner.
pub fn is_issued(conn: &mut PgConnection, sha256: &[String]) -> QueryResult<bool> {
    diesel::select(exists(
        partner_cert_store::table.filter(partner_cert_store::signed_sha256.eq_any(sha256)),
    ))
    .get_result(conn)
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
