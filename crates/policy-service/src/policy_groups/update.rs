//! `PUT /policies/group/{policygroupId}`
//!
//! Updates a policy group (contract policy.md §6.2).

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::outbox::AuditTrail;
use pms_database::policy_groups::{self, PolicyGroup, PolicyGroupChange};
use pms_database::{Connection, DbError, Stamp, policies};
use pms_domain::BusinessError;
use pms_domain::policy::audits::{UPDATE_GROUP, UPDATE_GROUP_FAILURE, UPDATE_GROUP_SUCCESS};
use pms_domain::policy::errors::{
    ACTIVE_POLICIES_IN_GROUP, GROUP_NAME_TAKEN, NOT_PROCESSED, POLICY_UNKNOWN,
};
use pms_domain::policy::naming;
use pms_runtime::AuditedCommand;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::written::GroupWritten;
use crate::Context;

/// New values of a policy group.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct GroupChange {
    name: Option<String>,
    desc: Option<String>,
    is_active: Option<bool>,
}

impl Request for GroupChange {
    fn check(&self, fields: &mut Checks) {
        let (name, desc) = (self.name.as_deref(), self.desc.as_deref());
        fields
            .not_blank_or("name", name, "value is empty or null")
            .length_or(
                "name",
                name,
                (1, 128),
                "Length should be between 1 and 128 chars",
            )
            .not_blank_or("desc", desc, "value is empty or null")
            .length_or(
                "desc",
                desc,
                (1, 256),
                "Length should be between 1 and 256 chars",
            );
    }
}

struct Command {
    id: String,
    name: String,
    desc: String,
    is_active: Option<bool>,
    stamp: Stamp,
}

/// Gives a policy group new values; from now on it belongs to the caller.
pub(crate) async fn handle(
    caller: Caller,
    group_id: web::Path<String>,
    Body(request): Body<GroupChange>,
    context: web::Data<Context>,
) -> ApiResult<GroupWritten> {
    let command = Command {
        id: group_id.into_inner(),
        name: request.name.unwrap_or_default(),
        desc: request.desc.unwrap_or_default(),
        is_active: request.is_active,
        stamp: context.stamp(&caller),
    };
    let group = context.perform(command).await?;
    Ok(group.into())
}

impl AuditedCommand for Command {
    type Done = PolicyGroup;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<PolicyGroup, DbError> {
        let about = Some((self.name.as_str(), "policyGroupName"));
        trail.note(UPDATE_GROUP, about);
        let is_active = match self.checked_activity(conn)? {
            Ok(is_active) => is_active,
            Err(rejection) => {
                return Err(trail.refuse(UPDATE_GROUP_FAILURE, about, rejection));
            }
        };
        let change = PolicyGroupChange {
            name: &self.name,
            descr: &self.desc,
            is_active,
        };
        let group = policy_groups::update(conn, &self.id, &change, &self.stamp)?;
        trail.note(UPDATE_GROUP_SUCCESS, about);
        Ok(group)
    }
}

impl Command {
    /// The checks, in the order of the wire; the group is locked by them. An
    /// activity that is left out counts as a change of it.
    fn checked_activity(
        &self,
        conn: &mut Connection,
    ) -> Result<Result<bool, BusinessError>, DbError> {
        let Some(group) = policy_groups::lock(conn, &self.id)? else {
            return Ok(Err(POLICY_UNKNOWN.into()));
        };
        if group.name != self.name {
            locks::hold(conn, Lock::PolicyGroupName(&self.name))?;
            if policy_groups::find_by_name(conn, &self.name)?.is_some() {
                return Ok(Err(GROUP_NAME_TAKEN.with(&[&self.name])));
            }
            if let Err(rejection) = naming::check(&self.name) {
                return Ok(Err(rejection));
            }
        }
        let changes = self.is_active != Some(group.is_active);
        if changes && policies::active_in_group(conn, &self.id)? {
            return Ok(Err(ACTIVE_POLICIES_IN_GROUP.into()));
        }
        Ok(self.is_active.ok_or_else(|| NOT_PROCESSED.into()))
    }
}
