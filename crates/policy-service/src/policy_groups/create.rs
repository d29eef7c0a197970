//! `POST /policies/group/new`
//!
//! Creates a policy group (contract policy.md §6.1).

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::outbox::AuditTrail;
use pms_database::policy_groups::{self, NewPolicyGroup, PolicyGroup};
use pms_database::{Connection, DbError, Stamp, ids};
use pms_domain::policy::audits::{CREATE_GROUP, CREATE_GROUP_FAILURE, CREATE_GROUP_SUCCESS};
use pms_domain::policy::errors::GROUP_NAME_TAKEN;
use pms_domain::policy::naming;
use pms_runtime::AuditedCommand;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::written::GroupWritten;
use crate::Context;

/// A policy group to create.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NewGroup {
    name: Option<String>,
    desc: Option<String>,
}

impl Request for NewGroup {
    fn check(&self, fields: &mut Checks) {
        let (name, desc) = (self.name.as_deref(), self.desc.as_deref());
        fields
            .not_blank_or("name", name, "value is empty or null")
            .length_or(
                "name",
                name,
                (1, 128),
                "Length should be in between 1 and 128 chars",
            )
            .not_blank_or("desc", desc, "value is empty or null")
            .length_or(
                "desc",
                desc,
                (1, 256),
                "Length should be in between 1 and 256 chars",
            );
    }
}

struct Command {
    name: String,
    desc: String,
    stamp: Stamp,
}

/// Creates an active group that belongs to the caller.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<NewGroup>,
    context: web::Data<Context>,
) -> ApiResult<GroupWritten> {
    let command = Command {
        name: request.name.unwrap_or_default(),
        desc: request.desc.unwrap_or_default(),
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
        trail.note(CREATE_GROUP, about);
        if let Err(rejection) = naming::check(&self.name) {
            return Err(trail.refuse(CREATE_GROUP_FAILURE, None, rejection));
        }
        locks::hold(conn, Lock::PolicyGroupName(&self.name))?;
        if policy_groups::find_by_name(conn, &self.name)?.is_some() {
            let taken = GROUP_NAME_TAKEN.with(&[&self.name]);
            return Err(trail.refuse(CREATE_GROUP_FAILURE, None, taken));
        }
        let id = ids::decimal()?;
        let new = NewPolicyGroup {
            id: &id,
            name: &self.name,
            descr: &self.desc,
            is_active: true,
        };
        let group = policy_groups::insert(conn, &new, &self.stamp)?;
        trail.note(CREATE_GROUP_SUCCESS, about);
        Ok(group)
    }
}
