//! What the all-in-one `pms` binary is made of.
//!
//! The feature `development` adds `pms up` with the identity provider, the hub and
//! the stand-ins that it brings; the images are built without it.

pub mod check;
pub mod cli;
pub mod commands;
pub mod demo;
#[cfg(feature = "development")]
pub mod hub;
#[cfg(feature = "development")]
pub mod identity;
#[cfg(feature = "development")]
mod own_host;
#[cfg(feature = "development")]
pub mod peers;
#[cfg(feature = "development")]
pub mod up;
