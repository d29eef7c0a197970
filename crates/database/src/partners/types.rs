//! Rows and queries of `pms.partner_type`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.1"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::functions::lower;
use crate::schema::{partner_type, policy_group};

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

/// Types with a code, ignoring case; the exact spelling first. A macro, because the
/// type of the query takes a page.
macro_rules! with_code {
    ($types:expr, $code:expr) => {
        $types
            .filter(lower(partner_type::code).eq(lower($code)))
            .order((partner_type::code.eq($code).desc(), partner_type::code))
    };
}

/// The type with this code, ignoring case; the exact spelling wins.
pub fn find_type(conn: &mut PgConnection, code: &str) -> QueryResult<Option<PartnerType>> {
    with_code!(PartnerType::query(), code)
        .first(conn)
        .optional()
}

/// A policy group that a partner names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedGroup {
    /// Its id.
    pub id: String,
    /// Whether it is active.
    pub is_active: bool,
}

/// The type with this code, as [`find_type`] finds it, and the policy group with
/// exactly this name, with one statement. Without a type the group is not looked for.
pub fn find_type_and_group(
    conn: &mut PgConnection,
    code: &str,
    group: Option<&str>,
) -> QueryResult<Option<(PartnerType, Option<NamedGroup>)>> {
    // Not a null, for which the statement would be planned anew each time.
    let named = policy_group::table.filter(policy_group::name.eq(group.unwrap_or_default()));
    let found: Option<(PartnerType, Option<String>, Option<bool>)> =
        with_code!(partner_type::table, code)
            .select((
                PartnerType::as_select(),
                named.select(policy_group::id).single_value(),
                named.select(policy_group::is_active).single_value(),
            ))
            .first(conn)
            .optional()?;
    Ok(found.map(|(kind, id, is_active)| {
        let group = group.and(id.zip(is_active));
        (
            kind,
            group.map(|(id, is_active)| NamedGroup { id, is_active }),
        )
    }))
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
