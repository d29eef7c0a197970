//! Trust chains: shared, then published at the hub.

use std::time::Duration;

use pms_database::outbox::{Queue, writer};
use pms_database::{Clock, Db};
use pms_domain::event::{Event, EventData, PARTNER_SERVICE, Topic};
use pms_integrations::Dispatcher;
use pms_integrations::datashare::Datashare;
use pms_integrations::dispatcher::Plan;
use pms_integrations::trust_chains::TrustChains;
use pms_integrations::websub::Hub;
use pms_testkit::peers::datashare::refusal;
use pms_testkit::peers::{Behaviour, DatasharePeer, Fault};
use serde_json::Value;

use crate::stage::{Stage, client, never_refused, patient, published, start_with, token};

const URL: &str = "/event/data/certChainDatashareUrl";

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

/// A dispatcher with a hub and a data share.
pub fn start(db: &Db, identity: &str, hub: &str, datashare: &str) -> Dispatcher {
    start_with(db, &plan(identity, hub, datashare), patient())
}

/// A plan for a hub and a data share.
pub fn plan(identity: &str, hub: &str, datashare: &str) -> Plan {
    let token = token(identity);
    let names = ("mpolicy-default-cert", "mpartner-default-cert");
    let hub = || Hub::new(client(), hub.to_owned(), token.clone());
    let datashare = Datashare::new(client(), datashare, names, token.clone()).unwrap();
    let chains = TrustChains {
        hub: hub(),
        datashare,
    };
    Plan::default()
        .deliver(Queue::Event, hub())
        .deliver(Queue::TrustChain, chains)
}

fn dispatch(stage: &Stage, share: &DatasharePeer) -> Dispatcher {
    let identity = stage.identity.token_endpoint();
    start(&stage.db, &identity, &stage.hub.url(), &share.url())
}

pub async fn upload(stage: &Stage) {
    let event = Event {
        topic: Topic::CaCertificateUploaded,
        emitter: PARTNER_SERVICE,
        subject: Some("p1".to_owned()),
        data: EventData {
            partner_domain: Some("FTM".to_owned()),
            ..EventData::default()
        },
    };
    let now = Clock::system().now_naive();
    stage
        .db
        .transaction(move |conn| writer::trust_chain(conn, &event, "MIIchain_-", now))
        .await
        .unwrap();
}

/// The one event, however often it came, with the addresses that it had.
pub fn published_once(stage: &Stage) -> (Value, Vec<String>) {
    let events = published(&stage.hub.recorded());
    let ids: std::collections::BTreeSet<String> = events
        .iter()
        .map(|event| event["event"]["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 1, "one upload is one event: {events:?}");
    let address = |event: &Value| event.pointer(URL).unwrap().as_str().unwrap().to_owned();
    let addresses = events.iter().map(address).collect();
    (events.last().unwrap().clone(), addresses)
}

#[actix_web::test]
async fn a_chain_is_shared_and_its_address_published() {
    let (stage, share) = (Stage::new(accepts()), DatasharePeer::start());
    let dispatcher = dispatch(&stage, &share);
    upload(&stage).await;

    stage.all_become("delivered").await;

    let shares = share.shares();
    assert_eq!(shares.len(), 1);
    assert_eq!(shares[0].content, "MIIchain_-");
    assert_eq!(
        share.recorded()[0].uri,
        "/v1/datashare/create/mpolicy-default-cert/mpartner-default-cert"
    );
    let (event, addresses) = published_once(&stage);
    assert_eq!(addresses, [shares[0].url.clone()]);
    assert_eq!(event["topic"], "CA_CERTIFICATE_UPLOADED");
    assert_eq!(event["event"]["data"]["partnerDomain"], "FTM");
    assert_eq!(event["event"]["id"], stage.rows()[0].0.to_string());
    assert!(event.get("certsChain").is_none());
    dispatcher.stop().await;
}

#[actix_web::test]
async fn every_try_has_a_share_of_its_own() {
    let stage = Stage::new(Behaviour::Answer(500, "out of order".to_owned()));
    let share = DatasharePeer::start();
    let dispatcher = dispatch(&stage, &share);
    upload(&stage).await;
    stage
        .hub
        .wait_for(|recorded| published(recorded).len() >= 2)
        .await;

    stage.hub.behave(accepts());
    stage.all_become("delivered").await;

    let (_, addresses) = published_once(&stage);
    let made: Vec<String> = share.shares().into_iter().map(|made| made.url).collect();
    assert_eq!(addresses, made, "each address is published once only");
    let reason = stage.rows()[0].3.clone().unwrap();
    assert!(!reason.contains("share-"), "{reason}");
    dispatcher.stop().await;
}

/// Whatever the data share does, the event comes when it works again.
async fn survives(fault: Fault, expected: &str) {
    let (stage, share) = (Stage::new(accepts()), DatasharePeer::start());
    share.fail(fault);
    let dispatcher = dispatch(&stage, &share);
    upload(&stage).await;
    let reason = stage.failed(expected).await;
    assert!(
        !reason.contains("MIIchain") && !reason.contains("share-"),
        "{reason}"
    );
    assert!(published(&stage.hub.recorded()).is_empty());

    share.recover();
    stage.all_become("delivered").await;

    published_once(&stage);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_data_share_that_refuses_is_called_again() {
    let body = refusal("DAT-SER-006", "no policy, see http://x/share-1").to_string();
    survives(Fault::Body(body), "DAT-SER-006 no policy, see ***").await;
}

#[actix_web::test]
async fn a_null_response_is_no_share() {
    survives(Fault::Body("null".to_owned()), "null response").await;
}

#[actix_web::test]
async fn a_response_without_an_address_is_no_share() {
    let body = r#"{"dataShare":{"url":"  "},"errors":[]}"#;
    survives(Fault::Body(body.to_owned()), "without an address").await;
}

#[actix_web::test]
async fn garbage_is_no_share() {
    let body = "<html>http://x/share-1</html>";
    survives(Fault::Body(body.to_owned()), "something unreadable").await;
}

#[actix_web::test]
async fn a_data_share_that_answers_500_is_called_again() {
    survives(Fault::Status(500), "500").await;
}

#[actix_web::test]
async fn a_data_share_that_is_too_slow_is_called_again() {
    survives(Fault::Slow(Duration::from_secs(4)), "timed out").await;
}

#[actix_web::test]
async fn a_data_share_that_hangs_up_is_called_again() {
    survives(Fault::Reset, "failed").await;
}

#[actix_web::test]
async fn an_expired_token_is_renewed_within_the_delivery() {
    let (stage, share) = (Stage::new(accepts()), DatasharePeer::start());
    let dispatcher = dispatch(&stage, &share);
    upload(&stage).await;
    stage.all_become("delivered").await;

    share.expire_tokens();
    upload(&stage).await;
    stage.all_become("delivered").await;

    assert!(stage.rows().iter().all(never_refused));
    assert!(share.recorded().len() >= 3, "one repeat");
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_chain_follows_the_earlier_events_of_its_partner() {
    let (stage, share) = (Stage::new(Behaviour::Hang), DatasharePeer::start());
    stage.queue("p1", 0..1).await;
    upload(&stage).await;
    let dispatcher = dispatch(&stage, &share);
    stage
        .hub
        .wait_for(|recorded| !published(recorded).is_empty())
        .await;
    assert!(share.shares().is_empty(), "it waits for the event");

    stage.hub.behave(accepts());
    stage.all_become("delivered").await;

    let topics: Vec<Value> = published(&stage.hub.recorded())
        .into_iter()
        .map(|event| event["topic"].clone())
        .collect();
    assert_eq!(topics.last().unwrap(), "CA_CERTIFICATE_UPLOADED");
    dispatcher.stop().await;
}
