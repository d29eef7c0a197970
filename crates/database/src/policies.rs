//! Rows and queries of `pms.auth_policy`.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3"
)]

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::Stamp;
use crate::rows::{by_id, created_by};
use crate::schema::auth_policy;

mod changes;
mod ended;
mod event;
mod for_partner;
mod history;
mod of_group;
mod requested;
mod with_group;

pub use changes::{PolicyChange, publish, set_active, update};
pub use ended::{EndedPolicy, list_ended, lock_ended};
pub use event::{event_data, policy_updated, policy_withdrawn};
pub use for_partner::{
    PolicyAndPartner, PolicyForPartner, PolicyVersion, VersionForPartner, for_partner,
    version_for_partner,
};
pub use history::PolicyHistory;
pub use of_group::{ActivePolicy, GroupUse, active_in_group, active_of_group, use_of_group};
pub use requested::{active_with_name, find_with_group_by_name};
pub use with_group::{
    Age, GroupFacts, PolicyFacts, PolicyWithGroup, find_with_group, list_of_group, list_of_groups,
    list_with_group, more_than,
};

/// A policy; `policy_file_id` holds the document itself as JSON text.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = auth_policy)]
pub struct Policy {
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
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

/// A policy to insert: a draft, without schema and not active.
#[derive(Debug, Clone, Copy)]
pub struct NewPolicy<'a> {
    pub id: &'a str,
    pub policy_group_id: &'a str,
    pub name: &'a str,
    pub descr: &'a str,
    pub document: &'a str,
    pub policy_type: &'a str,
    pub version: &'a str,
    pub valid_from: NaiveDateTime,
    pub valid_to: NaiveDateTime,
}

by_id! {
    /// The policy with this id.
    find: Policy in auth_policy;
    /// The policy with this id, locked until the transaction ends.
    ///
    /// Lock order everywhere: group, policy, partner.
    lock: Policy in auth_policy, for_update;
}

/// Keeps the policy with this id as it is until the transaction ends; others
/// may keep it as well.
///
/// Lock order as for [`lock`].
pub fn keep(conn: &mut PgConnection, id: &str) -> QueryResult<()> {
    auth_policy::table
        .find(id)
        .select(auth_policy::id)
        .for_share()
        .execute(conn)?;
    Ok(())
}

/// Inserts a draft with its history row.
///
/// # Errors
/// A taken id or name is a unique violation of `pk_apol` or `uk_apol`; an
/// unknown group a foreign key violation of `fk_apol_polg`.
pub fn insert(
    conn: &mut PgConnection,
    policy: &NewPolicy<'_>,
    stamp: &Stamp,
) -> QueryResult<Policy> {
    let row = diesel::insert_into(auth_policy::table)
        .values((
            auth_policy::id.eq(policy.id),
            auth_policy::policy_group_id.eq(policy.policy_group_id),
            auth_policy::name.eq(policy.name),
            auth_policy::descr.eq(policy.descr),
            auth_policy::policy_file_id.eq(policy.document),
            auth_policy::policy_type.eq(policy.policy_type),
            auth_policy::version.eq(policy.version),
            auth_policy::valid_from_date.eq(policy.valid_from),
            auth_policy::valid_to_date.eq(policy.valid_to),
            auth_policy::is_active.eq(false),
            created_by!(auth_policy, stamp),
            auth_policy::is_deleted.eq(Some(false)),
        ))
        .returning(Policy::as_returning());
    let (policy, kept) = crate::history::insert::<Policy, _, _>(conn, row, stamp)?;
    if !kept {
        history::append_after_namesakes(conn, &policy, stamp)?;
    }
    Ok(policy)
}
