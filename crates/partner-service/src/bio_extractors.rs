//! Bio-extractors: how a partner gets biometrics under a policy.

pub mod add;
pub mod list;
mod wire;
