//! A subscriber with a recording callback.

use pms_testkit::waiting::found;
use reqwest::StatusCode;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::hub::{cookie, publish_event, send_form};
use crate::site::Site;

pub const TOPIC: &str = "APIKEY_APPROVED";

/// A server of its own: `MockServer::start` hands out ports that an earlier test's hub may
/// still know.
pub async fn fresh_server() -> MockServer {
    MockServer::builder().start().await
}

/// From now on the server answers requests of a method so, unless an earlier answer
/// holds for them.
pub async fn answers(server: &MockServer, wanted: &str, answer: impl Respond + 'static) {
    Mock::given(method(wanted))
        .respond_with(answer)
        .mount(server)
        .await;
}

/// Confirms every intent and takes every event.
pub async fn subscriber() -> MockServer {
    let server = fresh_server().await;
    answers(&server, "GET", confirm).await;
    answers(&server, "POST", ResponseTemplate::new(202)).await;
    server
}

pub fn confirm(request: &Request) -> ResponseTemplate {
    let challenge = request
        .url
        .query_pairs()
        .find(|(name, _)| name == "hub.challenge");
    ResponseTemplate::new(200).set_body_string(challenge.unwrap().1)
}

pub fn subscriber_cookie(site: &Site) -> String {
    cookie(
        &site
            .identity
            .mint_service_account("mpartner-default-auth")
            .unwrap(),
    )
}

pub async fn ask(
    site: &Site,
    mode: &str,
    callback: &str,
    more: &[(&str, &str)],
) -> (StatusCode, String) {
    let mut form = vec![
        ("hub.mode", mode),
        ("hub.topic", TOPIC),
        ("hub.callback", callback),
    ];
    form.extend(more);
    send_form(site, &subscriber_cookie(site), &form).await
}

pub async fn requests(server: &MockServer, method: &str) -> Vec<Request> {
    let all = server.received_requests().await.unwrap();
    all.into_iter()
        .filter(|request| request.method.as_str() == method)
        .collect()
}

/// Waits for so many requests, and gives them.
pub async fn received(server: &MockServer, method: &str, count: usize) -> Vec<Request> {
    found("so many requests", async || {
        let found = requests(server, method).await;
        (found.len() >= count).then_some(found)
    })
    .await
}

/// Publishes until the subscriber gets something: the confirmation takes a moment.
pub async fn first_delivery(site: &Site, server: &MockServer) -> Request {
    found("a first event", async || {
        publish_event(site, TOPIC, &uuid::Uuid::new_v4().to_string()).await;
        requests(server, "POST").await.into_iter().next()
    })
    .await
}

/// Waits until events that another subscriber gets no longer reach this one.
pub async fn no_more_deliveries(site: &Site, server: &MockServer) {
    let witness = subscriber().await;
    ask(site, "subscribe", &witness.uri(), &[]).await;
    found("an event for another subscriber alone", async || {
        first_delivery(site, &witness).await;
        let before = requests(server, "POST").await.len();
        // One event after the other: a subscriber that still gets them would by then.
        for _ in 0..10 {
            let seen = requests(&witness, "POST").await.len();
            publish_event(site, TOPIC, "witnessed").await;
            received(&witness, "POST", seen + 1).await;
        }
        (requests(server, "POST").await.len() == before).then_some(())
    })
    .await;
}
