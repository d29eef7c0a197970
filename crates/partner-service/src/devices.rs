//! Device models.

pub mod list;
