//! Events from the outbox to a subscriber, through a hub that goes wrong in every way.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use pms_database::outbox::retention::Keep;
use pms_database::outbox::{Queue, writer};
use pms_database::{Clock, DbError};
use pms_domain::event::{Event, EventData, POLICY_SERVICE, PartnerData, Status, Topic};
use pms_integrations::dispatcher::Plan;
use pms_integrations::websub::Hub;
use pms_integrations::{Dispatcher, DispatcherSettings, ServiceToken, http};
use pms_peers::Fault;
use pms_testkit::TestDatabase;
use pms_testkit::waiting::found;
use serde_json::Value;
use tokio::time::{Interval, MissedTickBehavior};
use wiremock::MockServer;

use crate::site::{SECRET, Site};
use crate::subscriber::{ask, first_delivery, requests, subscriber};

const PARTNERS: usize = 20;
const EVENTS: usize = 400;
/// The hub changes its mind this often.
const MOOD: Duration = Duration::from_millis(30);
/// How long the dispatchers wait for the hub.
const PATIENCE: Duration = Duration::from_millis(200);

fn event(number: usize) -> Event {
    Event {
        topic: Topic::ApiKeyApproved,
        emitter: POLICY_SERVICE,
        subject: Some(partner(number)),
        data: EventData {
            partner_data: Some(PartnerData {
                partner_id: partner(number),
                partner_name: number.to_string(),
                certificate_data: String::new(),
                partner_status: Status::Active,
            }),
            ..EventData::default()
        },
    }
}

fn partner(number: usize) -> String {
    format!("partner-{}", number % PARTNERS)
}

fn dispatch(site: &Site, database: &TestDatabase) -> Dispatcher {
    let client = http::client(PATIENCE).unwrap();
    let token = ServiceToken::new(
        http::client(Duration::from_secs(10)).unwrap(),
        site.identity.token_endpoint().to_string(),
        "mosip-pms-client".to_owned(),
        SECRET.into(),
    );
    let hub = Hub::new(client, site.url(crate::hub::HUB).into(), token);
    let plan = Plan::default().deliver(Queue::Event, hub);
    let settings = DispatcherSettings {
        batch: 8,
        lease: Duration::from_secs(6),
        max_attempts: 10_000,
        retry_first: Duration::from_millis(5),
        retry_longest: Duration::from_millis(20),
        poll: Duration::from_millis(20),
        keep: Keep {
            delivered: Duration::from_secs(3600),
            skipped: Duration::from_secs(3600),
        },
    };
    let registry = prometheus::Registry::new();
    Dispatcher::start(&database.db(), &plan, settings, &registry).unwrap()
}

/// Ticks that leave time for others, however slow the machine is.
fn every(period: Duration) -> Interval {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// Goes wrong in one way after the other, with some peace between.
async fn moody(hub: pms::hub::Hub) {
    let mut ticks = every(MOOD);
    for mood in (0..10).cycle() {
        ticks.tick().await;
        match mood {
            0 => hub.fail(Fault::Status(500)),
            2 => hub.fail(Fault::Reset),
            4 => hub.fail(Fault::Slow(2 * PATIENCE)),
            6 => hub.fail(Fault::Body("hub.mode=denied&hub.reason=mood".to_owned())),
            8 => hub.expire_tokens(),
            _ => hub.recover(),
        }
    }
}

fn left(database: &TestDatabase) -> i64 {
    use pms_database::schema::outbox::dsl::{outbox, status};
    let left = outbox.filter(status.ne("delivered")).count();
    left.get_result(&mut database.conn()).unwrap()
}

fn retried(database: &TestDatabase) -> i64 {
    use pms_database::schema::outbox::dsl::{attempts, outbox};
    let retried = outbox.filter(attempts.gt(1)).count();
    retried.get_result(&mut database.conn()).unwrap()
}

/// The numbers of each partner's events, in the order they were first seen.
async fn seen(server: &MockServer) -> HashMap<String, Vec<usize>> {
    let mut seen: HashMap<String, Vec<usize>> = HashMap::new();
    for request in requests(server, "POST").await {
        let body: Value = request.body_json().unwrap();
        let data = &body["event"]["data"]["partnerData"];
        let Some(number) = data["partnerName"].as_str() else {
            continue;
        };
        let number = number.parse().unwrap();
        let numbers = seen.entry(partner(number)).or_default();
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    seen
}

#[actix_web::test]
async fn events_reach_a_subscriber_in_order_whatever_the_hub_does() {
    let (site, database) = (Site::start().await, TestDatabase::new());
    let server = subscriber().await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    first_delivery(&site, &server).await;
    let db = database.db();
    let queued = db.transaction(|conn| {
        for number in 0..EVENTS {
            writer::event(conn, &event(number), Clock::system().now_naive())?;
        }
        Ok::<_, DbError>(())
    });
    queued.await.unwrap();

    let moods = actix_web::rt::spawn(moody(site.hub.clone()));
    let (one, two) = (dispatch(&site, &database), dispatch(&site, &database));
    let delivered = async {
        let mut ticks = every(Duration::from_millis(100));
        while left(&database) > 0 {
            ticks.tick().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(120), delivered).await;
    moods.abort();
    in_time.unwrap();
    one.stop().await;
    two.stop().await;
    assert!(retried(&database) > 0, "the hub never went wrong");

    let got = found("every event", async || {
        let seen = seen(&server).await;
        let count: usize = seen.values().map(Vec::len).sum();
        (count == EVENTS).then_some(seen)
    })
    .await;
    for first in 0..PARTNERS {
        let expected: Vec<usize> = (first..EVENTS).step_by(PARTNERS).collect();
        assert_eq!(got[&partner(first)], expected);
    }
}
