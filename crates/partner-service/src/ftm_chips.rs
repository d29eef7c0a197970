//! Chips of the foundational trust module (FTM).

pub mod certificate_data;
pub mod create;
pub mod deactivate;
pub mod decide;
pub mod get_certificate;
pub mod list;
pub mod list_own;
pub(crate) mod periods;
pub(crate) mod providers;
pub mod search;
pub mod update;
pub mod upload_certificate;
