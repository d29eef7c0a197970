use pms_web::Access::Role;
use pms_web::service::PARTNER;
use pms_web::{Route, Rows, V1};

use super::count_active;

#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = Rows::of(&PARTNER);
    vec![
// The page begins here.
        rows.get("/partners/{partnerId}/api-key-count", Role("getpartnersapikey"), V1, count_active::handle).summary("Count the active API keys of a partner"),
// And ends here.
    ]
}
