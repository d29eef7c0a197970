//! Publishing to the WebSub hub (contract integrations.md §1.1).

use std::collections::HashSet;
use std::future::ready;
use std::sync::{Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::Queue;
use pms_database::outbox::leases::Delivery;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::authorised::{Authorised, CallError, TokenHeaders};
use crate::dispatcher::{Deliverer, Undelivered, answer};
use crate::observer::{Observer, Peer};
use crate::service_token::ServiceToken;
use crate::trust_chains;

/// A client of one hub.
pub struct Hub {
    peer: Authorised,
    url: String,
    registered: Mutex<HashSet<String>>,
}

impl Hub {
    /// A client of the hub at `url`, such as `http://websub.websub/hub/`.
    pub fn new(client: reqwest::Client, url: String, token: ServiceToken) -> Self {
        Self {
            peer: Authorised::new(client, token, Peer::Hub, TokenHeaders::Cookie),
            url,
            registered: Mutex::default(),
        }
    }

    /// The same client, with its calls observed.
    #[must_use]
    pub fn observed(mut self, observer: Observer) -> Self {
        self.peer = self.peer.observed(observer);
        self
    }

    /// Publishes one event.
    ///
    /// # Errors
    /// When the hub did not say that it has accepted the event.
    pub async fn publish(&self, topic: &str, event: &Value) -> Result<(), Undelivered> {
        self.register_once(topic).await;
        let response = self.call(topic, event).await?;
        let status = response.status();
        if status == StatusCode::ACCEPTED {
            return Ok(());
        }
        let body = answer::text(response).await;
        if status == StatusCode::OK && accepted(&body) {
            return Ok(());
        }
        // The hub may have lost its topics.
        self.registered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(topic);
        let body = answer::excerpt(&body, event);
        Err(Undelivered::Retry(format!(
            "the hub answered {status}: {body}"
        )))
    }

    fn call<'a>(
        &'a self,
        topic: &'a str,
        event: &'a Value,
    ) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer.send(move |client| {
            client
                .post(&self.url)
                .query(&[("hub.mode", "publish"), ("hub.topic", topic)])
                .json(event)
        })
    }

    fn register<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<Response, CallError>> {
        self.peer.send(move |client| {
            let form = [("hub.mode", "register"), ("hub.topic", topic)];
            client.post(&self.url).form(&form)
        })
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
        match self.register(topic).await {
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
                tracing::warn!(topic, %error, "topic not registered");
            }
        }
    }
}

impl Deliverer for Hub {
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        // Older versions queue trust chains among the events.
        if trust_chains::is_trust_chain(&row.payload) {
            return ready(Err(Undelivered::Misplaced(Queue::TrustChain))).boxed();
        }
        self.publish(&row.topic, &row.payload).boxed()
    }
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
