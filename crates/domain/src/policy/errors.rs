//! Error codes of the policy service (policy contract §11), texts as on the wire.
#![expect(missing_docs, reason = "a code and its text say what an error means")]

use crate::ErrorDef;

pub const POLICY_UNKNOWN: ErrorDef = ErrorDef::new("PMS_POL_008", "Policy ID does not exist");
pub const POLICY_NAME_TAKEN: ErrorDef =
    ErrorDef::new("PMS_POL_009", "Auth policy exists with name : %s");
pub const GROUP_NAME_TAKEN: ErrorDef =
    ErrorDef::new("PMS_POL_014", "Policy group exists with name : %s");
pub const NOT_MAPPED: ErrorDef =
    ErrorDef::new("PMS_POL_015", "Policy group and policy not mapped.");
pub const GROUP_UNKNOWN: ErrorDef = ErrorDef::new("PMS_POL_016", "Policy Group ID does not exist");
pub const NO_POLICY_FOR_PARTNER: ErrorDef =
    ErrorDef::new("PMS_POL_017", "No policy available for given partner");
pub const GROUP_NAME_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_POL_019", "Policy group name does not exist");
pub const ALREADY_PUBLISHED: ErrorDef =
    ErrorDef::new("PMS_POL_020", "Can not publish the published policy");
/// The blank at the end belongs to the text.
pub const TYPE_NOT_ALLOWED: ErrorDef =
    ErrorDef::new("PMS_POL_023", "Given policy type is not allowed ");
/// Filled with what is wrong, without addresses or hosts.
pub const NO_SCHEMA: ErrorDef = ErrorDef::new(
    "PMS_POL_051",
    "Policy Schema and policy are not matching/%s",
);
/// The `null` at the end belongs to the text.
pub const DOCUMENT_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_POL_052",
    "Error occured while parsing policy string to json objectnull",
);
pub const GROUP_INACTIVE: ErrorDef = ErrorDef::new("PMS_POL_053", "Policy group is not active.");

pub const DOCUMENT_INVALID: ErrorDef =
    ErrorDef::new("PMS_PV_002", "Policy Object validation failed");
pub const DOCUMENT_INPUT_INVALID: ErrorDef =
    ErrorDef::new("PMS_PV_005", "Invalid input parameter - %s in policy data");
pub const DOCUMENT_INPUT_MISSING: ErrorDef =
    ErrorDef::new("PMS_PV_006", "Missing input parameter - %s in policy data");
pub const DOCUMENT_FORMAT_WRONG: ErrorDef =
    ErrorDef::new("PMS_PV_007", "Format Error: Expected format is %s.");
pub const DOCUMENT_ARRAY_EMPTY: ErrorDef =
    ErrorDef::new("PMS_PV_008", "Empty array is not allowed in %s.");
pub const DOCUMENT_TEXT_EMPTY: ErrorDef =
    ErrorDef::new("PMS_PV_009", "Empty string is not allowed in %s.");

/// Filled with the name of the member.
pub const INPUT_INVALID: ErrorDef = ErrorDef::new("PMS_COR_002", "Invalid Input Parameter - %s");
/// Stands for anything that the service has no code for.
pub const NOT_PROCESSED: ErrorDef = ErrorDef::new("PMS_COR_003", "Could not process the request");
