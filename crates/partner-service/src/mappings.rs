//! Mapping requests: a partner asks for a policy, a manager decides.

pub mod decide;
pub mod filter_values;
pub mod get;
pub mod list;
pub mod list_all;
pub mod list_of_partner;
pub mod request;
pub mod search;
mod wire;

use pms_domain::partner::errors::MAPPINGS_NOT_FETCHED;
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2};

use crate::RETRIEVE;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_MAPPINGS: &str = "mosip.pms.all.partner.policy.mapping.requests.get";
    vec![
        rows.post("/partners/{partnerId}/policy/map", Role("postpartnerspolicymap"), V1.echo(), request::handle).operation("policy-map").summary("Ask for a policy"),
        rows.put("/partners/policy/{mappingkey}", Role("putpartnerspolicymapping"), V1.echo().dated(), decide::handle).summary("Approve or reject a mapping request"),
        rows.get("/partners/apikey", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), list_all::handle).summary("List all mapping requests"),
        rows.get("/partners/apikey/{apikey}", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), get::handle).summary("Read a mapping request"),
        rows.get("/partner-policy-requests", Role("getallpartnerpolicymappingrequests"), v2(LIST_MAPPINGS, MAPPINGS_NOT_FETCHED), list::handle).summary("List mapping requests in pages"),
        rows.get("/partners/{partnerId}/apikey/request", Role("getpartnersapikeyrequest"), V1.named(RETRIEVE, "1.0"), list_of_partner::handle).summary("List the mapping requests of a partner"),
        rows.post("/partners/apikey/request/search", Role("postpartnersapikeyrequestsearch"), V1, searches::search::<search::SearchMappings>).summary("Search mapping requests"),
        rows.post("/partners/apikey/request/filtervalues", Role("postpartnersapikeyrequestfiltervalues"), V1, searches::filter_values::<filter_values::FilterMappings>).summary("Values of columns of mapping requests"),
    ]
}
