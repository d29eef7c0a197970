//! The texts of mails in the master data (contract integrations.md §3.3).

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use lru::LruCache;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Response;
use serde::Deserialize;

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;
use crate::velocity::LONGEST_TEMPLATE;

const LANGUAGE: &str = "{langcode}";
const CODE: &str = "{templatetypecode}";
/// Texts that are kept.
const KEPT: NonZeroUsize = NonZeroUsize::new(256).unwrap();
/// How long a text is used before it is asked for again.
const FOUND: Duration = Duration::from_secs(600);
/// How long a missing text, or a service that is down, is not requested again.
const ABSENT: Duration = Duration::from_secs(30);
/// Longest answer: a template with the words around it, escaped as JSON.
const LONGEST_ANSWER: usize = 4 * LONGEST_TEMPLATE;

/// A client of the template service.
pub struct Templates {
    peer: Authorised,
    url: String,
    kept: Mutex<LruCache<Key, Kept>>,
}

/// Language and code.
type Key = (String, String);

struct Kept {
    text: Option<Arc<str>>,
    until: Instant,
}

/// The address has no place for the language or the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it must be an http or https URL with {{langcode}} and {{templatetypecode}}")]
pub struct BadTemplateUrl;

#[derive(Deserialize)]
struct Answer {
    response: Option<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    templates: Option<Vec<Listing>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    #[serde(default)]
    file_text: Option<String>,
}

impl Templates {
    /// A client of the endpoint `url`, such as
    /// `http://masterdata.kernel/v1/masterdata/templates/{langcode}/{templatetypecode}`.
    ///
    /// # Errors
    /// When the address is none, or lacks a place-holder.
    pub fn new(
        client: reqwest::Client,
        url: String,
        token: ServiceToken,
    ) -> Result<Self, BadTemplateUrl> {
        let sample = url.replace(LANGUAGE, "eng").replace(CODE, "code");
        let usable = url::Url::parse(&sample).is_ok_and(|url| url.scheme().starts_with("http"));
        if !usable || !url.contains(LANGUAGE) || !url.contains(CODE) {
            return Err(BadTemplateUrl);
        }
        Ok(Self {
            peer: Authorised::new(client, token, Peer::Templates, TokenHeaders::BothWays),
            url,
            kept: Mutex::new(LruCache::new(KEPT)),
        })
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    /// The text of a template; nothing when there is none, or the service does
    /// not say and never said.
    pub(super) async fn get(&self, language: &str, code: &str) -> Option<Arc<str>> {
        let key = (language.to_owned(), code.to_owned());
        let known = self.known(&key);
        if let Some((text, true)) = known {
            return text;
        }
        let (text, lifetime) = match self.fetch(language, code).await {
            Ok(Some(text)) => (Some(Arc::from(text)), FOUND),
            Ok(None) => (None, ABSENT),
            Err(error) => {
                tracing::warn!(language, code, error, "a template can't be fetched");
                (known.and_then(|(text, _)| text), ABSENT)
            }
        };
        let until = Instant::now() + lifetime;
        let kept = Kept {
            text: text.clone(),
            until,
        };
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .put(key, kept);
        text
    }

    /// What is kept, and whether that is still fresh.
    fn known(&self, key: &Key) -> Option<(Option<Arc<str>>, bool)> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(key)?;
        Some((found.text.clone(), found.until > Instant::now()))
    }

    fn call<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer.send(move |client| client.get(url))
    }

    async fn fetch(&self, language: &str, code: &str) -> Result<Option<String>, String> {
        let segment = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        // A code is of letters, digits, `-` and `_`: written as it is.
        let code = segment(code).replace("%2D", "-").replace("%5F", "_");
        let url = self
            .url
            .replace(LANGUAGE, &segment(language))
            .replace(CODE, &code);
        let mut response = self.call(&url).await.map_err(|error| error.to_string())?;
        let status = response.status();
        // The master data says so when it has no such template.
        if status == reqwest::StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !status.is_success() {
            return Err(format!("answered {status}"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| crate::http::describe(&error))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > LONGEST_ANSWER {
                return Err("answered too much".to_owned());
            }
        }
        let answer: Answer = serde_json::from_slice(&bytes)
            .map_err(|_error| "answered with something unreadable".to_owned())?;
        let listed = answer.response.and_then(|response| response.templates);
        let first = listed.and_then(|listed| listed.into_iter().next());
        let text = first.and_then(|listing| listing.file_text);
        Ok(text.as_deref().and_then(unquoted))
    }
}

/// A text without the double quotes around it; nothing when it is blank.
fn unquoted(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('"').unwrap_or(text);
    let text = text.strip_suffix('"').unwrap_or(text);
    (!text.trim().is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pair_of_quotes_is_taken_off() {
        assert_eq!(unquoted("\"\"a\" b\"").as_deref(), Some("\"a\" b"));
        assert_eq!(unquoted(" \"\" "), None);
        assert_eq!(unquoted("\""), None);
    }
}
