//! A user's own partners, each with its policy group.

use diesel::prelude::*;

use crate::ends::Owner;
use crate::functions::lower;
use crate::schema::{partner, policy_group};

/// The condition that a row of `partner` is the user's own: its `user_id` is the
/// user's id, ignoring case; its `id`, only where `user_id` is empty. The same
/// rule for one row is [`pms_domain::user::owner::is_own`].
///
/// A macro, because the condition stands in queries of different sources, and
/// its type is different in each.
macro_rules! own_of {
    ($user_id:expr) => {{
        use $crate::functions::owner_key;
        use $crate::schema::partner;

        let user = pms_domain::user::owner::key(&$user_id);
        owner_key(partner::user_id, partner::id).eq(user)
    }};
}
pub(crate) use own_of;

/// Whether partners belong to the user; see [`list_owned`].
pub fn owns_any(conn: &mut PgConnection, user_id: &str) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(partner::table.filter(own_of!(user_id)))).get_result(conn)
}

/// Ids of the user's own partners; see [`list_owned`].
pub fn owned_by(conn: &mut PgConnection, user_id: &str) -> QueryResult<Vec<String>> {
    partner::table
        .filter(own_of!(user_id))
        .select(partner::id)
        .order(partner::id)
        .load(conn)
}

/// A partner and what is known of its policy group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = partner)]
#[diesel(base_query = partner::table.left_join(policy_group::table))]
pub struct OwnedPartner {
    pub id: String,
    pub partner_type_code: String,
    pub approval_status: String,
    pub is_active: bool,
    pub policy_group_id: Option<String>,
    /// `None` also when the group is gone.
    #[diesel(select_expression = policy_group::name.nullable())]
    pub group_name: Option<String>,
    #[diesel(select_expression = policy_group::descr.nullable())]
    pub group_description: Option<String>,
}

/// Up to `limit` of the user's own partners, oldest first: those whose `user_id`
/// is the user's id, ignoring case; and whose `id` is, where `user_id` is empty.
pub fn list_owned(
    conn: &mut PgConnection,
    user_id: &str,
    limit: i64,
) -> QueryResult<Vec<OwnedPartner>> {
    OwnedPartner::query()
        .filter(own_of!(user_id))
        .order((partner::cr_dtimes, partner::id))
        .limit(limit)
        .load(conn)
}

/// Ids of the user's own partners, and whether they are active.
pub fn activity_of_owned(
    conn: &mut PgConnection,
    user_id: &str,
) -> QueryResult<Vec<(String, bool)>> {
    partner::table
        .filter(own_of!(user_id))
        .select((partner::id, partner::is_active))
        .order(partner::id)
        .load(conn)
}

/// The partners with these ids, given in lower case, ignoring case.
pub fn owners_named(conn: &mut PgConnection, ids: &[String]) -> QueryResult<Vec<Owner>> {
    partner::table
        .filter(lower(partner::id).eq_any(ids))
        .select(Owner::as_select())
        .load(conn)
}
