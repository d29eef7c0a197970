//! Rows and queries of `pms.partner_policy`: the API keys.
#![expect(
    missing_docs,
    reason = "fields are the columns of contract schema.md §2.8"
)]

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::{exists, max};
use diesel::prelude::*;

use crate::Stamp;
use crate::flags::Flag as _;
use crate::rows::{changed_by, created_by};
use crate::schema::partner_policy;

mod expired;
mod pointing;

pub use expired::{list_expired, lock_expired};
pub use pointing::{find_of_partner, lock_of_partner, set_policy};

/// An API key: a bearer secret, so `Debug` doesn't show it.
#[derive(Clone, PartialEq, Eq, HasQuery, Identifiable)]
#[diesel(table_name = partner_policy)]
#[diesel(primary_key(policy_api_key))]
pub struct ApiKey {
    pub policy_api_key: String,
    pub part_id: String,
    pub policy_id: String,
    pub valid_from_datetime: NaiveDateTime,
    pub valid_to_datetime: Option<NaiveDateTime>,
    pub is_active: bool,
    pub label: String,
    pub cr_by: String,
    pub cr_dtimes: NaiveDateTime,
    pub upd_by: Option<String>,
    pub upd_dtimes: Option<NaiveDateTime>,
    pub is_deleted: Option<bool>,
    pub del_dtimes: Option<NaiveDateTime>,
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKey")
            .field("part_id", &self.part_id)
            .field("policy_id", &self.policy_id)
            .field("label", &self.label)
            .finish_non_exhaustive()
    }
}

/// An API key to insert, active from its first instant.
#[derive(Clone, Copy, Insertable)]
#[diesel(table_name = partner_policy)]
pub struct NewApiKey<'a> {
    pub policy_api_key: &'a str,
    pub part_id: &'a str,
    pub policy_id: &'a str,
    pub label: &'a str,
    pub valid_from_datetime: NaiveDateTime,
    pub valid_to_datetime: NaiveDateTime,
}

/// The API key itself.
pub fn find(conn: &mut PgConnection, key: &str) -> QueryResult<Option<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::policy_api_key.eq(key))
        .first(conn)
        .optional()
}

/// Keys of the partner that are among `keys`.
pub fn list_among(
    conn: &mut PgConnection,
    partner_id: &str,
    keys: &[&str],
) -> QueryResult<Vec<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::part_id.eq(partner_id))
        .filter(partner_policy::policy_api_key.eq_any(keys))
        .load(conn)
}

/// Whether the partner has a key for the policy with exactly this label.
///
/// For one that decides by the answer: hold `Lock::ApiKeyLabel` before, since no
/// index keeps labels apart.
pub fn label_exists(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
    label: &str,
) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy::table
            .filter(partner_policy::part_id.eq(partner_id))
            .filter(partner_policy::policy_id.eq(policy_id))
            .filter(partner_policy::label.eq(label)),
    ))
    .get_result(conn)
}

/// The keys of the partner for the policy with exactly this label, locked until
/// the transaction ends; the newest first. Keys that were moved to the policy may
/// have a label that others there have.
pub fn lock_with_label(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
    label: &str,
) -> QueryResult<Vec<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::part_id.eq(partner_id))
        .filter(partner_policy::policy_id.eq(policy_id))
        .filter(partner_policy::label.eq(label))
        .order((
            partner_policy::cr_dtimes.desc(),
            partner_policy::policy_api_key.desc(),
        ))
        .for_update()
        .load(conn)
}

/// All keys of the partner for the policy, oldest first.
pub fn list(
    conn: &mut PgConnection,
    partner_id: &str,
    policy_id: &str,
) -> QueryResult<Vec<ApiKey>> {
    ApiKey::query()
        .filter(partner_policy::part_id.eq(partner_id))
        .filter(partner_policy::policy_id.eq(policy_id))
        .order((partner_policy::cr_dtimes, partner_policy::policy_api_key))
        .load(conn)
}

/// Whether any partner has an active key for the policy.
pub fn active_exists_for_policy(conn: &mut PgConnection, policy_id: &str) -> QueryResult<bool> {
    diesel::select(exists(
        partner_policy::table
            .filter(partner_policy::policy_id.eq(policy_id))
            .filter(partner_policy::is_active)
            .filter(partner_policy::is_deleted.is_not_true()),
    ))
    .get_result(conn)
}

/// Inserts a key. A second key of the partner and policy in the same instant
/// starts one microsecond after the first, because the time is part of `uk_ppol`.
///
/// # Errors
/// A unique violation of `pk_ppol` for a taken key.
pub fn insert(conn: &mut PgConnection, key: &NewApiKey<'_>, stamp: &Stamp) -> QueryResult<ApiKey> {
    let latest: Option<NaiveDateTime> = partner_policy::table
        .filter(partner_policy::part_id.eq(key.part_id))
        .filter(partner_policy::policy_id.eq(key.policy_id))
        .filter(partner_policy::valid_from_datetime.ge(key.valid_from_datetime))
        .select(max(partner_policy::valid_from_datetime))
        .first(conn)?;
    let mut key = *key;
    if let Some(latest) = latest {
        key.valid_from_datetime = latest + TimeDelta::microseconds(1);
    }
    diesel::insert_into(partner_policy::table)
        .values((
            &key,
            partner_policy::is_active.eq(true),
            created_by!(partner_policy, stamp),
            partner_policy::is_deleted.eq(Some(false)),
        ))
        .returning(ApiKey::as_returning())
        .get_result(conn)
}

/// Switches off all active keys of a partner and returns them, oldest first. Lock
/// the partner before.
pub fn deactivate_all(
    conn: &mut PgConnection,
    partner_id: &str,
    stamp: &Stamp,
) -> QueryResult<Vec<ApiKey>> {
    let active = partner_policy::table
        .filter(partner_policy::part_id.eq(partner_id))
        .filter(partner_policy::is_active)
        .filter(partner_policy::is_deleted.is_not_true());
    let mut ended: Vec<ApiKey> = diesel::update(active)
        .set((
            partner_policy::is_active.eq(false),
            changed_by!(partner_policy, stamp),
        ))
        .returning(ApiKey::as_returning())
        .get_results(conn)?;
    ended.sort_by(|a, b| (a.cr_dtimes, &a.policy_api_key).cmp(&(b.cr_dtimes, &b.policy_api_key)));
    Ok(ended)
}

/// Switches a key on or off.
///
/// # Errors
/// `NotFound` for an unknown key.
pub fn set_active(
    conn: &mut PgConnection,
    key: &str,
    active: bool,
    stamp: &Stamp,
) -> QueryResult<ApiKey> {
    diesel::update(partner_policy::table.find(key))
        .set((
            partner_policy::is_active.eq(active),
            changed_by!(partner_policy, stamp),
        ))
        .returning(ApiKey::as_returning())
        .get_result(conn)
}
