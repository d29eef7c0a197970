//! What the log gets of requests that fail together.

use futures_util::future::join_all;
use pms_testkit::waiting::eventually;
use pms_testkit::{TestApp, Who, logs};
use serde_json::json;

use crate::sample;

const REQUESTS: usize = 60;

async fn make(app: &TestApp, name: &str) -> u16 {
    let body = app.v1(&json!({ "name": name, "size": 1 }));
    let path = "/v1/policymanager/things";
    app.post(&Who::policy_manager(), path, &body).await.status
}

/// How many failures a line tells of.
fn told(line: &str) -> usize {
    let counted = line.split_once(" lines=");
    counted.map_or(1, |(_, number)| number.trim().parse().unwrap())
}

/// The lines with `text`, once they tell of all requests.
async fn all_told(text: &str) -> Vec<String> {
    let lines = || logs::holding(&[text.to_owned()]);
    eventually("all failures are told of", async || {
        lines().iter().map(|line| told(line)).sum::<usize>() >= REQUESTS
    })
    .await;
    lines()
}

#[actix_web::test]
async fn requests_that_fail_without_a_database_share_a_line_a_second() {
    let app = sample::policy().await;
    let cause = "127.0.0.1\", port 9".replace('"', "\\\"");
    logs::watch(std::slice::from_ref(&cause));
    let started = std::time::Instant::now();

    join_all((0..REQUESTS).map(|_| make(&app, "down"))).await;

    let lines = all_told(&cause).await;
    let seconds = usize::try_from(started.elapsed().as_secs()).unwrap();
    assert!(lines.len() <= seconds + 2, "{lines:#?}");
    assert_eq!(lines.iter().map(|line| told(line)).sum::<usize>(), REQUESTS);
    assert!(
        lines[0].contains("ERROR request{request_id="),
        "{}",
        lines[0]
    );
    for line in &lines {
        assert!(line.contains("ERROR") && line.contains("unexpected failure"));
    }
}

#[actix_web::test]
async fn what_the_log_has_already_gets_no_line_at_warn_or_error() {
    let app = sample::policy().await;
    let cause = "a fault that a peer's client logged".to_owned();
    logs::watch(std::slice::from_ref(&cause));

    assert_eq!(make(&app, "told").await, make(&app, "broken").await);

    let lines = logs::holding(&[cause]);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains("DEBUG"), "{}", lines[0]);
}
