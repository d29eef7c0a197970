//! `pms.auth_policy_h`: what a policy was after each change.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.4"
)]

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::result::Error::NotFound;

use super::Policy;
use crate::Stamp;
use crate::history::{self, Stamped, WithHistory};
use crate::schema::auth_policy_h;

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

impl WithHistory for Policy {
    const TABLE: &'static str = "pms.auth_policy";
    const HISTORY: &'static str = "pms.auth_policy_h";
    const COPIED: &'static str = "id, policy_group_id, name, descr, policy_file_id, policy_type, \
        version, policy_schema, valid_from_date, valid_to_date, is_active, upd_by";
    const STAMPED: &'static [(&'static str, Stamped)] = &[
        ("cr_by", Stamped::By),
        ("cr_dtimes", Stamped::At),
        ("upd_dtimes", Stamped::At),
    ];
    const MAY_CLASH: bool = true;
}

/// Appends what `policy` is now, under the policy's own id.
///
/// Rows of other policies that had the same group and name must not begin at the same
/// time. Mostly there are none, and a statement that looks for them would be planned
/// anew each time, which takes longer than to insert.
///
/// # Errors
/// `NotFound` when the policy is gone.
pub(super) fn append(conn: &mut PgConnection, policy: &Policy, stamp: &Stamp) -> QueryResult<()> {
    if history::append::<Policy>(conn, &policy.id, stamp, None)? {
        return Ok(());
    }
    append_after_namesakes(conn, policy, stamp)
}

/// [`append`] when a row of the same group and name begins at that time.
pub(super) fn append_after_namesakes(
    conn: &mut PgConnection,
    policy: &Policy,
    stamp: &Stamp,
) -> QueryResult<()> {
    let of_that_name = auth_policy_h::table
        .filter(auth_policy_h::eff_dtimes.ge(stamp.at))
        .filter(
            auth_policy_h::policy_group_id.is_not_distinct_from(policy.policy_group_id.as_deref()),
        )
        .filter(auth_policy_h::name.eq(&policy.name))
        .select(max(auth_policy_h::eff_dtimes));
    let latest: Option<NaiveDateTime> = of_that_name.get_result(conn)?;
    let from = latest.ok_or(NotFound)? + TimeDelta::microseconds(1);
    if history::append::<Policy>(conn, &policy.id, stamp, Some(from))? {
        return Ok(());
    }
    Err(NotFound)
}
