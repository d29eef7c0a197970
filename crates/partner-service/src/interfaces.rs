//! Secure biometric interfaces (SBI).

pub mod list;
