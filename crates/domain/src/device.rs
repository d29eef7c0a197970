//! Devices, secure biometric interfaces (SBI) and chips of the foundational
//! trust module (FTM).

pub mod errors;
pub mod status;
