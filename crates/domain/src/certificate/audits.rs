//! Audit records of the certificate endpoints (contract integrations.md §3.4).
#![expect(missing_docs, reason = "each constant is a row of the catalogue")]

use crate::audit::audits;

audits! {
    Attempt CA_UPLOAD = "PMS_PRT_102", "POST UPLOADING CA CERT", "Uploading CA cert", else CA_UPLOAD_FAILURE;
    Success CA_UPLOAD_SUCCESS = "PMS_PRT_202", "POST UPLOADING CA CERT", "Uploading CA cert success", else CA_UPLOAD_FAILURE;
    Failure CA_UPLOAD_FAILURE = "PMS_PRT_402", "POST UPLOADING CA CERT", "Uploading CA cert failed";

    Attempt PARTNER_UPLOAD = "PMS_PRT_103", "POST UPLOADING PARTNER CERT", "Uploading Partner cert", else PARTNER_UPLOAD_FAILURE;
    Success PARTNER_UPLOAD_SUCCESS = "PMS_PRT_203", "POST UPLOADING PARTNER CERT", "Uploading Partner cert success", else PARTNER_UPLOAD_FAILURE;
    Failure PARTNER_UPLOAD_FAILURE = "PMS_PRT_403", "POST UPLOADING PARTNER CERT", "Uploading Partner cert failed";

    // Revocation: numbers that the catalogue leaves free.
    Attempt REVOKE = "PMS_PRT_601", "POST REVOKE CERTIFICATE", "Revoking a certificate", else REVOKE_FAILURE;
    Success REVOKE_SUCCESS = "PMS_PRT_602", "POST REVOKE CERTIFICATE", "Revoking a certificate success", else REVOKE_FAILURE;
    Failure REVOKE_FAILURE = "PMS_PRT_603", "POST REVOKE CERTIFICATE", "Revoking a certificate failed";
}
