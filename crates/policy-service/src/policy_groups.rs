//! Use cases on policy groups.

pub(crate) mod create;
pub(crate) mod deactivate;
pub(crate) mod filter_values;
pub(crate) mod get;
pub(crate) mod list_active;
pub(crate) mod list_all;
mod row;
pub(crate) mod search;
pub(crate) mod update;
mod with_policies;
mod written;
