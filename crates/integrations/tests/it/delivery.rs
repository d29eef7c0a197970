//! What the hub gets, however it behaves.

use std::collections::BTreeSet;
use std::time::Duration;

use pms_database::Clock;
use pms_database::outbox::admin::{self, Which};
use pms_database::outbox::{Queue, writer};
use pms_integrations::audit::AuditManager;
use pms_integrations::dispatcher::Plan;
use pms_integrations::{ServiceToken, http};
use pms_testkit::logs;
use pms_testkit::peers::{Behaviour, RecordingPeer};
use pms_testkit::waiting::eventually;

use crate::stage::{Stage, order_of, published, settings, start_with};

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

#[actix_web::test]
async fn an_event_is_delivered_at_once_with_its_stable_id_and_our_token() {
    let stage = Stage::new(accepts());
    let dispatcher = stage.dispatch();
    stage.queue("p1", 0..1).await;

    stage.all_become("delivered").await;

    let recorded = stage.hub.recorded();
    let register = recorded.first().unwrap();
    assert_eq!(register.body, "hub.mode=register&hub.topic=PARTNER_UPDATED");
    let publish = recorded.last().unwrap();
    assert_eq!(publish.uri, "/?hub.mode=publish&hub.topic=PARTNER_UPDATED");
    assert!(
        publish
            .cookie
            .as_deref()
            .unwrap()
            .starts_with("Authorization=ey")
    );
    let (id, ..) = stage.rows()[0].clone();
    let event = publish.json();
    assert_eq!(event["event"]["id"], id.to_string());
    assert_eq!(event["publisher"], "PolicyManagementService");
    assert_eq!(
        event["event"]["data"]["partnerData"]["partnerStatus"],
        "ACTIVE"
    );
    assert_eq!(event["publishedOn"], event["event"]["timestamp"]);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn the_hubs_form_answer_counts_as_accepted_and_its_denial_does_not() {
    let stage = Stage::new(Behaviour::Answer(
        200,
        "hub.mode=denied&hub.reason=x".to_owned(),
    ));
    let dispatcher = stage.dispatch();
    stage.queue("p1", 0..1).await;
    stage
        .hub
        .wait_for(|recorded| !published(recorded).is_empty())
        .await;
    stage
        .hub
        .behave(Behaviour::Answer(200, "hub.mode=accepted".to_owned()));

    stage.all_become("delivered").await;

    let (_, _, attempts, error) = stage.rows()[0].clone();
    assert!(attempts >= 2);
    assert!(error.unwrap().contains("hub.mode=denied"));
    dispatcher.stop().await;
}

/// Whatever goes wrong first, every event arrives, in order, under one id.
async fn survives(trouble: Behaviour) {
    let stage = Stage::new(trouble);
    let dispatcher = stage.dispatch();
    stage.queue("p1", 0..5).await;
    stage.queue("p2", 0..5).await;
    stage
        .hub
        .wait_for(|recorded| published(recorded).len() >= 3)
        .await;

    stage.hub.behave(accepts());
    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    for partner in ["p1", "p2"] {
        assert_eq!(order_of(&events, partner), [0, 1, 2, 3, 4], "{partner}");
    }
    let ids: BTreeSet<_> = events
        .iter()
        .map(|event| event["event"]["id"].to_string())
        .collect();
    assert_eq!(ids.len(), 10, "redeliveries keep their id");
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_hub_that_answers_500_loses_nothing() {
    survives(Behaviour::Answer(500, "out of order".to_owned())).await;
}

#[actix_web::test]
async fn a_hub_that_hangs_loses_nothing() {
    survives(Behaviour::Hang).await;
}

#[actix_web::test]
async fn a_hub_that_dies_after_accepting_gets_the_same_event_again() {
    survives(Behaviour::Drop).await;
}

#[actix_web::test]
async fn a_hub_that_is_out_of_order_has_a_line_a_second_and_not_one_for_each_event() {
    let stage = Stage::new(Behaviour::Drop);
    // The error of a delivery names the hub's address.
    let address = stage.hub.url().trim_start_matches("http://").to_owned();
    logs::watch(std::slice::from_ref(&address));
    for partner in 0..20 {
        stage.queue(&format!("p{partner}"), 0..1).await;
    }
    let lines = || {
        let mut lines = logs::holding(std::slice::from_ref(&address));
        lines.retain(|line| line.contains("WARN") && line.contains("not delivered"));
        lines
    };
    let told = |line: &String| -> i32 {
        let counted = line.split_once(" lines=");
        counted.map_or(1, |(_, number)| number.trim().parse().unwrap())
    };

    let started = std::time::Instant::now();
    let dispatcher = stage.dispatch();
    let attempts = || stage.rows().iter().map(|row| row.2).sum::<i32>();
    eventually("many attempts", async || attempts() >= 100).await;
    dispatcher.stop().await;

    let made = attempts();
    eventually("all attempts are told of", async || {
        lines().iter().map(told).sum::<i32>() >= made
    })
    .await;
    let seconds = usize::try_from(started.elapsed().as_secs()).unwrap();
    assert!(lines().len() <= seconds + 2, "{:#?}", lines());
}

#[actix_web::test]
async fn a_hub_that_is_down_gets_everything_when_it_is_back() {
    let mut stage = Stage::new(accepts());
    let down = crate::stage::start(
        &stage.db,
        &stage.identity.token_endpoint(),
        "http://127.0.0.1:9/hub/",
        settings(),
    );
    stage.queue("p1", 0..3).await;
    eventually("a second try", async || stage.rows()[0].2 >= 2).await;
    down.stop().await;
    stage.hub = RecordingPeer::start(accepts());

    stage.hurry().await;
    let up = stage.dispatch();
    stage.all_become("delivered").await;

    assert_eq!(order_of(&published(&stage.hub.recorded()), "p1"), [0, 1, 2]);
    up.stop().await;
}

#[actix_web::test]
async fn two_dispatchers_share_the_work_without_doubling_or_reordering_it() {
    let stage = Stage::new(accepts());
    for partner in ["p1", "p2", "p3", "p4"] {
        stage.queue(partner, 0..15).await;
    }

    let (one, two) = (stage.dispatch(), stage.dispatch());
    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(events.len(), 60, "each exactly once while nothing fails");
    for partner in ["p1", "p2", "p3", "p4"] {
        assert_eq!(
            order_of(&events, partner),
            (0..15).collect::<Vec<_>>(),
            "{partner}"
        );
    }
    one.stop().await;
    two.stop().await;
}

#[actix_web::test]
async fn a_row_that_fails_too_often_is_parked_and_lets_the_next_ones_pass() {
    let stage = Stage::new(Behaviour::Answer(500, String::new()));
    let mut impatient = settings();
    impatient.max_attempts = 2;
    let dispatcher = stage.dispatch_with(impatient);
    stage.queue("p1", 0..1).await;
    stage.all_become("dead").await;

    stage.hub.behave(accepts());
    stage.queue("p1", 1..2).await;
    stage
        .hub
        .wait_for(|recorded| order_of(&published(recorded), "p1").contains(&1))
        .await;

    let again = stage
        .db
        .transaction(|conn| admin::retry(conn, Which::AllDead))
        .await
        .unwrap();
    assert_eq!(again, 1);
    stage.all_become("delivered").await;
    dispatcher.stop().await;
}

#[actix_web::test]
async fn audit_records_reach_the_audit_manager_as_it_wants_them() {
    let stage = Stage::new(accepts());
    let manager = RecordingPeer::start(Behaviour::Answer(
        200,
        r#"{"response":{"status":true}}"#.to_owned(),
    ));
    let client = http::client(Duration::from_secs(2)).unwrap();
    let token = ServiceToken::new(
        client.clone(),
        stage.identity.token_endpoint(),
        "mosip-pms-client".to_owned(),
        "test".into(),
    );
    let audit = AuditManager::new(client, format!("{}v1/audits", manager.url()), token);
    let plan = Plan::default().deliver(Queue::Audit, audit);
    let dispatcher = start_with(&stage.db, &plan, settings());
    let record = pms_domain::partner::audits::REGISTER.record(
        "anna",
        Some(&"x".repeat(100)),
        Some("partnerId"),
    );

    let of_device = pms_domain::device::audits::CREATE_DEVICE.record("anna", None, None);
    let now = Clock::system().now_naive();
    stage
        .db
        .transaction(move |conn| {
            writer::audit(conn, &record, now)?;
            writer::audit(conn, &of_device, now)
        })
        .await
        .unwrap();
    stage.all_become("delivered").await;

    let recorded = manager.recorded().into_iter();
    let sent: Vec<_> = recorded.map(|request| request.json()).collect();
    let of = |event: &str| {
        let requests = sent.iter().map(|sent| &sent["request"]);
        let mut found = requests.filter(|request| request["eventId"] == event);
        found.next().unwrap()
    };
    let application = |request: &serde_json::Value| {
        let member = |name: &str| request[name].as_str().unwrap().to_owned();
        [
            member("applicationId"),
            member("applicationName"),
            member("moduleId"),
            member("moduleName"),
        ]
    };
    let request = of("PMS_PRT_101");
    assert_eq!(
        application(request),
        [
            "Partner management portal",
            "10002",
            "PMS_PRT",
            "Partner Management Service"
        ]
    );
    assert_eq!(
        application(of("AUT-001")),
        [
            "MOSIP_7",
            "PARTNER_MANAGEMENT",
            "PMP-AUT",
            "partner service"
        ]
    );
    assert_eq!(request["sessionUserId"], "anna");
    assert_eq!(request["createdBy"], "anna");
    assert_eq!(request["id"].as_str().unwrap().len(), 64);
    assert!(request["actionTimeStamp"].as_str().unwrap().ends_with('Z'));
    let address: std::net::IpAddr = request["hostIp"].as_str().unwrap().parse().unwrap();
    assert!(!address.is_unspecified());
    // It is this host's: a socket can have it.
    std::net::UdpSocket::bind((address, 0)).unwrap();
    dispatcher.stop().await;
}
