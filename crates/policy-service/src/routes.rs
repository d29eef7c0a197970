//! Every endpoint of the service.

use pms_web::service::POLICY;
use pms_web::{Access, Route, Rows, V1};

use crate::policies::create::create_policy;
use crate::policies::get::get_policy;
use crate::policies::get_for_partner::get_policy_for_partner;
use crate::policies::publish::publish_policy;
use crate::policy_groups::create::create_policy_group;

/// The route table.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = Rows::of(&POLICY);
    let role = Access::Role;
    vec![
        rows.post("/policies/group/new", role("postpoliciesgroupnew"), V1.echo().dated(), create_policy_group).summary("Create a policy group"),
        rows.post("/policies", role("postpolicies"), V1.echo(), create_policy).summary("Define a policy as a draft"),
        rows.post("/policies/{policyId}/group/{policygroupId}/publish", role("postpoliciespolicyidgrouppublish"), V1, publish_policy).summary("Publish a draft"),
        rows.get("/policies/{policyId}", role("getpoliciespolicyid"), V1, get_policy).summary("A policy and its group"),
        rows.get("/policies/{policyId}/partner/{partnerId}", role("getpoliciespolicyid"), V1, get_policy_for_partner).summary("A policy, for a partner with an active API key"),
    ]
}
