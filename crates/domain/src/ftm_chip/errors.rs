//! What the endpoints of FTM chips refuse (contract devices.md §12).
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::ErrorDef;

pub const PROVIDER_INACTIVE: ErrorDef = ErrorDef::new(
    "PMP_AUT_030",
    "The FTP provider is either inactive or does not exist.",
);
pub const CHIP_UNKNOWN_BY_ID: ErrorDef = ErrorDef::new("PMP_AUT_031", "ftp chip id not exists.");
pub const CHIP_EXISTS: ErrorDef = ErrorDef::new(
    "PMP_AUT_032",
    "FTM Chip details already exists for the same make and model",
);
pub const CERTIFICATE_MISSING: ErrorDef =
    ErrorDef::new("PMP_AUT_033", "Certificate is not uploaded.");
/// The text ends with a blank.
pub const CHIP_OF_OTHER_PROVIDER: ErrorDef = ErrorDef::new(
    "PMP_AUT_034",
    "Ftp chip detail id and ftp provider id not mappped. ",
);
pub const UPLOAD_IN_OTHER_STATE: ErrorDef = ErrorDef::new(
    "PMP_AUT_038",
    "The certificate can only be uploaded for FTM that is either pending certificate upload or has an approved status.",
);
pub const UPLOAD_WHEN_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMP_AUT_039", "FTM chip is deactivated.");

// The newer endpoints
pub const CHIP_NOT_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_FTM_ERROR_003", "Error while deactivating the FTM");
pub const CHIP_UNKNOWN: ErrorDef = ErrorDef::new("PMS_FTM_ERROR_005", "FTM Details do not exists.");
pub const CHIP_NOT_OWN: ErrorDef =
    ErrorDef::new("PMS_FTM_ERROR_006", "FTM is not associated with user.");
pub const ALREADY_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_007",
    "The selected FTM is already deactivated.",
);
pub const DOWNLOAD_OF_REJECTED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_008",
    "Cannot download the certificate for a rejected FTM",
);
pub const DOWNLOAD_OF_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_009",
    "Cannot download the certificate for a deactivated FTM",
);
pub const NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_010",
    "The selected FTM is not in an approved status.",
);
pub const NOTHING_UPLOADED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_011",
    "The certificate has not been uploaded for the given FTM",
);
pub const CERTIFICATE_NOT_DOWNLOADED: ErrorDef = ErrorDef::new(
    "PMS_FTM_ERROR_012",
    "Unable to download original FTM certificate",
);
pub const CHIP_ID_INVALID: ErrorDef = ErrorDef::new(
    "PMS_PRT_099",
    "Invalid input for 'ftmId'. Expected: Only digits (0-9), with a maximum length of 36 characters.",
);
