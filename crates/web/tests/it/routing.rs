//! Paths, methods, media types, sizes.

use std::future::pending;
use std::net::TcpListener;

use pms_testkit::{TestApp, Who};
use pms_web::server::{Application, serve};
use pms_web::service::POLICY;
use pms_web::{Access, ApiResult, Caller, Rows, V1};
use serde_json::json;

use crate::sample::{policy, start};

fn anna() -> Who {
    Who::user("anna", &["POLICYMANAGER"])
}

#[actix_web::test]
async fn an_unknown_path_is_401_without_a_token_and_404_with_one() {
    let app = policy().await;
    let path = "/v1/policymanager/nothing/here";

    assert_eq!(app.get(&Who::Nobody, path).await.status, 401);
    let reply = app.get(&anna(), path).await;
    assert_eq!(reply.status, 404);
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(
        reply.json(),
        json!({ "type": "about:blank", "title": "Not Found", "status": 404,
                "detail": "No static resource nothing/here.", "instance": path })
    );
    assert_eq!(
        app.get(&anna(), "/v1/policymanager/things/x/").await.status,
        404
    );
}

#[actix_web::test]
async fn a_wrong_method_is_405_with_what_would_work() {
    let app = policy().await;

    let reply = app
        .send(&anna(), "DELETE", "/v1/policymanager/things/x", None)
        .await;

    assert_eq!(reply.status, 405);
    assert_eq!(reply.header("allow"), Some("GET,HEAD,OPTIONS,PUT"));
    assert_eq!(reply.json()["detail"], "Method 'DELETE' is not supported.");
}

#[actix_web::test]
async fn a_literal_wins_but_does_not_hide_the_parameter_for_other_methods() {
    let app = policy().await;

    let literal = app.get(&anna(), "/v1/policymanager/things/literal").await;
    let parameter = app
        .send(&anna(), "PUT", "/v1/policymanager/things/literal", None)
        .await;
    let decoded = app
        .get(&anna(), "/v1/policymanager/things/my%20group%C3%A9")
        .await;

    assert_eq!(literal.response(), "the literal");
    assert_eq!(parameter.response(), "literal");
    assert_eq!(decoded.response(), "my groupé");
}

#[actix_web::test]
async fn head_and_options_come_by_themselves() {
    let app = policy().await;

    let head = app
        .send(&anna(), "HEAD", "/v1/policymanager/things/x", None)
        .await;
    let options = app
        .send(&anna(), "OPTIONS", "/v1/policymanager/things", None)
        .await;

    assert_eq!((head.status, head.text.as_str()), (200, ""));
    assert_eq!(options.status, 200);
    assert_eq!(options.header("allow"), Some("OPTIONS,POST"));
}

#[actix_web::test]
async fn paths_with_two_readings_are_400_even_without_a_token() {
    let app = policy().await;

    for path in [
        "/v1/policymanager/a%2Fb",
        "/v1/policymanager/a;b",
        "/v1/policymanager//things",
    ] {
        assert_eq!(app.get(&Who::Nobody, path).await.status, 400, "{path}");
    }
}

#[actix_web::test]
async fn other_media_types_are_415() {
    let app = policy().await;
    let client = reqwest::Client::new();
    let token = app.token("anna", &["POLICYMANAGER"]);
    let send = |kind: Option<&'static str>| {
        let mut request = client
            .post(app.url("/v1/policymanager/things"))
            .header("cookie", format!("Authorization={token}"))
            .body("{}");
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        request.send()
    };

    let text = send(Some("text/plain;charset=UTF-8")).await.unwrap();
    assert_eq!(text.status(), 415);
    let body: serde_json::Value = text.json().await.unwrap();
    assert_eq!(
        body["detail"],
        "Content-Type 'text/plain;charset=UTF-8' is not supported."
    );
    let spaced = send(Some("Text/Plain ; charset=UTF-8")).await.unwrap();
    assert_eq!(
        spaced.headers()["accept"],
        "application/json, application/*+json"
    );
    let spaced: serde_json::Value = spaced.json().await.unwrap();
    assert_eq!(spaced["detail"], body["detail"]);
    let none: serde_json::Value = send(None).await.unwrap().json().await.unwrap();
    assert_eq!(
        none["detail"],
        "Content-Type 'application/octet-stream' is not supported."
    );
    let json = send(Some("application/json; charset=utf-8")).await.unwrap();
    assert_eq!(json.status(), 400);
}

#[actix_web::test]
async fn a_body_over_the_limit_is_413() {
    let builder = TestApp::builder().setting("limits.body_bytes", "1000");
    let app = start(builder, &POLICY).await;
    let body = json!({ "request": { "name": "x".repeat(2000) } });

    let reply = app.post(&anna(), "/v1/policymanager/things", &body).await;

    assert_eq!(reply.status, 413);
}

#[actix_web::test]
async fn a_body_of_known_size_below_the_limit_is_read() {
    let app = policy().await;
    let body = json!({ "request": { "name": "n", "rest": "x".repeat(2_400_000) } });

    let reply = app.post(&anna(), "/v1/policymanager/things", &body).await;

    assert_eq!(reply.response()["name"], "n");
}

#[actix_web::test]
async fn wrong_numbers_in_the_query_are_named() {
    let app = policy().await;

    let wrong = app
        .get(&anna(), "/v1/policymanager/things/paged?pageNo=abc")
        .await;
    let absent = app
        .get(&anna(), "/v1/policymanager/things/paged?pageNo=&other=1")
        .await;

    assert_eq!(wrong.status, 400);
    assert_eq!(
        wrong.json()["detail"],
        "Failed to convert 'pageNo' with value: 'abc'"
    );
    assert_eq!(absent.status, 200);
}

#[actix_web::test]
async fn nothing_at_all_is_an_unreadable_body_and_not_a_wrong_type() {
    let app = policy().await;

    let reply = app
        .send(&anna(), "POST", "/v1/policymanager/things", None)
        .await;

    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["detail"], "Failed to read request");
}

#[actix_web::test]
async fn a_client_that_takes_no_json_gets_406_and_nothing_happens() {
    let app = policy().await;
    let token = app.token("anna", &["POLICYMANAGER"]);
    let path = "/v1/policymanager/things";
    let send = |token: Option<&str>, accept: &'static str| {
        let mut request = reqwest::Client::new()
            .post(app.url(path))
            .header("accept", accept)
            .header("content-type", "application/json")
            .body(r#"{"request":{"name":"n"}}"#);
        if let Some(token) = token {
            request = request.header("cookie", format!("Authorization={token}"));
        }
        request.send()
    };

    let xml = send(Some(&token), "application/xml, text/html")
        .await
        .unwrap();
    let any = send(Some(&token), "text/html, */*;q=0.1").await.unwrap();
    let nobody = send(None, "application/xml").await.unwrap();

    assert_eq!(any.status(), 200);
    assert_eq!(nobody.status(), 401);
    assert_eq!(xml.status(), 406);
    assert_eq!(xml.headers()["content-type"], "application/problem+json");
    assert_eq!(
        xml.json::<serde_json::Value>().await.unwrap(),
        json!({ "type": "about:blank", "title": "Not Acceptable", "status": 406,
                "detail": "Acceptable representations: [application/json, application/*+json].",
                "instance": path })
    );
}

async fn hello(_: Caller) -> ApiResult<String> {
    Ok("hello".to_owned())
}

#[actix_web::test]
async fn a_role_property_that_the_matrix_lacks_stops_the_start() {
    let app = policy().await;
    let mut module = crate::sample::module(&app.runtime, &POLICY);
    let rows = Rows::of(&POLICY);
    module.routes = vec![rows.get("/hello", Access::Role("gethallo"), V1, hello)].into();
    let application = Application {
        edge: app.runtime.edge.clone(),
        modules: vec![module],
        extras: None,
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (finishing, _) = tokio::sync::oneshot::channel();
    let settings = &app.runtime.settings;

    let checked = application.check();
    let served = serve(listener, settings, application, pending(), finishing).await;

    let why = "GET /v1/policymanager/hello: no role property gethallo in the matrix";
    assert_eq!(checked.unwrap_err(), why);
    assert_eq!(served.unwrap_err().to_string(), why);
}
