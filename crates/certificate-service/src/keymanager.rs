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

use pms_web::Access::Role;
use pms_web::{Dialect, Route, Rows};

pub(crate) use access::{NOT_A_CLIENT, Restricted};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.post("/uploadCACertificate", Role("postuploadcacertificate"), Dialect::KeyManager, upload_ca_certificate::handle).summary("Add certificates of authorities to a trust domain"),
        rows.post("/uploadPartnerCertificate", Role("postuploadpartnercertificate"), Dialect::KeyManager, upload_partner_certificate::handle).summary("Check a partner's certificate and re-issue it"),
        rows.get("/getPartnerCertificate/{partnerCertId}", Role("getgetpartnercertificatepartnercertid"), Dialect::KeyManager, get_partner_certificate::handle).summary("The certificate that was issued to a partner"),
        rows.post("/getPartnerCertificates", Role("getgetpartnercertificatepartnercertid"), Dialect::KeyManager, get_partner_certificates::handle).summary("The certificates that were issued to some partners"),
        rows.get("/getPartnerSignedCertificate/{partnerCertId}", Role("getgetpartnersignedcertificatepartnercertid"), Dialect::KeyManager, get_partner_signed_certificate::handle).summary("A partner's certificate as uploaded and as issued"),
        rows.post("/uploadOtherDomainCertificate", Role("postuploadotherdomaincertificate"), Dialect::KeyManager, upload_other_domain_certificate::handle).summary("Store the certificate of another domain, to encrypt for it"),
        rows.post("/encrypt", Role("postencrypt"), Dialect::KeyManager, encrypt::handle).summary("Encrypt data for the holder of a key"),
        rows.post("/encryptBatch", Role("postencrypt"), Dialect::KeyManager, encrypt_batch::handle).summary("Encrypt many texts at once"),
        rows.post("/decrypt", Role("postdecrypt"), Dialect::KeyManager, decrypt::handle).summary("Decrypt data with a key of this key manager"),
        rows.post("/decryptBatch", Role("postdecrypt"), Dialect::KeyManager, decrypt_batch::handle).summary("Decrypt many texts at once"),
        rows.get("/getCertificate", Role("getgetcertificate"), Dialect::KeyManager, get_certificate::handle).summary("The current certificate of an application and reference"),
        rows.post("/generateMasterKey/{objectType}", Role("postgeneratemasterkeyobjecttype"), Dialect::KeyManager, generate_master_key::handle).summary("Make the key of an application that signs"),
        rows.post("/generateECSignKey/{objectType}", Role("postgeneratemasterkeyobjecttype"), Dialect::KeyManager, generate_ec_sign_key::handle).summary("Make a key on an elliptic curve"),
        rows.post("/generateCSR", Role("postgeneratecsr"), Dialect::KeyManager, generate_csr::handle).summary("Request a certificate for a key"),
        rows.post("/uploadCertificate", Role("postuploadcertificate"), Dialect::KeyManager, upload_certificate::handle).summary("Store the certificate that another authority signed for a key"),
        rows.put("/revokeKey", Role("putrevokekey"), Dialect::KeyManager, revoke_key::handle).summary("End a key before its time"),
        rows.get("/getAllCertificates", Role("getgetcertificate"), Dialect::KeyManager, get_all_certificates::handle).summary("All certificates of an application and reference"),
        rows.get("/getCertificateChain", Role("getcertificatechain"), Dialect::KeyManager, get_certificate_chain::handle).summary("The current certificate with its issuers, for download"),
        rows.post("/jwtSign", Role("postjwtsign"), Dialect::KeyManager, jwt_sign::handle).summary("Sign a token"),
        rows.post("/jwtVerify", Role("postjwtverify"), Dialect::KeyManager, jwt_verify::handle).summary("Check a token"),
        rows.post("/verifyCertificateTrust", Role("postverifycertificatetrust"), Dialect::KeyManager, verify_certificate_trust::handle).summary("Whether a trust domain trusts a certificate"),
        rows.post("/getCaCertificates", Role("postgetcacertificates"), Dialect::KeyManager, list_ca_certificates::handle).summary("List the certificates of authorities"),
        rows.get("/getCACertificateTrustPath/{caCertId}", Role("getcacertificatetrustpath"), Dialect::KeyManager, get_ca_trust_path::handle).summary("A certificate of an authority with its issuers, for download"),
    ]
}
