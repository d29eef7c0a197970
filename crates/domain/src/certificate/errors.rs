//! What the certificate endpoints refuse (partner contract §8.1).
#![expect(missing_docs, reason = "each constant is its code and text")]

use crate::ErrorDef;

pub const POLICY_GROUP_MISSING: ErrorDef =
    ErrorDef::new("PMS_PRT_054", "Policy group not mapped for given partner");
pub const LEAF_UNREADABLE: ErrorDef = ErrorDef::new(
    "PMS_PRT_046",
    "Error occured while extracting the leaf cert.",
);
