//! Error codes of the policy service (contract policy.md §11), texts as on the wire.
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
pub const STATUS_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_POL_045", "Policy Status either Active or De-active.");
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
pub const UNPUBLISHED_NOT_ACTIVATED: ErrorDef =
    ErrorDef::new("PMS_POL_054", "Cannot activate unpublished policy.");
pub const PUBLISHED_NOT_UPDATED: ErrorDef =
    ErrorDef::new("PMS_POL_055", "Published policy cannot be updated.");
pub const ACTIVE_POLICIES_IN_GROUP: ErrorDef = ErrorDef::new(
    "PMS_POL_056",
    "Active policies exists under the policy group.",
);
pub const API_KEY_IN_USE: ErrorDef =
    ErrorDef::new("PMS_POL_057", "Active apiKey exists under the policy.");
pub const PUBLISHED_STATUS_FIXED: ErrorDef = ErrorDef::new(
    "PMS_POL_058",
    "Status cannot be changed for published policy.",
);
pub const NO_ACTIVE_GROUPS: ErrorDef =
    ErrorDef::new("PMS_POL_059", "There are no active policy groups.");
pub const GROUPS_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_POL_060", "Error while fetching policy groups.");
pub const POLICIES_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_POL_061", "Error while fetching policies");
pub const POLICY_ALREADY_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_POL_062", "The policy has already been deactivated.");
pub const APPROVED_REQUEST_EXISTS: ErrorDef = ErrorDef::new(
    "PMS_POL_063",
    "An approved partner policy request is associated with this policy.",
);
pub const PENDING_REQUEST_EXISTS: ErrorDef = ErrorDef::new(
    "PMS_POL_064",
    "A pending partner policy request is associated with this policy.",
);
pub const NO_SUCH_POLICY: ErrorDef =
    ErrorDef::new("PMS_POL_065", "The specified policy does not exist.");
pub const POLICY_NOT_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_POL_066", "Error while deactivating policy");
pub const GROUP_ALREADY_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_POL_067",
    "The policy group has already been deactivated",
);
pub const NO_SUCH_GROUP: ErrorDef =
    ErrorDef::new("PMS_POL_068", "The specified policy group does not exist");
pub const ACTIVE_AND_DRAFT_POLICIES_IN_GROUP: ErrorDef = ErrorDef::new(
    "PMS_POL_069",
    "Active or draft policies are associated with the policy group",
);
pub const DRAFT_POLICIES_IN_GROUP: ErrorDef = ErrorDef::new(
    "PMS_POL_070",
    "Draft policies exists under the policy group.",
);
pub const GROUP_NOT_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_POL_071", "Error while deactivating policy group");
pub const POLICY_NOT_ACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_POL_072",
    "The selected policy is not in activated status",
);
pub const NOT_A_DEACTIVATION: ErrorDef =
    ErrorDef::new("PMS_POL_073", "Request status should be De-Activate");

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
