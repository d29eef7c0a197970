//! Device models.

pub mod create;
pub mod deactivate;
pub mod decide;
pub mod decide_for_sbi;
pub mod filter_values;
pub mod list;
pub(crate) mod providers;
pub mod registration;
pub mod search;
pub mod search_types;
pub mod type_values;
pub mod update;
