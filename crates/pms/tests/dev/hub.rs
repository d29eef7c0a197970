//! Publishing to the development hub.

use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::site::{Site, read};

pub const HUB: &str = "/dev/hub/";

/// The cookie of the services' own account.
pub fn service_cookie(site: &Site) -> String {
    cookie(
        &site
            .identity
            .mint_service_account("mosip-pms-client")
            .unwrap(),
    )
}

pub fn cookie(token: &str) -> String {
    format!("Authorization={token}")
}

pub fn event(id: &str) -> Value {
    json!({
        "publisher": "PartnerManagementServiceImpl", "topic": "APIKEY_APPROVED",
        "event": {"id": id, "data": {"apiKeyData": {"apiKeyId": "secret-key"}}},
    })
}

pub fn publish(site: &Site, topic: &str) -> RequestBuilder {
    let mut url = site.url(HUB);
    url.query_pairs_mut()
        .append_pair("hub.mode", "publish")
        .append_pair("hub.topic", topic);
    site.http.post(url)
}

/// Publishes an event as the services do.
pub async fn publish_event(site: &Site, topic: &str, id: &str) {
    let request = publish(site, topic)
        .header("Cookie", service_cookie(site))
        .json(&event(id));
    assert_eq!(request.send().await.unwrap().status(), StatusCode::ACCEPTED);
}

pub async fn send_form(site: &Site, cookie: &str, form: &[(&str, &str)]) -> (StatusCode, String) {
    let request = site.post(HUB).header("Cookie", cookie).form(form);
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

pub async fn events(site: &Site, query: &str) -> Vec<Value> {
    let path = format!("/dev/events.json{query}");
    let (status, body) = read(site.get(&path).send().await.unwrap()).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    body.as_array().unwrap().clone()
}

#[actix_web::test]
async fn a_topic_is_registered_once() {
    let site = Site::start().await;
    let form = [("hub.mode", "register"), ("hub.topic", "APIKEY_APPROVED")];

    let first = send_form(&site, &service_cookie(&site), &form).await;
    let second = send_form(&site, &service_cookie(&site), &form).await;

    assert_eq!(first, (StatusCode::OK, "hub.mode=accepted".to_owned()));
    let denied = "hub.mode=denied&hub.reason=Topic has already registered with the Hub";
    assert_eq!(second, (StatusCode::OK, denied.to_owned()));
}

#[actix_web::test]
async fn published_events_can_be_read() {
    let site = Site::start().await;

    publish_event(&site, "APIKEY_APPROVED", "e-1").await;
    publish_event(&site, "POLICY_UPDATED", "e-2").await;

    let all = events(&site, "").await;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["eventId"], "e-1");
    assert_eq!(all[0]["topic"], "APIKEY_APPROVED");
    assert_eq!(all[0]["payload"], event("e-1"));
    let at = site
        .clock
        .now()
        .format("%Y-%m-%dT%H:%M:%S%.3fZ")
        .to_string();
    assert_eq!(all[0]["receivedAt"], at);
    let later = events(&site, &format!("?after={}", all[0]["seq"])).await;
    assert_eq!(later, all[1..]);
    assert_eq!(events(&site, "?after=0&limit=1").await, all[..1]);
    assert!(
        events(&site, &format!("?after={}", all[1]["seq"]))
            .await
            .is_empty()
    );
}

#[actix_web::test]
async fn publishing_registers_the_topic_and_works_without_the_slash() {
    let site = Site::start().await;
    let request = site.post("/dev/hub?hub.mode=publish&hub.topic=PARTNER_UPDATED");
    let published = request
        .header("Cookie", service_cookie(&site))
        .json(&json!({}))
        .send()
        .await;
    assert_eq!(published.unwrap().status(), StatusCode::ACCEPTED);

    let form = [("hub.mode", "register"), ("hub.topic", "PARTNER_UPDATED")];
    let (_, body) = send_form(&site, &service_cookie(&site), &form).await;

    assert!(body.starts_with("hub.mode=denied"), "{body}");
    assert_eq!(events(&site, "").await[0]["eventId"], Value::Null);
}

#[actix_web::test]
async fn only_the_last_events_are_kept() {
    let site = Site::with_hub(|options| options.max_events = 3).await;

    for n in 0..5 {
        publish_event(&site, "APIKEY_UPDATED", &n.to_string()).await;
    }

    let ids: Vec<Value> = events(&site, "")
        .await
        .iter()
        .map(|e| e["eventId"].clone())
        .collect();
    assert_eq!(ids, ["2", "3", "4"]);
}

#[actix_web::test]
async fn publishing_needs_a_token_with_the_topics_role() {
    let site = Site::start().await;
    let ask = |cookie: Option<String>| {
        let request = publish(&site, "APIKEY_APPROVED").json(&event("e"));
        let request = match cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        };
        async move { request.send().await.unwrap().status() }
    };
    let good = site
        .identity
        .mint_service_account("mosip-pms-client")
        .unwrap();
    let admin = site.identity.mint("partner-admin").unwrap();
    let stranger = Site::start()
        .await
        .identity
        .mint_service_account("mosip-pms-client")
        .unwrap();

    assert_eq!(ask(None).await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        ask(Some("Authorization=".to_owned())).await,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(ask(Some(cookie("a.b.c"))).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(Some(cookie(&stranger))).await, StatusCode::UNAUTHORIZED);
    assert_eq!(ask(Some(cookie(&admin))).await, StatusCode::FORBIDDEN);
    let two = format!("state=x; Authorization={{none}}; {}", cookie(&good));
    assert_eq!(ask(Some(two)).await, StatusCode::ACCEPTED);
    site.wait(3600);
    assert_eq!(ask(Some(cookie(&good))).await, StatusCode::UNAUTHORIZED);

    let form = [("hub.mode", "register"), ("hub.topic", "APIKEY_APPROVED")];
    let register = send_form(
        &site,
        &cookie(&site.identity.mint("auth-partner").unwrap()),
        &form,
    )
    .await;
    assert_eq!(register.0, StatusCode::FORBIDDEN);
    let foreign_topic = [("hub.mode", "register"), ("hub.topic", "OTHER")];
    let other = send_form(&site, &service_cookie(&site), &foreign_topic).await;
    assert_eq!(other.0, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn malformed_requests_are_refused() {
    let site = Site::start().await;
    let with_cookie = |request: RequestBuilder| {
        let request = request.header("Cookie", service_cookie(&site));
        async move { request.send().await.unwrap().status() }
    };
    let topic = "APIKEY_APPROVED";
    let json = |body: &'static str| {
        publish(&site, topic)
            .header("Content-Type", "application/json")
            .body(body)
    };

    assert_eq!(
        with_cookie(json("{\"broken\":")).await,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(with_cookie(json("")).await, StatusCode::BAD_REQUEST);
    assert_eq!(
        with_cookie(json("\u{0}\u{1}")).await,
        StatusCode::BAD_REQUEST
    );
    let text = publish(&site, topic)
        .header("Content-Type", "text/plain")
        .body("{}");
    assert_eq!(with_cookie(text).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = publish(&site, topic).json(&"x".repeat(1_100_000));
    assert_eq!(with_cookie(large).await, StatusCode::PAYLOAD_TOO_LARGE);
    for topic in ["", "a/b", "a b", "ü", &"x".repeat(200)] {
        assert_eq!(
            with_cookie(publish(&site, topic).json(&json!({}))).await,
            StatusCode::BAD_REQUEST
        );
    }
    for body in [
        "",
        "hub.mode=dance&hub.topic=A",
        "%%%=%ff&=",
        "hub.mode=register",
    ] {
        let form = "application/x-www-form-urlencoded";
        let request = site.post(HUB).header("Content-Type", form).body(body);
        assert_eq!(
            with_cookie(request).await,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
    assert!(events(&site, "").await.is_empty());
    let range = site.get("/dev/events.json?after=x").send().await.unwrap();
    assert_eq!(range.status(), StatusCode::BAD_REQUEST);
    assert_eq!(
        site.get(HUB).send().await.unwrap().status(),
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[actix_web::test]
async fn the_page_runs_only_its_own_script() {
    let site = Site::start().await;

    let response = site.get("/dev/events").send().await.unwrap();

    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    let html = response.text().await.unwrap();
    let nonce = policy
        .split("script-src 'nonce-")
        .nth(1)
        .unwrap()
        .split('\'')
        .next()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'"));
    assert!(html.contains(&format!("<script nonce=\"{nonce}\">")));
    assert!(!html.contains("{nonce}"));
}
