//! Signing in to the portal (auth contract §5).

mod ant;
pub mod errors;
pub mod redirects;
