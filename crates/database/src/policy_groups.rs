//! Rows and queries of `pms.policy_group`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.2"
)]

use chrono::NaiveDateTime;
use diesel::dsl::exists;
use diesel::prelude::*;

use crate::Stamp;
use crate::rows::{by_id, change_row, created_by, more_than, oldest_first};
use crate::schema::{auth_policy, policy_group};

/// A policy group.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = policy_group)]
pub struct PolicyGroup {
    pub id: String,
    pub name: String,
    pub descr: String,
    pub user_id: String,
    pub is_active: bool,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// A policy group to insert.
#[derive(Debug, Clone, Copy)]
pub struct NewPolicyGroup<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub descr: &'a str,
    pub is_active: bool,
}

/// New values of a policy group.
#[derive(Debug, Clone, Copy)]
pub struct PolicyGroupChange<'a> {
    pub name: &'a str,
    pub descr: &'a str,
    pub is_active: bool,
}

by_id! {
    /// The group with this id.
    find: PolicyGroup in policy_group;
    /// The group with this id, locked until the transaction ends.
    ///
    /// Lock order everywhere: group, policy, partner.
    lock: PolicyGroup in policy_group, for_update;
}

/// The group with exactly this name.
pub fn find_by_name(conn: &mut PgConnection, name: &str) -> QueryResult<Option<PolicyGroup>> {
    PolicyGroup::query()
        .filter(policy_group::name.eq(name))
        .first(conn)
        .optional()
}

/// The group with exactly this name, locked until the transaction ends, and whether it
/// has a policy with exactly the name `policy`, whatever its state.
///
/// A policy that was committed while the lock was waited for may be missed: then writing
/// the name is a unique violation of [`NAME_IN_GROUP`].
pub fn lock_by_name(
    conn: &mut PgConnection,
    name: &str,
    policy: &str,
) -> QueryResult<Option<(PolicyGroup, bool)>> {
    let named = auth_policy::table
        .filter(auth_policy::policy_group_id.eq(policy_group::id.nullable()))
        .filter(auth_policy::name.eq(policy));
    policy_group::table
        .filter(policy_group::name.eq(name))
        .select((PolicyGroup::as_select(), exists(named)))
        .for_update()
        .first(conn)
        .optional()
}

/// The constraint that a group has one policy of a name.
pub const NAME_IN_GROUP: &str = "uk_apol";

/// Up to `limit` groups, oldest first; those made `after` a group with this time
/// and id, or from the beginning.
pub fn list(
    conn: &mut PgConnection,
    after: Option<&(NaiveDateTime, String)>,
    limit: i64,
) -> QueryResult<Vec<PolicyGroup>> {
    oldest_first!(PolicyGroup::query(), policy_group, after, limit).load(conn)
}

/// Whether there are more groups than `most`.
pub fn more_than(conn: &mut PgConnection, most: i64) -> QueryResult<bool> {
    more_than!(conn, policy_group, most)
}

/// Up to `limit` active groups, oldest first.
pub fn list_active(conn: &mut PgConnection, limit: i64) -> QueryResult<Vec<PolicyGroup>> {
    PolicyGroup::query()
        .filter(policy_group::is_active)
        .order((policy_group::cr_dtimes, policy_group::id))
        .limit(limit)
        .load(conn)
}

/// Inserts a group that belongs to the stamp's author.
///
/// # Errors
/// A taken id or name is a unique violation of `pk_polg` or `uk_polg`.
pub fn insert(
    conn: &mut PgConnection,
    group: &NewPolicyGroup<'_>,
    stamp: &Stamp,
) -> QueryResult<PolicyGroup> {
    diesel::insert_into(policy_group::table)
        .values((
            policy_group::id.eq(group.id),
            policy_group::name.eq(group.name),
            policy_group::descr.eq(group.descr),
            policy_group::user_id.eq(&stamp.by),
            policy_group::is_active.eq(group.is_active),
            created_by!(policy_group, stamp),
            policy_group::is_deleted.eq(Some(false)),
        ))
        .returning(PolicyGroup::as_returning())
        .get_result(conn)
}

/// Gives the group new values; from now on it belongs to the stamp's author.
///
/// # Errors
/// `NotFound` for an unknown id; a unique violation of `uk_polg` for a taken name.
pub fn update(
    conn: &mut PgConnection,
    id: &str,
    change: &PolicyGroupChange<'_>,
    stamp: &Stamp,
) -> QueryResult<PolicyGroup> {
    let columns = (
        policy_group::name.eq(change.name),
        policy_group::descr.eq(change.descr),
        policy_group::user_id.eq(&stamp.by),
        policy_group::is_active.eq(change.is_active),
    );
    change_row!(conn, policy_group, id, PolicyGroup, columns, stamp)
}

/// Takes the group out of use.
///
/// # Errors
/// `NotFound` for an unknown id.
pub fn deactivate(conn: &mut PgConnection, id: &str, stamp: &Stamp) -> QueryResult<PolicyGroup> {
    let columns = policy_group::is_active.eq(false);
    change_row!(conn, policy_group, id, PolicyGroup, columns, stamp)
}
