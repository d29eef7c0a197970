//! The registry of what may be used to capture biometrics.

pub mod read;
