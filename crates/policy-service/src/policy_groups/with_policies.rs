//! A policy group and its policies.

use pms_database::policies::PolicyFacts;
use pms_database::policy_groups::PolicyGroup;
use serde::Serialize;
use utoipa::ToSchema;

use super::row::GroupRow;
use crate::policies::GroupPolicy;

/// A policy group and its policies in any state, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupWithPolicies {
    pub(super) policy_group: GroupRow,
    /// The last member: policies may be sent as they are read.
    pub(super) policies: Vec<GroupPolicy>,
}

impl From<(PolicyGroup, Vec<PolicyFacts>)> for GroupWithPolicies {
    fn from((group, policies): (PolicyGroup, Vec<PolicyFacts>)) -> Self {
        Self {
            policy_group: group.into(),
            policies: policies.into_iter().map(Into::into).collect(),
        }
    }
}
