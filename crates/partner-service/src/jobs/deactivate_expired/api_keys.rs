//! API keys.

use pms_database::api_keys::{self, ApiKey};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::partner::audits;

use super::Expiring;
use crate::api_keys::events;

/// API keys that are active after their end.
pub(super) struct ApiKeys;

impl Expiring for ApiKeys {
    type Item = ApiKey;
    const NAME: &'static str = "api_keys";

    fn list(
        conn: &mut Connection,
        stamp: &Stamp,
        after: Option<&ApiKey>,
        most: i64,
    ) -> Result<Vec<ApiKey>, DbError> {
        let after = after.map(|key| key.policy_api_key.as_str());
        Ok(api_keys::list_expired(conn, stamp.at, after, most)?)
    }

    fn partner(key: &ApiKey) -> Option<&str> {
        Some(&key.part_id)
    }

    fn line(key: &ApiKey) -> String {
        let expired = key.valid_to_datetime.unwrap_or_default();
        format!(
            "deactivate the API key {:?} of {} for policy {}, expired {expired} UTC",
            key.label, key.part_id, key.policy_id
        )
    }

    fn end(
        conn: &mut Connection,
        trail: &mut AuditTrail,
        key: &ApiKey,
        stamp: &Stamp,
    ) -> Result<bool, DbError> {
        let Some(key) = api_keys::lock_expired(conn, &key.policy_api_key, stamp.at)? else {
            return Ok(false);
        };
        let about = about_partner(&key.part_id);
        trail.note(audits::CHANGE_KEY_STATUS, about);
        let key = api_keys::set_active(conn, &key.policy_api_key, false, stamp)?;
        writer::event(conn, &events::updated(&key), stamp.at)?;
        trail.note(audits::KEY_STATUS_CHANGED, about_partner(&key.part_id));
        Ok(true)
    }
}
