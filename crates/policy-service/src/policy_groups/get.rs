//! `GET /policies/group/{policygroupId}`

use actix_web::web;
use pms_database::{policies, policy_groups};
use pms_domain::policy::errors::GROUP_UNKNOWN;
use pms_web::{ApiResult, Caller};

use super::with_policies::GroupWithPolicies;
use crate::Context;

/// A policy group, active or not, and its policies.
pub(crate) async fn get_group(
    _: Caller,
    group_id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<GroupWithPolicies> {
    let (id, limit) = (group_id.into_inner(), context.rows_to_ask());
    let read = context.db.read(move |conn| {
        let group = policy_groups::find(conn, &id)?.ok_or(GROUP_UNKNOWN)?;
        let policies = policies::list_of_group(conn, &group.id, limit)?;
        Ok((group, policies))
    });
    let (group, policies) = read.await?;
    let policies = context
        .whole(policies)?
        .into_iter()
        .map(Into::into)
        .collect();
    Ok(GroupWithPolicies {
        policy_group: group.into(),
        policies,
    })
}
