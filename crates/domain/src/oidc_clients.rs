//! OIDC clients of partners (contract clients-users-notifications.md §1): what a client may ask for
//! follows from its policy and two mapping files; its names; its end.

pub mod acr;
pub mod audits;
pub mod claims;
pub mod errors;
mod facts;
mod lists;
pub mod name;
mod status;

pub use acr::AcrMapping;
pub use claims::ClaimsMapping;
pub use facts::{AuthTypes, KycAttributes, NoSuchList};
pub use lists::{joined, redirect_uris, split};
pub use name::ClientName;
pub use status::ClientStatus;
