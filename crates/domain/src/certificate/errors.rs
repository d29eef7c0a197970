//! What the certificate endpoints refuse (contract partner.md §8.1).
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::ErrorDef;

pub const POLICY_GROUP_MISSING: ErrorDef =
    ErrorDef::new("PMS_PRT_054", "Policy group not mapped for given partner");
pub const LEAF_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_PRT_046",
    "Error occured while extracting the leaf cert.",
);
pub const DOMAIN_OF_OTHER_TYPE: ErrorDef = ErrorDef::new("KER-PCM-011", "Invalid Partner Domain.");
pub const NO_OWN_PARTNER: ErrorDef =
    ErrorDef::new("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
pub const PARTNER_CERTIFICATES_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_001",
    "Error while fetching partner certificates.",
);

// Trust chain certificates (contract partner-admin.md §1.14 and §1.15)
pub const TRUST_CERTIFICATES_OFF: ErrorDef = ErrorDef::new(
    "PMS_FEATURE_001",
    "Root and Intermediate Certificates list is not available in the current deployment.",
);
pub const TRUST_CERTIFICATES_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_010",
    "Error while fetching trust certificates.",
);
pub const TRUST_CERTIFICATE_NOT_DOWNLOADED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_011",
    "Error while downloading trust certificates.",
);
/// The dashes between the ranges are en dashes.
pub const CERTIFICATE_ID_INVALID: ErrorDef = ErrorDef::new(
    "PMS_PRT_099",
    "Invalid input for 'certificateId'. Expected: Only alphanumeric characters (A\u{2013}Z, a\u{2013}z, 0\u{2013}9) and hyphens (-) are allowed with a maximum length of 36 characters.",
);

// Expiry and revocation, which the reference does not have
pub const NOT_EMBEDDED: ErrorDef = ErrorDef::new(
    "PMS_FEATURE_101",
    "Expiry and revocation of certificates are not available with a remote key manager.",
);
pub const EXPIRING_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_101",
    "Error while fetching expiring certificates.",
);
pub const PERIOD_INVALID: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_102",
    "Invalid value for 'withinDays'. Expected: 1 to 365.",
);
pub const KIND_INVALID: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_103",
    "Invalid value for 'type'. Expected: CA, PARTNER or SIGNED.",
);
pub const REVOKED_NOT_FETCHED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_104",
    "Error while fetching revoked certificates.",
);
pub const NOT_REVOKED: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_105",
    "Error while revoking the certificate.",
);
/// `%s` is the list of the reasons.
pub const REASON_INVALID: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_106",
    "Invalid revocation reason. Expected: %s.",
);
pub const CERTIFICATE_UNKNOWN: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_107",
    "No certificate was issued with the given ID.",
);
pub const REVOKED_ALREADY: ErrorDef = ErrorDef::new(
    "PMS_CERTIFICATE_ERROR_108",
    "The certificate is already revoked.",
);
