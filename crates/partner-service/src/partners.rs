//! Partners.

mod fields;
pub mod get;
pub mod get_certificate;
mod licences;
mod mail;
pub mod register;
mod registration;
pub mod set_status;
pub mod verify_email;
