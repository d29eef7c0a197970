//! API keys.

pub(crate) mod events;
pub mod generate;
pub mod get;
pub mod list;
pub mod search;
pub mod set_policy;
pub mod set_status;

use pms_domain::partner::errors::KEYS_NOT_FETCHED;
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2};

use crate::RETRIEVE;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_KEYS: &str = "mosip.pms.all.api.key.requests.get";
    vec![
        rows.patch("/partners/{partnerId}/generate/apikey", Role("patchpartnersgenerateapikey"), V1.echo().dated(), generate::handle).summary("Generate an API key"),
        rows.put("/partners/{partnerId}/apikey/{apikey}/policies", Role("putpartnersapikeypolicies"), V1.echo(), set_policy::handle).summary("Point an API key to another policy"),
        rows.patch("/partners/{partnerId}/policy/{policyId}/apiKey/status", Role("patchpartnerspolicyapikeystatus"), V1.echo(), set_status::handle).summary("Activate or deactivate an API key"),
        rows.get("/partners/{partnerId}/apikey/{apikey}", Role("getpartnersapikey"), V1.named(RETRIEVE, "1.0"), get::handle).summary("Read the policy of an API key"),
        rows.get("/partner-api-keys", Role("getpartnersapikeyrequests"), v2(LIST_KEYS, KEYS_NOT_FETCHED), list::handle).summary("List API keys"),
        rows.post("/partners/apikey/search", Role("postpartnersapikeysearch"), V1, searches::search::<search::SearchApiKeys>).summary("Search API keys"),
    ]
}
