//! Business errors of the partner endpoints (contract partner.md §8,
//! contract partner-admin.md §9). A code alone does not identify an error: the
//! pair of code and text does.
#![expect(missing_docs, reason = "code and text say it all")]

use crate::ErrorDef;

// Registration
pub const INVALID_EMAIL: ErrorDef = ErrorDef::new("PMS_PRT_012", "Invalid emailId.");
pub const NOT_AUTHORISED: ErrorDef = ErrorDef::new("PMS_PRT_055", "User not authorized.");
pub const PHONE_TOO_LONG: ErrorDef = ErrorDef::new(
    "PMS_PRT_013",
    "Invalid mobile number.Length should be less than .%s",
);
pub const ID_WITH_SPACES: ErrorDef =
    ErrorDef::new("PMS_PRT_066", "PartnerId should not have any spaces%s");
pub const ID_TOO_LONG: ErrorDef = ErrorDef::new("PMS_PRT_052", "PartnerId max length should be %s");
pub const EMAIL_TAKEN: ErrorDef = ErrorDef::new("PMS_PRT_011", "Email is already exists.");
pub const LANGUAGE_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_PRT_056", "Given langCode is not supported");
pub const ID_TAKEN: ErrorDef = ErrorDef::new(
    "PMS_PRT_051",
    "A Partner is already registered with the same Id",
);
pub const TYPE_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PRT_010", "Partner Type does not exist");
pub const GROUP_MANDATORY: ErrorDef =
    ErrorDef::new("PMS_PRT_108", "Policy group is Mandatory for %s");
pub const GROUP_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PRT_002", "Policy group does not exist");
pub const GROUP_INACTIVE: ErrorDef = ErrorDef::new("PMS_PMP_023", "Policy group is not active.");

// Any partner
pub const PARTNER_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PRT_005", "Partner does not exist");
pub const PARTNER_INACTIVE: ErrorDef = ErrorDef::new("PMS_PMP_016", "Partner is not active.");
pub const NO_CERTIFICATE: ErrorDef = ErrorDef::new(
    "PMS_PRT_108",
    "Certficate is not uploaded for the selected partner.",
);

// Mapping requests of partners
pub const POLICY_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PRT_073", "Policy not exists.");
pub const POLICY_OF_OTHER_GROUP: ErrorDef = ErrorDef::new(
    "PMS_PRT_098",
    "Given policy doesn't exists under partner's policy group.",
);
pub const POLICY_INACTIVE: ErrorDef = ErrorDef::new("PMS_PMP_019", "Policy is not active.");
pub const POLICY_EXPIRED: ErrorDef = ErrorDef::new("PMS_PMP_018", "Policy expired.");
pub const MAPPING_PENDING: ErrorDef = ErrorDef::new(
    "PMS_PRT_053",
    "This policy is already pending for approval against your partner ID.",
);
pub const MAPPING_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_PRT_060",
    "This policy has already been approved against your partner ID.",
);

// Decisions of partner managers
pub const PARTNER_ID_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PMP_005", "Partner ID does not exist");
pub const ALREADY_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_PM_063",
    "The selected partner has already been deactivated.",
);
pub const NO_CERTIFICATE_TO_ACTIVATE: ErrorDef = ErrorDef::new(
    "PMS_PRT_108",
    "Certficate is not uploaded for the given partner.Cannot activate the same.",
);
pub const STATUS_NOT_ACTIVE_OR_DEACTIVE: ErrorDef =
    ErrorDef::new("PMS_PM_058", "Status should be either Active or De-Active");
pub const MAPPING_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_PMP_007", "Partner api key does not exist");
pub const REQUEST_APPROVED: ErrorDef =
    ErrorDef::new("PMS_PM_034", "Policy request already approved.");
pub const REQUEST_REJECTED: ErrorDef =
    ErrorDef::new("PMS_PM_035", "Policy request already rejected.");
pub const EXTRACTORS_MISSING: ErrorDef = ErrorDef::new(
    "PMS_PM_051",
    "Extractors are not present. Please add extractors.",
);
pub const NOT_MAPPED: ErrorDef =
    ErrorDef::new("PMS_PMP_017", "Partner is not mapped to any policy.");
pub const MAPPED_POLICY_INACTIVE: ErrorDef =
    ErrorDef::new("PMS_PMP_019", "Partner policy is not active.");
pub const MAPPED_GROUP_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PMP_022", "Policy group not exists.");
pub const MAPPED_POLICY_EXPIRED: ErrorDef =
    ErrorDef::new("PMS_PMP_018", "Partner policy got expired.");
pub const STATUS_NOT_APPROVED_OR_REJECTED: ErrorDef =
    ErrorDef::new("PMS_PM_045", "Status should be either Approved or Rejected");

// API keys
pub const POLICY_NAME_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PMP_014", "Policy does not exist");
pub const POLICY_NOT_MAPPED: ErrorDef =
    ErrorDef::new("PMS_PRT_109", "Given policy is not mapped to partner");
pub const LABEL_TAKEN: ErrorDef = ErrorDef::new(
    "PMS_PRT_110",
    "Given label already exists.Provide unique label.",
);
pub const POLICY_NOT_JSON: ErrorDef = ErrorDef::new(
    "PMS_POL_052",
    "Error occured while parsing policy string to json object",
);

// Policy group of a partner
pub const GROUP_FIXED: ErrorDef = ErrorDef::new(
    "PMS_PRT_050",
    "Policy group cannot be updated for approved partner",
);
pub const GROUP_NOT_REQUIRED: ErrorDef = ErrorDef::new(
    "PMS_PRT_048",
    "policy group mapping is not required for given partner",
);

pub const NO_API_KEY_REQUEST: ErrorDef = ErrorDef::new("PMS_PRT_006", "No api key req exist");

// Bio-extractors
pub const EXTRACTORS_WITHOUT_MAPPING: ErrorDef =
    ErrorDef::new("PMS_PRT_061", "Partner policy mapping not exists.");
pub const EXTRACTORS_FIXED: ErrorDef = ErrorDef::new(
    "PMS_PRT_062",
    "Partner api key request is approved already. Cann't add extractors now.",
);
pub const NOTHING_FOUND: ErrorDef = ErrorDef::new("PMS_PRT_064", "No details found");

// Credential types
pub const CREDENTIAL_TYPE_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_PRT_072",
    "Given credential type is not allowed. Allowed credential types : %s",
);
pub const CREDENTIALS_NOT_FOR_TYPE: ErrorDef =
    ErrorDef::new("PMS_PRT_070", "Credential mapping allowed only for :%s");
pub const CREDENTIAL_TYPE_TAKEN: ErrorDef = ErrorDef::new(
    "PMS_PRT_007",
    "Mapping exists for given policy and partner with this credential type",
);
pub const CREDENTIAL_POLICY_NOT_JSON: ErrorDef = ErrorDef::new(
    "PMS_PRT_071",
    "Error occured while parsing policy string to json object",
);

// A user's own partners
pub const USER_WITHOUT_PARTNERS: ErrorDef =
    ErrorDef::new("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
pub const OWN_GROUP_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_POLICY_ERROR_001", "Policy Group does not exists.");
pub const OWN_PARTNERS_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_PS_ERROR_001", "Error while fetching partners list");

// Partner administration
pub const NO_PARTNER_AT_ALL: ErrorDef = ErrorDef::new("PMS_PMP_013", "Partner does not exist");
pub const ADDITIONAL_INFO_NOT_JSON: ErrorDef = ErrorDef::new("PMS_PRT_096", "Json is not valid");
pub const KEY_OF_PARTNER_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_PMP_009",
    "For given partner and apikey mapping not exists.",
);
pub const NO_MAPPING_AT_ALL: ErrorDef = ErrorDef::new(
    "PMS_PMP_015",
    "No Partner api key requests for the Policy Group",
);
pub const KEY_MAPPING_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_PMP_50",
    "Given apikey,partner and policy mapping not exists.",
);
pub const KEY_INACTIVE: ErrorDef =
    ErrorDef::new("PMS_PMS_022", "Given Partner api key is not active.");
pub const NEW_POLICY_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PMP_014", "Policy does not exist%s");
pub const NEW_POLICY_INACTIVE: ErrorDef = ErrorDef::new("PMS_PMP_019", "Policy is not active.%s");
pub const NEW_POLICY_GROUP_INACTIVE: ErrorDef =
    ErrorDef::new("PMS_PMP_023", "Policy group is not active.%s");
pub const KEY_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_PRT_111",
    "API key not exists for the given combination",
);

// Newer reads
pub const PARTNER_ID_EMPTY: ErrorDef =
    ErrorDef::new("PMS_CERTIFICATE_ERROR_003", "Partner Id is null or empty.");
pub const PARTNER_TYPE_EMPTY: ErrorDef =
    ErrorDef::new("PMS_CERTIFICATE_ERROR_004", "Partner Type is null or empty");
pub const CERTIFICATE_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_006",
    "Unable to decode the certificate data",
);
pub const CERTIFICATE_OF_OTHERS: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_007",
    "The given partner ID does not belong to the user.So unable to get the original partner certificates",
);
pub const CERTIFICATE_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_008",
    "Error while fetching certificate.",
);
pub const CERTIFICATE_OF_DEACTIVATED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_009",
    "Unable to download the certificate for a deactivated partner",
);
pub const POLICY_GROUP_ID_EMPTY: ErrorDef =
    ErrorDef::new("PMS_POLICY_ERROR_005", "Policy Group Id is empty.");
pub const POLICY_GROUP_NOT_FOUND: ErrorDef = ErrorDef::new(
    "PMS_POLICY_ERROR_008",
    "No matching policy group was found for the provided partner",
);
pub const SIGNED_CERTIFICATE_UNAVAILABLE: ErrorDef = ErrorDef::new(
    "PMS_FEATURE_003",
    "Downloading CA signed certificate is not available in the current deployment.",
);
pub const PARTNER_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_PM_059", "Error while fetching partner details.");
pub const PARTNERS_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_PM_061", "Error while fetching all partners details");
pub const MAPPINGS_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_PM_062",
    "Error while fetching all partner policy mapping requests",
);
pub const KEYS_NOT_FETCHED: ErrorDef =
    ErrorDef::new("PMS_PM_064", "Error while fetching all api key requests");
