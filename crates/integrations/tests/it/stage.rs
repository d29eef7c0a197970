//! A database, a hub and dispatchers.

use std::fmt;
use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use pms_database::outbox::retention::Keep;
use pms_database::outbox::{Queue, writer};
use pms_database::{Clock, Db, DbError};
use pms_domain::event::{Event, EventData, POLICY_SERVICE, PartnerData, Status, Topic};
use pms_integrations::dispatcher::Plan;
use pms_integrations::websub::Hub;
use pms_integrations::{Dispatcher, DispatcherSettings, ServiceToken, http};
use pms_testkit::TestDatabase;
use pms_testkit::peers::{IdentityPeer, Recorded, RecordingPeer};
use pms_testkit::waiting::{eventually, found};
use serde_json::Value;

pub fn settings() -> DispatcherSettings {
    DispatcherSettings {
        batch: 8,
        // Long enough for a machine that does much else.
        lease: Duration::from_secs(6),
        max_attempts: 1000,
        retry_first: Duration::from_millis(20),
        retry_longest: Duration::from_millis(100),
        poll: Duration::from_millis(50),
        keep: Keep {
            delivered: Duration::from_secs(7 * 24 * 3600),
            skipped: Duration::from_secs(30 * 24 * 3600),
        },
    }
}

pub fn start(db: &Db, identity: &str, hub: &str, settings: DispatcherSettings) -> Dispatcher {
    let client = http::client(Duration::from_millis(1500)).unwrap();
    let token = ServiceToken::new(
        client.clone(),
        identity.to_owned(),
        "mosip-pms-client".to_owned(),
        "test".into(),
    );
    let hub = Hub::new(client, hub.to_owned(), token);
    start_with(db, &Plan::default().deliver(Queue::Event, hub), settings)
}

pub fn start_with(db: &Db, plan: &Plan, settings: DispatcherSettings) -> Dispatcher {
    Dispatcher::start(db, plan, settings, &prometheus::Registry::new()).unwrap()
}

pub fn client() -> reqwest::Client {
    http::client(Duration::from_secs(2)).unwrap()
}

/// [`settings`] with time for several calls in one delivery.
pub fn patient() -> DispatcherSettings {
    DispatcherSettings {
        lease: Duration::from_secs(8),
        ..settings()
    }
}

pub fn token(identity: &str) -> ServiceToken {
    ServiceToken::new(
        client(),
        identity.to_owned(),
        "mosip-pms-client".to_owned(),
        "test".into(),
    )
}

/// Everything a delivery test needs.
pub struct Stage {
    pub database: TestDatabase,
    pub db: Db,
    pub identity: IdentityPeer,
    pub hub: RecordingPeer,
}

impl Stage {
    pub fn new(behaviour: pms_testkit::peers::Behaviour) -> Self {
        let database = TestDatabase::new();
        let db = database.db();
        Self {
            db,
            database,
            identity: IdentityPeer::start(),
            hub: RecordingPeer::start(behaviour),
        }
    }

    pub fn dispatch(&self) -> Dispatcher {
        self.dispatch_with(settings())
    }

    pub fn dispatch_with(&self, settings: DispatcherSettings) -> Dispatcher {
        start(
            &self.db,
            &self.identity.token_endpoint(),
            &self.hub.url(),
            settings,
        )
    }

    /// Queues `count` events of one partner, numbered in `partnerName`.
    pub async fn queue(&self, partner: &str, numbers: std::ops::Range<usize>) {
        for number in numbers {
            let event = event(partner, number);
            self.db
                .transaction(move |conn| writer::event(conn, &event, Clock::system().now_naive()))
                .await
                .unwrap();
        }
    }

    /// `(id, status, attempts, last error)` of every row, oldest first.
    pub fn rows(&self) -> Vec<(uuid::Uuid, String, i32, Option<String>)> {
        use pms_database::schema::outbox::dsl::{attempts, id, last_error, outbox, seq, status};
        outbox
            .order(seq)
            .select((id, status, attempts, last_error))
            .load(&mut self.database.conn())
            .unwrap()
    }

    /// Waits until the first row failed for a reason that contains this.
    pub async fn failed(&self, expected: &str) -> String {
        let what = fmt::from_fn(|f| write!(f, "{expected}: {:?}", self.rows()));
        let look = async || {
            let reason = self.rows()[0].3.clone().unwrap_or_default();
            Some(reason).filter(|reason| reason.contains(expected))
        };
        found(what, look).await
    }

    /// The status of every row, oldest first.
    pub fn statuses(&self) -> Vec<String> {
        self.rows().into_iter().map(|row| row.1).collect()
    }

    /// Waits until no row waits for anything.
    pub async fn none_pending(&self) {
        self.until_statuses(|status| status != "pending").await;
    }

    /// Waits until there are rows, and all of them have this status.
    pub async fn all_become(&self, wanted: &str) {
        self.until_statuses(|status| status == wanted).await;
    }

    async fn until_statuses(&self, wanted: impl Fn(&str) -> bool) {
        let what = fmt::from_fn(|f| write!(f, "another status: {:?}", self.rows()));
        eventually(what, async || {
            let statuses = self.statuses();
            !statuses.is_empty() && statuses.iter().all(|status| wanted(status))
        })
        .await;
    }

    /// Makes rows due now, whatever their next attempt says.
    pub async fn hurry(&self) {
        self.db
            .transaction(|conn| {
                use pms_database::schema::outbox::dsl::{next_attempt_at, outbox};
                let past = NaiveDateTime::default();
                diesel::update(outbox)
                    .set(next_attempt_at.eq(past))
                    .execute(conn)?;
                Ok::<_, DbError>(())
            })
            .await
            .unwrap();
    }
}

pub fn event(partner: &str, number: usize) -> Event {
    Event {
        topic: Topic::PartnerUpdated,
        emitter: POLICY_SERVICE,
        subject: Some(partner.to_owned()),
        data: EventData {
            partner_data: Some(PartnerData {
                partner_id: partner.to_owned(),
                partner_name: number.to_string(),
                certificate_data: String::new(),
                partner_status: Status::Active,
            }),
            ..EventData::default()
        },
    }
}

/// The publications among what a hub got (registrations are the other kind).
pub fn published(recorded: &[Recorded]) -> Vec<Value> {
    recorded
        .iter()
        .filter(|got| got.uri.contains("hub.mode=publish"))
        .map(Recorded::json)
        .collect()
}

/// The numbers of one partner's events, in the order they were first seen.
pub fn order_of(events: &[Value], partner: &str) -> Vec<usize> {
    let mut seen = Vec::new();
    for event in events {
        let data = &event["event"]["data"]["partnerData"];
        if data["partnerId"] == partner {
            let number = data["partnerName"].as_str().unwrap().parse().unwrap();
            if !seen.contains(&number) {
                seen.push(number);
            }
        }
    }
    seen
}

/// Whether a row never failed for an expired token.
pub fn never_refused((.., reason): &(uuid::Uuid, String, i32, Option<String>)) -> bool {
    reason
        .as_deref()
        .is_none_or(|reason| !reason.contains("401"))
}
