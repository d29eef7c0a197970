//! Policies as partners ask for them: by name, within their group.

use diesel::dsl::exists;
use diesel::prelude::*;

use super::PolicyWithGroup;
use crate::flags::Flag as _;
use crate::schema::auth_policy;

/// Whether any group has an active policy with exactly this name.
pub fn active_with_name(conn: &mut PgConnection, name: &str) -> QueryResult<bool> {
    diesel::select(exists(
        auth_policy::table
            .filter(auth_policy::name.eq(name))
            .filter(auth_policy::is_active)
            .filter(auth_policy::is_deleted.is_not_true()),
    ))
    .get_result(conn)
}

/// The policy with exactly this name in the group, whatever its state, and the group.
pub fn find_with_group_by_name(
    conn: &mut PgConnection,
    group_id: &str,
    name: &str,
) -> QueryResult<Option<PolicyWithGroup>> {
    PolicyWithGroup::query()
        .filter(auth_policy::policy_group_id.eq(group_id))
        .filter(auth_policy::name.eq(name))
        .first(conn)
        .optional()
}
