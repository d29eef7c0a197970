//! A database, a hub and dispatchers.

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

/// When to look again. A look blocks the thread that everything else runs on as
/// well, so there is always a pause after it.
pub fn ticks() -> tokio::time::Interval {
    let mut ticks = tokio::time::interval(Duration::from_millis(50));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    ticks
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
        let waiting = async {
            let mut ticks = ticks();
            loop {
                let reason = self.rows()[0].3.clone().unwrap_or_default();
                if reason.contains(expected) {
                    return reason;
                }
                ticks.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(150), waiting)
            .await
            .unwrap_or_else(|_| panic!("no {expected}: {:?}", self.rows()))
    }

    /// Waits until all rows have this status.
    pub async fn settled(&self, wanted: &str) {
        let waiting = async {
            let mut ticks = ticks();
            while !self.rows().iter().all(|(_, status, ..)| status == wanted) {
                ticks.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(150), waiting)
            .await
            .unwrap_or_else(|_| panic!("not all {wanted}: {:?}", self.rows()));
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
