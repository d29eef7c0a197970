//! The caller, and what it may do (contract auth.md).

mod caller;
mod cookies;
mod firewall;
mod jwks;
mod matrix;
mod ownership;
mod roles;
mod token;
mod verifier;

pub use caller::{Anyone, Caller, Visitor};
pub(crate) use caller::{denied, forbidden};
pub use cookies::cookies;
pub use firewall::authenticate;
pub(crate) use firewall::is_below_a_service;
pub use ownership::{
    NAMED_OPERATIONS, NOT_AUTHORISED, Ownership, OwnershipMode, Scope, check_operations,
};
pub use roles::{KeyManagerRoles, RoleMatrix};
pub use token::Token;
pub use verifier::{Verifier, VerifierSettings};
