//! Business errors of devices, SBIs and FTM chips (contract devices.md §12).
#![expect(missing_docs, reason = "code and text say it all")]

use crate::ErrorDef;

// Lists
pub const DEVICES_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_024",
    "Error occurred while retrieving all device details",
);
pub const CHIPS_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_001",
    "Error while fetching the FTM chip details",
);
pub const INTERFACES_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_SBI_ERROR_001", "Unable to fetch SBI details.");
