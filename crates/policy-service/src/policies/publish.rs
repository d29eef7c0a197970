//! `POST /policies/{policyId}/group/{policygroupId}/publish`
//!
//! Publishes a draft (contract policy.md §6.11).

use actix_web::web;
use pms_database::outbox::{AuditTrail, writer};
use pms_database::policies;
use pms_database::{Connection, DbError, Stamp};
use pms_domain::policy::PolicyState;
use pms_domain::policy::audits::{PUBLISH_POLICY, PUBLISH_POLICY_FAILURE, PUBLISH_POLICY_SUCCESS};
use pms_domain::policy::errors::POLICY_UNKNOWN;
use pms_runtime::AuditedCommand;
use pms_web::{ApiResult, Caller};

use super::document;
use super::full::PolicyFull;
use super::mapping::lock_mapped;
use crate::Context;

struct Command {
    policy_id: String,
    group_id: String,
    schema: String,
    stamp: Stamp,
}

/// Makes a draft usable by partners, for good.
pub(crate) async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    context: web::Data<Context>,
) -> ApiResult<PolicyFull> {
    let (policy_id, group_id) = path.into_inner();
    let schema = context.settings.schema_url.clone();
    let command = Command {
        policy_id,
        group_id,
        schema,
        stamp: context.stamp(&caller),
    };
    context.perform(command).await
}

impl AuditedCommand for Command {
    type Done = PolicyFull;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// Policy, history and event change together or not at all.
    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<PolicyFull, DbError> {
        let about = Some((self.policy_id.as_str(), "policyId"));
        trail.note(PUBLISH_POLICY, about);
        let ids = (self.group_id.as_str(), self.policy_id.as_str());
        let draft = lock_mapped(conn, trail, PUBLISH_POLICY_FAILURE, ids)?;
        let state = PolicyState::of(draft.policy_schema.as_deref(), draft.is_active);
        if let Err(error) = state.publish() {
            return Err(trail.refuse(PUBLISH_POLICY_FAILURE, about, error));
        }

        let policy = policies::publish(conn, &draft.id, &self.schema, &self.stamp)?;
        let event =
            policies::policy_updated(&policy).map_err(|fault| document::refusal(trail, fault))?;
        writer::event(conn, &event, self.stamp.at)?;
        let found = policies::find_with_group(conn, &policy.id)?.ok_or(POLICY_UNKNOWN)?;
        let answer = PolicyFull::of(found).map_err(|fault| document::refusal(trail, fault))?;
        trail.note(PUBLISH_POLICY_SUCCESS, about);
        Ok(answer)
    }
}
