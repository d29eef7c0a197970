//! The registry of what may be used to capture biometrics.

pub mod read;

use pms_domain::device_registry::NOT_FETCHED as REGISTRY_NOT_FETCHED;
use pms_web::Access::Role;
use pms_web::{Route, Rows, v2};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const REGISTRY: &str = "mosip.pms.device.registry.get";
    vec![
        rows.get("/devices/registry", Role("getdeviceregistry"), v2(REGISTRY, REGISTRY_NOT_FETCHED), read::handle).summary("Read which devices, SBIs and FTM chips may be used"),
    ]
}
