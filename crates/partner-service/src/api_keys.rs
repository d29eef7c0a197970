//! API keys.

pub(crate) mod events;
pub mod generate;
pub mod get;
pub mod list;
pub mod search;
pub mod set_policy;
pub mod set_status;
