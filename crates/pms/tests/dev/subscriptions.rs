//! Subscribing to the development hub.

use aws_lc_rs::hmac;
use pms_testkit::waiting::found;
use reqwest::StatusCode;
use wiremock::matchers::method;
use wiremock::{Mock, ResponseTemplate};

use crate::hub::{cookie, event, publish_event, send_form};
use crate::site::Site;
use crate::subscriber::{
    TOPIC, answers, ask, confirm, first_delivery, fresh_server, no_more_deliveries, received,
    requests, subscriber,
};

#[actix_web::test]
async fn a_confirmed_subscriber_gets_signed_events() {
    let site = Site::start().await;
    let server = subscriber().await;
    let callback = format!("{}/events?mine=1", server.uri());

    let more = [("hub.secret", "shared"), ("hub.lease_seconds", "600")];
    let (status, body) = ask(&site, "subscribe", &callback, &more).await;
    let delivery = first_delivery(&site, &server).await;

    assert_eq!(
        (status, body.as_str()),
        (StatusCode::ACCEPTED, "hub.mode=accepted")
    );
    let intent = &requests(&server, "GET").await[0];
    let query: Vec<(String, String)> = intent.url.query_pairs().into_owned().collect();
    for (name, value) in [
        ("mine", "1"),
        ("hub.mode", "subscribe"),
        ("hub.topic", TOPIC),
        ("hub.lease_seconds", "600"),
    ] {
        assert!(
            query.contains(&(name.to_owned(), value.to_owned())),
            "{query:?}"
        );
    }
    let body = delivery.body_json::<serde_json::Value>().unwrap();
    assert_eq!(body, event(body["event"]["id"].as_str().unwrap()));
    assert_eq!(delivery.headers["content-type"], "application/json");
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"shared");
    let signature = format!("sha256={}", hex::encode(hmac::sign(&key, &delivery.body)));
    assert_eq!(delivery.headers["x-hub-signature"], signature);
    let link = delivery.headers["link"].to_str().unwrap();
    assert!(
        link.contains("/dev/hub/>; rel=\"hub\"") && link.contains("rel=\"self\""),
        "{link}"
    );
}

#[actix_web::test]
async fn without_a_secret_nothing_is_signed_and_other_topics_stay_away() {
    let site = Site::start().await;
    let server = subscriber().await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    first_delivery(&site, &server).await;
    let before = requests(&server, "POST").await.len();

    publish_event(&site, "POLICY_UPDATED", "other").await;
    publish_event(&site, TOPIC, "last").await;

    let all = found("the last event", async || {
        let found = requests(&server, "POST").await;
        let last = found.last()?.body_json::<serde_json::Value>().unwrap();
        (found.len() > before && last == event("last")).then_some(found)
    })
    .await;
    assert!(
        all.iter()
            .all(|request| !request.headers.contains_key("x-hub-signature"))
    );
    let other = event("other");
    assert!(
        all.iter()
            .all(|r| r.body_json::<serde_json::Value>().unwrap() != other)
    );
}

#[actix_web::test]
async fn a_failed_delivery_is_repeated_and_then_given_up() {
    let site = Site::with_hub(|options| options.delivery_attempts = 3).await;
    let server = fresh_server().await;
    answers(&server, "GET", confirm).await;
    let busy = ResponseTemplate::new(503);
    Mock::given(method("POST"))
        .respond_with(busy)
        .up_to_n_times(5)
        .mount(&server)
        .await;
    answers(&server, "POST", ResponseTemplate::new(200)).await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    received(&server, "GET", 1).await;
    first_delivery(&site, &server).await;

    publish_event(&site, TOPIC, "second").await;

    // Three attempts for the first event, all in vain; the sixth request is the first success.
    let all = received(&server, "POST", 6).await;
    let bodies: Vec<&[u8]> = all.iter().map(|request| request.body.as_slice()).collect();
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(bodies[1], bodies[2]);
    assert_ne!(bodies[2], bodies[3]);
}

#[actix_web::test]
async fn who_does_not_confirm_gets_nothing() {
    let site = Site::start().await;
    let server = fresh_server().await;
    let wrong = ResponseTemplate::new(200).set_body_string("yes, please");
    answers(&server, "GET", wrong).await;
    answers(&server, "POST", ResponseTemplate::new(200)).await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    received(&server, "GET", 1).await;

    no_more_deliveries(&site, &server).await;

    assert!(requests(&server, "POST").await.is_empty());
}

#[actix_web::test]
async fn a_subscription_can_be_ended() {
    let site = Site::start().await;
    let server = subscriber().await;
    ask(&site, "subscribe", &server.uri(), &[]).await;
    first_delivery(&site, &server).await;

    let (status, _) = ask(&site, "unsubscribe", &server.uri(), &[]).await;

    assert_eq!(status, StatusCode::ACCEPTED);
    no_more_deliveries(&site, &server).await;
    let modes = requests(&server, "GET").await;
    assert!(
        modes
            .last()
            .unwrap()
            .url
            .query()
            .unwrap()
            .contains("hub.mode=unsubscribe")
    );
}

#[actix_web::test]
async fn a_subscription_ends_with_its_lease_or_when_its_subscriber_is_gone() {
    let site = Site::start().await;
    let server = subscriber().await;
    ask(
        &site,
        "subscribe",
        &server.uri(),
        &[("hub.lease_seconds", "60")],
    )
    .await;
    first_delivery(&site, &server).await;
    site.wait(60);
    let gone = fresh_server().await;
    answers(&gone, "GET", confirm).await;
    answers(&gone, "POST", ResponseTemplate::new(410)).await;
    ask(&site, "subscribe", &gone.uri(), &[]).await;
    first_delivery(&site, &gone).await;

    no_more_deliveries(&site, &server).await;
    no_more_deliveries(&site, &gone).await;

    assert_eq!(requests(&gone, "POST").await.len(), 1);
}

#[actix_web::test]
async fn callbacks_elsewhere_and_foreign_tokens_are_refused() {
    let site = Site::start().await;
    for callback in [
        "http://10.0.0.1/x",
        "http://example.org/",
        "ftp://127.0.0.1/",
        "nonsense",
        "",
    ] {
        let (status, body) = ask(&site, "subscribe", callback, &[]).await;
        assert!(status.is_client_error(), "{callback}");
        assert!(body.starts_with("hub.mode=denied"), "{body}");
    }
    let here = "http://127.0.0.1:9/";
    for lease in ["soon", "0", "-5"] {
        let (status, _) = ask(&site, "subscribe", here, &[("hub.lease_seconds", lease)]).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{lease}");
    }
    let long = "x".repeat(200);
    let (status, _) = ask(&site, "subscribe", here, &[("hub.secret", &long)]).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);

    let form = [
        ("hub.mode", "subscribe"),
        ("hub.topic", TOPIC),
        ("hub.callback", here),
    ];
    let publisher = cookie(
        &site
            .identity
            .mint_service_account("mosip-pms-client")
            .unwrap(),
    );
    assert_eq!(
        send_form(&site, &publisher, &form).await.0,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        send_form(&site, "", &form).await.0,
        StatusCode::UNAUTHORIZED
    );
}
