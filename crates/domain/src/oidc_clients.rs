//! OIDC clients of partners (contract clients-users-notifications.md §1): what a client may ask for
//! follows from its policy and two mapping files.

pub mod acr;
pub mod claims;
pub mod errors;
mod facts;
mod status;

pub use acr::AcrMapping;
pub use claims::ClaimsMapping;
pub use facts::{AuthTypes, KycAttributes, NoSuchList};
pub use status::ClientStatus;
