//! `GET /policies/group/all`

use std::collections::HashMap;

use actix_web::web;
use pms_database::{policies, policy_groups};
use pms_web::{ApiResult, Caller};

use super::with_policies::GroupWithPolicies;
use crate::Context;
use crate::policies::GroupPolicy;

/// Every policy group and its policies, oldest first.
pub(crate) async fn list_all_groups(
    _: Caller,
    context: web::Data<Context>,
) -> ApiResult<Vec<GroupWithPolicies>> {
    let limit = context.rows_to_ask();
    let read = context.db.read(move |conn| {
        Ok((
            policy_groups::list(conn, limit)?,
            policies::list(conn, limit)?,
        ))
    });
    let (groups, policies) = read.await?;
    let mut by_group: HashMap<String, Vec<GroupPolicy>> = HashMap::new();
    for policy in context.whole(policies)? {
        if let Some(group_id) = policy.policy_group_id.clone() {
            by_group.entry(group_id).or_default().push(policy.into());
        }
    }
    let groups = context.whole(groups)?.into_iter();
    let with_policies = groups.map(|group| GroupWithPolicies {
        policies: by_group.remove(&group.id).unwrap_or_default(),
        policy_group: group.into(),
    });
    Ok(with_policies.collect())
}
