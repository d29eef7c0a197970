//! API keys.

mod events;
pub mod generate;
