//! A partner's certificate in both of its forms (key manager contract §8.4).

use pms_domain::Rejection;
use serde::Deserialize;

use super::KeyManager;

/// The certificate that a partner uploaded and the one that was made of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificatePair {
    /// PEM of the uploaded certificate.
    pub ca_signed_certificate_data: String,
    /// PEM of the MOSIP-signed certificate.
    pub mosip_signed_certificate_data: String,
}

impl KeyManager {
    /// `GET /getPartnerSignedCertificate/{id}`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn partner_signed_certificate(&self, id: &str) -> Result<CertificatePair, Rejection> {
        let path = ["getPartnerSignedCertificate", id];
        self.call(reqwest::Method::GET, &path, None::<&()>).await
    }
}
