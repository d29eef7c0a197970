//! What the all-in-one `pms` binary is made of.

pub mod hub;
pub mod identity;
