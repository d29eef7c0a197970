//! The route table of the certificate service.

use pms_web::dialect::Dialect::KeyManager;
use pms_web::service::CERTIFICATE;
use pms_web::{Access, Route, Rows, V1};

use crate::keymanager::{
    decrypt, decrypt_batch, encrypt, get_ca_trust_path, get_certificate, get_partner_certificate,
    get_partner_signed_certificate, list_ca_certificates, upload_ca_certificate,
    upload_other_domain_certificate, upload_partner_certificate, verify_certificate_trust,
};
use crate::partners;

/// The partner manager's routes, whichever key manager is behind them.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = Rows::of(&CERTIFICATE);
    vec![
        rows.post("/partners/certificate/ca/upload", Access::Role("postpartnerscacertificateupload"), V1, partners::upload_ca_certificate::handle)
            .summary("Upload a certificate of an authority that partners are to be trusted by"),
        rows.post("/partners/certificate/upload", Access::Role("postpartnerscertificateupload"), V1, partners::upload_partner_certificate::handle)
            .operation("certificate-upload").summary("Upload a partner's certificate, which approves and activates the partner"),
    ]
}

/// The routes of the embedded key manager.
#[rustfmt::skip]
pub fn key_manager_routes() -> Vec<Route> {
    let rows = Rows::below(&CERTIFICATE, "/v1/keymanager");
    vec![
        rows.post("/uploadCACertificate", Access::Role("postuploadcacertificate"), KeyManager, upload_ca_certificate::handle)
            .summary("Add certificates of authorities to a trust domain"),
        rows.post("/uploadPartnerCertificate", Access::Role("postuploadpartnercertificate"), KeyManager, upload_partner_certificate::handle)
            .summary("Check a partner's certificate and re-issue it"),
        rows.get("/getPartnerCertificate/{partnerCertId}", Access::Role("getgetpartnercertificatepartnercertid"), KeyManager, get_partner_certificate::handle)
            .summary("The certificate that was issued to a partner"),
        rows.get("/getPartnerSignedCertificate/{partnerCertId}", Access::Role("getgetpartnersignedcertificatepartnercertid"), KeyManager, get_partner_signed_certificate::handle)
            .summary("A partner's certificate as uploaded and as issued"),
        rows.post("/uploadOtherDomainCertificate", Access::Role("postuploadotherdomaincertificate"), KeyManager, upload_other_domain_certificate::handle)
            .summary("Keep a certificate to encrypt for somebody else"),
        rows.post("/encrypt", Access::Role("postencrypt"), KeyManager, encrypt::handle)
            .summary("Encrypt data for the holder of a key"),
        rows.post("/decrypt", Access::Role("postdecrypt"), KeyManager, decrypt::handle)
            .summary("Decrypt data with a key of this key manager"),
        rows.post("/decryptBatch", Access::Role("postdecrypt"), KeyManager, decrypt_batch::handle)
            .summary("Decrypt many texts at once"),
        rows.get("/getCertificate", Access::Role("getgetcertificate"), KeyManager, get_certificate::handle)
            .summary("The current certificate of an application and reference"),
        rows.post("/verifyCertificateTrust", Access::Role("postverifycertificatetrust"), KeyManager, verify_certificate_trust::handle)
            .summary("Whether a trust domain trusts a certificate"),
        rows.post("/getCaCertificates", Access::Role("postgetcacertificates"), KeyManager, list_ca_certificates::handle)
            .summary("List the certificates of authorities"),
        rows.get("/getCACertificateTrustPath/{caCertId}", Access::Role("getcacertificatetrustpath"), KeyManager, get_ca_trust_path::handle)
            .summary("A certificate of an authority with its issuers, for download"),
    ]
}
