//! Brings events to callbacks.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, LINK};
use aws_lc_rs::hmac;
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use tokio::sync::mpsc::Receiver;
use url::Url;

use super::event_log::Event;
use super::{HubError, HubOptions};

/// How long a callback may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Where the events of a topic go. It has no `Debug` form, for it holds the secret.
pub(super) struct Target {
    pub(super) topic: String,
    pub(super) callback: Url,
    pub(super) secret: Secret,
}

/// Key of the signature, if there is one. Clones share it, for who renews a subscription may
/// give another one.
#[derive(Clone, Default)]
pub(super) struct Secret(Arc<Mutex<Option<String>>>);

impl Secret {
    pub(super) fn new(secret: Option<String>) -> Self {
        Self(Arc::new(Mutex::new(secret)))
    }

    pub(super) fn replace_by(&self, other: &Self) {
        let secret = other.get();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = secret;
    }

    fn get(&self) -> Option<String> {
        let secret = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        secret.clone()
    }
}

/// Delivers, and tries again when that fails.
#[derive(Clone)]
pub(super) struct Deliverer {
    http: reqwest::Client,
    hub: Url,
    attempts: u32,
    first_pause: Duration,
}

/// How a delivery ended.
enum Outcome {
    Delivered,
    /// The subscriber is gone (410): the subscription is over.
    Gone,
    Failed(String),
}

impl Deliverer {
    pub(super) fn new(options: &HubOptions) -> Result<Self, HubError> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .redirect(Policy::none())
            .no_proxy()
            // Callbacks are on this machine, whatever the name service thinks of this name.
            .resolve("localhost", SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .build()?;
        Ok(Self {
            http,
            hub: options.public_url.clone(),
            attempts: options.delivery_attempts.max(1),
            first_pause: options.first_pause,
        })
    }

    /// The hub's own address.
    pub(super) const fn hub(&self) -> &Url {
        &self.hub
    }

    pub(super) const fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Delivers the queue's events one after the other, until the queue is dropped or the
    /// subscriber is gone.
    pub(super) async fn serve(self, target: Target, mut events: Receiver<Arc<Event>>) {
        while let Some(event) = events.recv().await {
            let (topic, callback, seq) = (&target.topic, &target.callback, event.seq);
            match self.deliver(&target, &event).await {
                Outcome::Delivered => {}
                Outcome::Gone => {
                    tracing::info!(topic, %callback, "the subscriber is gone");
                    return;
                }
                Outcome::Failed(reason) => {
                    tracing::warn!(topic, %callback, seq, reason, "an event wasn't delivered");
                }
            }
        }
    }

    async fn deliver(&self, target: &Target, event: &Event) -> Outcome {
        let mut pause = self.first_pause;
        let mut outcome = self.attempt(target, event).await;
        for _ in 1..self.attempts {
            if !matches!(outcome, Outcome::Failed(_)) {
                break;
            }
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
            outcome = self.attempt(target, event).await;
        }
        outcome
    }

    async fn attempt(&self, target: &Target, event: &Event) -> Outcome {
        let body = event.payload.get();
        let links = format!(
            "<{}>; rel=\"hub\", <{}>; rel=\"self\"",
            self.hub, target.topic
        );
        let mut request = self
            .http
            .post(target.callback.clone())
            .header(CONTENT_TYPE.as_str(), "application/json")
            .header(LINK.as_str(), links)
            .body(body.to_owned());
        if let Some(secret) = target.secret.get() {
            request = request.header("X-Hub-Signature", signature(&secret, body));
        }
        match request.send().await {
            Ok(response) if response.status().is_success() => Outcome::Delivered,
            Ok(response) if response.status() == StatusCode::GONE => Outcome::Gone,
            Ok(response) => Outcome::Failed(format!("it answers {}", response.status())),
            Err(error) => Outcome::Failed(error.without_url().to_string()),
        }
    }
}

/// The signature of a body (W3C WebSub §7.1).
fn signature(secret: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    format!("sha256={}", hex::encode(hmac::sign(&key, body.as_bytes())))
}
