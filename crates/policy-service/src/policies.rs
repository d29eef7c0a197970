//! Use cases on policies.

pub(crate) mod active_of_group;
pub(crate) mod create;
pub(crate) mod deactivate;
mod document;
mod draft;
pub(crate) mod filter_values;
mod full;
pub(crate) mod get;
pub(crate) mod get_for_partner;
pub(crate) mod list;
pub(crate) mod list_all;
mod mapping;
mod of_group;
pub(crate) mod publish;
pub(crate) mod search;
pub(crate) mod set_status;
pub(crate) mod update;
mod written;

use pms_domain::policy::errors::{POLICIES_NOT_FETCHED, POLICY_NOT_DEACTIVATED};
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2, v2_checked};

pub(crate) use of_group::GroupPolicy;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_POLICIES: &str = "mosip.pms.policies.get";
    const DEACTIVATE_POLICY: &str = "mosip.pms.deactivate.policy.patch";
    vec![
        rows.get("/policies", Role("getpolicies"), V1, list_all::handle).summary("All policies with their groups"),
        rows.post("/policies", Role("postpolicies"), V1.echo(), create::handle).summary("Define a policy as a draft"),
        rows.get("/policies/v2", Role("getallpolicies"), v2(LIST_POLICIES, POLICIES_NOT_FETCHED), list::handle).summary("Policies in pages"),
        rows.post("/policies/search", Role("postpoliciessearch"), V1, searches::search::<search::SearchPolicies>).summary("Search policies"),
        rows.post("/policies/filtervalues", Role("postpoliciesfiltervalues"), V1, searches::filter_values::<filter_values::FilterPolicies>).summary("Values of columns of policies"),
        rows.get("/policies/active/group/{groupName}", Role("getactivegroupgroupname"), V1, active_of_group::handle).summary("Active policies of a group"),
        rows.get("/policies/{policyId}", Role("getpoliciespolicyid"), V1, get::handle).summary("A policy and its group"),
        rows.put("/policies/{policyId}", Role("putpoliciespolicyid"), V1.echo(), update::handle).summary("Update a draft"),
        rows.patch("/policies/{policyId}", Role("patchdeactivatepolicy"), v2_checked(DEACTIVATE_POLICY, POLICY_NOT_DEACTIVATED).strict_body(), deactivate::handle).summary("Deactivate a policy"),
        rows.patch("/policies/{policyId}/group/{policygroupId}", Role("patchpoliciespolicyidgrouppolicygroupid"), V1.echo(), set_status::handle).summary("Change the status of a draft"),
        rows.post("/policies/{policyId}/group/{policygroupId}/publish", Role("postpoliciespolicyidgrouppublish"), V1, publish::handle).summary("Publish a draft"),
        rows.get("/policies/{policyId}/partner/{partnerId}", Role("getpoliciespolicyid"), V1, get_for_partner::handle).summary("A policy, for a partner with an active API key"),
    ]
}
