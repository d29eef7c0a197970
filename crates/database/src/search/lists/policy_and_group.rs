//! What several lists show of the policy of a row, and of a policy group.

use diesel::prelude::*;

use crate::schema::{auth_policy, policy_group};

/// The policy of a row and the policy group that the list joins: the policy's own or
/// the partner's. All empty where they are gone.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = auth_policy)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2 and §2.3"
)]
pub struct PolicyAndGroup {
    #[diesel(select_expression = auth_policy::name.nullable())]
    pub name: Option<String>,
    #[diesel(select_expression = auth_policy::descr.nullable())]
    pub description: Option<String>,
    #[diesel(select_expression = policy_group::id.nullable())]
    pub group_id: Option<String>,
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    #[diesel(select_expression = policy_group::descr.nullable())]
    pub group_description: Option<String>,
}
