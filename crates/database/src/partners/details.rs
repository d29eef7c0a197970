//! One partner in full, for administrators.

use diesel::prelude::*;

use super::Partner;
use crate::schema::{partner, policy_group};

/// A partner and what answers show of its policy group.
#[derive(HasQuery)]
#[diesel(table_name = partner)]
#[diesel(base_query = partner::table.left_join(policy_group::table))]
pub struct PartnerWithGroup {
    /// The partner.
    #[diesel(embed)]
    pub partner: Partner,
    /// Name of its group; `None` also when the group is gone.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    /// Description of its group.
    #[diesel(select_expression = policy_group::descr.nullable())]
    pub group_description: Option<String>,
}

/// The partner with exactly this id, and its policy group.
pub fn find_with_group(conn: &mut PgConnection, id: &str) -> QueryResult<Option<PartnerWithGroup>> {
    PartnerWithGroup::query()
        .filter(partner::id.eq(id))
        .first(conn)
        .optional()
}
