//! A policy and its group in one row, for the endpoints that answer both.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2 and §2.3"
)]

use std::fmt::Write as _;

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::row_version::{Versioned, Xmin};
use crate::rows::{more_than, oldest_first};
use crate::schema::{auth_policy, partner_policy, policy_group};

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

/// The state that the rows of a policy and its group are in. Every change of either
/// row makes another one, also a change by hand.
///
/// The numbers of transactions say so. A database that was restored from a dump
/// counts them anew; the times keep its versions apart from those before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct PolicyVersion {
    policy: Option<u32>,
    group: Option<u32>,
    made: NaiveDateTime,
    changed: Option<NaiveDateTime>,
    group_changed: Option<NaiveDateTime>,
}

impl PolicyVersion {
    /// The version as text, fit for an `ETag`.
    pub fn name(&self) -> String {
        let micros = |at: NaiveDateTime| at.and_utc().timestamp_micros();
        let changed = micros(self.changed.unwrap_or(self.made));
        let of_policy = self.policy.unwrap_or_default();
        let mut name = format!("{of_policy:x}-{changed:x}");
        if let Some(of_group) = self.group {
            let changed = self.group_changed.map_or(0, micros);
            // Writing to a text can't fail.
            let _ = write!(name, "-{of_group:x}-{changed:x}");
        }
        name
    }
}

/// The columns of a [`PolicyVersion`].
#[diesel::dsl::auto_type]
fn version() -> _ {
    let policy: Xmin<auth_policy::table> = Xmin::of(auth_policy::table);
    let group: Xmin<policy_group::table> = Xmin::of(policy_group::table);
    (
        policy,
        group,
        auth_policy::cr_dtimes,
        auth_policy::upd_dtimes,
        policy_group::upd_dtimes.nullable(),
    )
}

impl Versioned for auth_policy::table {
    const NAME: &'static str = "auth_policy";
}

impl Versioned for policy_group::table {
    const NAME: &'static str = "policy_group";
}

/// That a partner has an active API key for a policy.
#[diesel::dsl::auto_type]
fn has_active_key<'a>(policy_id: &'a str, partner_id: &'a str) -> _ {
    exists(
        partner_policy::table
            .filter(partner_policy::part_id.eq(partner_id))
            .filter(partner_policy::policy_id.eq(policy_id))
            .filter(partner_policy::is_active)
            .filter(partner_policy::is_deleted.is_distinct_from(true)),
    )
}

/// The policy and its version, if the partner has an active API key for it.
///
/// The most frequent read of all, so one statement. An unknown policy can have
/// no key, and so needs no answer of its own.
pub fn for_partner(
    conn: &mut PgConnection,
    policy_id: &str,
    partner_id: &str,
) -> QueryResult<Option<(PolicyWithGroup, PolicyVersion)>> {
    auth_policy::table
        .left_join(policy_group::table)
        .filter(auth_policy::id.eq(policy_id))
        .filter(has_active_key(policy_id, partner_id))
        .select((PolicyWithGroup::as_select(), version()))
        .first(conn)
        .optional()
}

/// The version that [`for_partner`] would find, without the rows.
pub fn version_for_partner(
    conn: &mut PgConnection,
    policy_id: &str,
    partner_id: &str,
) -> QueryResult<Option<PolicyVersion>> {
    auth_policy::table
        .left_join(policy_group::table)
        .filter(auth_policy::id.eq(policy_id))
        .filter(has_active_key(policy_id, partner_id))
        .select(version())
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
