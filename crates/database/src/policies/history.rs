//! `pms.auth_policy_h`: what a policy was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.4"
)]

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::result::Error::NotFound;
use diesel::sql_types::{Text, Timestamp};

use super::Policy;
use crate::Stamp;
use crate::functions::{INSTANT, bool_or, later, plus};
use crate::schema::{auth_policy, auth_policy_h};

/// A policy as it was from `eff_dtimes` on.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery)]
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

/// Appends what `policy` is now, under the policy's own id: the row is copied in the
/// database, which has the document already.
///
/// It begins at the time of the change, or one microsecond after the latest row of the
/// policy: changes are stamped before they wait for each other. Rows of other policies
/// that had the same group and name must not begin at the same time either. Mostly
/// there are none, and a statement that looks for them would be planned anew each time,
/// which takes longer than to insert.
///
/// # Errors
/// `NotFound` when the policy is gone.
pub(super) fn append(conn: &mut PgConnection, policy: &Policy, stamp: &Stamp) -> QueryResult<()> {
    if copy(conn, policy, stamp, stamp.at)? > 0 {
        return Ok(());
    }
    let of_that_name = auth_policy_h::table
        .filter(auth_policy_h::eff_dtimes.ge(stamp.at))
        .filter(
            auth_policy_h::policy_group_id.is_not_distinct_from(policy.policy_group_id.as_deref()),
        )
        .filter(auth_policy_h::name.eq(&policy.name))
        .select(max(auth_policy_h::eff_dtimes));
    let latest: Option<NaiveDateTime> = of_that_name.get_result(conn)?;
    let from = latest.ok_or(NotFound)? + TimeDelta::microseconds(1);
    match copy(conn, policy, stamp, from)? {
        0 => Err(NotFound),
        _ => Ok(()),
    }
}

/// Copies the row as one that begins at `from` or after the policy's latest; nothing when
/// it clashes with one of the same group and name.
fn copy(
    conn: &mut PgConnection,
    policy: &Policy,
    stamp: &Stamp,
    from: NaiveDateTime,
) -> QueryResult<usize> {
    let latest = auth_policy_h::table
        .filter(auth_policy_h::id.eq(&policy.id))
        .select(max(auth_policy_h::eff_dtimes));
    let row = auth_policy::table.find(&policy.id).select((
        auth_policy::id,
        auth_policy::policy_group_id,
        auth_policy::name,
        auth_policy::descr,
        auth_policy::policy_file_id,
        auth_policy::policy_type,
        auth_policy::version,
        auth_policy::policy_schema,
        auth_policy::valid_from_date,
        auth_policy::valid_to_date,
        auth_policy::is_active,
        auth_policy::upd_by,
        bool_or(auth_policy::is_deleted, false).nullable(),
        stamp.by.as_str().into_sql::<Text>(),
        stamp.at.into_sql::<Timestamp>(),
        stamp.at.into_sql::<Timestamp>().nullable(),
        later(from, plus(latest.single_value(), INSTANT)),
    ));
    row.insert_into(auth_policy_h::table)
        .into_columns((
            auth_policy_h::id,
            auth_policy_h::policy_group_id,
            auth_policy_h::name,
            auth_policy_h::descr,
            auth_policy_h::policy_file_id,
            auth_policy_h::policy_type,
            auth_policy_h::version,
            auth_policy_h::policy_schema,
            auth_policy_h::valid_from_date,
            auth_policy_h::valid_to_date,
            auth_policy_h::is_active,
            auth_policy_h::upd_by,
            auth_policy_h::is_deleted,
            auth_policy_h::cr_by,
            auth_policy_h::cr_dtimes,
            auth_policy_h::upd_dtimes,
            auth_policy_h::eff_dtimes,
        ))
        .on_conflict_do_nothing()
        .execute(conn)
}
