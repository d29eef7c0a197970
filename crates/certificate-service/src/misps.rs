//! Licences of MISPs (contract partner-admin.md §2): one file per
//! operation.
//!
//! A change of licences holds the lock of its MISP, and tells relying
//! modules in the same transaction. These keep one licence per MISP: the last
//! event about a MISP is always about its live licence, if it has one.

pub(crate) mod filter_values;
pub(crate) mod get_key;
pub(crate) mod issue;
mod licence;
pub(crate) mod list;
mod new_licence;
mod row;
pub(crate) mod search;
pub(crate) mod set_status;

use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.post("/misps", Role("postmisplicense"), V1, issue::handle).summary("Issue the licence of a MISP"),
        rows.put("/misps", Role("putmisplicense"), V1, set_status::handle).summary("Activate or deactivate a licence"),
        rows.get("/misps", Role("getmisplicense"), V1, list::handle).summary("List licences"),
        rows.get("/misps/{mispId}/licenseKey", Role("getmisplicensekey"), V1, get_key::handle).summary("Read the licence of a MISP, or renew it when it has ended"),
        rows.post("/misps/filtervalues", Role("postmispfiltervalues"), V1, searches::filter_values::<filter_values::FilterLicences>).summary("Values of columns of licences"),
        rows.post("/misps/search", Role("postmispsearch"), V1, searches::search::<search::SearchLicences>).summary("Search licences"),
    ]
}
