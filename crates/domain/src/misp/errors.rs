//! What the licence endpoints refuse (contract partner-admin.md §9).
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::ErrorDef;

pub const MISP_UNKNOWN: ErrorDef = ErrorDef::new("PMS_MSP_005", "MISP Partner does not exist");
pub const NOT_A_MISP: ErrorDef = ErrorDef::new("PMS_MSP_009", "Given provider is not valid");
pub const MISP_INACTIVE: ErrorDef = ErrorDef::new("PMS_MSP_405", "MISP partner is not active.");
pub const STATUS_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_MSP_407", "mispStatus either Active or De-active.");
pub const LICENCE_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_MSP_408",
    "MISP Partner and License key combintaion not exists.",
);
pub const LICENCE_EXISTS: ErrorDef =
    ErrorDef::new("PMS_MSP_416", "License key exists for the given provider.");
pub const POLICY_NOT_APPROVED: ErrorDef = ErrorDef::new("PMS_MSP_418", "Policy not approved.");
pub const POLICY_UNKNOWN: ErrorDef = ErrorDef::new("PMS_MSP_419", "Policy not exists.");
/// The reference adds its parser's text.
pub const POLICY_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_PRT_071",
    "Error occured while parsing policy string to json object",
);
