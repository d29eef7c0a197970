//! A development hub that goes wrong, and the order that it keeps all the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_lc_rs::hmac;
use pms_peers::Fault;
use pms_testkit::waiting::found;
use reqwest::StatusCode;
use serde_json::Value;
use wiremock::{MockServer, Request, ResponseTemplate};

use crate::hub::{cookie, event, events, publish, publish_event, service_cookie};
use crate::site::Site;
use crate::subscriber::{
    TOPIC, answers, ask, confirm, first_delivery, fresh_server, received, requests, subscriber,
};

/// Publishes an event, and tells how the hub answers.
async fn attempt(site: &Site, cookie: &str, id: &str) -> reqwest::Result<(StatusCode, String)> {
    let request = publish(site, TOPIC)
        .header("Cookie", cookie)
        .json(&event(id));
    let response = request.timeout(Duration::from_secs(2)).send().await?;
    Ok((response.status(), response.text().await?))
}

async fn kept(site: &Site) -> Vec<Value> {
    let events = events(site, "").await;
    events
        .iter()
        .map(|event| event["eventId"].clone())
        .collect()
}

/// The ids of the events that a subscriber got, in order.
async fn ids(server: &MockServer) -> Vec<String> {
    let all = requests(server, "POST").await;
    let id = |request: &Request| {
        let body: Value = request.body_json().unwrap();
        body["event"]["id"].as_str().unwrap().to_owned()
    };
    all.iter().map(id).collect()
}

#[actix_web::test]
async fn what_it_refuses_is_not_kept() {
    let site = Site::start().await;
    let cookie = service_cookie(&site);

    site.hub.fail(Fault::Status(503));
    let refused = attempt(&site, &cookie, "refused").await.unwrap();
    site.hub.fail(Fault::Body("{\"nonsense\":".to_owned()));
    let nonsense = attempt(&site, &cookie, "nonsense").await.unwrap();
    site.hub.recover();
    let taken = attempt(&site, &cookie, "taken").await.unwrap();

    assert_eq!(refused.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(nonsense, (StatusCode::OK, "{\"nonsense\":".to_owned()));
    assert_eq!(
        taken,
        (StatusCode::ACCEPTED, "hub.mode=accepted".to_owned())
    );
    assert_eq!(kept(&site).await, ["taken"]);
}

#[actix_web::test]
async fn what_it_does_not_answer_in_time_or_at_all_is_kept() {
    let site = Site::start().await;
    let cookie = service_cookie(&site);

    site.hub.fail(Fault::Slow(Duration::from_secs(30)));
    let slow = attempt(&site, &cookie, "slow").await;
    site.hub.fail(Fault::Reset);
    let reset = attempt(&site, &cookie, "reset").await;

    assert!(slow.unwrap_err().is_timeout());
    reset.unwrap_err();
    assert_eq!(kept(&site).await, ["slow", "reset"]);
}

#[actix_web::test]
async fn tokens_expire_on_demand() {
    let site = Site::start().await;
    let old = service_cookie(&site);
    attempt(&site, &old, "before").await.unwrap();

    site.hub.expire_tokens();
    let refused = attempt(&site, &old, "expired").await.unwrap();
    let fresh = attempt(&site, &service_cookie(&site), "fresh").await;

    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
    assert_eq!(fresh.unwrap().0, StatusCode::ACCEPTED);
    assert_eq!(kept(&site).await, ["before", "fresh"]);
    let stranger = cookie("a.b.c");
    let refused = attempt(&site, &stranger, "never").await.unwrap();
    assert_eq!(refused.0, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn a_failing_subscriber_gets_the_events_in_order() {
    let site = Site::with_hub(|options| options.delivery_attempts = 4).await;
    let server = fresh_server().await;
    answers(&server, "GET", confirm).await;
    let requested = AtomicUsize::new(0);
    // Twice in vain, then it takes one.
    answers(&server, "POST", move |_: &Request| {
        let number = requested.fetch_add(1, Ordering::SeqCst);
        ResponseTemplate::new(if number % 3 == 2 { 200 } else { 500 })
    })
    .await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    first_delivery(&site, &server).await;

    for number in 0..40 {
        publish_event(&site, TOPIC, &format!("n-{number}")).await;
    }

    let wanted: Vec<String> = (0..40)
        .flat_map(|number| vec![format!("n-{number}"); 3])
        .collect();
    let got = found("every event three times", async || {
        let got: Vec<String> = ids(&server).await;
        let got: Vec<String> = got.into_iter().filter(|id| id.starts_with("n-")).collect();
        (got.len() >= wanted.len()).then_some(got)
    })
    .await;
    assert_eq!(got, wanted);
}

#[actix_web::test]
async fn who_renews_gets_each_event_once_and_with_the_new_secret() {
    let site = Site::start().await;
    let server = subscriber().await;
    ask(&site, "subscribe", &server.uri(), &[("hub.secret", "old")]).await;
    first_delivery(&site, &server).await;

    ask(&site, "subscribe", &server.uri(), &[("hub.secret", "new")]).await;
    received(&server, "GET", 2).await;

    // The renewal takes a moment after its confirmation.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"new");
    found("an event signed with the new secret", async || {
        let seen = requests(&server, "POST").await.len();
        publish_event(&site, TOPIC, &format!("m-{seen}")).await;
        let all = received(&server, "POST", seen + 1).await;
        let last = all.last()?;
        let signature = format!("sha256={}", hex::encode(hmac::sign(&key, &last.body)));
        (last.headers["x-hub-signature"] == signature).then_some(())
    })
    .await;
    let mut got = ids(&server).await;
    let before = got.len();
    got.dedup();
    assert_eq!(got.len(), before);
}
