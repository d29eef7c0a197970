//! Whom a domain trusts: CA certificates in memory and paths to them (contract keymanager.md §7).

mod budget;
mod issuers;
mod name_constraints;
mod search;
mod store;

pub(crate) use budget::Budget;
pub use issuers::{BarredIssuers, PartnerIssuers};
pub use search::{PathFault, TrustPath};
pub use store::{Authority, AuthorityKind, TrustStore};
