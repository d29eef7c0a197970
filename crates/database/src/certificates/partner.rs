//! `keymgr.partner_cert_store`: partner certificates as uploaded and as signed.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::IssuedFacts;
use crate::Stamp;
use crate::rows::created_by;
use crate::schema::partner_cert_store;

/// A partner's certificate; the same one may be uploaded again, in a new row.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_cert_store)]
#[diesel(primary_key(cert_id))]
pub struct PartnerCertificate {
    pub cert_id: String,
    pub cert_subject: String,
    pub cert_issuer: String,
    /// Row of the issuer in the store of authorities.
    pub issuer_id: String,
    pub cert_not_before: NaiveDateTime,
    pub cert_not_after: NaiveDateTime,
    pub partner_domain: String,
    /// PEM of the certificate as uploaded.
    pub cert_data: String,
    /// PEM of the certificate that we signed for it.
    pub signed_cert_data: String,
    pub organization_name: String,
    /// Lower-case hex SHA-1 of the uploaded DER form.
    pub cert_thumbprint: String,
    /// Lower-case hex SHA-256 of the uploaded DER form.
    pub cert_sha256: String,
    /// Signed decimal.
    pub cert_serial_no: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
}

/// A partner's certificate to insert.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = partner_cert_store)]
pub struct NewPartnerCertificate<'a> {
    pub cert_id: &'a str,
    pub cert_subject: &'a str,
    pub cert_issuer: &'a str,
    pub issuer_id: &'a str,
    pub cert_not_before: NaiveDateTime,
    pub cert_not_after: NaiveDateTime,
    pub partner_domain: &'a str,
    pub cert_data: &'a str,
    pub signed_cert_data: &'a str,
    pub organization_name: &'a str,
    pub cert_thumbprint: &'a str,
    pub cert_sha256: &'a str,
    pub cert_serial_no: &'a str,
}

/// The certificate in this row.
pub fn find_partner_certificate(
    conn: &mut PgConnection,
    cert_id: &str,
) -> QueryResult<Option<PartnerCertificate>> {
    PartnerCertificate::query()
        .filter(partner_cert_store::cert_id.eq(cert_id))
        .first(conn)
        .optional()
}

/// Id of the row, and PEM of the certificate that we signed.
pub type Issued = (String, String);

/// The issued certificates in these rows, in no order; unknown ids are left
/// out.
pub fn list_issued(conn: &mut PgConnection, cert_ids: &[String]) -> QueryResult<Vec<Issued>> {
    partner_cert_store::table
        .filter(partner_cert_store::cert_id.eq_any(cert_ids))
        .select((
            partner_cert_store::cert_id,
            partner_cert_store::signed_cert_data,
        ))
        .load(conn)
}

/// Inserts a partner's certificate as uploaded, and the facts of the issued one.
///
/// # Errors
/// A taken id is a unique violation of `pk_partner_cert_store`.
pub fn insert_partner_certificate(
    conn: &mut PgConnection,
    certificate: &NewPartnerCertificate<'_>,
    issued: &IssuedFacts,
    stamp: &Stamp,
) -> QueryResult<PartnerCertificate> {
    diesel::insert_into(partner_cert_store::table)
        .values((
            certificate,
            issued,
            // The reference writes the empty text and never reads it.
            partner_cert_store::key_usage.eq(Some("")),
            created_by!(partner_cert_store, stamp),
            partner_cert_store::is_deleted.eq(Some(false)),
        ))
        .returning(PartnerCertificate::as_returning())
        .get_result(conn)
}
