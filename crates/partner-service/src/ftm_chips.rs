//! Chips of the foundational trust module (FTM).

pub mod certificate_data;
pub mod create;
pub mod deactivate;
pub mod decide;
pub mod get_certificate;
pub mod list;
pub mod list_own;
mod model;
pub(crate) mod periods;
pub(crate) mod providers;
pub mod search;
pub mod update;
pub mod upload_certificate;

use pms_database::ftm_chips::FtmChip;
use pms_database::search::searches::FtmChips;
use pms_domain::device::errors::CHIPS_NOT_FETCHED;
use pms_domain::ftm_chip::errors::{CERTIFICATE_NOT_DOWNLOADED, CHIP_NOT_DEACTIVATED};
use pms_runtime::searches;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2, v2_checked};

use crate::hardware;
use crate::visibility::OwnRows;

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    const LIST: &str = "mosip.pms.partners.ftm.chip.details.get";
    const LIST_OWN: &str = "mosip.pms.ftm.chip.details.get";
    const DEACTIVATE: &str = "mosip.pms.deactivate.ftm.patch";
    const CERTIFICATE: &str = "mosip.pms.original.ftm.certificate.get";
    vec![
        rows.post("/ftpchipdetail", Role("postftpchipdetail"), V1, create::handle).summary("Register an FTM chip"),
        rows.put("/ftpchipdetail", Role("putftpchipdetail"), V1, update::handle).summary("Change make and model of an FTM chip"),
        rows.patch("/ftpchipdetail", Role("patchftpchipdetail"), V1, hardware::decide::handle::<FtmChip>).summary("Approve or reject an FTM chip"),
        rows.post("/ftpchipdetail/uploadcertificate", Role("postftpchipdetailuploadcertificate"), V1, upload_certificate::handle).summary("Upload the certificate of an FTM chip"),
        rows.get("/ftpchipdetail/getPartnerCertificate/{ftpChipDetailId}", Role("getftpchipdetailgetpartnercertificate"), V1, get_certificate::handle).summary("Read the certificate of an FTM chip"),
        rows.post("/ftpchipdetail/search", Role("postftpchipdetailsearch"), V1, searches::search::<OwnRows<FtmChips, search::FoundChip>>).summary("Search FTM chips"),
        rows.get("/ftpchipdetail", Role("getftmchipdetails"), v2(LIST_OWN, CHIPS_NOT_FETCHED), list_own::handle).summary("List the FTM chips of the caller"),
        rows.get("/ftpchipdetail/v2", Role("getpartnersftmchipdetails"), v2(LIST, CHIPS_NOT_FETCHED), list::handle).summary("List FTM chips in pages"),
        rows.patch("/ftpchipdetail/{ftmId}", Role("patchdeactivateftm"), v2_checked(DEACTIVATE, CHIP_NOT_DEACTIVATED), hardware::deactivate::handle::<FtmChip>).summary("Deactivate an FTM chip"),
        rows.get("/ftpchipdetail/{ftmId}/certificate-data", Role("getoriginalftmcertificate"), v2(CERTIFICATE, CERTIFICATE_NOT_DOWNLOADED), certificate_data::handle).summary("Read both certificates of an FTM chip"),
    ]
}
