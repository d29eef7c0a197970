//! The partner manager's certificate routes: one file per operation.

pub(crate) mod certificate_details;
mod checks;
mod finalize;
pub(crate) mod upload_ca_certificate;
pub(crate) mod upload_partner_certificate;
pub(crate) mod upload_slot;

use pms_domain::certificate::errors::PARTNER_CERTIFICATES_NOT_FETCHED;
use pms_web::Access::Role;
use pms_web::{Route, Rows, V1, v2};

/// Rows of the route table.
#[rustfmt::skip]
pub(crate) fn routes(rows: &Rows) -> Vec<Route> {
    vec![
        rows.post("/partners/certificate/ca/upload", Role("postpartnerscacertificateupload"), V1, upload_ca_certificate::handle).summary("Upload a certificate of an authority that partners are to be trusted by"),
        rows.post("/partners/certificate/upload", Role("postpartnerscertificateupload"), V1, upload_partner_certificate::handle).operation("certificate-upload").summary("Upload a partner's certificate, which approves and activates the partner"),
        rows.get("/partners/partner-certificates-details", Role("getpartnercertificates"), v2("mosip.pms.partner.certificates.get", PARTNER_CERTIFICATES_NOT_FETCHED), certificate_details::handle).summary("The certificates of one's own partners"),
    ]
}
