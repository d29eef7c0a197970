//! Certificates of partners: those whose end is known here, and those that the key
//! manager must be asked for.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{After, Owner, Span, is_active};
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::{
    certificate_end, ftm_certificate, ftp_chip_detail as chip, partner,
    partner_certificate_end as certificate,
};

/// A partner whose certificate ends. Derives no `Debug`: the owner has an address.
#[derive(Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = certificate)]
#[expect(
    missing_docs,
    reason = "fields are the columns of the view, and the owner"
)]
pub struct EndingCertificate {
    #[diesel(embed)]
    pub owner: Owner,
    pub certificate_id: Option<String>,
    pub subject: Option<String>,
    pub issuer: Option<String>,
    pub not_after: Option<NaiveDateTime>,
}

/// What a certificate says of itself, which never changes.
#[derive(Debug, Clone, PartialEq, Eq, Insertable)]
#[diesel(table_name = certificate_end)]
pub struct KnownEnd {
    /// Its id at the key manager.
    pub certificate_id: String,
    /// Subject, RFC 2253.
    pub subject: Option<String>,
    /// Issuer, RFC 2253.
    pub issuer: Option<String>,
    /// Its last instant, UTC.
    pub not_after: NaiveDateTime,
}

/// Active partners whose certificate ends in the span, by partner id.
pub fn ending_certificates(
    conn: &mut PgConnection,
    (from, to): Span,
    after: After<'_>,
) -> QueryResult<Vec<EndingCertificate>> {
    partner::table
        .inner_join(
            certificate::table.on(certificate::certificate_id.eq(partner::certificate_alias)),
        )
        .filter(is_active!())
        .filter(certificate::not_after.ge(from))
        .filter(certificate::not_after.lt(to))
        .filter(partner::id.gt(after.key))
        .filter(PlannedForItsValues)
        .order(partner::id)
        .limit(after.limit)
        .select(EndingCertificate::as_select())
        .load(conn)
}

/// Active partners with a certificate whose end is not known here: partner id and
/// the key manager's id, by partner id.
pub fn list_unknown(
    conn: &mut PgConnection,
    after: After<'_>,
) -> QueryResult<Vec<(String, String)>> {
    let found: Vec<(String, Option<String>)> = partner::table
        .left_join(
            certificate::table.on(certificate::certificate_id.eq(partner::certificate_alias)),
        )
        .filter(is_active!())
        .filter(partner::certificate_alias.is_not_null())
        .filter(partner::certificate_alias.ne(""))
        .filter(certificate::certificate_id.is_null())
        .filter(partner::id.gt(after.key))
        .order(partner::id)
        .limit(after.limit)
        .select((partner::id, partner::certificate_alias))
        .load(conn)?;
    Ok(with_alias(found))
}

/// As [`list_unknown`], of approved FTM chips: chip id and the key manager's id.
pub fn list_unknown_chips(
    conn: &mut PgConnection,
    after: After<'_>,
) -> QueryResult<Vec<(String, String)>> {
    let known = ftm_certificate::certificate_id
        .nullable()
        .eq(chip::certificate_alias);
    let found: Vec<(String, Option<String>)> = chip::table
        .left_join(ftm_certificate::table.on(known))
        .filter(super::items::chip_in_force!())
        .filter(chip::certificate_alias.is_not_null())
        .filter(chip::certificate_alias.ne(""))
        .filter(ftm_certificate::certificate_id.nullable().is_null())
        .filter(chip::id.gt(after.key))
        .order(chip::id)
        .limit(after.limit)
        .select((chip::id, chip::certificate_alias))
        .load(conn)?;
    Ok(with_alias(found))
}

fn with_alias(found: Vec<(String, Option<String>)>) -> Vec<(String, String)> {
    let named = |(id, alias): (String, Option<String>)| Some((id, alias?));
    found.into_iter().filter_map(named).collect()
}

/// Keeps what the key manager answered; what is known stays.
pub fn keep_ends(conn: &mut PgConnection, ends: &[KnownEnd]) -> QueryResult<()> {
    diesel::insert_into(certificate_end::table)
        .values(ends)
        .on_conflict_do_nothing()
        .execute(conn)?;
    Ok(())
}
