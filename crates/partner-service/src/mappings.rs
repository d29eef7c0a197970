//! Mapping requests: a partner asks for a policy, a manager decides.

pub mod decide;
pub mod list_of_partner;
pub mod request;
