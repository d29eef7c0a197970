//! The outbox: what must reach other systems, written with the change itself.
//!
//! A use case queues events, audit records and mails in its own transaction
//! ([`writer`], [`AuditTrail`]); a dispatcher leases due rows and acknowledges them
//! ([`leases`], [`acknowledging`]); operators look and re-queue ([`admin`]).

pub mod acknowledging;
pub mod admin;
mod audit_trail;
pub mod depths;
pub mod heads;
mod insert;
pub mod leases;
mod queues;
pub mod retention;
pub mod writer;

pub use audit_trail::{Attempt, AuditTrail};
pub use queues::{Queue, UnknownQueue};
