//! Use cases on policies.

pub(crate) mod active_of_group;
pub(crate) mod create;
pub(crate) mod deactivate;
mod document;
mod draft;
pub(crate) mod filter_values;
mod full;
pub(crate) mod get;
pub(crate) mod get_for_partner;
pub(crate) mod list;
pub(crate) mod list_all;
mod mapping;
mod of_group;
pub(crate) mod publish;
pub(crate) mod search;
pub(crate) mod set_status;
pub(crate) mod update;
mod written;

pub(crate) use of_group::GroupPolicy;
