//! A policy and its group in one row, for the endpoints that answer both.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2 and §2.3"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::rows::{more_than, oldest_first};
use crate::schema::{auth_policy, policy_group};

/// What answers show of a policy.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
pub struct PolicyFacts {
    pub id: String,
    pub policy_group_id: Option<String>,
    pub name: String,
    pub descr: String,
    pub policy_file_id: String,
    pub policy_type: String,
    pub version: String,
    pub policy_schema: Option<String>,
    pub valid_from_date: NaiveDateTime,
    pub valid_to_date: NaiveDateTime,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
}

/// What answers show of the group of a policy.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = policy_group)]
pub struct GroupFacts {
    pub id: String,
    pub name: String,
    pub descr: String,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
}

/// A policy and, unless it belongs to none, its group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
#[diesel(table_name = auth_policy)]
#[diesel(base_query = auth_policy::table.left_join(policy_group::table))]
pub struct PolicyWithGroup {
    #[diesel(embed)]
    pub policy: PolicyFacts,
    #[diesel(embed)]
    pub group: Option<GroupFacts>,
}

/// The policy with this id, and its group.
pub fn find_with_group(conn: &mut PgConnection, id: &str) -> QueryResult<Option<PolicyWithGroup>> {
    PolicyWithGroup::query()
        .filter(auth_policy::id.eq(id))
        .first(conn)
        .optional()
}

/// When a policy was made, and its id: its place among all policies by age.
pub type Age = (NaiveDateTime, String);

/// Up to `limit` policies and their groups, oldest first; those `after` a place,
/// or from the beginning.
pub fn list_with_group(
    conn: &mut PgConnection,
    after: Option<&Age>,
    limit: i64,
) -> QueryResult<Vec<PolicyWithGroup>> {
    oldest_first!(PolicyWithGroup::query(), auth_policy, after, limit).load(conn)
}

/// Whether there are more policies than `most`, in one group or in all.
pub fn more_than(conn: &mut PgConnection, group_id: Option<&str>, most: i64) -> QueryResult<bool> {
    more_than!(conn, auth_policy, most, policy_group_id = group_id)
}

/// All policies of some groups, oldest first.
pub fn list_of_groups(
    conn: &mut PgConnection,
    group_ids: &[&str],
) -> QueryResult<Vec<PolicyFacts>> {
    PolicyFacts::query()
        .filter(auth_policy::policy_group_id.eq_any(group_ids))
        .order((auth_policy::cr_dtimes, auth_policy::id))
        .load(conn)
}

/// Up to `limit` policies of one group, oldest first; those `after` a place, or
/// from the beginning.
pub fn list_of_group(
    conn: &mut PgConnection,
    group_id: &str,
    after: Option<&Age>,
    limit: i64,
) -> QueryResult<Vec<PolicyFacts>> {
    let of_group = PolicyFacts::query().filter(auth_policy::policy_group_id.eq(group_id));
    oldest_first!(of_group, auth_policy, after, limit).load(conn)
}
