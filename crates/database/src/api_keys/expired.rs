//! API keys whose time is over and that are active still.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::ApiKey;
use crate::flags::Flag as _;
use crate::fresh_plan::PlannedForItsValues;
use crate::schema::partner_policy;

/// At most `most` active keys that expired before `now`, by key, after one if it
/// is given.
pub fn list_expired(
    conn: &mut PgConnection,
    now: NaiveDateTime,
    after: Option<&str>,
    most: i64,
) -> QueryResult<Vec<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::is_active)
        .filter(partner_policy::is_deleted.is_not_true())
        .filter(partner_policy::valid_to_datetime.lt(now))
        .filter(partner_policy::policy_api_key.gt(after.unwrap_or_default()))
        .filter(PlannedForItsValues)
        .order(partner_policy::policy_api_key)
        .limit(most)
        .load(conn)
}

/// The key, locked until the transaction ends, if it is active still and expired
/// before `now`.
pub fn lock_expired(
    conn: &mut PgConnection,
    key: &str,
    now: NaiveDateTime,
) -> QueryResult<Option<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::policy_api_key.eq(key))
        .filter(partner_policy::is_active)
        .filter(partner_policy::is_deleted.is_not_true())
        .filter(partner_policy::valid_to_datetime.lt(now))
        .for_update()
        .first(conn)
        .optional()
}
