//! The data share, through which trust chains reach their consumers
//! (contract integrations.md §2).

use futures_util::future::BoxFuture;
use reqwest::Response;
use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use url::Url;

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::dispatcher::{Undelivered, answer};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;

/// Name of the share, of its file and of the file's part.
const NAME: &str = "certsChain";
/// Longest words of the data share that are kept.
const LONGEST_REASON: usize = 200;

/// A client of the data share.
pub struct Datashare {
    peer: Authorised,
    url: Url,
}

/// The address can't be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be an http or https URL")]
pub struct BadDatashareUrl;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    data_share: Option<Share>,
    #[serde(default)]
    errors: Option<Vec<PeerError>>,
}

/// Derives no `Debug`: who knows the address can download.
#[derive(Deserialize)]
struct Share {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PeerError {
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl Datashare {
    /// A client of the create endpoint `base`, such as
    /// `http://datashare.datashare/v1/datashare/create`, that shares under a
    /// policy with a subscriber.
    ///
    /// # Errors
    /// When the address is none.
    pub fn new(
        client: reqwest::Client,
        base: &str,
        (policy_id, subscriber_id): (&str, &str),
        token: ServiceToken,
    ) -> Result<Self, BadDatashareUrl> {
        let mut url = Url::parse(base).map_err(|_error| BadDatashareUrl)?;
        url.path_segments_mut()
            .map_err(|()| BadDatashareUrl)?
            .pop_if_empty()
            .extend([policy_id, subscriber_id]);
        Ok(Self {
            peer: Authorised::new(client, token, Peer::Datashare, TokenHeaders::BothWays),
            url,
        })
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    fn call<'a>(&'a self, chain: &'a str) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer
            .send(move |client| client.post(self.url.clone()).multipart(form(chain)))
    }

    /// Shares a trust chain; the address of the share works for minutes and a
    /// few downloads, and is a secret.
    ///
    /// # Errors
    /// When the data share did not answer with an address.
    pub async fn share(&self, chain: &str) -> Result<String, Undelivered> {
        let response = self.call(chain).await?;
        let status = response.status();
        let body = answer::text(response).await;
        let answer = serde_json::from_str::<Option<Answer>>(&body);
        if let Ok(Some(answer)) = &answer
            && let Some(error) = answer.errors.iter().flatten().next()
        {
            return Err(Undelivered::Retry(format!(
                "the data share refuses: {}",
                reason(error)
            )));
        }
        if !status.is_success() {
            return Err(Undelivered::Retry(format!(
                "the data share answered {status}"
            )));
        }
        // Without the body: it may hold the address of a share.
        let unusable = match answer {
            Ok(Some(answer)) => match answer.data_share.and_then(|share| share.url) {
                Some(url) if usable(&url) => return Ok(url),
                _ => "an answer without an address",
            },
            Ok(None) => "a null response",
            Err(_) => "something unreadable",
        };
        Err(Undelivered::Retry(format!(
            "the data share gave {unusable}"
        )))
    }
}

fn form(chain: &str) -> Form {
    let file = Part::text(chain.to_owned()).file_name(NAME);
    // The only type that it knows of is a constant, so this can't fail.
    let file = file
        .mime_str("application/octet-stream")
        .unwrap_or_else(|_| Part::text(chain.to_owned()).file_name(NAME));
    Form::new()
        .text("name", NAME)
        .text("filename", NAME)
        .part("file", file)
}

fn usable(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// The data share's own words, without addresses.
fn reason(error: &PeerError) -> String {
    let text = format!(
        "{} {}",
        error.error_code.as_deref().unwrap_or("no code"),
        error.message.as_deref().unwrap_or_default()
    );
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| if word.contains("://") { "***" } else { word })
        .collect();
    words.join(" ").chars().take(LONGEST_REASON).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_names_no_address() {
        let error = PeerError {
            error_code: Some("DAT-SER-003".to_owned()),
            message: Some("no access to http://share/get/key now\n".to_owned()),
        };

        assert_eq!(reason(&error), "DAT-SER-003 no access to *** now");
    }
}
