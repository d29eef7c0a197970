//! The key manager contract, served by this process: one file per operation.

mod access;
pub(crate) mod data;
pub(crate) mod decrypt;
pub(crate) mod decrypt_batch;
pub(crate) mod encrypt;
pub(crate) mod encrypt_batch;
mod fields;
pub(crate) mod generate_csr;
pub(crate) mod generate_ec_sign_key;
mod generate_key;
pub(crate) mod generate_master_key;
pub(crate) mod get_all_certificates;
pub(crate) mod get_ca_trust_path;
pub(crate) mod get_certificate;
pub(crate) mod get_certificate_chain;
pub(crate) mod get_partner_certificate;
pub(crate) mod get_partner_certificates;
pub(crate) mod get_partner_signed_certificate;
pub(crate) mod jwt_sign;
pub(crate) mod jwt_verify;
mod kept;
mod key_pair;
pub(crate) mod list_ca_certificates;
pub(crate) mod opening;
pub(crate) mod revoke_key;
mod rows;
pub(crate) mod sealing;
mod token_key;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_certificate;
pub(crate) mod upload_other_domain_certificate;
pub(crate) mod upload_partner_certificate;
pub(crate) mod verify_certificate_trust;
mod vouching;

pub(crate) use access::{NOT_A_CLIENT, Restricted};
