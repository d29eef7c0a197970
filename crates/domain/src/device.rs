//! Devices, secure biometric interfaces (SBI) and chips of the foundational
//! trust module (FTM).

pub mod audits;
pub mod decision;
pub mod editor;
pub mod errors;
pub mod lifecycle;
pub mod pairing;
pub mod sbi_dates;
pub mod status;
