//! Policies that ended.

use pms_database::outbox::{AuditTrail, writer};
use pms_database::policies::{self, EndedPolicy};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::policy::audits::{CHANGE_STATUS, CHANGE_STATUS_SUCCESS};

use super::Expiring;

/// Published policies that are active after their end.
pub(super) struct Policies;

impl Expiring for Policies {
    type Item = EndedPolicy;
    const NAME: &'static str = "policies";

    fn list(
        conn: &mut Connection,
        stamp: &Stamp,
        after: Option<&EndedPolicy>,
        most: i64,
    ) -> Result<Vec<EndedPolicy>, DbError> {
        let after = after.map(|policy| policy.id.as_str());
        Ok(policies::list_ended(conn, stamp.at, after, most)?)
    }

    fn partner(_: &EndedPolicy) -> Option<&str> {
        None
    }

    fn line(policy: &EndedPolicy) -> String {
        format!(
            "deactivate the policy {} ({}), ended {} UTC; active API keys for it: {}",
            policy.id, policy.name, policy.valid_to_date, policy.active_keys
        )
    }

    fn end(
        conn: &mut Connection,
        trail: &mut AuditTrail,
        policy: &EndedPolicy,
        stamp: &Stamp,
    ) -> Result<bool, DbError> {
        let Some(policy) = policies::lock_ended(conn, &policy.id, stamp.at)? else {
            return Ok(false);
        };
        let about = Some((policy.id.as_str(), "policyId"));
        trail.note(CHANGE_STATUS, about);
        let ended = policies::set_active(conn, &policy.id, false, stamp)?;
        writer::event(conn, &policies::policy_withdrawn(&ended), stamp.at)?;
        trail.note(CHANGE_STATUS_SUCCESS, about);
        Ok(true)
    }
}
