//! A user's own partners, each with its policy group.

use diesel::prelude::*;

use crate::functions::lower;
use crate::schema::{partner, policy_group};

/// A partner and what is known of its policy group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
#[diesel(base_query = partner::table.left_join(policy_group::table))]
pub struct OwnedPartner {
    pub id: String,
    pub partner_type_code: String,
    pub approval_status: String,
    pub policy_group_id: Option<String>,
    /// `None` also when the group is gone.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    #[diesel(select_expression = policy_group::descr.nullable())]
    pub group_description: Option<String>,
}

/// Up to `limit` of the user's own partners, oldest first: those whose
/// `user_id` or `id` is the user's id, ignoring case.
pub fn list_owned(
    conn: &mut PgConnection,
    user_id: &str,
    limit: i64,
) -> QueryResult<Vec<OwnedPartner>> {
    let by_user = lower(partner::user_id).eq(lower(user_id));
    let by_id = lower(partner::id).eq(lower(user_id));
    OwnedPartner::query()
        .filter(by_user.or(by_id))
        .order((partner::cr_dtimes, partner::id))
        .limit(limit)
        .load(conn)
}

/// Ids of the user's own partners, and whether they are active.
pub fn activity_of_owned(
    conn: &mut PgConnection,
    user_id: &str,
) -> QueryResult<Vec<(String, bool)>> {
    let by_user = lower(partner::user_id).eq(lower(user_id));
    let by_id = lower(partner::id).eq(lower(user_id));
    partner::table
        .filter(by_user.or(by_id))
        .select((partner::id, partner::is_active))
        .order(partner::id)
        .load(conn)
}
