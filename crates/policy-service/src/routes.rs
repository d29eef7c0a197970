//! Every endpoint of the service.

use pms_domain::policy::errors::{
    GROUP_NOT_DEACTIVATED, GROUPS_NOT_FETCHED, POLICIES_NOT_FETCHED, POLICY_NOT_DEACTIVATED,
};
use pms_runtime::searches::{filter_values, search};
use pms_web::service::POLICY;
use pms_web::{Access, Route, Rows, V1, v2, v2_checked};

use crate::policies::filter_values::FilterPolicies;
use crate::policies::search::SearchPolicies;
use crate::policy_groups::filter_values::FilterGroups;
use crate::policy_groups::search::SearchGroups;
use crate::{config, policies, policy_groups};

const LIST_GROUPS: &str = "mosip.pms.policy.groups.get";
const LIST_POLICIES: &str = "mosip.pms.policies.get";
const DEACTIVATE_POLICY: &str = "mosip.pms.deactivate.policy.patch";
const DEACTIVATE_GROUP: &str = "mosip.pms.deactivate.policy.group.patch";

/// The route table.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = Rows::of(&POLICY);
    let role = Access::Role;
    vec![
        rows.get("/policies/policy-groups", role("getpolicygroups"), v2(LIST_GROUPS, GROUPS_NOT_FETCHED), policy_groups::list_active::handle).summary("Active policy groups"),
        rows.post("/policies/group/new", role("postpoliciesgroupnew"), V1.echo().dated(), policy_groups::create::handle).summary("Create a policy group"),
        rows.get("/policies/group/all", role("getpoliciesgroupall"), V1, policy_groups::list_all::handle).summary("All policy groups with their policies"),
        rows.post("/policies/group/search", role("postpoliciesgroupsearch"), V1, search::<SearchGroups>).summary("Search policy groups"),
        rows.post("/policies/group/filtervalues", role("postpoliciesgroupfiltervalues"), V1, filter_values::<FilterGroups>).summary("Values of columns of policy groups"),
        rows.get("/policies/group/{policygroupId}", role("getpoliciesgrouppolicygroupid"), V1, policy_groups::get::handle).summary("A policy group with its policies"),
        rows.put("/policies/group/{policygroupId}", role("putpoliciesgrouppolicygroupid"), V1.echo(), policy_groups::update::handle).summary("Update a policy group"),
        rows.patch("/policies/group/{policygroupId}", role("patchdeactivatepolicygroup"), v2_checked(DEACTIVATE_GROUP, GROUP_NOT_DEACTIVATED).strict_body(), policy_groups::deactivate::handle).summary("Deactivate a policy group"),
        rows.get("/policies", role("getpolicies"), V1, policies::list_all::handle).summary("All policies with their groups"),
        rows.post("/policies", role("postpolicies"), V1.echo(), policies::create::handle).summary("Define a policy as a draft"),
        rows.get("/policies/v2", role("getallpolicies"), v2(LIST_POLICIES, POLICIES_NOT_FETCHED), policies::list::handle).summary("Policies in pages"),
        rows.post("/policies/search", role("postpoliciessearch"), V1, search::<SearchPolicies>).summary("Search policies"),
        rows.post("/policies/filtervalues", role("postpoliciesfiltervalues"), V1, filter_values::<FilterPolicies>).summary("Values of columns of policies"),
        rows.get("/policies/active/group/{groupName}", role("getactivegroupgroupname"), V1, policies::active_of_group::handle).summary("Active policies of a group"),
        rows.get("/policies/config/{key}", role("getpoliciesconfigkey"), V1, config::get::handle).summary("A property that clients may know"),
        rows.get("/policies/{policyId}", role("getpoliciespolicyid"), V1, policies::get::handle).summary("A policy and its group"),
        rows.put("/policies/{policyId}", role("putpoliciespolicyid"), V1.echo(), policies::update::handle).summary("Update a draft"),
        rows.patch("/policies/{policyId}", role("patchdeactivatepolicy"), v2_checked(DEACTIVATE_POLICY, POLICY_NOT_DEACTIVATED).strict_body(), policies::deactivate::handle).summary("Deactivate a policy"),
        rows.patch("/policies/{policyId}/group/{policygroupId}", role("patchpoliciespolicyidgrouppolicygroupid"), V1.echo(), policies::set_status::handle).summary("Change the status of a draft"),
        rows.post("/policies/{policyId}/group/{policygroupId}/publish", role("postpoliciespolicyidgrouppublish"), V1, policies::publish::handle).summary("Publish a draft"),
        rows.get("/policies/{policyId}/partner/{partnerId}", role("getpoliciespolicyid"), V1, policies::get_for_partner::handle).summary("A policy, for a partner with an active API key"),
    ]
}
