//! Signing in to the portal (contract auth.md §5).

mod ant;
pub mod errors;
pub mod redirects;
