//! What the key manager answers, and how that maps to our errors (contract keymanager.md §14.3).

use pms_domain::{BusinessError, WireError};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{NO_RESPONSE, UNREACHABLE, UNUSABLE};
use crate::authorised::Answered;
use crate::http::{cause, describe};

/// `{status, timestamp}`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Uploaded {
    /// `Upload Success.` and the like.
    pub status: String,
    /// ISO local date-time, UTC.
    #[serde(default)]
    pub timestamp: Option<String>,
}

/// Answer of a partner certificate upload.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignedPartnerCertificate {
    /// base64url of the PKCS#7 chain, leaf first.
    pub signed_certificate_data: String,
    /// Id of the certificate in the key manager's store.
    pub certificate_id: String,
    /// ISO local date-time, UTC.
    #[serde(default)]
    pub timestamp: Option<String>,
}

/// Answer with one certificate.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// PEM of the MOSIP-signed certificate.
    pub certificate_data: String,
    /// ISO local date-time, UTC.
    #[serde(default)]
    pub timestamp: Option<String>,
}

#[derive(Deserialize)]
struct Answer<T> {
    response: Option<T>,
    #[serde(default)]
    errors: Option<Vec<PeerError>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PeerError {
    error_code: Option<String>,
    message: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct CryptoAnswer {
    pub(super) data: String,
}

#[derive(Deserialize)]
pub(super) struct BatchAnswer {
    pub(super) data: Vec<Option<String>>,
    /// Places of the texts whose key can't be opened.
    #[serde(default)]
    pub(super) failed: Vec<usize>,
}

/// The `response` of an answer, or the refusal that it means.
pub(super) async fn read<T: DeserializeOwned>(answered: Answered) -> Result<T, BusinessError> {
    let status = answered.status();
    if !status.is_success() {
        drop(answered.into_response());
        pms_log::error("the key manager refuses", status.as_str(), |line| {
            tracing::error!(%status, "{line}");
        });
        return Err(UNREACHABLE.into());
    }
    let body = answered.read(reqwest::Response::json::<Answer<T>>).await;
    let answer = body.map_err(|error| {
        let message = "the key manager's answer can't be read";
        let cause = cause(&error);
        pms_log::error(message, &cause, |line| {
            tracing::error!(cause, error = describe(&error), "{line}");
        });
        BusinessError::from(UNREACHABLE)
    })?;
    match (answer.response, answer.errors) {
        (Some(response), _) => Ok(response),
        (None, None) => Err(NO_RESPONSE.into()),
        (None, Some(errors)) => match errors.into_iter().next() {
            None => Err(UNUSABLE.into()),
            Some(first) => {
                let error = WireError {
                    code: first.error_code.map(Into::into),
                    message: first.message.map(Into::into),
                };
                Err(BusinessError::several(vec![error]).unwrap_or_else(|| UNUSABLE.into()))
            }
        },
    }
}
