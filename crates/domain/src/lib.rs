//! The rules of partner management: no I/O, no database, no HTTP, no clock of its own.
//!
//! Everything here is a decision over facts that a caller has loaded, or a
//! piece of the wire contract that is pure data (error codes, event shapes).

pub mod audit;
pub mod business_error;
pub mod certificate;
pub mod device;
pub mod device_registry;
pub mod event;
pub mod ftm_chip;
pub mod misp;
pub mod notification;
pub mod oidc_clients;
pub mod partner;
pub mod path;
pub mod policy;
pub mod schedule;
pub mod sign_in;
pub mod text;
pub mod user;
pub mod validity;
pub mod zone;

pub use business_error::{BusinessError, ErrorDef, WireError};
