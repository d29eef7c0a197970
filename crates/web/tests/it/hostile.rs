//! What no decent client sends: requests written by hand, on a bare socket.

use pms_testkit::{TestApp, Who};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::sample::policy;

const BASE: &str = "/v1/policymanager";

/// Sends `head` (without its blank line) and reads all of the answer.
async fn raw(app: &TestApp, head: &[u8]) -> String {
    let address = app.url("");
    let address = address.trim_start_matches("http://").trim_end_matches('/');
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    socket.write_all(head).await.unwrap();
    let rest = b"\r\nhost: x\r\nconnection: close\r\n\r\n";
    socket.write_all(rest).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[actix_web::test]
async fn a_body_that_is_announced_too_large_is_refused_before_it_is_sent() {
    let app = policy().await;
    let token = app.token("admin", &["PARTNER_ADMIN"]);
    let address = app.url("").trim_start_matches("http://").to_owned();
    let mut socket = tokio::net::TcpStream::connect(address.trim_end_matches('/'))
        .await
        .unwrap();
    let head = format!(
        "POST /v1/policymanager/things HTTP/1.1\r\nhost: x\r\ncookie: Authorization={token}\r\n\
         content-type: application/json\r\ncontent-length: 4194305\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.unwrap();

    let mut answer = [0; 12];
    let read = socket.read_exact(&mut answer);
    tokio::time::timeout(std::time::Duration::from_secs(5), read)
        .await
        .expect("an answer without a body")
        .unwrap();

    assert_eq!(&answer, b"HTTP/1.1 413");
}

fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or(answer)
}

#[actix_web::test]
async fn an_encoded_prefix_does_not_slip_past_authentication() {
    let app = policy().await;
    let anna = Who::user("anna", &["POLICYMANAGER"]);

    for path in [
        "/v1/policymanage%72/things/x",
        "/%761/policymanager/things/x",
        "/v1/policymanage%72/actuator/health",
    ] {
        assert_eq!(app.get(&Who::Nobody, path).await.status, 400, "{path}");
        assert_eq!(app.get(&anna, path).await.status, 400, "{path}");
    }
    for path in ["/v1/policymanagerx/things/x", "/V1/policymanager/things/x"] {
        assert_eq!(app.get(&Who::Nobody, path).await.status, 404, "{path}");
    }
    let encoded = app.get(&Who::Nobody, &format!("{BASE}/%74hings/x")).await;
    assert_eq!(
        encoded.status, 401,
        "an encoded route is guarded as the plain one"
    );
    let encoded = app.get(&anna, &format!("{BASE}/%74hings/x")).await;
    assert_eq!(encoded.response(), "x");
    let refused = app
        .send(&anna, "DELETE", &format!("{BASE}/%74hings/x"), None)
        .await;
    assert_eq!(refused.header("allow"), Some("GET,HEAD,OPTIONS,PUT"));
}

#[actix_web::test]
async fn a_target_with_a_host_of_its_own_is_guarded_as_any_other() {
    let app = policy().await;

    for target in [
        "http://other.test/v1/policymanager/things/x",
        "x://y/v1/policymanager/things/x",
    ] {
        let answer = raw(&app, format!("GET {target} HTTP/1.1").as_bytes()).await;

        assert_eq!(status(&answer), "401", "{answer}");
    }
    let answer = raw(&app, b"OPTIONS * HTTP/1.1").await;
    assert_eq!(status(&answer), "404", "{answer}");
}

#[actix_web::test]
async fn no_method_passes_without_a_token() {
    let app = policy().await;

    for method in ["HEAD", "OPTIONS", "TRACE", "DELETE", "FROBNICATE"] {
        let answer = raw(
            &app,
            format!("{method} {BASE}/things/x HTTP/1.1").as_bytes(),
        )
        .await;

        assert_eq!(status(&answer), "401", "{method}: {answer}");
    }
}

#[actix_web::test]
async fn bytes_that_are_no_text_are_refused_and_break_nothing() {
    let app = policy().await;
    let token = app.token("anna", &["POLICYMANAGER"]);
    let line = |path: &[u8], headers: &[u8]| {
        let mut head = b"POST /v1/policymanager/".to_vec();
        head.extend_from_slice(path);
        head.extend_from_slice(b" HTTP/1.1");
        head.extend_from_slice(headers);
        head
    };
    let known = format!("\r\ncookie: Authorization={token}");

    let cookie = raw(
        &app,
        &line(b"things", b"\r\ncookie: Authorization=\xff\xfe"),
    )
    .await;
    let bearer = raw(&app, &line(b"things", b"\r\nauthorization: Bearer \xff")).await;
    let path = raw(&app, &line("thïngs".as_bytes(), known.as_bytes())).await;
    let mut kind = known.clone().into_bytes();
    kind.extend_from_slice(
        b"\r\ncontent-type: \xff\r\naccept: application/json\r\nx-request-id: \xff",
    );
    let kind = raw(&app, &line(b"things", &kind)).await;
    let accept = format!("{known}\r\ntraceparent: {}\r\naccept: é", "0".repeat(9000));
    let accept = raw(&app, &line(b"things", accept.as_bytes())).await;

    assert_eq!(status(&cookie), "401", "{cookie}");
    assert_eq!(status(&bearer), "401", "{bearer}");
    assert_eq!(status(&path), "400", "{path}");
    assert_eq!(status(&kind), "415", "{kind}");
    assert!(kind.contains("application/octet-stream"), "{kind}");
    // An unreadable wish is none.
    assert_eq!(status(&accept), "400", "{accept}");
    assert_eq!(
        app.get(&Who::Nobody, &format!("{BASE}/actuator/health"))
            .await
            .status,
        200
    );
}
