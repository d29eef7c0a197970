//! A portal on another host (contract portal.md §1.3).

use reqwest::header::HeaderMap;

use super::support::Login;

const PORTAL: &str = "https://portal.example.org";
const PATH: &str = "/v1/partnermanager/partners";

struct Call<'a> {
    method: &'a str,
    origin: Option<&'a str>,
    token: Option<String>,
    asks: bool,
}

async fn send(login: &Login, path: &str, call: Call<'_>) -> (u16, HeaderMap) {
    let method = reqwest::Method::from_bytes(call.method.as_bytes()).unwrap();
    let mut request = login
        .app
        .runtime
        .client
        .request(method, login.app.url(path));
    if let Some(origin) = call.origin {
        request = request.header("origin", origin);
    }
    if let Some(token) = call.token {
        request = request.header("cookie", format!("Authorization={token}"));
    }
    if call.asks {
        request = request
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "content-type");
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.headers().clone())
}

fn preflight(origin: &str) -> Call<'_> {
    Call {
        method: "OPTIONS",
        origin: Some(origin),
        token: None,
        asks: true,
    }
}

fn read(origin: Option<&str>, token: Option<String>) -> Call<'_> {
    Call {
        method: "GET",
        origin,
        token,
        asks: false,
    }
}

async fn shared() -> Login {
    let origins = "https://portal.example.org, http://localhost:3000";
    Login::with(|builder| builder.setting("cors.allowed_origins", origins)).await
}

fn varies_by_origin(headers: &HeaderMap) -> bool {
    headers
        .get_all("vary")
        .iter()
        .any(|value| value == "Origin")
}

fn assert_readable(headers: &HeaderMap, origin: &str) {
    assert_eq!(headers["access-control-allow-origin"], origin);
    assert_eq!(headers["access-control-allow-credentials"], "true");
    assert!(varies_by_origin(headers));
}

fn assert_unreadable(headers: &HeaderMap) {
    let marked = headers
        .keys()
        .any(|name| name.as_str().starts_with("access-control"));
    assert!(!marked, "{headers:?}");
}

#[actix_web::test]
async fn a_browser_may_ask_first_without_a_token() {
    let login = shared().await;
    for origin in [PORTAL, "http://localhost:3000"] {
        let (status, headers) = send(&login, PATH, preflight(origin)).await;

        assert_eq!(status, 204);
        assert_readable(&headers, origin);
        assert_eq!(
            headers["access-control-allow-methods"],
            "GET, POST, PUT, PATCH"
        );
        let allowed = headers["access-control-allow-headers"].to_str().unwrap();
        assert!(allowed.contains("content-type") && allowed.contains("x-xsrf-token"));
        assert!(!allowed.contains('*'));
        assert_eq!(headers["access-control-max-age"], "600");
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}

#[actix_web::test]
async fn every_answer_can_be_read_there_refusals_too() {
    let login = shared().await;
    let admin = login.app.token("admin", &["PARTNER_ADMIN"]);
    let guest = login.app.token("guest", &["NOBODY"]);

    for (token, expected) in [(Some(admin), 200), (Some(guest), 403), (None, 401)] {
        let (status, headers) = send(&login, PATH, read(Some(PORTAL), token)).await;
        assert_eq!(status, expected);
        assert_readable(&headers, PORTAL);
    }
    let (status, headers) = send(&login, "/v1/partnermanager//x", read(Some(PORTAL), None)).await;
    assert_eq!(status, 400);
    assert_readable(&headers, PORTAL);
}

#[actix_web::test]
async fn other_origins_get_no_permission() {
    let login = shared().await;
    for origin in [
        "https://evil.com",
        "https://portal.example.org.evil.com",
        "http://portal.example.org",
        "https://portal.example.org:8443",
        "https://PORTAL.example.org",
        "null",
    ] {
        let (status, headers) = send(&login, PATH, preflight(origin)).await;
        assert_eq!(status, 401, "{origin}");
        assert_unreadable(&headers);
        assert!(varies_by_origin(&headers));

        let token = login.app.token("admin", &["PARTNER_ADMIN"]);
        let (_, headers) = send(&login, PATH, read(Some(origin), Some(token))).await;
        assert_unreadable(&headers);
        assert!(varies_by_origin(&headers));
    }
    let (_, headers) = send(&login, PATH, read(None, None)).await;
    assert_unreadable(&headers);
    assert!(varies_by_origin(&headers));
}

#[actix_web::test]
async fn nothing_is_said_unless_origins_are_configured() {
    let login = Login::start().await;

    let (status, headers) = send(&login, PATH, preflight(PORTAL)).await;

    assert_eq!(status, 401);
    assert_unreadable(&headers);
    assert!(!varies_by_origin(&headers));
}

#[actix_web::test]
async fn an_ordinary_options_request_is_not_taken_for_a_question() {
    let login = shared().await;
    let token = login.app.token("admin", &["PARTNER_ADMIN"]);
    let call = Call {
        asks: false,
        token: Some(token),
        ..preflight(PORTAL)
    };

    let (status, headers) = send(&login, PATH, call).await;

    assert_eq!(status, 200);
    assert!(headers["allow"].to_str().unwrap().contains("POST"));
    assert_readable(&headers, PORTAL);
}
