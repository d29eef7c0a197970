//! Certificates of partners and of the authorities they trust.

pub mod audits;
pub mod errors;
pub mod lifecycle;
