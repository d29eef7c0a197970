//! Every endpoint of the service.

use pms_domain::policy::errors::{
    GROUP_NOT_DEACTIVATED, GROUPS_NOT_FETCHED, POLICIES_NOT_FETCHED, POLICY_NOT_DEACTIVATED,
};
use pms_runtime::searches::{filter_values, search};
use pms_web::service::POLICY;
use pms_web::{Access, Route, Rows, V1, v2, v2_checked};

use crate::config::get::get_property;
use crate::policies::active_of_group::list_active_policies;
use crate::policies::create::create_policy;
use crate::policies::deactivate::deactivate_policy;
use crate::policies::filter_values::FilterPolicies;
use crate::policies::get::get_policy;
use crate::policies::get_for_partner::get_policy_for_partner;
use crate::policies::list::list_policies;
use crate::policies::list_all::list_all_policies;
use crate::policies::publish::publish_policy;
use crate::policies::search::SearchPolicies;
use crate::policies::set_status::set_policy_status;
use crate::policies::update::update_policy;
use crate::policy_groups::create::create_policy_group;
use crate::policy_groups::deactivate::deactivate_group;
use crate::policy_groups::filter_values::FilterGroups;
use crate::policy_groups::get::get_group;
use crate::policy_groups::list_active::list_active_groups;
use crate::policy_groups::list_all::list_all_groups;
use crate::policy_groups::search::SearchGroups;
use crate::policy_groups::update::update_policy_group;

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
        rows.get("/policies/policy-groups", role("getpolicygroups"), v2(LIST_GROUPS, GROUPS_NOT_FETCHED), list_active_groups).summary("Active policy groups"),
        rows.post("/policies/group/new", role("postpoliciesgroupnew"), V1.echo().dated(), create_policy_group).summary("Create a policy group"),
        rows.get("/policies/group/all", role("getpoliciesgroupall"), V1, list_all_groups).summary("All policy groups with their policies"),
        rows.post("/policies/group/search", role("postpoliciesgroupsearch"), V1, search::<SearchGroups>).summary("Search policy groups"),
        rows.post("/policies/group/filtervalues", role("postpoliciesgroupfiltervalues"), V1, filter_values::<FilterGroups>).summary("Values of columns of policy groups"),
        rows.get("/policies/group/{policygroupId}", role("getpoliciesgrouppolicygroupid"), V1, get_group).summary("A policy group with its policies"),
        rows.put("/policies/group/{policygroupId}", role("putpoliciesgrouppolicygroupid"), V1.echo(), update_policy_group).summary("Update a policy group"),
        rows.patch("/policies/group/{policygroupId}", role("patchdeactivatepolicygroup"), v2_checked(DEACTIVATE_GROUP, GROUP_NOT_DEACTIVATED).strict_body(), deactivate_group).summary("Deactivate a policy group"),
        rows.get("/policies", role("getpolicies"), V1, list_all_policies).summary("All policies with their groups"),
        rows.post("/policies", role("postpolicies"), V1.echo(), create_policy).summary("Define a policy as a draft"),
        rows.get("/policies/v2", role("getallpolicies"), v2(LIST_POLICIES, POLICIES_NOT_FETCHED), list_policies).summary("Policies in pages"),
        rows.post("/policies/search", role("postpoliciessearch"), V1, search::<SearchPolicies>).summary("Search policies"),
        rows.post("/policies/filtervalues", role("postpoliciesfiltervalues"), V1, filter_values::<FilterPolicies>).summary("Values of columns of policies"),
        rows.get("/policies/active/group/{groupName}", role("getactivegroupgroupname"), V1, list_active_policies).summary("Active policies of a group"),
        rows.get("/policies/config/{key}", role("getpoliciesconfigkey"), V1, get_property).summary("A property that clients may know"),
        rows.get("/policies/{policyId}", role("getpoliciespolicyid"), V1, get_policy).summary("A policy and its group"),
        rows.put("/policies/{policyId}", role("putpoliciespolicyid"), V1.echo(), update_policy).summary("Update a draft"),
        rows.patch("/policies/{policyId}", role("patchdeactivatepolicy"), v2_checked(DEACTIVATE_POLICY, POLICY_NOT_DEACTIVATED).strict_body(), deactivate_policy).summary("Deactivate a policy"),
        rows.patch("/policies/{policyId}/group/{policygroupId}", role("patchpoliciespolicyidgrouppolicygroupid"), V1.echo(), set_policy_status).summary("Change the status of a draft"),
        rows.post("/policies/{policyId}/group/{policygroupId}/publish", role("postpoliciespolicyidgrouppublish"), V1, publish_policy).summary("Publish a draft"),
        rows.get("/policies/{policyId}/partner/{partnerId}", role("getpoliciespolicyid"), V1, get_policy_for_partner).summary("A policy, for a partner with an active API key"),
    ]
}
