//! Policies whose time is over and that are in use still.

use chrono::NaiveDateTime;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::Policy;
use crate::flags::Flag as _;
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::{auth_policy, partner_policy};

/// A published policy that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.3"
)]
pub struct EndedPolicy {
    pub id: String,
    pub name: String,
    pub valid_to_date: NaiveDateTime,
    /// Active API keys that point to it.
    pub active_keys: i64,
}

/// At most `most` published policies that ended before `now` and are active, by
/// id, after one if it is given.
pub fn list_ended(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    after: Option<&str>,
    most: i64,
) -> QueryResult<Vec<EndedPolicy>> {
    let ended: Vec<(String, String, NaiveDateTime)> = auth_policy::table
        .filter(auth_policy::is_active)
        .filter(auth_policy::policy_schema.is_not_null())
        .filter(auth_policy::is_deleted.is_not_true())
        .filter(auth_policy::valid_to_date.lt(now))
        .filter(auth_policy::id.gt(after.unwrap_or_default()))
        .filter(PlannedForItsValues)
        .order(auth_policy::id)
        .select((
            auth_policy::id,
            auth_policy::name,
            auth_policy::valid_to_date,
        ))
        .limit(most)
        .load(conn)?;
    let ids: Vec<&str> = ended.iter().map(|(id, ..)| id.as_str()).collect();
    let keys: Vec<(String, i64)> = partner_policy::table
        .filter(partner_policy::policy_id.eq_any(ids))
        .filter(partner_policy::is_active)
        .filter(partner_policy::is_deleted.is_not_true())
        .group_by(partner_policy::policy_id)
        .select((partner_policy::policy_id, count_star()))
        .load(conn)?;
    let active_keys = |id: &str| {
        let of_policy = keys.iter().find(|(policy_id, _)| policy_id == id);
        of_policy.map_or(0, |(_, count)| *count)
    };
    let policy = |(id, name, valid_to_date): (String, String, NaiveDateTime)| EndedPolicy {
        active_keys: active_keys(&id),
        id,
        name,
        valid_to_date,
    };
    Ok(ended.into_iter().map(policy).collect())
}

/// The policy, locked until the transaction ends, if it is in use still and ended
/// before `now`.
pub fn lock_ended(
    conn: &mut PgConnection,
    id: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<Policy>> {
    Policy::query()
        .filter(auth_policy::id.eq(id))
        .filter(auth_policy::is_active)
        .filter(auth_policy::policy_schema.is_not_null())
        .filter(auth_policy::is_deleted.is_not_true())
        .filter(auth_policy::valid_to_date.lt(now))
        .for_update()
        .first(conn)
        .optional()
}
