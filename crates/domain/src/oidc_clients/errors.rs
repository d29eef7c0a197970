//! Business errors of what is derived for a client (contract clients-users-notifications.md §1.3 to
//! contract clients-users-notifications.md §1.5).
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
