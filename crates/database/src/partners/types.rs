//! Rows and queries of `pms.partner_type`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.1"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::functions::lower;
use crate::schema::partner_type;

/// A kind of partner.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_type)]
#[diesel(primary_key(code))]
pub struct PartnerType {
    pub code: String,
    pub partner_description: String,
    pub is_policy_required: bool,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// The type with this code, ignoring case; the exact spelling wins.
pub fn find_type(conn: &mut PgConnection, code: &str) -> QueryResult<Option<PartnerType>> {
    PartnerType::query()
        .filter(lower(partner_type::code).eq(lower(code)))
        .order((partner_type::code.eq(code).desc(), partner_type::code))
        .first(conn)
        .optional()
}

/// All types, by code.
pub fn list_types(conn: &mut PgConnection) -> QueryResult<Vec<PartnerType>> {
    PartnerType::query().order(partner_type::code).load(conn)
}

/// Codes of the types whose partners need a policy group, by code.
pub fn policy_required_types(conn: &mut PgConnection) -> QueryResult<Vec<String>> {
    partner_type::table
        .filter(partner_type::is_policy_required)
        .select(partner_type::code)
        .order(partner_type::code)
        .load(conn)
}
