//! Whom a domain trusts: CA certificates in memory and paths to them (§7).

mod name_constraints;
mod search;
mod store;

pub use search::{PathFault, TrustPath};
pub use store::{Authority, AuthorityKind, StoredAuthority, TrustStore, TrustStores};
