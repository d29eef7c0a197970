//! What the key manager signs: a partner's certificate, in both of its forms
//! (contract keymanager.md §8.4), and our own tokens (contract keymanager.md §12).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_domain::BusinessError;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedToken {
    jwt_signed_data: SecretString,
}

impl KeyManager {
    /// `POST /jwtSign`: a token with these claims, under the key of application
    /// `KERNEL`, reference `SIGN`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn sign_token(&self, claims: &Value) -> Result<SecretString, BusinessError> {
        let request = json!({
            "dataToSign": URL_SAFE_NO_PAD.encode(claims.to_string()),
            "applicationId": "KERNEL",
            "referenceId": "SIGN",
            "includePayload": true,
            "includeCertificate": false,
            "includeCertHash": false,
        });
        let signed: SignedToken = self.ask("jwtSign", &request).await?;
        Ok(signed.jwt_signed_data)
    }

    /// `GET /getPartnerSignedCertificate/{id}`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn partner_signed_certificate(
        &self,
        id: &str,
    ) -> Result<CertificatePair, BusinessError> {
        self.get(&["getPartnerSignedCertificate", id]).await
    }
}
