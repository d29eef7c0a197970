//! A subscriber of every topic, which does what a relying module does
//! (contract integrations.md §1.5): confirms its intent, checks signatures, and
//! downloads trust chains.

mod callback;
mod download;
mod subscribing;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use pms_database::{Clock, ids};
use pms_domain::event::Topic;
use pms_peers::Newest;
use serde::{Serialize, Serializer};
use serde_json::Value;
use url::Url;

pub(super) use callback::{confirm_intent, take_event};
pub(super) use subscribing::Subscribing;

use super::masking;
use crate::commands::CommandError;
use crate::identity::Identity;

/// Path of the callbacks; the topic follows.
pub(super) const CALLBACK: &str = "/dev/subscriber/callback/";
/// Largest event, in bytes, as at the hub.
pub(super) const MAX_EVENT: usize = 1024 * 1024;

/// The client that relying modules subscribe with.
const CLIENT: &str = "mpartner-default-auth";
/// Longest that hub and data share may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The subscriber. Clones share everything.
#[derive(Clone)]
pub(super) struct Subscriber(Arc<State>);

struct State {
    base: Url,
    /// Key of the signatures.
    secret: String,
    identity: Identity,
    clock: Clock,
    http: reqwest::Client,
    confirmed: Mutex<HashMap<&'static str, bool>>,
    received: Newest<Received>,
    numbers: AtomicU64,
}

/// An event as it arrived, its secrets hidden.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Received {
    number: u64,
    #[serde(serialize_with = "in_millis")]
    received_at: DateTime<Utc>,
    topic: &'static str,
    event_id: Option<String>,
    /// Parts of its data that a relying module needs and does not find.
    missing: Vec<&'static str>,
    /// What became of the trust chain that it names.
    download: Option<String>,
    payload: Value,
}

fn in_millis<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

impl Subscriber {
    pub(super) fn open(base: Url, identity: Identity, clock: Clock) -> Result<Self, CommandError> {
        let failed = |error: &dyn std::fmt::Display| CommandError::about("subscriber", error);
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| failed(&error))?;
        let secret = ids::alphanumeric(40).map_err(|error| failed(&error))?;
        Ok(Self(Arc::new(State {
            base,
            secret,
            identity,
            clock,
            http,
            confirmed: Mutex::default(),
            received: Newest::default(),
            numbers: AtomicU64::new(0),
        })))
    }

    /// The topics, and whether the hub has confirmed the subscription.
    pub(super) fn topics(&self) -> Vec<(&'static str, bool)> {
        let confirmed = self.0.confirmed.lock();
        let confirmed = confirmed.unwrap_or_else(PoisonError::into_inner);
        let all = Topic::ALL.map(Topic::name).into_iter();
        all.map(|topic| (topic, confirmed.get(topic) == Some(&true)))
            .collect()
    }

    /// Asks the hub for everything again.
    fn forget_confirmations(&self) {
        let confirmed = self.0.confirmed.lock();
        confirmed.unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// How many events arrived.
    pub(super) fn count(&self) -> u64 {
        self.0.numbers.load(Ordering::Relaxed)
    }

    /// The events that arrived last, newest first.
    pub(super) fn newest(&self, limit: usize) -> Vec<Received> {
        let all = self.0.received.all();
        all.into_iter().rev().take(limit).collect()
    }

    /// Keeps an event; gives its number.
    fn keep(&self, topic: Topic, mut payload: Value, bytes: usize) -> u64 {
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed) + 1;
        let data = payload.pointer("/event/data");
        let lacks = |name: &&str| {
            data.and_then(|data| data.get(*name))
                .is_none_or(Value::is_null)
        };
        let missing = needed(topic).iter().copied().filter(lacks).collect();
        let event_id = payload.pointer("/event/id").and_then(Value::as_str);
        let event_id = event_id.map(str::to_owned);
        masking::hide_secrets(&mut payload);
        let received = Received {
            number,
            received_at: self.0.clock.now(),
            topic: topic.name(),
            event_id,
            missing,
            download: None,
            payload,
        };
        self.0.received.push(received, bytes);
        number
    }
}

/// The topic with this name on the wire.
fn topic(name: &str) -> Option<Topic> {
    Topic::ALL.into_iter().find(|topic| topic.name() == name)
}

/// What IDA's handlers need in `event.data`, and drop an event without.
const fn needed(topic: Topic) -> &'static [&'static str] {
    match topic {
        Topic::ApiKeyApproved => &["partnerData", "apiKeyData", "policyData"],
        Topic::ApiKeyUpdated => &["apiKeyData"],
        Topic::PartnerUpdated => &["partnerData"],
        Topic::PolicyUpdated => &["policyData"],
        Topic::MispLicenseGenerated | Topic::MispLicenseUpdated => &["mispLicenseData"],
        Topic::OidcClientCreated => &["partnerData", "policyData", "clientData"],
        Topic::OidcClientUpdated => &["clientData"],
        Topic::CaCertificateUploaded => &["certChainDatashareUrl", "partnerDomain"],
    }
}
