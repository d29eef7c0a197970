//! Users of the portal: their roles, their consent, and what they have seen.

pub mod errors;
pub mod owner;
pub mod role;
