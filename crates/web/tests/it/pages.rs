//! Health, metrics, documents, headers.

use diesel::connection::SimpleConnection as _;
use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, TestApp, Who};
use serde_json::json;

use crate::sample::{policy, start};

const BASE: &str = "/v1/policymanager";

/// A page for operators, which needs no token.
async fn actuator(app: &TestApp, page: &str) -> Reply {
    let path = format!("{BASE}/actuator/{page}");
    app.get(&Who::Nobody, &path).await
}

#[actix_web::test]
async fn health_needs_no_token_and_names_its_components() {
    let app = policy().await;

    let health = actuator(&app, "health").await;
    let live = actuator(&app, "health/liveness").await;
    let ready = actuator(&app, "health/readiness").await;

    assert_eq!(health.status, 200);
    assert_eq!(health.json()["status"], "UP");
    assert_eq!(health.json()["components"]["db"]["status"], "UP");
    assert_eq!(
        health.json()["components"]["outbox"]["details"]["pending"],
        0
    );
    assert_eq!(live.json(), json!({ "status": "UP" }));
    assert_eq!(ready.status, 200);
}

#[actix_web::test]
async fn without_a_database_the_service_is_alive_but_not_ready() {
    let url = "postgres://nobody@127.0.0.1:9/none";
    let builder = TestApp::builder()
        .setting("database.url", url)
        .setting("database.acquire_timeout_ms", "300");
    let app = start(builder, &pms_web::service::POLICY).await;

    let health = actuator(&app, "health").await;
    let live = actuator(&app, "health/liveness").await;

    let ready = actuator(&app, "health/readiness").await;

    // Existing charts restart a process by the first one.
    assert_eq!((health.status, live.status), (200, 200));
    assert_eq!(ready.status, 503);
    assert_eq!(health.json()["status"], "DOWN");
    assert_eq!(health.json()["components"]["db"]["status"], "DOWN");
    assert_eq!(ready.json()["status"], "DOWN");
    assert_eq!(live.json(), json!({ "status": "UP" }));
}

#[actix_web::test]
async fn a_busy_pool_and_a_locked_outbox_leave_the_service_ready() {
    let app = policy().await;
    let mut locks = app.database.conn();
    locks
        .batch_execute("BEGIN; LOCK TABLE pms.outbox, pms.partner IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    let busy: Vec<_> = (0..4)
        .map(|_| {
            let db = app.runtime.db.clone();
            let wait = "SELECT count(*) FROM pms.partner";
            tokio::spawn(async move { db.read(|conn| Ok(conn.batch_execute(wait)?)).await })
        })
        .collect();
    eventually("the pool is busy", async || {
        app.runtime.db.state().busy == 4
    })
    .await;

    let ready = actuator(&app, "health/readiness").await;
    let health = actuator(&app, "health").await;

    // The tables are locked all the while.
    assert!(busy.iter().all(|one| !one.is_finished()));
    assert_eq!((ready.status, health.status), (200, 200));
    assert_eq!(health.json()["status"], "UP");
    assert_eq!(health.json()["components"]["outbox"]["status"], "UNKNOWN");
    locks.batch_execute("ROLLBACK").unwrap();
    for one in busy {
        one.await.unwrap().unwrap();
    }
}

#[actix_web::test]
async fn a_read_only_database_is_reported_and_leaves_the_service_ready() {
    let app = policy().await;
    let switch = |on: bool| {
        let sql = format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {on}',
                                        current_database()); END $$"
        );
        let mut conn = app.database.conn();
        conn.batch_execute("SET default_transaction_read_only = off")
            .unwrap();
        conn.batch_execute(&sql).unwrap();
    };
    switch(true);

    let ready = actuator(&app, "health/readiness").await;
    let metrics = actuator(&app, "prometheus").await;

    assert_eq!(ready.status, 200);
    assert_eq!(
        ready.json()["components"]["db"]["details"]["readOnly"],
        true
    );
    let health = actuator(&app, "health").await;
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["status"], "DOWN");
    assert_eq!(health.json()["components"]["db"]["status"], "DOWN");
    let read_only = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("db_read_only{"));
        line.is_some_and(|line| line.ends_with(" 1"))
    };
    assert!(read_only(&metrics.text), "{}", metrics.text);
    switch(false);
    assert!(app.runtime.db.ping(std::time::Duration::from_secs(2)).await);
    let metrics = actuator(&app, "prometheus").await;
    assert!(!read_only(&metrics.text), "{}", metrics.text);
}

#[actix_web::test]
async fn nothing_else_of_the_actuator_exists() {
    let app = policy().await;

    for page in ["env", "beans", "heapdump", "refresh"] {
        assert_eq!(actuator(&app, page).await.status, 404);
    }
}

#[actix_web::test]
async fn pages_answer_head_and_refuse_other_methods() {
    let app = policy().await;

    for page in [
        "actuator/health",
        "actuator/info",
        "v3/api-docs",
        "v3/api-docs/swagger-config",
        "swagger-ui/index.html",
    ] {
        let path = format!("{BASE}/{page}");
        let head = app.send(&Who::Nobody, "HEAD", &path, None).await;
        let post = app.send(&Who::Nobody, "POST", &path, None).await;

        assert_eq!((head.status, head.text.as_str()), (200, ""), "{page}");
        assert_eq!(post.status, 405, "{page}");
        assert_eq!(post.header("allow"), Some("GET,HEAD,OPTIONS"), "{page}");
    }
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_status() {
    let app = policy().await;
    app.get(&Who::admin(), &format!("{BASE}/things/some-id"))
        .await;

    let page = actuator(&app, "prometheus").await;

    let counted = page.text.lines().find(|line| {
        line.starts_with("http_server_requests_seconds_count")
            && line.contains(r#"uri="/v1/policymanager/things/{id}""#)
            && line.contains(r#"status="200""#)
    });
    assert!(
        counted.is_some_and(|line| line.ends_with(" 1")),
        "{}",
        page.text
    );
    for name in [
        "http_server_requests_seconds_max",
        "db_pool_connections_max",
        "pms_build_info",
    ] {
        assert!(page.text.contains(name), "{name}");
    }
    assert!(!page.text.contains("some-id"));
}

#[actix_web::test]
async fn the_document_has_every_route_and_swagger_ui_shows_it() {
    let app = policy().await;

    let document = app
        .get(&Who::Nobody, &format!("{BASE}/v3/api-docs"))
        .await
        .json();
    let ui = app
        .get(&Who::Nobody, &format!("{BASE}/swagger-ui/index.html"))
        .await;

    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let paths = &document["paths"];
    assert!(paths["/v1/policymanager/things/{id}"]["get"]["parameters"][0]["name"] == "id");
    let post = &paths["/v1/policymanager/things"]["post"];
    let schema = &post["requestBody"]["content"]["application/json"]["schema"];
    assert_eq!(
        schema["properties"]["request"]["properties"]["size"]["type"],
        "integer"
    );
    assert!(
        post["description"]
            .as_str()
            .unwrap()
            .contains("postpolicies")
    );
    assert_eq!(ui.status, 200);
    assert!(ui.text.to_lowercase().contains("swagger"));
}

#[actix_web::test]
async fn swagger_ui_is_told_where_the_document_is() {
    let app = policy().await;
    let path = format!("{BASE}/v3/api-docs/swagger-config");

    let reply = app.get(&Who::Nobody, &path).await;
    let behind_a_proxy = reqwest::Client::new()
        .get(app.url(&path))
        .header("x-forwarded-proto", "https")
        .header("x-forwarded-host", "api.example.org");
    let behind_a_proxy = behind_a_proxy.send().await.unwrap().text().await.unwrap();

    let redirect = app.url(&format!("{BASE}/swagger-ui/oauth2-redirect.html"));
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.json(),
        json!({
            "configUrl": path,
            "oauth2RedirectUrl": redirect,
            "url": format!("{BASE}/v3/api-docs"),
            "validatorUrl": "",
        })
    );
    let outside = format!("https://api.example.org{BASE}/swagger-ui/oauth2-redirect.html");
    assert!(behind_a_proxy.contains(&outside), "{behind_a_proxy}");
    assert_eq!(
        app.get(
            &Who::Nobody,
            &format!("{BASE}/swagger-ui/oauth2-redirect.html")
        )
        .await
        .status,
        200
    );
}

#[actix_web::test]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let app = policy().await;

    for who in [Who::Nobody, Who::admin()] {
        let reply = app.get(&who, &format!("{BASE}/things/x")).await;

        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("x-frame-options"), Some("SAMEORIGIN"));
        assert_eq!(reply.header("x-xss-protection"), Some("0"));
        assert_eq!(reply.header("pragma"), Some("no-cache"));
        assert_eq!(reply.header("expires"), Some("0"));
        assert_eq!(
            reply.header("cache-control"),
            Some("no-cache, no-store, max-age=0, must-revalidate")
        );
        assert_eq!(reply.header("strict-transport-security"), None);
        assert_eq!(reply.header("x-request-id").map(str::len), Some(36));
    }
}

#[actix_web::test]
async fn a_usable_request_id_is_accepted_and_https_is_remembered() {
    let app: TestApp = policy().await;
    let send = |id: &'static str| {
        reqwest::Client::new()
            .get(app.url(&format!("{BASE}/things/x")))
            .header("x-request-id", id)
            .header("x-forwarded-proto", "https")
            .send()
    };

    let fine = send("abc-123").await.unwrap();
    let long = send(concat!(
        "0123456789012345678901234567890123456789",
        "012345678901234567890123456789"
    ))
    .await
    .unwrap();

    assert_eq!(fine.headers()["x-request-id"], "abc-123");
    assert_ne!(long.headers()["x-request-id"].len(), 70);
    assert_eq!(
        fine.headers()["strict-transport-security"],
        "max-age=31536000 ; includeSubDomains"
    );
}
