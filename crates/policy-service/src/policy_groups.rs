//! Use cases on policy groups.

pub(crate) mod create;
mod written;
