//! Secure biometric interfaces (SBI).

pub mod add_device;
pub mod create;
pub mod deactivate;
pub mod decide;
pub mod list;
pub mod list_devices;
pub mod map_device;
pub mod search;
pub mod search_mappings;
mod software;
pub mod unmap_device;
pub mod update;
