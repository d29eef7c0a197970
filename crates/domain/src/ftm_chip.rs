//! Chips of the foundational trust module (FTM).

pub mod audits;
pub mod errors;
pub mod lifecycle;
