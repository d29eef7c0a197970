//! What the certificate endpoints refuse (partner contract §8.1).
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::ErrorDef;

pub const PARTNER_UNKNOWN: ErrorDef = ErrorDef::new("PMS_PRT_005", "Partner does not exist");
pub const PARTNER_INACTIVE: ErrorDef = ErrorDef::new("PMS_PMP_016", "Partner is not active.");
pub const PARTNER_TYPE_UNKNOWN: ErrorDef =
    ErrorDef::new("PMS_PRT_010", "Partner Type does not exist");
pub const POLICY_GROUP_MISSING: ErrorDef =
    ErrorDef::new("PMS_PRT_054", "Policy group not mapped for given partner");
pub const LEAF_UNREADABLE: ErrorDef =
    ErrorDef::new("PMS_PRT_046", "Error occured while extracting the leaf cert.");
