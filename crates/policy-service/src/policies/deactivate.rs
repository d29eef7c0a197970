//! `PATCH /policies/{policyId}`
//!
//! Deactivates a policy (contract policy.md §6.13).

use actix_web::web;
use pms_database::outbox::{AuditTrail, writer};
use pms_database::{Connection, DbError, Stamp, mapping_requests, policies};
use pms_domain::ErrorDef;
use pms_domain::partner::mapping;
use pms_domain::policy::PolicyState;
use pms_domain::policy::audits::{CHANGE_STATUS, CHANGE_STATUS_FAILURE, CHANGE_STATUS_SUCCESS};
use pms_domain::policy::errors::{
    APPROVED_REQUEST_EXISTS, NO_SUCH_POLICY, NOT_A_DEACTIVATION, PENDING_REQUEST_EXISTS,
};
use pms_runtime::AuditedCommand;
use pms_web::{ApiResult, Body, Caller, Checks, PathId, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

/// What is wanted of a policy or a policy group: only one thing can be.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct Deactivation {
    /// `De-Activate`
    status: Option<String>,
}

impl Request for Deactivation {
    fn check(&self, _: &mut Checks) {}
}

impl Deactivation {
    /// Accepts the one status there is.
    pub(crate) fn require(&self) -> Result<(), ErrorDef> {
        let wanted = self.status.as_deref() == Some("De-Activate");
        if wanted {
            Ok(())
        } else {
            Err(NOT_A_DEACTIVATION)
        }
    }
}

/// The policy, out of use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PolicyDeactivated {
    policy_id: String,
    is_active: bool,
}

struct Command {
    id: String,
    wanted: Result<(), ErrorDef>,
    stamp: Stamp,
}

/// Takes a published policy out of use, for good. The relying modules know
/// policies from events alone, so they get one.
pub(crate) async fn handle(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: web::Data<Context>,
) -> ApiResult<PolicyDeactivated> {
    let command = Command {
        id: id.clone(),
        wanted: request.require(),
        stamp: context.stamp(&caller),
    };
    context.perform(command).await?;
    Ok(PolicyDeactivated {
        policy_id: id,
        is_active: false,
    })
}

impl AuditedCommand for Command {
    type Done = ();

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        let about = Some((self.id.as_str(), "policyId"));
        trail.note(CHANGE_STATUS, about);
        if let Some(error) = self.refusal(conn)? {
            return Err(trail.refuse(CHANGE_STATUS_FAILURE, about, error));
        }
        let policy = policies::set_active(conn, &self.id, false, &self.stamp)?;
        writer::event(conn, &policies::policy_withdrawn(&policy), self.stamp.at)?;
        trail.note(CHANGE_STATUS_SUCCESS, about);
        Ok(())
    }
}

impl Command {
    /// Why the policy, now locked, stays as it is; in the order of the wire.
    fn refusal(&self, conn: &mut Connection) -> Result<Option<ErrorDef>, DbError> {
        if let Err(error) = self.wanted {
            return Ok(Some(error));
        }
        let Some(policy) = policies::lock(conn, &self.id)? else {
            return Ok(Some(NO_SUCH_POLICY));
        };
        let state = PolicyState::of(policy.policy_schema.as_deref(), policy.is_active);
        if let Err(error) = state.deactivate() {
            return Ok(Some(error));
        }
        for (status, error) in [
            (mapping::APPROVED, APPROVED_REQUEST_EXISTS),
            (mapping::IN_PROGRESS, PENDING_REQUEST_EXISTS),
        ] {
            if mapping_requests::exists_for_policy(conn, &self.id, status)? {
                return Ok(Some(error));
            }
        }
        Ok(None)
    }
}
