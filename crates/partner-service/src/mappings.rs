//! Mapping requests: a partner asks for a policy, a manager decides.

pub mod decide;
pub mod filter_values;
pub mod get;
pub mod list;
pub mod list_all;
pub mod list_of_partner;
pub mod request;
pub mod search;
mod wire;
