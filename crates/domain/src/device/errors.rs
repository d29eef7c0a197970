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
pub const DEVICES_OF_SBI_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_SF_ERROR_001",
    "Error while fetching devices list for SBI.",
);

// Operations that broke off
pub const DEVICE_NOT_ADDED: ErrorDef =
    ErrorDef::new("PMS_DEVICE_ERROR_008", "Error while adding device for sbi.");
pub const DEVICE_NOT_DECIDED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_011",
    "Error while approving or rejecting device for Sbi Mapping.",
);
pub const DEVICE_NOT_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_015",
    "Error while deactivating the device",
);
pub const SBI_NOT_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_DEVICE_ERROR_018", "Error while deactivating the SBI");

// Requests
pub const REQUEST_INCOMPLETE: ErrorDef = ErrorDef::new("PMS_REQUEST_ERROR_001", "Invalid request.");
pub const STATUS_NOT_DEACTIVATE: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_026",
    "Request status should be De-Activate",
);
pub const STATUS_NOT_APPROVED_OR_REJECTED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_027",
    "Request status should be either approved or rejected",
);
pub const DEVICE_STATUS_NOT_KNOWN: ErrorDef = ErrorDef::new(
    "PMS_AUT_025",
    "ApprovalStatus should be Activate / De-activate",
);
pub const SBI_STATUS_NOT_KNOWN: ErrorDef = ErrorDef::new(
    "PMS_AUT_026",
    "ApprovalStatus should be Activate / De-activate",
);

// Providers
pub const PROVIDER_NOT_OWN: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_001",
    "Partner id is not associated with user.",
);
pub const NOT_DEVICE_PROVIDER: ErrorDef =
    ErrorDef::new("PMS_DEVICE_ERROR_003", "Invalid partner type.");
pub const PROVIDER_INACTIVE: ErrorDef = ErrorDef::new(
    "PMS_AUT_002",
    "This partner has been inactivated by Partner admin",
);

// Devices
pub const SUB_TYPE_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_AUT_001",
    "Reg Device Sub Type Code not found in the list of Reg Device Sub Types",
);
pub const DEVICE_EXISTS: ErrorDef = ErrorDef::new("PMS_AUT_003", "Device Details already exists");
/// Takes the id.
pub const DEVICE_UNKNOWN_BY_ID: ErrorDef =
    ErrorDef::new("PMS_AUT_005", "Device detail for id %s does not exist");
pub const DEVICE_UNKNOWN: ErrorDef = ErrorDef::new("PMS_DEVICE_ERROR_006", "Device do not exists.");
pub const DEVICE_OF_OTHER_PARTNER: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_007",
    "Device is not associated with partner Id.",
);
pub const DEVICE_NOT_PENDING: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_010",
    "Given device details are not in pending for approval status.",
);
pub const DEVICE_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_014",
    "The selected device has been already deactivated.",
);
pub const DEVICE_NOT_OWN: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_016",
    "Device is not associated with user.",
);
pub const DEVICE_NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_023",
    "The selected Device is not in an approved status.",
);

// SBIs
/// Takes the id.
pub const SBI_UNKNOWN_BY_ID: ErrorDef = ErrorDef::new(
    "PMS_AUT_007",
    "Secure Biometric Interface not found for the id %s",
);
pub const SBI_UNKNOWN: ErrorDef = ErrorDef::new("PMS_DEVICE_ERROR_005", "SBI do not exists.");
pub const SBI_OF_OTHER_PARTNER: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_002",
    "SBI is not associated with partner Id.",
);
pub const SBI_PENDING: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_009",
    "Unable to process the request as the associated SBI is not approved.",
);
pub const SBI_REJECTED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_028",
    "Unable to process the request as the associated SBI is rejected",
);
pub const SBI_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_029",
    "Unable to process the request as the associated SBI is deactivated",
);
pub const SBI_EXPIRED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_021",
    "SBI for which device is being added is expired",
);
pub const SBI_NOT_OWN: ErrorDef =
    ErrorDef::new("PMS_DEVICE_ERROR_019", "SBI is not associated with user.");
pub const SBI_ALREADY_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_020",
    "The selected SBI is already deactivated.",
);
pub const SBI_NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_022",
    "The selected SBI is not in an approved status.",
);
pub const SBI_ALREADY_APPROVED: ErrorDef =
    ErrorDef::new("PMS_AUT_517", "The selected SBI has been already approved");
pub const SBI_ALREADY_REJECTED: ErrorDef =
    ErrorDef::new("PMS_AUT_518", "The selected SBI has been already rejected");
pub const SBI_VERSION_EXISTS: ErrorDef = ErrorDef::new(
    "PMS_AUT_512",
    "SBI details exists for given SBI Version. Multiple SBI with same SBI Version cannot be added.",
);

// Dates of SBIs
pub const CREATED_IN_FUTURE: ErrorDef = ErrorDef::new(
    "PMS_AUT_514",
    "The created date should be less than or equal to the current date.",
);
pub const EXPIRES_TOO_EARLY: ErrorDef = ErrorDef::new(
    "PMS_AUT_508",
    "ExpiryDate should be greaterthan/equal Today.",
);
/// Takes the years.
pub const CREATED_TOO_EARLY: ErrorDef = ErrorDef::new(
    "PMS_AUT_516",
    "Created date should not be less than %s years from today",
);
/// Takes the years.
pub const EXPIRES_TOO_LATE: ErrorDef = ErrorDef::new(
    "PMS_AUT_515",
    "Expiry date should not be greater than %s years from today",
);

// Mappings
pub const MAPPING_EXISTS: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_004",
    "SBI and Device mapping already exists.",
);
pub const MAPPING_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_012",
    "SBI and Device mapping does not exists.",
);
pub const APPROVAL_WITHOUT_SBI: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_024",
    "This device cannot be approved as it does not have any SBI associated to it.",
);
pub const REJECTION_WITHOUT_SBI: ErrorDef = ErrorDef::new(
    "PMS_DEVICE_ERROR_025",
    "This device cannot be rejected as it does not have any SBI associated to it.",
);
pub const NO_MAPPING: ErrorDef = ErrorDef::new("PMS_AUT_510", "Mapping not exists for given data.");
/// Takes the id.
pub const MAPPED_DEVICE_NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_AUT_027",
    "Device details for id %s are not yet approved. Please provide approved details.",
);
/// Takes the id.
pub const MAPPED_DEVICE_REJECTED: ErrorDef = ErrorDef::new(
    "PMS_AUT_028",
    "Device details for id %s are rejected. Cann't use same details for mapping.",
);
pub const MAPPED_SBI_NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_AUT_511",
    "SBI for which device is being mapped is not approved",
);
pub const MAPPED_SBI_EXPIRED: ErrorDef = ErrorDef::new(
    "PMS_AUT_513",
    "SBI for which device is being mapped is expired",
);
pub const PROVIDERS_DIFFER: ErrorDef = ErrorDef::new(
    "PMS_AUT_509",
    "Device Details and SBI do not belongs to same provider.",
);
