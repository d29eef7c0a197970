//! Rows and queries of `pms.partner_policy_bioextract`: how a partner gets
//! biometrics under a policy.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.10"
)]

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::Stamp;
use crate::rows::{changed_by, created_by};
use crate::schema::partner_policy_bioextract;

/// An extractor of one biometric attribute.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_policy_bioextract)]
pub struct BioExtractor {
    pub id: String,
    pub part_id: String,
    pub policy_id: String,
    pub attribute_name: String,
    pub extractor_provider: String,
    pub extractor_provider_version: Option<String>,
    pub biometric_modality: String,
    pub biometric_sub_types: Option<String>,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// What an extractor does; `None` empties a column.
#[derive(Debug, Clone, Copy, Insertable, AsChangeset)]
#[diesel(table_name = partner_policy_bioextract)]
#[diesel(treat_none_as_null = true)]
pub struct Extraction<'a> {
    pub extractor_provider: &'a str,
    pub extractor_provider_version: Option<&'a str>,
    pub biometric_modality: &'a str,
    pub biometric_sub_types: Option<&'a str>,
}

/// Whose extractor it is, and of what.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = partner_policy_bioextract)]
pub struct Attribute<'a> {
    pub part_id: &'a str,
    pub policy_id: &'a str,
    pub attribute_name: &'a str,
}

/// Whether the partner has an extractor for the policy.
pub fn exists_for(conn: &mut PgConnection, partner_id: &str, policy_id: &str) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy_bioextract::table
            .filter(partner_policy_bioextract::part_id.eq(partner_id))
            .filter(partner_policy_bioextract::policy_id.eq(policy_id)),
    ))
    .get_result(conn)
}

/// Ids of the partner's extractors for the policy, by attribute: of those that
/// are among `attributes`. The oldest counts, should there be several.
pub fn ids_among(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
    attributes: &[&str],
) -> QueryResult<HashMap<String, String>> {
    let rows: Vec<(String, String)> = partner_policy_bioextract::table
        .filter(partner_policy_bioextract::part_id.eq(partner_id))
        .filter(partner_policy_bioextract::policy_id.eq(policy_id))
        .filter(partner_policy_bioextract::attribute_name.eq_any(attributes))
        .order((
            partner_policy_bioextract::cr_dtimes.desc(),
            partner_policy_bioextract::id.desc(),
        ))
        .select((
            partner_policy_bioextract::attribute_name,
            partner_policy_bioextract::id,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Up to `limit` extractors of the partner for the policy, oldest first.
pub fn list(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
    limit: i64,
) -> QueryResult<Vec<BioExtractor>> {
    BioExtractor::query()
        .filter(partner_policy_bioextract::part_id.eq(partner_id))
        .filter(partner_policy_bioextract::policy_id.eq(policy_id))
        .order((
            partner_policy_bioextract::cr_dtimes,
            partner_policy_bioextract::attribute_name,
            partner_policy_bioextract::id,
        ))
        .limit(limit)
        .load(conn)
}

/// Inserts an extractor.
///
/// # Errors
/// A taken id is a unique violation of `pk_ppbioextract`; an unknown partner or
/// policy a foreign key violation.
pub fn insert(
    conn: &mut PgConnection,
    id: &str,
    attribute: &Attribute<'_>,
    extraction: &Extraction<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::insert_into(partner_policy_bioextract::table)
        .values((
            partner_policy_bioextract::id.eq(id),
            attribute,
            extraction,
            created_by!(partner_policy_bioextract, stamp),
            partner_policy_bioextract::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}

/// Gives an extractor new values.
pub fn update(
    conn: &mut PgConnection,
    id: &str,
    extraction: &Extraction<'_>,
    stamp: &Stamp,
) -> QueryResult<()> {
    diesel::update(partner_policy_bioextract::table.find(id))
        .set((
            extraction,
            changed_by!(partner_policy_bioextract, stamp),
            partner_policy_bioextract::is_deleted.eq(Some(false)),
        ))
        .execute(conn)?;
    Ok(())
}
