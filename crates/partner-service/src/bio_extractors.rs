//! Bio-extractors: how a partner gets biometrics under a policy.

pub mod add;
pub mod list;
mod wire;

use pms_web::Access::Role;
use pms_web::{Route, Rows, V1};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.post("/partners/{partnerId}/bioextractors/{policyId}", Role("postpartnersbioextractors"), V1.echo(), add::handle).summary("Say how a partner gets biometrics"),
        rows.get("/partners/{partnerId}/bioextractors/{policyId}", Role("getpartnersbioextractors"), V1, list::handle).summary("Read how a partner gets biometrics"),
    ]
}
