//! Device models.

pub mod create;
pub mod deactivate;
pub mod decide;
pub mod decide_for_sbi;
pub mod filter_values;
pub mod list;
pub mod registration;
pub mod search;
pub mod search_types;
pub mod type_values;
pub mod update;

use pms_database::devices::Device;
use pms_database::search::searches::Devices;
use pms_domain::device::errors::{DEVICE_NOT_DEACTIVATED, DEVICE_NOT_DECIDED, DEVICES_NOT_FETCHED};
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2, v2_checked};

use crate::hardware;
use crate::visibility::{OwnRows, OwnValues};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST: &str = "mosip.pms.get.all.device.details.get";
    const DECIDE: &str = "mosip.pms.approval.mapping.device.to.sbi.post";
    const DEACTIVATE: &str = "mosip.pms.deactivate.device.patch";
    vec![
        rows.post("/devicedetail", Role("postdevicedetail"), V1, create::handle).summary("Register a device"),
        rows.put("/devicedetail", Role("putdevicedetail"), V1, update::handle).summary("Change a device"),
        rows.patch("/devicedetail", Role("patchdevicedetail"), V1, hardware::decide::handle::<Device>).summary("Approve or reject a device"),
        rows.get("/devicedetail", Role("getalldevicedetails"), v2(LIST, DEVICES_NOT_FETCHED), list::handle).summary("List devices in pages"),
        rows.post("/devicedetail/search", Role("postdevicedetailsearch"), V1, searches::search::<OwnRows<Devices, search::FoundDevice>>).summary("Search devices"),
        rows.post("/devicedetail/filtervalues", Role("postdevicedetailfiltervalues"), V1, searches::filter_values::<OwnValues<Devices, filter_values::DeviceValues>>).summary("Makes and models of devices"),
        rows.post("/devicedetail/deviceType/search", Role("postdevicedetaildevicetypesearch"), V1, searches::search::<search_types::SearchSubTypes>).summary("Search sub-types of devices"),
        rows.post("/devicedetail/deviceType/filtervalues", Role("postdevicedetaildevicetypefiltervalues"), V1, searches::filter_values::<type_values::FilterTypes>).summary("Values of columns of device types"),
        rows.post("/devicedetail/deviceSubType/filtervalues", Role("postdevicedetaildevicesubtypefiltervalues"), V1, searches::filter_values::<type_values::FilterSubTypes>).summary("Values of columns of sub-types of devices"),
        rows.patch("/devicedetail/{deviceId}", Role("patchdeactivatedevice"), v2_checked(DEACTIVATE, DEVICE_NOT_DEACTIVATED), hardware::deactivate::handle::<Device>).summary("Deactivate a device"),
        rows.post("/devicedetail/{id}/approval", Role("postdevicewithsbimapping"), v2_checked(DECIDE, DEVICE_NOT_DECIDED), decide_for_sbi::handle).summary("Approve or reject a device for its SBI"),
    ]
}
