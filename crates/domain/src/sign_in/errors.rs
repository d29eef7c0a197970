//! Wire errors of the login endpoints (contract auth.md §5).
#![expect(missing_docs, reason = "the texts say it")]

use crate::ErrorDef;

pub const NO_COOKIES: ErrorDef = ErrorDef::new("KER-ACP-001", "Cookies are empty");
pub const NO_TOKEN_COOKIE: ErrorDef =
    ErrorDef::new("KER-ACP-002", "Token is not present in cookies");
pub const PROVIDER_UNREACHABLE: ErrorDef =
    ErrorDef::new("KER-ACP-004", "Problem in connecting to auth service");
pub const PROVIDER_UNREADABLE: ErrorDef = ErrorDef::new(
    "KER-ACP-005",
    "Error occur while parsing error from response %s",
);
pub const PROVIDER_REFUSED: ErrorDef = ErrorDef::new(
    "KER-ACP-006",
    "Error Occured while getting access token from iam %s",
);
pub const OTHER_STATE: ErrorDef = ErrorDef::new("KER-ACP-007", "state is not maching");
pub const FOREIGN_URL: ErrorDef = ErrorDef::new("KER-ACP-009", "url not found in allowed url's");
pub const NO_STATE: ErrorDef = ErrorDef::new("KER-ACP-010", "state is null or empty");
pub const BAD_STATE: ErrorDef = ErrorDef::new("KER-ACP-011", "state is not uuid");
pub const NOT_SIGNED: ErrorDef = ErrorDef::new("KER-ACP-013", "Failed to sign jwt");
pub const NOT_AUTHENTICATED: ErrorDef = ErrorDef::new("KER-ATH-401", "Authentication Failed");
pub const INVALID_TOKEN: ErrorDef = ErrorDef::new(
    "KER-ATH-401",
    "Authentication Failed : Invalid Token : not accepted here",
);
