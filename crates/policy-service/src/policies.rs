//! Use cases on policies.

pub(crate) mod create;
mod document;
mod draft;
mod event;
mod full;
pub(crate) mod get;
pub(crate) mod get_for_partner;
mod mapping;
pub(crate) mod publish;
mod written;
