//! Stand-ins for the MOSIP modules around the partner management service
//! (contract integrations.md §2, §3): they speak the real ones' HTTP, remember
//! what they took and can be made to fail.
//!
//! Tests run each on a port of its own; a development system mounts them below
//! a path ([`StandIn::mount`]). What they remember is bounded, in memory only,
//! and holds secrets.

pub mod audit;
pub mod datashare;
pub mod esignet;
mod fault;
mod guard;
pub mod keycloak_admin;
pub mod multipart;
mod newest;
pub mod notifier;
mod recorded;
mod stand_in;
pub mod templates;
mod tokens;

pub use fault::{Fault, Faults, broken_off};
pub use guard::{Claims, Guard};
pub use newest::Newest;
pub use recorded::Recorded;
pub use stand_in::{Incoming, Needs, StandIn, Unadmitted, Work, header, stamp};
pub use tokens::Tokens;
