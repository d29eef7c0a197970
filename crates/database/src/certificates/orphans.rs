//! Certificates of partners that no row refers to. The contract has no way to
//! delete them (contract keymanager.md §5).
#![expect(
    missing_docs,
    reason = "fields are the columns of contract keymanager.md §5"
)]

use chrono::NaiveDateTime;
use diesel::dsl::{exists, not};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;

use crate::DbError;
use crate::schema::{ftp_chip_detail, partner, partner_cert_store};

/// A certificate that no partner and no chip has.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = partner_cert_store)]
pub struct Orphan {
    pub cert_id: String,
    pub partner_domain: String,
    pub cert_subject: String,
    pub organization_name: String,
    pub cert_not_after: NaiveDateTime,
    pub cr_dtimes: NaiveDateTime,
}

/// Hands the orphans to `each`, oldest first and at most `limit` of them, as
/// the server sends them: they are not kept in memory.
///
/// # Errors
/// When the statement fails.
pub fn for_each_orphan(
    conn: &mut PgConnection,
    limit: i64,
    mut each: impl FnMut(Orphan),
) -> Result<(), DbError> {
    let of_partner = partner::table
        .filter(partner::certificate_alias.eq(partner_cert_store::cert_id.nullable()));
    let of_chip = ftp_chip_detail::table
        .filter(ftp_chip_detail::certificate_alias.eq(partner_cert_store::cert_id.nullable()));
    let found = partner_cert_store::table
        .filter(not(exists(of_partner)))
        .filter(not(exists(of_chip)))
        .order((partner_cert_store::cr_dtimes, partner_cert_store::cert_id))
        .limit(limit)
        .select(Orphan::as_select())
        .load_iter::<Orphan, PgRowByRowLoadingMode>(conn)?;
    for orphan in found {
        each(orphan?);
    }
    Ok(())
}
