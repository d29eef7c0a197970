//! The key manager contract as a client speaks it (contract keymanager.md §14).

#[cfg(test)]
mod tests;

mod answers;
mod certificates;
mod personal_data;
mod sealed;
mod signed;
mod upload;
mod written_time;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

pub use answers::{Certificate, SignedPartnerCertificate, Uploaded};
use answers::{read, read_errors_first};
pub use certificates::{CaCertificate, CaPage, CaQuery, Known, TrustPath};
pub use personal_data::{Answer, Opened, OwnKeyManager};
pub use sealed::is_sealed;
pub use signed::CertificatePair;
pub use upload::PartnerUpload;
pub use written_time::WrittenTime;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use pms_domain::event::Instant;
use pms_domain::{BusinessError, ErrorDef};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use zeroize::Zeroizing;

use crate::authorised::{Answered, Authorised, Effect, TokenHeaders};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// The peer can't be reached, refuses us, or answers with something else.
pub const UNREACHABLE: ErrorDef = ErrorDef::new(
    "PMS_KKS_001",
    "Error while accessing the API.Please check the logs.",
);
/// The peer's answer has neither a response nor errors.
pub const NO_RESPONSE: ErrorDef = ErrorDef::new("PMS_PRT_107", "Responese from the api is null");
/// The peer's answer has no response and an empty list of errors.
pub const UNUSABLE: ErrorDef = ErrorDef::new("PMS_PRT_500", "Unable to process the request.");
/// Our own key manager can't open its key for a text, and its log says which: it answered,
/// but that tells nothing of the text. It reaches no client.
pub const KEY_UNUSABLE: ErrorDef =
    ErrorDef::new("PMS_KKS_001", "The key of the text can't be opened.");

/// Calls at once towards a key manager that lacks our batch endpoint.
const CALLS_AT_ONCE: usize = 8;

/// A client of the key manager contract: certificate-service or a real one.
#[derive(Clone)]
pub struct KeyManager {
    peer: Authorised,
    base: String,
    crypto: CryptoKey,
    timeout: Duration,
    batches: bool,
    /// Personal data stays in this process.
    own: Arc<OnceLock<Arc<dyn OwnKeyManager>>>,
}

/// The key for personal data.
#[derive(Debug, Clone)]
pub struct CryptoKey {
    /// `applicationId`.
    pub app_id: String,
    /// `referenceId`.
    pub ref_id: String,
}

/// How to reach the key manager.
#[derive(Debug, Clone)]
pub struct KeyManagerOptions {
    /// Base URL, ending in `/v1/keymanager`.
    pub base: String,
    /// The key for personal data.
    pub crypto: CryptoKey,
    /// Longest a call may take.
    pub timeout: Duration,
    /// Whether it has `encryptBatch` and `decryptBatch`, which are ours.
    pub batches: bool,
}

impl KeyManager {
    /// A client; connects to nothing yet.
    pub fn new(client: reqwest::Client, token: ServiceToken, options: KeyManagerOptions) -> Self {
        let KeyManagerOptions {
            base,
            crypto,
            timeout,
            batches,
        } = options;
        Self {
            peer: Authorised::new(client, token, Peer::KeyManager, TokenHeaders::BothWays)
                .guarded(),
            base,
            crypto,
            timeout,
            batches,
            own: Arc::default(),
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    /// Whether it is not called now, because it hung: the log has that.
    pub fn is_hung(&self) -> bool {
        self.peer.is_hung()
    }

    /// From now on personal data is encrypted and decrypted by the key manager of
    /// this process, without HTTP, token and JSON; clones of this client do so too.
    /// Certificates take the way that they take to any other key manager.
    pub fn serve_in_process(&self, own: Arc<dyn OwnKeyManager>) {
        if self.own.set(own).is_err() {
            tracing::warn!("this process has a key manager already");
        }
    }

    /// `POST /uploadCACertificate`, requested at this time.
    ///
    /// # Errors
    /// The key manager's own error, or the mapping of contract keymanager.md §14.3.
    pub async fn upload_ca(
        &self,
        certificate: &str,
        domain: &str,
        at: Instant,
    ) -> Result<Uploaded, BusinessError> {
        let request = json!({ "certificateData": certificate, "partnerDomain": domain });
        // The one request that the contract sends with its time.
        let body = timed(&request, Some(at));
        let path = ["uploadCACertificate"];
        let sent = self.send(Effect::OfMethod, &path, reqwest::Client::post, Some(&body));
        read(sent.await?).await
    }

    /// `POST /uploadPartnerCertificate`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn upload_partner(
        &self,
        upload: &PartnerUpload<'_>,
    ) -> Result<SignedPartnerCertificate, BusinessError> {
        self.post("uploadPartnerCertificate", &json!(upload)).await
    }

    /// [`KeyManager::upload_partner`] of an FTM chip: errors refuse it also beside a
    /// response (contract keymanager.md §14.3).
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn upload_chip(
        &self,
        upload: &PartnerUpload<'_>,
    ) -> Result<SignedPartnerCertificate, BusinessError> {
        let (endpoint, request) = ("uploadPartnerCertificate", json!(upload));
        let sent = self.send_enveloped(Effect::OfMethod, endpoint, &request);
        read_errors_first(sent.await?).await
    }

    /// `POST /uploadOtherDomainCertificate` for the application `PARTNER`.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn upload_other_domain(
        &self,
        partner_id: &str,
        leaf: &str,
    ) -> Result<Uploaded, BusinessError> {
        let request = json!({
            "applicationId": "PARTNER",
            "referenceId": partner_id,
            "certificateData": leaf,
        });
        self.post("uploadOtherDomainCertificate", &request).await
    }

    /// `GET /getPartnerCertificate/{id}`: the MOSIP-signed certificate.
    ///
    /// # Errors
    /// As [`KeyManager::upload_ca`].
    pub async fn partner_certificate(&self, id: &str) -> Result<Certificate, BusinessError> {
        self.get(&["getPartnerCertificate", id]).await
    }

    /// A call that changes something.
    async fn post<T: DeserializeOwned>(
        &self,
        endpoint: &str,
        request: &serde_json::Value,
    ) -> Result<T, BusinessError> {
        let sent = self.send_enveloped(Effect::OfMethod, endpoint, request);
        read(sent.await?).await
    }

    /// A call by POST that changes nothing, and may be repeated.
    async fn ask<T: DeserializeOwned>(
        &self,
        endpoint: &str,
        request: &serde_json::Value,
    ) -> Result<T, BusinessError> {
        let sent = self.send_enveloped(Effect::Nothing, endpoint, request);
        read(sent.await?).await
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, BusinessError> {
        let sent = self.send(Effect::OfMethod, path, reqwest::Client::get, None::<&()>);
        read(sent.await?).await
    }

    async fn send_enveloped(
        &self,
        effect: Effect,
        endpoint: &str,
        request: &serde_json::Value,
    ) -> Result<Answered, BusinessError> {
        let body = enveloped(request);
        self.send(effect, &[endpoint], reqwest::Client::post, Some(&body))
            .await
    }

    /// One call, repeated once with a fresh token when the first is refused.
    async fn send(
        &self,
        effect: Effect,
        path: &[&str],
        method: fn(&reqwest::Client, url::Url) -> reqwest::RequestBuilder,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Answered, BusinessError> {
        let Ok(mut url) = url::Url::parse(&self.base) else {
            pms_log::error("key_manager.url is not set", "", |line| {
                tracing::error!("{line}");
            });
            return Err(UNREACHABLE.into());
        };
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        self.peer
            .call_with(effect, |client| {
                let request = method(client, url.clone()).timeout(self.timeout);
                match body {
                    Some(body) => request.json(body),
                    None => request,
                }
            })
            .await
            .map_err(|error| {
                error.log("a call to the key manager failed");
                BusinessError::from(UNREACHABLE)
            })
    }
}

/// A request in the envelope of the contract.
fn enveloped(request: &serde_json::Value) -> serde_json::Value {
    timed(request, None)
}

/// [`enveloped`] with the time of the request.
fn timed(request: &serde_json::Value, at: Option<Instant>) -> serde_json::Value {
    json!({ "id": null, "version": null, "requesttime": at, "metadata": null, "request": request })
}

/// Real key managers leave the padding out, the contract has it.
const WITH_OR_WITHOUT_PADDING: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, WITH_OR_WITHOUT_PADDING);
const ORDINARY: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, WITH_OR_WITHOUT_PADDING);

fn plain(data: &str) -> Option<Zeroizing<String>> {
    let bytes = URL_SAFE.decode(data).or_else(|_| ORDINARY.decode(data));
    String::from_utf8(bytes.ok()?).ok().map(Zeroizing::new)
}
