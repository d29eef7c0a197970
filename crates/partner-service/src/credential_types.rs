//! Credential types: which policy serves which kind of credential of a partner.

pub mod get_policy;
pub mod map;
