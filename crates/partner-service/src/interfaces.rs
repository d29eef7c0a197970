//! Secure biometric interfaces (SBI).

pub mod add_device;
pub mod create;
pub mod deactivate;
pub mod decide;
pub mod list;
pub mod list_devices;
pub mod map_device;
pub mod search;
pub mod search_mappings;
mod software;
pub mod unmap_device;
pub mod update;

use pms_database::interfaces::Interface;
use pms_database::search::searches::{DeviceMappings, Interfaces};
use pms_domain::device::errors::{
    DEVICE_NOT_ADDED, DEVICES_OF_SBI_NOT_FETCHED, INTERFACES_NOT_FETCHED, SBI_NOT_DEACTIVATED,
};
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Dialect, Route, Rows, V1, v2, v2_checked};

use crate::devices::filter_values::InterfaceValues;
use crate::hardware;
use crate::visibility::{OwnRows, OwnValues};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST: &str = "mosip.pms.all.sbi.details.get";
    const LIST_DEVICES: &str = "mosip.pms.sbi.devices.get";
    const ADD_DEVICE: &str = "mosip.pms.add.device.to.sbi.id.post";
    const DEACTIVATE: &str = "mosip.pms.deactivate.sbi.patch";
    // The only endpoint whose errors have an id of their own (contract envelope-and-search.md §6.1).
    const UNMAP: Dialect = V1.errors_named("io.mosip.devicemanagement", "1.0");
    vec![
        rows.post("/securebiometricinterface", Role("postsecurebiometricinterface"), V1, create::handle).summary("Register an SBI"),
        rows.put("/securebiometricinterface", Role("putsecurebiometricinterface"), V1, update::handle).summary("Change an SBI"),
        rows.patch("/securebiometricinterface", Role("patchsecurebiometricinterface"), V1, hardware::decide::handle::<Interface>).summary("Approve or reject an SBI"),
        rows.get("/securebiometricinterface", Role("getallsbidetails"), v2(LIST, INTERFACES_NOT_FETCHED), list::handle).summary("List SBIs"),
        rows.post("/securebiometricinterface/search", Role("postsecurebiometricinterfacesearch"), V1, searches::search::<OwnRows<Interfaces, search::FoundInterface>>).summary("Search SBIs"),
        rows.post("/securebiometricinterface/filtervalues", Role("postsecurebiometricinterfacefiltervalues"), V1, searches::filter_values::<OwnValues<Interfaces, InterfaceValues>>).summary("Values of columns of SBIs"),
        rows.put("/securebiometricinterface/devicedetails/map", Role("putsecurebiometricinterfacedevicedetailsmap"), V1, map_device::handle).summary("Map a device to an SBI"),
        rows.put("/securebiometricinterface/devicedetails/map/remove", Role("putsecurebiometricinterfacedevicedetailsmapremove"), UNMAP, unmap_device::handle).summary("Remove a device from an SBI"),
        rows.post("/securebiometricinterface/devicedetails/map/search", Role("postsecurebiometricinterfacedevicedetailsmapsearch"), V1, searches::search::<OwnRows<DeviceMappings, search_mappings::FoundDeviceMapping>>).summary("Search devices of SBIs"),
        rows.get("/securebiometricinterface/{sbiId}/devices", Role("getsbidetails"), v2(LIST_DEVICES, DEVICES_OF_SBI_NOT_FETCHED), list_devices::handle).summary("List the devices of an SBI"),
        rows.post("/securebiometricinterface/{sbiId}/devices", Role("postadddevicetosbi"), v2_checked(ADD_DEVICE, DEVICE_NOT_ADDED), add_device::handle).summary("Register a device for an SBI"),
        rows.patch("/securebiometricinterface/{sbiId}", Role("patchdeactivatesbi"), v2_checked(DEACTIVATE, SBI_NOT_DEACTIVATED), hardware::deactivate::handle::<Interface>).summary("Deactivate an SBI and its devices"),
    ]
}
