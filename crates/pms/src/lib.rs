//! What the all-in-one `pms` binary is made of.

pub mod cli;
pub mod commands;
pub mod demo;
pub mod hub;
pub mod identity;
mod own_host;
pub mod peers;
pub mod up;
