//! A small WebSub hub for development (contract integrations.md §1.1), kept in memory.
//!
//! | method and path | what |
//! |---|---|
//! | `POST /dev/hub` and `/dev/hub/` | `hub.mode` = `register`, `publish`, `subscribe`, `unsubscribe` |
//! | `GET /dev/events` | a page with the events, newest first |
//! | `GET /dev/events.json?after=&limit=` | the events behind number `after`, oldest first |
//!
//! `register`, `subscribe` and `unsubscribe` take form fields, `publish` takes its fields from
//! the query and the event as JSON body, answered with 202. The cookie `Authorization` must
//! hold a token with the role `PUBLISH_<TOPIC>_GENERAL` or `SUBSCRIBE_<TOPIC>_GENERAL`.
//!
//! A subscriber's callback must be on this machine. It is asked for its intent
//! (`hub.challenge`), then gets each event as a POST, signed in `X-Hub-Signature` when it gave
//! a secret; a failing delivery is repeated a few times and then dropped.
//!
//! It can be told to go wrong with publishers and subscribers ([`Hub::fail`]), before or after
//! it has done its work, as the fault says.
//!
//! Events hold secrets (API keys, licence keys). They are shown, that is what the page is for,
//! but never logged.

mod access;
mod delivery;
mod event_log;
mod events;
mod intent;
mod publishing;
mod requests;
mod subscribing;
mod subscriptions;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::guard::fn_guard;
use actix_web::web::{Data, PayloadConfig, ServiceConfig, get, post, resource};
use pms_database::Clock;
use pms_peers::{Fault, Faults, Tokens};
use tokio::sync::Semaphore;
use url::Url;

use crate::identity::Identity;
use crate::own_host::is_named;
use delivery::Deliverer;
use event_log::EventLog;
use subscriptions::Subscriptions;

/// Path of the hub; it answers with and without a slash at the end.
pub const HUB_PATH: &str = "/dev/hub";
/// Path of the page with the events.
pub const EVENTS_PATH: &str = "/dev/events";
/// Path of the events as JSON.
pub const EVENTS_JSON_PATH: &str = "/dev/events.json";

/// Largest event, in bytes.
const MAX_BODY: usize = 1024 * 1024;
/// Topics that can be registered.
const MAX_TOPICS: usize = 1_000;
/// Subscribers asked for their intent at the same time.
const MAX_PENDING: usize = 16;

/// Tells the roles a token gives.
pub trait TokenRoles: Send + Sync {
    /// The realm roles; `None` when the token is not good.
    fn roles_of(&self, token: &str) -> Option<Vec<String>>;
}

impl TokenRoles for Identity {
    fn roles_of(&self, token: &str) -> Option<Vec<String>> {
        Self::roles_of(self, token)
    }
}

/// Settings of the hub.
#[derive(Clone)]
pub struct HubOptions {
    /// Address of this hub, as subscribers get it.
    pub public_url: Url,
    /// Checks the tokens of publishers and subscribers.
    pub tokens: Arc<dyn TokenRoles>,
    /// Events kept; the oldest go first. They also go when they take more than 64 MiB together.
    pub max_events: usize,
    /// How often a delivery is tried, at least once.
    pub delivery_attempts: u32,
    /// The pause before the second attempt; it doubles with each further one.
    pub first_pause: Duration,
    /// Tells the time.
    pub clock: Clock,
}

impl HubOptions {
    /// The usual settings: 1,000 events kept, four attempts within some four seconds.
    pub fn new(public_url: Url, tokens: Arc<dyn TokenRoles>) -> Self {
        Self {
            public_url,
            tokens,
            max_events: 1_000,
            delivery_attempts: 4,
            first_pause: Duration::from_millis(500),
            clock: Clock::system(),
        }
    }
}

/// Why the hub can't start.
#[derive(Debug, thiserror::Error)]
pub enum HubError {
    /// The HTTP client for the deliveries can't be made.
    #[error("no HTTP client for deliveries: {0}")]
    Client(#[from] reqwest::Error),
}

/// The hub. Clones share everything.
#[derive(Clone)]
pub struct Hub(Arc<State>);

/// The state behind a [`Hub`].
struct State {
    tokens: Arc<dyn TokenRoles>,
    clock: Clock,
    topics: Mutex<BTreeSet<String>>,
    log: EventLog,
    subscriptions: Subscriptions,
    deliverer: Deliverer,
    pending: Arc<Semaphore>,
    faults: Faults,
    shown: Tokens,
}

impl Hub {
    /// An empty hub.
    ///
    /// # Errors
    /// When the HTTP client for the deliveries can't be made.
    pub fn open(options: HubOptions) -> Result<Self, HubError> {
        let log = EventLog::new(options.max_events, options.clock.now());
        let deliverer = Deliverer::new(&options)?;
        Ok(Self(Arc::new(State {
            tokens: options.tokens,
            clock: options.clock,
            topics: Mutex::default(),
            log,
            subscriptions: Subscriptions::default(),
            deliverer,
            pending: Arc::new(Semaphore::new(MAX_PENDING)),
            faults: Faults::default(),
            shown: Tokens::default(),
        })))
    }

    /// Goes wrong with publishers and subscribers from now on. What is queued
    /// is still delivered.
    pub fn fail(&self, fault: Fault) {
        self.0.faults.fail(fault);
    }

    /// Works again.
    pub fn recover(&self) {
        self.0.faults.recover();
    }

    /// Takes every token that it has been shown for expired.
    pub fn expire_tokens(&self) {
        self.0.shown.expire();
    }

    /// Adds the hub and its page to a server.
    pub fn configure(&self, app: &mut ServiceConfig) {
        let hub = |path: String| {
            resource(path)
                .app_data(PayloadConfig::new(MAX_BODY))
                .route(post().to(requests::hub_request))
        };
        let shown = |path: &str| resource(path).guard(fn_guard(is_named(self.0.deliverer.hub())));
        app.app_data(Data::new(self.clone()))
            .service(hub(HUB_PATH.to_owned()))
            .service(hub(format!("{HUB_PATH}/")))
            .service(shown(EVENTS_JSON_PATH).route(get().to(events::list_events)))
            .service(shown(EVENTS_PATH).route(get().to(events::show_events)));
    }
}

/// Whether a topic is new, or why it can't be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Registration {
    New,
    Known,
    Full,
}

impl State {
    /// Adds a topic unless it is there already.
    fn register(&self, topic: &str) -> Registration {
        let mut topics = self.topics.lock().unwrap_or_else(PoisonError::into_inner);
        if topics.contains(topic) {
            return Registration::Known;
        }
        if topics.len() >= MAX_TOPICS {
            return Registration::Full;
        }
        topics.insert(topic.to_owned());
        Registration::New
    }
}
