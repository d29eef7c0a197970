//! What a group is used for: its policies by state.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3"
)]

use diesel::dsl::exists;
use diesel::prelude::*;

use crate::flags::Flag as _;
use crate::schema::auth_policy;

/// A policy that partners of its group can ask for.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
pub struct ActivePolicy {
    pub id: String,
    pub name: String,
    pub descr: String,
    pub policy_type: String,
}

/// Which policies of a group stand against its deactivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupUse {
    /// A published policy is in use.
    pub activated: bool,
    /// A policy waits for its publication.
    pub draft: bool,
}

/// Whether an active policy, published or not, belongs to the group.
pub fn active_in_group(conn: &mut PgConnection, group_id: &str) -> QueryResult<bool> {
    diesel::select(exists(
        auth_policy::table
            .filter(auth_policy::policy_group_id.eq(group_id))
            .filter(auth_policy::is_active)
            .filter(auth_policy::is_deleted.is_not_true()),
    ))
    .get_result(conn)
}

/// Which states the policies of the group are in; deleted ones don't count.
pub fn use_of_group(conn: &mut PgConnection, group_id: &str) -> QueryResult<GroupUse> {
    let of_group = auth_policy::table
        .filter(auth_policy::policy_group_id.eq(group_id))
        .filter(auth_policy::is_deleted.is_not_true());
    let activated = of_group
        .filter(auth_policy::is_active)
        .filter(auth_policy::policy_schema.is_not_null());
    let draft = of_group
        .filter(auth_policy::is_active.eq(false))
        .filter(auth_policy::policy_schema.is_null());
    let (activated, draft) = diesel::select((exists(activated), exists(draft))).get_result(conn)?;
    Ok(GroupUse { activated, draft })
}

/// Up to `limit` active policies of the group, oldest first.
pub fn active_of_group(
    conn: &mut PgConnection,
    group_id: &str,
    limit: i64,
) -> QueryResult<Vec<ActivePolicy>> {
    ActivePolicy::query()
        .filter(auth_policy::policy_group_id.eq(group_id))
        .filter(auth_policy::is_active)
        .filter(auth_policy::is_deleted.is_not_true())
        .order((auth_policy::cr_dtimes, auth_policy::id))
        .limit(limit)
        .load(conn)
}
