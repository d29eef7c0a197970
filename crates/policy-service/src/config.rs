//! Use cases on the configuration.

pub(crate) mod get;

use pms_web::Access::Role;
use pms_web::{Route, Rows, V1};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.get("/policies/config/{key}", Role("getpoliciesconfigkey"), V1, get::handle).summary("A property that clients may know"),
    ]
}
