//! Use cases on the configuration.

pub(crate) mod get;
