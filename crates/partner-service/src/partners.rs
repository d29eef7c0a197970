//! Partners.

pub mod add_contact;
mod branding;
mod fields;
pub mod get;
pub mod get_certificate;
mod licences;
mod mail;
mod profile_update;
pub mod register;
pub mod register_v2;
mod registration;
pub mod set_policy_group;
pub mod set_status;
pub mod update;
pub mod update_v2;
pub mod verify_email;
