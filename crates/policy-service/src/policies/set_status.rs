//! `PATCH /policies/{policyId}/group/{policygroupId}`
//!
//! Changes the status of a draft (contract policy.md §6.12).

use actix_web::web;
use pms_database::outbox::{AuditTrail, writer};
use pms_database::{Connection, DbError, Stamp, api_keys, policies};
use pms_domain::ErrorDef;
use pms_domain::policy::PolicyState;
use pms_domain::policy::audits::{CHANGE_STATUS, CHANGE_STATUS_FAILURE, CHANGE_STATUS_SUCCESS};
use pms_domain::policy::errors::{API_KEY_IN_USE, NOT_PROCESSED, STATUS_UNKNOWN};
use pms_runtime::AuditedCommand;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::document;
use super::mapping::lock_mapped;
use crate::Context;

/// The status that a policy should have.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct StatusChange {
    /// `Active` or `De-Active`, in any case.
    status: Option<String>,
}

/// Nothing is checked before the use case, not even that there is a request.
impl Request for StatusChange {
    fn check(&self, _: &mut Checks) {}

    const OPTIONAL: bool = true;
}

/// That it worked.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StatusChanged {
    message: &'static str,
}

struct Command {
    policy_id: String,
    group_id: String,
    active: Result<bool, ErrorDef>,
    stamp: Stamp,
}

/// The older status change. All it can do is to confirm a draft.
pub(crate) async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    Body(request): Body<StatusChange>,
    context: web::Data<Context>,
) -> ApiResult<StatusChanged> {
    let (policy_id, group_id) = path.into_inner();
    let active = wanted(request.status.as_deref());
    let command = Command {
        policy_id,
        group_id,
        active,
        stamp: context.stamp(&caller),
    };
    context.perform(command).await?;
    Ok(StatusChanged {
        message: "status updated successfully",
    })
}

impl AuditedCommand for Command {
    type Done = ();

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        let about = Some((self.policy_id.as_str(), "policyId"));
        trail.note(CHANGE_STATUS, about);
        let active = match self.active {
            Ok(active) => active,
            // Without a status the attempt is all that is noted.
            Err(NOT_PROCESSED) => return Err(NOT_PROCESSED.into()),
            Err(error) => return Err(trail.refuse(CHANGE_STATUS_FAILURE, about, error)),
        };
        let ids = (self.group_id.as_str(), self.policy_id.as_str());
        let draft = lock_mapped(conn, trail, CHANGE_STATUS_FAILURE, ids)?;
        let state = PolicyState::of(draft.policy_schema.as_deref(), draft.is_active);
        if let Err(error) = state.set_active(active) {
            return Err(trail.refuse(CHANGE_STATUS_FAILURE, about, error));
        }
        if api_keys::active_exists_for_policy(conn, &draft.id)? {
            return Err(trail.refuse(CHANGE_STATUS_FAILURE, about, API_KEY_IN_USE));
        }
        let policy = policies::set_active(conn, &draft.id, false, &self.stamp)?;
        let event =
            policies::policy_updated(&policy).map_err(|fault| document::refusal(trail, fault))?;
        writer::event(conn, &event, self.stamp.at)?;
        trail.note(CHANGE_STATUS_SUCCESS, about);
        Ok(())
    }
}

/// Whether the policy should be active.
fn wanted(status: Option<&str>) -> Result<bool, ErrorDef> {
    match status.ok_or(NOT_PROCESSED)?.to_lowercase().as_str() {
        "active" => Ok(true),
        "de-active" => Ok(false),
        _ => Err(STATUS_UNKNOWN),
    }
}
