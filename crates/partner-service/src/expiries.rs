//! Everything in force that ends: certificates, chips, SBIs, keys and licences.

pub(crate) mod gauges;
pub mod list;

use pms_domain::notification::errors::EXPIRIES_NOT_FETCHED;
use pms_web::Access::Role;
use pms_web::{Route, Rows, v2};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST_EXPIRIES: &str = "mosip.pms.expiries.get";
    vec![
        rows.get("/expiries", Role("getexpiries"), v2(LIST_EXPIRIES, EXPIRIES_NOT_FETCHED), list::handle).summary("List what ends, the next end first"),
    ]
}
