//! Use cases on policy groups.

pub(crate) mod create;
pub(crate) mod deactivate;
pub(crate) mod filter_values;
pub(crate) mod get;
pub(crate) mod list_active;
pub(crate) mod list_all;
mod row;
pub(crate) mod search;
pub(crate) mod update;
mod with_policies;
mod written;

use pms_domain::policy::errors::{GROUP_NOT_DEACTIVATED, GROUPS_NOT_FETCHED};
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2, v2_checked};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_GROUPS: &str = "mosip.pms.policy.groups.get";
    const DEACTIVATE_GROUP: &str = "mosip.pms.deactivate.policy.group.patch";
    vec![
        rows.get("/policies/policy-groups", Role("getpolicygroups"), v2(LIST_GROUPS, GROUPS_NOT_FETCHED), list_active::handle).summary("Active policy groups"),
        rows.post("/policies/group/new", Role("postpoliciesgroupnew"), V1.echo().dated(), create::handle).summary("Create a policy group"),
        rows.get("/policies/group/all", Role("getpoliciesgroupall"), V1, list_all::handle).summary("All policy groups with their policies"),
        rows.post("/policies/group/search", Role("postpoliciesgroupsearch"), V1, searches::search::<search::SearchGroups>).summary("Search policy groups"),
        rows.post("/policies/group/filtervalues", Role("postpoliciesgroupfiltervalues"), V1, searches::filter_values::<filter_values::FilterGroups>).summary("Values of columns of policy groups"),
        rows.get("/policies/group/{policygroupId}", Role("getpoliciesgrouppolicygroupid"), V1, get::handle).summary("A policy group with its policies"),
        rows.put("/policies/group/{policygroupId}", Role("putpoliciesgrouppolicygroupid"), V1.echo(), update::handle).summary("Update a policy group"),
        rows.patch("/policies/group/{policygroupId}", Role("patchdeactivatepolicygroup"), v2_checked(DEACTIVATE_GROUP, GROUP_NOT_DEACTIVATED).strict_body(), deactivate::handle).summary("Deactivate a policy group"),
    ]
}
