//! Publishing to the WebSub hub (integrations contract §1.1).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use reqwest::StatusCode;
use reqwest::header::COOKIE;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::dispatcher::{Undelivered, answer};
use crate::http::describe;
use crate::service_token::ServiceToken;

/// A client of one hub.
pub struct Hub {
    client: reqwest::Client,
    url: String,
    token: ServiceToken,
    registered: Mutex<HashSet<String>>,
}

impl Hub {
    /// A client of the hub at `url`, such as `http://websub.websub/hub/`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        Self {
            client,
            url,
            token,
            registered: Mutex::default(),
        }
    }

    /// Publishes one event.
    ///
    /// # Errors
    /// When the hub did not say that it has accepted the event.
    pub async fn publish(&self, topic: &str, event: &Value) -> Result<(), Undelivered> {
        self.register_once(topic).await;
        let token = self
            .token
            .get()
            .await
            .map_err(|e| Undelivered::Retry(e.to_string()))?;
        let request = self
            .client
            .post(&self.url)
            .query(&[("hub.mode", "publish"), ("hub.topic", topic)])
            .header(COOKIE, cookie(&token))
            .json(event);
        let response = request
            .send()
            .await
            .map_err(|e| Undelivered::Retry(describe(&e)))?;
        let status = response.status();
        if status == StatusCode::ACCEPTED {
            return Ok(());
        }
        let body = answer::text(response).await;
        if status == StatusCode::OK && accepted(&body) {
            return Ok(());
        }
        // The hub may have lost its topics, or the token its roles.
        self.registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(topic);
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            self.token.refused(&token).await;
        }
        let body = answer::excerpt(&body, event);
        Err(Undelivered::Retry(format!(
            "the hub answered {status}: {body}"
        )))
    }

    /// Registers the topic once per process. A failure only shows in the log:
    /// hubs make unknown topics when something is published to them.
    async fn register_once(&self, topic: &str) {
        let known = self
            .registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(topic);
        if known {
            return;
        }
        let Ok(token) = self.token.get().await else {
            return;
        };
        let form = [("hub.mode", "register"), ("hub.topic", topic)];
        let sent = self
            .client
            .post(&self.url)
            .header(COOKIE, cookie(&token))
            .form(&form)
            .send()
            .await;
        match sent {
            Ok(response) if response.status().is_success() => {
                let mut registered = self
                    .registered
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                registered.insert(topic.to_owned());
            }
            Ok(response) => {
                tracing::warn!(topic, status = %response.status(), "topic not registered");
            }
            Err(error) => {
                tracing::warn!(topic, error = describe(&error), "topic not registered");
            }
        }
    }
}

fn cookie(token: &SecretString) -> String {
    format!("Authorization={}", token.expose_secret())
}

/// Whether the first value of a form-style answer says `accepted`.
fn accepted(body: &str) -> bool {
    body.trim()
        .split('&')
        .next()
        .and_then(|pair| pair.split_once('='))
        .is_some_and(|(_, value)| value.trim() == "accepted")
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn only_a_leading_accepted_counts() {
        assert!(accepted("hub.mode=accepted"));
        assert!(accepted("hub.mode=accepted&hub.topic=x\n"));
        assert!(!accepted("hub.mode=denied&hub.reason=accepted"));
        assert!(!accepted(""));
    }
}
