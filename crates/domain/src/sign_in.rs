//! Signing in to the portal (auth contract §5).

pub mod errors;
pub mod redirects;
