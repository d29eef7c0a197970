//! `pms.auth_policy_h`: what a policy was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.4"
)]

use chrono::NaiveDateTime;
use diesel::dsl::max;
use diesel::prelude::*;

use super::Policy;
use crate::Stamp;
use crate::schema::auth_policy_h;

/// A policy as it was from `eff_dtimes` on.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = auth_policy_h)]
pub struct PolicyHistory {
    pub id: String,
    pub eff_dtimes: NaiveDateTime,
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
}

/// Appends what `policy` is now, under the policy's own id.
pub(super) fn append(conn: &mut PgConnection, policy: &Policy, stamp: &Stamp) -> QueryResult<()> {
    let row = PolicyHistory {
        id: policy.id.clone(),
        eff_dtimes: free_instant(conn, policy, stamp)?,
        policy_group_id: policy.policy_group_id.clone(),
        name: policy.name.clone(),
        descr: policy.descr.clone(),
        policy_file_id: policy.policy_file_id.clone(),
        policy_type: policy.policy_type.clone(),
        version: policy.version.clone(),
        policy_schema: policy.policy_schema.clone(),
        valid_from_date: policy.valid_from_date,
        valid_to_date: policy.valid_to_date,
        is_active: policy.is_active,
        cr_by: stamp.by.clone(),
        cr_dtimes: stamp.at,
        upd_by: policy.upd_by.clone(),
        upd_dtimes: Some(stamp.at),
        is_deleted: Some(policy.is_deleted.unwrap_or(false)),
    };
    diesel::insert_into(auth_policy_h::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// The time of the change, or one microsecond after the latest row that would clash with it.
///
/// Both keys of the table hold the time: with the id, and with group and name.
fn free_instant(
    conn: &mut PgConnection,
    policy: &Policy,
    stamp: &Stamp,
) -> QueryResult<NaiveDateTime> {
    let same_name = auth_policy_h::policy_group_id
        .is_not_distinct_from(policy.policy_group_id.as_deref())
        .and(auth_policy_h::name.eq(&policy.name));
    let latest: Option<NaiveDateTime> = auth_policy_h::table
        .filter(auth_policy_h::eff_dtimes.ge(stamp.at))
        .filter(auth_policy_h::id.eq(&policy.id).or(same_name))
        .select(max(auth_policy_h::eff_dtimes))
        .first(conn)?;
    Ok(stamp.after(latest))
}
