//! `PATCH /policies/group/{policyGroupId}`
//!
//! Deactivates a policy group (contract policy.md §6.3).

use actix_web::web;
use pms_database::policies::{self, GroupUse};
use pms_database::{Connection, DbError, Stamp, policy_groups};
use pms_domain::policy::errors::{
    ACTIVE_AND_DRAFT_POLICIES_IN_GROUP, ACTIVE_POLICIES_IN_GROUP, DRAFT_POLICIES_IN_GROUP,
    GROUP_ALREADY_DEACTIVATED, NO_SUCH_GROUP,
};
use pms_web::{ApiResult, Body, Caller, PathId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;
use crate::policies::deactivate::Deactivation;

/// The policy group, out of use.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupDeactivated {
    policy_group_id: String,
    is_active: bool,
}

/// Takes a policy group out of use, once its policies are.
pub(crate) async fn handle(
    caller: Caller,
    PathId(id): PathId,
    Body(request): Body<Deactivation>,
    context: web::Data<Context>,
) -> ApiResult<GroupDeactivated> {
    request.require()?;
    let stamp = context.stamp(&caller);
    let group_id = id.clone();
    context
        .db
        .transaction(move |conn| deactivate(conn, &group_id, &stamp))
        .await?;
    Ok(GroupDeactivated {
        policy_group_id: id,
        is_active: false,
    })
}

fn deactivate(conn: &mut Connection, id: &str, stamp: &Stamp) -> Result<(), DbError> {
    let group = policy_groups::lock(conn, id)?.ok_or(NO_SUCH_GROUP)?;
    if !group.is_active {
        return Err(GROUP_ALREADY_DEACTIVATED.into());
    }
    let refusal = match policies::use_of_group(conn, id)? {
        GroupUse {
            activated: true,
            draft: true,
        } => ACTIVE_AND_DRAFT_POLICIES_IN_GROUP,
        GroupUse {
            activated: true,
            draft: false,
        } => ACTIVE_POLICIES_IN_GROUP,
        GroupUse {
            activated: false,
            draft: true,
        } => DRAFT_POLICIES_IN_GROUP,
        GroupUse {
            activated: false,
            draft: false,
        } => {
            policy_groups::deactivate(conn, id, stamp)?;
            return Ok(());
        }
    };
    Err(refusal.into())
}
