//! The faults, which are the same everywhere.

use std::time::Duration;

use pms_peers::Fault;
use pms_peers::audit::{Audits, PATH};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::audit::record;
use crate::running::{Running, read, run, status};

fn post(running: &Running<Audits>, token: &str) -> RequestBuilder {
    let body = json!({ "request": record() });
    running.ask(Method::POST, PATH, token).json(&body)
}

#[actix_web::test]
async fn a_refusing_or_nonsensical_one_does_nothing() {
    let running = run(Audits::default());

    running.stand_in.fail(Fault::Status(503));
    let refused = status(post(&running, "roles:A")).await;
    // No status at all.
    running.stand_in.fail(Fault::Status(7));
    let odd = status(post(&running, "roles:A")).await;
    running.stand_in.fail(Fault::Body("<html>".to_owned()));
    let nonsense = read(post(&running, "roles:A")).await;

    assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(odd, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(nonsense, (StatusCode::OK, json!("<html>")));
    assert!(running.stand_in.work().records().is_empty());
    let open = running.open(Method::POST, PATH);
    assert_eq!(status(open).await, StatusCode::UNAUTHORIZED);

    running.stand_in.recover();
    let (_, body) = read(post(&running, "roles:A")).await;
    assert_eq!(body["response"], json!({ "status": true }));
    assert_eq!(running.stand_in.work().records().len(), 1);
}

#[actix_web::test]
async fn a_slow_or_resetting_one_does_its_work() {
    let running = run(Audits::default());

    running.stand_in.fail(Fault::Slow(Duration::from_secs(60)));
    let slow = post(&running, "roles:A").timeout(Duration::from_millis(300));
    assert!(slow.send().await.unwrap_err().is_timeout());
    running
        .stand_in
        .fail(Fault::Slow(Duration::from_millis(20)));
    assert_eq!(status(post(&running, "roles:A")).await, StatusCode::OK);
    running.stand_in.fail(Fault::Reset);
    let reset = post(&running, "roles:A").send().await;
    let reset = match reset {
        Ok(response) => response.bytes().await.map(|_| ()),
        Err(error) => Err(error),
    };

    reset.unwrap_err();
    assert_eq!(running.stand_in.work().records().len(), 3);
}

#[actix_web::test]
async fn tokens_expire_on_demand() {
    let running = run(Audits::default());
    assert_eq!(status(post(&running, "roles:A")).await, StatusCode::OK);

    running.stand_in.expire_tokens();

    let expired = status(post(&running, "roles:A")).await;
    assert_eq!(expired, StatusCode::UNAUTHORIZED);
    assert_eq!(status(post(&running, "roles:B")).await, StatusCode::OK);
}

#[actix_web::test]
async fn requests_are_recorded_whatever_becomes_of_them() {
    let running = run(Audits::default());

    status(post(&running, "bad")).await;
    status(running.open(Method::GET, "/elsewhere?x=%20")).await;

    let recorded = running.stand_in.recorded();
    assert_eq!(recorded.len(), 2);
    assert_eq!(recorded[0].method, "POST");
    assert_eq!(
        recorded[0].cookie.as_deref(),
        Some("a=b; Authorization=bad")
    );
    assert_eq!(recorded[0].json()["request"], record());
    assert!(recorded[1].uri.ends_with("/elsewhere?x=%20"));
    assert_eq!(recorded[1].json(), Value::Null);
}
