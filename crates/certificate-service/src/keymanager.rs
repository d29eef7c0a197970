//! The key manager contract, served by this process: one file per operation.

mod data;
pub(crate) mod decrypt;
pub(crate) mod decrypt_batch;
pub(crate) mod encrypt;
mod fields;
pub(crate) mod get_ca_trust_path;
pub(crate) mod get_certificate;
pub(crate) mod get_partner_certificate;
pub(crate) mod get_partner_signed_certificate;
pub(crate) mod list_ca_certificates;
mod rows;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_other_domain_certificate;
pub(crate) mod upload_partner_certificate;
pub(crate) mod verify_certificate_trust;
