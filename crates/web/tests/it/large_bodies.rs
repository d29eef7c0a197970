//! What large bodies cost: together they have a limit, and each may hold so many values.

use std::time::Duration;

use pms_testkit::waiting::eventually;
use pms_testkit::{TestApp, Who};
use pms_web::service::POLICY;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::sample::{policy, start};

const BASE: &str = "/v1/policymanager";

async fn send(app: &TestApp, request: &str) -> TcpStream {
    let address = app.url("");
    let address = address.trim_start_matches("http://").trim_end_matches('/');
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

#[actix_web::test]
async fn bodies_of_all_requests_share_one_limit() {
    let builder = TestApp::builder()
        .setting("limits.body_bytes", "100000")
        .setting("limits.bodies_bytes", "100000");
    let app = start(builder, &POLICY).await;
    let (admin, path) = (
        Who::user("admin", &["PARTNER_ADMIN"]),
        format!("{BASE}/things"),
    );
    let token = app.token("admin", &["PARTNER_ADMIN"]);
    let most = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncookie: Authorization={token}\r\n\
         content-type: application/json\r\ncontent-length: 30000\r\n\r\n{:20000}",
        "{"
    );
    let (mut first, mut second) = (send(&app, &most).await, send(&app, &most).await);

    // Either may be the one that finds no room.
    let (refused, mut held) = tokio::select! {
        refused = text_of(&mut first) => (refused, second),
        refused = text_of(&mut second) => (refused, first),
    };
    let small = app.v1(&json!({ "name": "n" }));
    let small = app.post(&admin, &path, &small).await;
    let medium = json!({ "request": { "name": "n", "rest": "x".repeat(20_000) } });
    let no_room = app.post(&admin, &path, &medium).await;
    held.write_all(&[b' '; 10_000]).await.unwrap();
    let unreadable = text_of(&mut held).await;

    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("retry-after: 2"), "{refused}");
    assert_eq!(small.response()["name"], "n");
    assert_eq!(no_room.status, 503);
    assert!(unreadable.starts_with("HTTP/1.1 400"), "{unreadable}");
    // With the request its room is given back.
    eventually("room again", async || {
        app.post(&admin, &path, &medium).await.status == 200
    })
    .await;
}

/// What comes first from a socket.
async fn text_of(socket: &mut TcpStream) -> String {
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(Duration::from_secs(30), socket.read(&mut answer)).await;
    let read = read.expect("an answer").unwrap();
    String::from_utf8_lossy(&answer[..read]).into_owned()
}

#[actix_web::test]
async fn a_body_of_many_values_is_refused_and_stops_nothing() {
    let app = policy().await;
    let admin = Who::user("admin", &["PARTNER_ADMIN"]);
    let path = format!("{BASE}/things");
    let of = |count: usize| {
        let values = vec!["1"; count].join(",");
        format!(r#"{{"request":{{"name":"n","rest":[{values}]}}}}"#)
    };

    let fits = app.send(&admin, "POST", &path, Some(of(200_000))).await;
    let more = app.send(&admin, "POST", &path, Some(of(300_000))).await;

    assert_eq!(fits.response()["name"], "n");
    assert_eq!(more.status, 400);
    assert_eq!(more.json()["detail"], "Failed to read request");
}
