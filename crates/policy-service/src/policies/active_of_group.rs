//! `GET /policies/active/group/{groupName}`
//!
//! The active policies of a group (contract policy.md §6.20).

use actix_web::web;
use pms_database::policies::ActivePolicy;
use pms_database::{policies, policy_groups};
use pms_domain::policy::errors::{GROUP_INACTIVE, GROUP_NAME_UNKNOWN};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Context;

/// A policy that partners of the group can ask for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ActivePolicyOfGroup {
    policy_group_id: String,
    policy_group_name: String,
    id: String,
    name: String,
    descr: String,
    policy_type: String,
}

/// The active policies of the active group with exactly this name.
pub(crate) async fn handle(
    _: Caller,
    group_name: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Vec<ActivePolicyOfGroup>> {
    let (name, limit) = (group_name.into_inner(), context.unpaged.rows_to_ask());
    let read = context.db.read(move |conn| {
        let group = policy_groups::find_by_name(conn, &name)?.ok_or(GROUP_NAME_UNKNOWN)?;
        if !group.is_active {
            return Err(GROUP_INACTIVE.into());
        }
        let policies = policies::active_of_group(conn, &group.id, limit)?;
        Ok((group, policies))
    });
    let (group, policies) = read.await?;
    let row = |policy: ActivePolicy| ActivePolicyOfGroup {
        policy_group_id: group.id.clone(),
        policy_group_name: group.name.clone(),
        id: policy.id,
        name: policy.name,
        descr: policy.descr,
        policy_type: policy.policy_type,
    };
    context.unpaged.check(policies.len())?;
    Ok(policies.into_iter().map(row).collect())
}
