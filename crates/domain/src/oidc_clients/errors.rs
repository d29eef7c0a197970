//! Business errors of OIDC clients (contract clients-users-notifications.md §1).
#![expect(missing_docs, reason = "code and text say it all")]

use crate::ErrorDef;

pub const MANDATORY_AUTH: ErrorDef = ErrorDef::new(
    "PMS_ESI_003",
    "Policy having mandatory auths. So client can't be created for the same.",
);
pub const NO_CLAIMS: ErrorDef = ErrorDef::new("PMS_ESI_005", "Partner has no user claims");
pub const NO_ACR_VALUES: ErrorDef = ErrorDef::new(
    "PMS_ESI_006",
    "Partner has no Authentication Context Refrences",
);
pub const KEY_UNUSABLE: ErrorDef = ErrorDef::new("PMS_ESI_007", "Failed to process the Public Key");
pub const CLAIMS_UNREADABLE: ErrorDef =
    ErrorDef::new("PMS-MSD-393", "Failed to fetch claims from mapping file");
pub const ACRS_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS-MSD-394",
    "failed to fetch acr values from mapping file",
);
pub const AMRS_UNREADABLE: ErrorDef =
    ErrorDef::new("PMS-MSD-395", "Failed to fetch AMR's from mapping file");

// The key
pub const KEY_TAKEN: ErrorDef = ErrorDef::new("PMS_ESI_001", "Client public key already exists.");
pub const KEY_FIXED: ErrorDef = ErrorDef::new(
    "PMS_ESI_009",
    "The public key of a client can't be changed. Create a client with the new key.",
);

// Any client
pub const NOT_AVAILABLE: ErrorDef = ErrorDef::new(
    "PMS_FEATURE_002",
    "OIDC client related features are not available in the current deployment.",
);
pub const CLIENT_ID_MALFORMED: ErrorDef = ErrorDef::new(
    "PMS_PRT_099",
    "Invalid input for 'clientId'. Expected: Only alphanumeric characters (A\u{2013}Z, a\u{2013}z, 0\u{2013}9), hyphens (-), and underscores (_) are allowed, with a maximum length of 100 characters.",
);
pub const CLIENT_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_ESI_004", "Client not exists with given id.");
pub const CLIENT_DEACTIVATED: ErrorDef =
    ErrorDef::new("PMS_ESI_008", "Client already deactivated.");
pub const CLIENTS_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_POLICY_ERROR_006",
    "Error while fetching OIDC clients list.",
);

// Whose client
pub const NOT_OWN_TO_CREATE: ErrorDef = ErrorDef::new(
    "PMS_POLICY_ERROR_009",
    "The given partner ID does not belong to the user.So unable to create OIDC client",
);
pub const NOT_OWN_TO_UPDATE: ErrorDef = ErrorDef::new(
    "PMS_POLICY_ERROR_010",
    "The given partner ID does not belong to the user.So unable to update OIDC client details",
);
pub const NOT_OWN_TO_READ: ErrorDef = ErrorDef::new(
    "PMS_POLICY_ERROR_011",
    "The given partner ID does not belong to the user.So unable to get OIDC client details",
);

// Partners that may have clients
pub const PARTNER_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_PRT_058",
    "AuthPartner doesn't exists with this Id - %s.",
);
pub const PARTNER_TYPE: ErrorDef = ErrorDef::new(
    "PMS_PRT_059",
    "Only Auth_partner can Create OIDC Client. %s is not allowed to create OIDC Client.",
);
pub const POLICY_TYPE: ErrorDef = ErrorDef::new(
    "PMS_PRT_057",
    "Policy Type Mismatch. Only Auth policy can be used to create OIDC Client.",
);
pub const NOT_MAPPED: ErrorDef = ErrorDef::new("PMS_PRT_061", "Partner policy mapping not exists.");
pub const MAPPING_NOT_APPROVED: ErrorDef = ErrorDef::new(
    "PMS_ESI_002",
    "Partner policy mapping is not approved. Please check mapping status.",
);
