//! Partners: who they are, what they may become, and what they ask for.

pub mod api_key;
pub mod audits;
pub mod credentials;
pub mod errors;
pub mod extractors;
pub mod lifecycle;
pub mod mail;
pub mod mapping;
pub mod registration;
pub mod standing;
pub mod types;
