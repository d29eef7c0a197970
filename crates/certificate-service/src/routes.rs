//! The route table of the certificate service.

use pms_domain::certificate::errors::{
    EXPIRING_NOT_FETCHED, NOT_REVOKED, PARTNER_CERTIFICATES_NOT_FETCHED, REVOKED_NOT_FETCHED,
    TRUST_CERTIFICATE_NOT_DOWNLOADED, TRUST_CERTIFICATES_NOT_FETCHED,
};
use pms_runtime::searches::{filter_values, search};
use pms_web::dialect::Dialect::{KeyManager, Raw};
use pms_web::service::CERTIFICATE;
use pms_web::{Access, Route, Rows, V1, v2, v2_checked};

use crate::keymanager::{
    decrypt, decrypt_batch, encrypt, encrypt_batch, generate_csr, generate_ec_sign_key,
    generate_master_key, get_all_certificates, get_ca_trust_path, get_certificate,
    get_certificate_chain, get_partner_certificate, get_partner_certificates,
    get_partner_signed_certificate, jwt_sign, jwt_verify, list_ca_certificates, revoke_key,
    upload_ca_certificate, upload_certificate, upload_other_domain_certificate,
    upload_partner_certificate, verify_certificate_trust,
};
use crate::misps::filter_values::FilterLicences;
use crate::misps::search::SearchLicences;
use crate::revocation::{download_list, expiring, revoke, revoked};
use crate::{misps, partners, trust_chain};

/// The partner manager's routes, whichever key manager is behind them.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = Rows::of(&CERTIFICATE);
    vec![
        rows.post("/partners/certificate/ca/upload", Access::Role("postpartnerscacertificateupload"), V1, partners::upload_ca_certificate::handle)
            .summary("Upload a certificate of an authority that partners are to be trusted by"),
        rows.post("/partners/certificate/upload", Access::Role("postpartnerscertificateupload"), V1, partners::upload_partner_certificate::handle)
            .operation("certificate-upload").summary("Upload a partner's certificate, which approves and activates the partner"),
        rows.get("/partners/partner-certificates-details", Access::Role("getpartnercertificates"), v2("mosip.pms.partner.certificates.get", PARTNER_CERTIFICATES_NOT_FETCHED), partners::certificate_details::handle)
            .summary("The certificates of one's own partners"),
        rows.get("/trust-chain-certificates", Access::Role("gettrustcertificates"), v2("mosip.pms.trust.certificates.get", TRUST_CERTIFICATES_NOT_FETCHED), trust_chain::list::handle)
            .summary("List the certificates of authorities in pages"),
        rows.get("/trust-chain-certificates/{certificateId}/certificateFile", Access::Role("getdownloadtrustcertificates"), v2("mosip.pms.download.trust.certificates.get", TRUST_CERTIFICATE_NOT_DOWNLOADED), trust_chain::download::handle)
            .summary("Download a certificate of an authority with its issuers"),
        rows.get("/certificates/expiring", Access::Role("getcertificatesexpiring"), v2("mosip.pms.expiring.certificates.get", EXPIRING_NOT_FETCHED), expiring::handle)
            .summary("List certificates that end soon, in pages"),
        rows.get("/certificates/revoked", Access::Role("getcertificatesrevoked"), v2("mosip.pms.revoked.certificates.get", REVOKED_NOT_FETCHED), revoked::handle)
            .summary("List revoked certificates in pages"),
        rows.post("/certificates/{certificateId}/revoke", Access::Role("postcertificaterevoke"), v2_checked("mosip.pms.revoke.certificate.post", NOT_REVOKED), revoke::handle)
            .summary("Revoke a certificate that was issued to a partner"),
        rows.open_get("/crl/{name}.crl", Raw, download_list::handle)
            .summary("A list of revoked certificates, for everybody"),
        rows.post("/misps", Access::Role("postmisplicense"), V1, misps::issue::handle)
            .summary("Issue the licence of a MISP"),
        rows.put("/misps", Access::Role("putmisplicense"), V1, misps::set_status::handle)
            .summary("Activate or deactivate a licence"),
        rows.get("/misps", Access::Role("getmisplicense"), V1, misps::list::handle)
            .summary("List licences"),
        rows.get("/misps/{mispId}/licenseKey", Access::Role("getmisplicensekey"), V1, misps::get_key::handle)
            .summary("Read the licence of a MISP, or renew it when it has ended"),
        rows.post("/misps/filtervalues", Access::Role("postmispfiltervalues"), V1, filter_values::<FilterLicences>)
            .summary("Values of columns of licences"),
        rows.post("/misps/search", Access::Role("postmispsearch"), V1, search::<SearchLicences>)
            .summary("Search licences"),
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
        rows.post("/getPartnerCertificates", Access::Role("getgetpartnercertificatepartnercertid"), KeyManager, get_partner_certificates::handle)
            .summary("The certificates that were issued to some partners"),
        rows.get("/getPartnerSignedCertificate/{partnerCertId}", Access::Role("getgetpartnersignedcertificatepartnercertid"), KeyManager, get_partner_signed_certificate::handle)
            .summary("A partner's certificate as uploaded and as issued"),
        rows.post("/uploadOtherDomainCertificate", Access::Role("postuploadotherdomaincertificate"), KeyManager, upload_other_domain_certificate::handle)
            .summary("Keep a certificate to encrypt for somebody else"),
        rows.post("/encrypt", Access::Role("postencrypt"), KeyManager, encrypt::handle)
            .summary("Encrypt data for the holder of a key"),
        rows.post("/encryptBatch", Access::Role("postencrypt"), KeyManager, encrypt_batch::handle)
            .summary("Encrypt many texts at once"),
        rows.post("/decrypt", Access::Role("postdecrypt"), KeyManager, decrypt::handle)
            .summary("Decrypt data with a key of this key manager"),
        rows.post("/decryptBatch", Access::Role("postdecrypt"), KeyManager, decrypt_batch::handle)
            .summary("Decrypt many texts at once"),
        rows.get("/getCertificate", Access::Role("getgetcertificate"), KeyManager, get_certificate::handle)
            .summary("The current certificate of an application and reference"),
        rows.post("/generateMasterKey/{objectType}", Access::Role("postgeneratemasterkeyobjecttype"), KeyManager, generate_master_key::handle)
            .summary("Make the key of an application that signs"),
        rows.post("/generateECSignKey/{objectType}", Access::Role("postgeneratemasterkeyobjecttype"), KeyManager, generate_ec_sign_key::handle)
            .summary("Make a key on an elliptic curve"),
        rows.post("/generateCSR", Access::Role("postgeneratecsr"), KeyManager, generate_csr::handle)
            .summary("Request a certificate for a key"),
        rows.post("/uploadCertificate", Access::Role("postuploadcertificate"), KeyManager, upload_certificate::handle)
            .summary("Give a key a certificate that somebody else signed"),
        rows.put("/revokeKey", Access::Role("putrevokekey"), KeyManager, revoke_key::handle)
            .summary("End a key before its time"),
        rows.get("/getAllCertificates", Access::Role("getgetcertificate"), KeyManager, get_all_certificates::handle)
            .summary("All certificates of an application and reference"),
        rows.get("/getCertificateChain", Access::Role("getcertificatechain"), KeyManager, get_certificate_chain::handle)
            .summary("The current certificate with its issuers, for download"),
        rows.post("/jwtSign", Access::Role("postjwtsign"), KeyManager, jwt_sign::handle)
            .summary("Sign a token"),
        rows.post("/jwtVerify", Access::Role("postjwtverify"), KeyManager, jwt_verify::handle)
            .summary("Check a token"),
        rows.post("/verifyCertificateTrust", Access::Role("postverifycertificatetrust"), KeyManager, verify_certificate_trust::handle)
            .summary("Whether a trust domain trusts a certificate"),
        rows.post("/getCaCertificates", Access::Role("postgetcacertificates"), KeyManager, list_ca_certificates::handle)
            .summary("List the certificates of authorities"),
        rows.get("/getCACertificateTrustPath/{caCertId}", Access::Role("getcacertificatetrustpath"), KeyManager, get_ca_trust_path::handle)
            .summary("A certificate of an authority with its issuers, for download"),
    ]
}
