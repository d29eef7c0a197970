//! Certificates from the key manager, as far as answers show them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pms_domain::ErrorDef;
use pms_domain::partner::errors::CERTIFICATE_UNREADABLE;
use pms_pki::Certificate;
use pms_pki::certificate::Validity;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// When the certificate in `pem` is valid.
///
/// # Errors
/// When it can't be read.
pub(crate) fn validity(pem: &str) -> Result<Validity, ErrorDef> {
    let base64 = pem
        .replace(BEGIN, "")
        .replace(END, "")
        .replace(['\n', '\r'], "");
    let der = STANDARD.decode(base64).or(Err(CERTIFICATE_UNREADABLE))?;
    let certificate = Certificate::from_der(&der).or(Err(CERTIFICATE_UNREADABLE))?;
    Ok(certificate.validity())
}

/// `certificateUploadStatus` of a partner with or without a certificate.
pub(crate) const fn upload_status(has_certificate: bool) -> &'static str {
    if has_certificate {
        "uploaded"
    } else {
        "not_uploaded"
    }
}
