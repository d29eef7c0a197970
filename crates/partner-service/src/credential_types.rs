//! Credential types: which policy serves which kind of credential of a partner.

pub mod get_policy;
pub mod map;

use pms_web::Access::Role;
use pms_web::{Route, Rows, V1};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.post("/partners/{partnerId}/credentialtype/{credentialType}/policies/{policyName}", Role("postpartnerscredentialtypepolicies"), V1, map::handle).summary("Map a credential type of a partner to a policy"),
        rows.get("/partners/{partnerId}/credentialtype/{credentialType}/policies", Role("getpartnerscredentialtypepolicies"), V1, get_policy::handle).summary("Read the policy of a credential type of a partner"),
    ]
}
