//! The kernel notifier (contract integrations.md §3.2).

use futures_util::future::BoxFuture;
use reqwest::Response;
use reqwest::multipart::Form;
use serde::Deserialize;

use super::{Mail, secrets};
use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::dispatcher::{Undelivered, answer};
use crate::http::FailureKind;
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// The notifier can't send to this address, however often it is called.
const BAD_ADDRESS: &str = "KER-NOE-001";
/// The notifier does not take this mail until an operator changes a template or
/// its configuration: no subject, no content, no sender, invalid input.
const REFUSALS: [&str; 4] = ["KER-NOE-002", "KER-NOE-003", "KER-NOE-007", "KER-NOE-999"];

/// A client of the notifier.
pub struct Notifier {
    peer: Authorised,
    url: String,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    response: Option<SendStatus>,
    #[serde(default)]
    errors: Option<Vec<PeerError>>,
}

#[derive(Deserialize)]
struct SendStatus {
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PeerError {
    #[serde(default)]
    error_code: Option<String>,
}

impl Notifier {
    /// A client of the endpoint `url`, such as
    /// `http://notifier.kernel/v1/notifier/email/send`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        Self {
            peer: Authorised::new(client, token, Peer::Notifier, TokenHeaders::BothWays),
            url,
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    fn call<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer
            .send(move |client| client.post(&self.url).multipart(form(mail)))
    }

    /// Sends one mail: HTTP 200 alone is no success, the body must say so.
    pub(super) async fn send(&self, mail: &Mail) -> Result<(), Undelivered> {
        let response = self.call(mail).await.map_err(|error| match error {
            // It may have sent the mail, and each repetition would be one more mail.
            CallError::Transport {
                kind: FailureKind::Timeout,
                text,
                ..
            } => Undelivered::Unknown(text),
            other => other.into(),
        })?;
        let status = response.status();
        let body = answer::text(response).await;
        let answer: Option<Answer> = serde_json::from_str(&body).ok();
        let errors = answer.as_ref().and_then(|answer| answer.errors.as_ref());
        let codes = || {
            let errors = errors.into_iter().flatten();
            errors.filter_map(|error| error.error_code.as_deref())
        };
        if codes().any(|code| code == BAD_ADDRESS) {
            let why = format!("the notifier refuses the address: {BAD_ADDRESS}");
            return Err(Undelivered::Never(why));
        }
        if let Some(code) = codes().find(|code| REFUSALS.contains(code)) {
            let why = format!("the notifier refuses the mail: {code}");
            return Err(Undelivered::Refused(why));
        }
        let refused = errors.is_some_and(|errors| !errors.is_empty());
        let said = answer
            .as_ref()
            .and_then(|answer| answer.response.as_ref()?.status.as_deref());
        let sent = said.is_some_and(|said| said.eq_ignore_ascii_case("success"));
        if status.is_success() && sent && !refused {
            return Ok(());
        }
        let body = answer::excerpt(&body, &secrets(mail));
        Err(Undelivered::Retry(format!(
            "the notifier answered {status}: {body}"
        )))
    }
}

fn form(mail: &Mail) -> Form {
    Form::new()
        .text("mailTo", mail.to.clone())
        .text("mailSubject", mail.subject.clone())
        .text("mailContent", mail.content.clone())
}
