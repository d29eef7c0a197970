//! What the profile of a partner shows.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2 and §2.5"
)]

use diesel::prelude::*;

use crate::schema::{partner, policy_group};

/// The columns of a partner that its profile shows, and the name of its group.
/// `Debug` is left out: three of them are personal data.
#[derive(Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
#[diesel(base_query = partner::table.left_join(policy_group::table))]
pub struct PartnerProfile {
    pub id: String,
    pub policy_group_id: Option<String>,
    pub name: String,
    pub address: Option<String>,
    pub contact_no: Option<String>,
    pub email_id: Option<String>,
    pub user_id: String,
    pub partner_type_code: String,
    pub is_active: bool,
    /// `None` when the partner has no group or its group is gone.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
}

/// The profile of the partner with exactly this id.
///
/// Read for every packet, so one statement with no column too many.
pub fn find_profile(conn: &mut PgConnection, id: &str) -> QueryResult<Option<PartnerProfile>> {
    PartnerProfile::query()
        .filter(partner::id.eq(id))
        .first(conn)
        .optional()
}
