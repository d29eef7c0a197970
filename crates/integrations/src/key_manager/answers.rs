//! What the key manager answers, and how that maps to our errors (contract keymanager.md §14.3).

use pms_domain::{BusinessError, WireError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{NO_RESPONSE, UNREACHABLE, UNUSABLE};
use crate::authorised::Answered;
use crate::http::{FailureKind, cause, describe};

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
    let answer: Answer<T> = whole(answered).await?;
    match (answer.response, answer.errors) {
        (Some(response), _) => Ok(response),
        (None, None) => Err(NO_RESPONSE.into()),
        (None, Some(errors)) => Err(refusal(errors)),
    }
}

/// [`read`] of an answer whose errors count also beside a response. A response that no
/// error stands beside is one, as in [`read`].
pub(super) async fn read_errors_first<T: DeserializeOwned>(
    answered: Answered,
) -> Result<T, BusinessError> {
    let place = Place::of(&answered);
    let answer: Answer<Value> = whole(answered).await?;
    match (answer.response, answer.errors) {
        (_, Some(errors)) if !errors.is_empty() => Err(refusal(errors)),
        (Some(response), _) => {
            serde_json::from_value(response).map_err(|_fault| place.unreadable())
        }
        (None, Some(errors)) => Err(refusal(errors)),
        (None, None) => Err(NO_RESPONSE.into()),
    }
}

/// The first error of an answer.
fn refusal(errors: Vec<PeerError>) -> BusinessError {
    let error = errors.into_iter().next().map(|first| WireError {
        code: first.error_code.map(Into::into),
        message: first.message.map(Into::into),
    });
    BusinessError::several(error.into_iter().collect()).unwrap_or_else(|| UNUSABLE.into())
}

/// The envelope of an answer. One without a body, or `null`, says nothing
/// (contract devices.md §10.4).
async fn whole<T: DeserializeOwned>(answered: Answered) -> Result<Answer<T>, BusinessError> {
    let status = answered.status();
    if !status.is_success() {
        drop(answered.into_response());
        pms_log::error("the key manager refuses", status.as_str(), |line| {
            tracing::error!(%status, "{line}");
        });
        return Err(UNREACHABLE.into());
    }
    let place = Place::of(&answered);
    let body = answered.read(reqwest::Response::bytes).await;
    let body = body.map_err(|error| unreadable(&cause(&error), &describe(&error)))?;
    if body.trim_ascii().is_empty() {
        return Err(NO_RESPONSE.into());
    }
    let answer = serde_json::from_slice::<Option<Answer<T>>>(&body);
    answer
        .map_err(|_fault| place.unreadable())?
        .ok_or_else(|| NO_RESPONSE.into())
}

/// Where an answer comes from, for the log.
struct Place {
    origin: String,
    path: String,
}

impl Place {
    fn of(answered: &Answered) -> Self {
        Self {
            origin: answered.origin(),
            path: answered.path(),
        }
    }

    /// Without the parser's words, which quote what is answered.
    fn unreadable(&self) -> BusinessError {
        let cause = format!("{}: {}", FailureKind::Unreadable.text(), self.origin);
        unreadable(&cause, &format!("{cause}{}", self.path))
    }
}

fn unreadable(cause: &str, error: &str) -> BusinessError {
    let message = "the key manager's answer can't be read";
    pms_log::error(message, cause, |line| {
        tracing::error!(cause, error, "{line}");
    });
    UNREACHABLE.into()
}
