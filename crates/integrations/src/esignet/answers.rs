//! What eSignet answers, and how that maps to our errors
//! (contract clients-users-notifications.md §1.12).

use pms_domain::{BusinessError, WireError};
use reqwest::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::authorised::{Answered, CallError};
use crate::http::{FailureKind, cause, describe};
use crate::key_manager::{NO_RESPONSE, UNUSABLE};

/// Longest answer that is read, in bytes.
const LONGEST: usize = 1024 * 1024;

/// Why an exchange did not end well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// eSignet did nothing: it was not reached, or did not let us in.
    NotSent,
    /// The connection broke before there was a whole answer.
    Broken,
    /// There was no answer in time, or none of eSignet's.
    Lost,
    /// eSignet's own words.
    Refused(BusinessError),
    /// An answer that neither confirms nor refuses.
    Unusable(BusinessError),
}

impl From<CallError> for Fault {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Token(_) | CallError::Hung(_) => Self::NotSent,
            CallError::Transport { kind, .. } => match kind {
                FailureKind::Unreachable => Self::NotSent,
                FailureKind::Broken => Self::Broken,
                FailureKind::Timeout | FailureKind::Unreadable => Self::Lost,
            },
        }
    }
}

/// What eSignet says about the client; what it says is not used.
#[derive(Deserialize)]
struct Client {
    #[serde(default, rename = "clientId")]
    _client_id: Option<String>,
    #[serde(default, rename = "status")]
    _status: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PeerError {
    error_code: Option<String>,
    error_message: Option<String>,
}

/// What eSignet supports, as far as its discovery document says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Supported {
    /// Claims, in its order.
    #[serde(default, rename = "claims_supported")]
    pub claims: Option<Vec<String>>,
    /// ACR values.
    #[serde(default, rename = "acr_values_supported")]
    pub acr_values: Option<Vec<String>>,
}

/// Whether eSignet did what it was asked for.
pub(super) async fn read(answer: Answered) -> Result<(), Fault> {
    let origin = answer.origin();
    let body = successful(answer).await?;
    let Ok(answer) = serde_json::from_slice::<Option<Map<String, Value>>>(&body) else {
        log("eSignet answered with something unreadable", &origin);
        return Err(Fault::Lost);
    };
    judge(answer)
}

fn judge(answer: Option<Map<String, Value>>) -> Result<(), Fault> {
    let unusable = || Fault::Unusable(UNUSABLE.into());
    let Some(mut answer) = answer else {
        return Err(Fault::Unusable(NO_RESPONSE.into()));
    };
    let mut member = |name| answer.remove(name).filter(|value| !value.is_null());
    match (member("response"), member("errors")) {
        (Some(response), _) => match object::<Client>(response) {
            Some(_) => Ok(()),
            None => {
                let detail = format!("{} eSignet's answer is unreadable.", UNUSABLE.message);
                Err(Fault::Unusable(BusinessError::single(
                    UNUSABLE.code,
                    detail,
                )))
            }
        },
        (None, None) => Err(Fault::Unusable(NO_RESPONSE.into())),
        (None, Some(errors)) => {
            let first = errors.get(0).ok_or_else(unusable)?;
            let error: PeerError = object(first.clone()).ok_or_else(unusable)?;
            tracing::warn!(code = error.error_code, "eSignet refuses");
            let error = WireError {
                code: error.error_code.map(Into::into),
                message: error.error_message.map(Into::into),
            };
            let refused = BusinessError::several(vec![error]);
            Err(refused.map_or_else(unusable, Fault::Refused))
        }
    }
}

/// Reads an object. A list is none, though serde takes its items for the members.
fn object<T: DeserializeOwned>(value: Value) -> Option<T> {
    value
        .is_object()
        .then(|| serde_json::from_value(value).ok())?
}

/// The discovery document.
pub(super) async fn supported(answer: Answered) -> Result<Supported, Fault> {
    let origin = answer.origin();
    let body = successful(answer).await?;
    serde_json::from_slice(&body).map_err(|_error| {
        log("eSignet's discovery document can't be read", &origin);
        Fault::Lost
    })
}

fn log(message: &'static str, cause: &str) {
    pms_log::error(message, cause, |line| tracing::error!(cause, "{line}"));
}

/// The body of an answer with a status of success.
async fn successful(answer: Answered) -> Result<Vec<u8>, Fault> {
    let (status, origin) = (answer.status(), answer.origin());
    if !status.is_success() {
        drop(answer.into_response());
        let cause = format!("{status}: {origin}");
        pms_log::error("eSignet refuses", &cause, |line| {
            tracing::error!(cause, %status, "{line}");
        });
        return Err(if status.is_server_error() {
            Fault::Lost
        } else {
            Fault::NotSent
        });
    }
    whole_of(answer).await.map_err(|unread| {
        let cause = match &unread {
            Unread::Stopped(error) => cause(error),
            Unread::TooLong => format!("{unread}: {origin}"),
        };
        pms_log::error("eSignet's answer can't be read", &cause, |line| {
            tracing::error!(cause, error = %unread, "{line}");
        });
        match unread {
            Unread::Stopped(error) if !error.is_timeout() => Fault::Broken,
            Unread::Stopped(_) | Unread::TooLong => Fault::Lost,
        }
    })
}

/// Why a body was not read to its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unread {
    /// It stopped.
    #[error("{}", describe(.0))]
    Stopped(#[from] reqwest::Error),
    /// It is too long.
    #[error("answered too much")]
    TooLong,
}

/// The whole body, unless it is too long.
pub(super) async fn whole(response: Response) -> Result<Vec<u8>, Unread> {
    first(response)
        .await
        .map_err(Unread::from)
        .and_then(fitting)
}

/// [`whole`] of a peer that may hang in the middle of it.
pub(super) async fn whole_of(answer: Answered) -> Result<Vec<u8>, Unread> {
    let read = answer.read(first).await;
    read.map_err(Unread::from).and_then(fitting)
}

/// The body up to a little more than is read.
async fn first(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST {
            break;
        }
    }
    Ok(bytes)
}

fn fitting(bytes: Vec<u8>) -> Result<Vec<u8>, Unread> {
    if bytes.len() > LONGEST {
        return Err(Unread::TooLong);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(body: &str) -> Result<(), Fault> {
        judge(serde_json::from_str(body).unwrap())
    }

    #[test]
    fn answers_mean_what_the_contract_says() {
        let refused = |code: Option<&'static str>, message: Option<&'static str>| {
            let error = WireError {
                code: code.map(Into::into),
                message: message.map(Into::into),
            };
            Err(Fault::Refused(BusinessError::several(vec![error]).unwrap()))
        };

        assert_eq!(
            judged(r#"{"response":{"clientId":"other","status":"?","more":1},"errors":[]}"#),
            Ok(())
        );
        assert_eq!(judged(r#"{"response":{}}"#), Ok(()));
        assert_eq!(
            judged(r#"{"response":null,"errors":[{"errorCode":"a","errorMessage":"b"},{}]}"#),
            refused(Some("a"), Some("b"))
        );
        assert_eq!(
            judged(r#"{"errors":[{"errorCode":"a"}]}"#),
            refused(Some("a"), None)
        );
        for nothing in [r#"{"response":null}"#, r#"{"errors":null}"#, "{}", "null"] {
            let expected = Err(Fault::Unusable(NO_RESPONSE.into()));
            assert_eq!(judged(nothing), expected, "{nothing}");
        }
        for nothing in [
            r#"{"response":null,"errors":[]}"#,
            r#"{"errors":["x"]}"#,
            r#"{"errors":[["a","b"]]}"#,
        ] {
            let expected = Err(Fault::Unusable(UNUSABLE.into()));
            assert_eq!(judged(nothing), expected, "{nothing}");
        }
        for strange in [
            r#"{"response":"ok"}"#,
            r#"{"response":{"clientId":{}}}"#,
            r#"{"response":[]}"#,
            r#"{"response":["c","ACTIVE"],"errors":[{"errorCode":"a"}]}"#,
        ] {
            let Err(Fault::Unusable(why)) = judged(strange) else {
                panic!("{strange}")
            };
            let message = why.errors()[0].message.as_deref().unwrap();
            assert_eq!(why.code(), "PMS_PRT_500");
            assert!(message.starts_with("Unable to process the request."));
        }
    }
}
