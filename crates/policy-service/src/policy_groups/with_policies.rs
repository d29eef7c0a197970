//! A policy group and its policies.

use serde::Serialize;
use utoipa::ToSchema;

use super::row::GroupRow;
use crate::policies::GroupPolicy;

/// A policy group and its policies in any state, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupWithPolicies {
    pub(super) policy_group: GroupRow,
    pub(super) policies: Vec<GroupPolicy>,
}
