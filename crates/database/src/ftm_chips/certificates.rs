//! `pms.ftm_certificate`: when certificates of chips begin and end. A row is a
//! copy of what the key manager has, and a certificate never changes.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::schema::ftm_certificate as certificate;

/// The dates of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = certificate)]
pub struct ChipCertificate {
    /// Its id at the key manager.
    pub certificate_id: String,
    /// End of the certificate that the provider uploaded.
    pub uploaded_not_after: NaiveDateTime,
    /// Beginning of the certificate that the key manager made of it, if it was
    /// asked for.
    pub issued_not_before: Option<NaiveDateTime>,
}

/// Stores the dates of certificates. Of a row that is there already only
/// `issued_not_before` changes, where the new one has it.
pub fn keep_certificates(conn: &mut PgConnection, known: &[ChipCertificate]) -> QueryResult<()> {
    diesel::insert_into(certificate::table)
        .values(known)
        .on_conflict(certificate::certificate_id)
        .do_update()
        .set(certificate::issued_not_before.eq(diesel::dsl::sql::<
            diesel::sql_types::Nullable<diesel::sql_types::Timestamp>,
        >(
            "coalesce(excluded.issued_not_before, ftm_certificate.issued_not_before)",
        )))
        .execute(conn)?;
    Ok(())
}
