//! Business errors of user and portal endpoints (contract clients-users-notifications.md §2).
#![expect(missing_docs, reason = "code and text say it all")]

use crate::ErrorDef;

pub const NOT_REGISTERED: ErrorDef =
    ErrorDef::new("PMS_ATH_500", "Server error occured,Please check the logs ");
pub const ANSWER_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_ATH_053",
    "IO Exception occured while passing paging request",
);
pub const NOT_AUTHENTICATED: ErrorDef =
    ErrorDef::new("KER-ATH-401", "Authentication failed from AuthManager");
pub const CONSENT_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CONSENT_ERROR_001",
    "Error while fetching partner consent.",
);
pub const CONSENT_NOT_SAVED: ErrorDef = ErrorDef::new(
    "PMS_CONSENT_ERROR_002",
    "Error while saving partner consent.",
);
pub const SEEN_NOT_SAVED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_001",
    "Error while updating notifications seen date time",
);
pub const SEEN_MISSING: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_002",
    "Invalid notification seen timestamp",
);
pub const DETAILS_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_003",
    "User details does not exist for the user.",
);
pub const SEEN_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_NOTIFICATION_ERROR_004",
    "Error while fetching notifications seen date time",
);
pub const CONFIG_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_PRT_500", "Unable to process the request.");
