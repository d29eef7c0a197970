//! Partners.

pub mod add_contact;
mod branding;
pub mod certificate_data;
pub mod details;
mod endings;
mod fields;
pub mod filter_values;
pub mod get;
pub mod get_certificate;
pub mod list;
pub mod list_all;
pub mod list_all_v2;
pub mod list_own;
mod listing;
pub(crate) mod mail;
mod profile_update;
pub mod register;
pub mod register_v2;
mod registration;
pub mod search;
pub mod search_types;
pub mod set_policy_group;
pub mod set_status;
pub mod update;
pub mod update_v2;
pub mod verify_email;
