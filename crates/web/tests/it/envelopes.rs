//! Success, refusal, violation and fault in every dialect.

use pms_testkit::{TestApp, Who};
use pms_web::service::CERTIFICATE;
use serde_json::{Value, json};

use crate::sample::{partner, policy, start};

const POLICY: &str = "/v1/policymanager/things";
const PARTNER: &str = "/v1/partnermanager/things";

fn manager() -> Who {
    Who::user("anna", &["POLICYMANAGER"])
}

fn named(app: &TestApp, name: &str) -> Value {
    app.v1(&json!({ "name": name, "size": "12" }))
}

#[actix_web::test]
async fn a_v1_success_of_the_policy_service_has_no_metadata() {
    let app = policy().await;

    let reply = app.post(&manager(), POLICY, &named(&app, "n")).await;

    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.text,
        format!(
            r#"{{"id":null,"version":null,"responsetime":"{}","response":{{"name":"n","size":12,"by":"anna","note":null}},"errors":[]}}"#,
            app.now_text()
        )
    );
}

#[actix_web::test]
async fn a_v1_success_of_the_partner_service_has_metadata() {
    let app = partner().await;

    let reply = app.post(&manager(), PARTNER, &named(&app, "n")).await;

    assert!(
        reply.text.contains(r#""metadata":null,"response":{"name""#),
        "{}",
        reply.text
    );
}

#[actix_web::test]
async fn members_that_nothing_reads_may_hold_any_json() {
    let app = policy().await;
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let request = format!(r#"{{"name": "n", "size": 12, "x": {deep}}}"#);
    let body = format!(r#"{{"metadata": [1e400, {deep}], "x": {deep}, "request": {request}}}"#);

    let reply = app.send(&manager(), "POST", POLICY, Some(body)).await;

    assert_eq!(reply.response()["name"], "n");
}

#[actix_web::test]
async fn echo_repeats_id_and_version_on_success_only() {
    let app = policy().await;

    let fine = app
        .post(
            &manager(),
            "/v1/policymanager/things/echo",
            &named(&app, "n"),
        )
        .await;
    let refused = app
        .post(
            &manager(),
            "/v1/policymanager/things/echo",
            &named(&app, "no"),
        )
        .await;

    assert_eq!(fine.json()["id"], "string");
    assert_eq!(fine.json()["version"], "string");
    assert_eq!(refused.json()["id"], Value::Null);
}

#[actix_web::test]
async fn refusals_are_200_with_the_service_id() {
    let (policy, partner) = (policy().await, partner().await);

    let there = policy.post(&manager(), POLICY, &named(&policy, "no")).await;
    let here = partner
        .post(&manager(), PARTNER, &named(&partner, "no"))
        .await;

    let errors = json!([{ "errorCode": "PMS_X_002", "message": "No thing." }]);
    assert_eq!(there.status, 200);
    assert_eq!(
        there.timeless(),
        json!({ "id": null, "version": null, "responsetime": "<time>", "metadata": null,
                "response": null, "errors": errors })
    );
    assert_eq!(
        here.timeless(),
        json!({ "id": "mosip.partnermanagement", "version": "1.0", "responsetime": "<time>",
                "metadata": null, "response": null, "errors": errors })
    );
}

#[actix_web::test]
async fn faults_show_the_neutral_code_and_never_the_cause() {
    let (policy, partner) = (policy().await, partner().await);

    let there = policy
        .post(&manager(), POLICY, &named(&policy, "broken"))
        .await;
    let here = partner
        .post(&manager(), PARTNER, &named(&partner, "broken"))
        .await;

    assert_eq!(
        there.error(),
        ("PMS_COR_003".into(), "Could not process the request".into())
    );
    assert_eq!(
        here.error(),
        (
            "PMS_PRT_500".into(),
            "Unable to process the request.".into()
        )
    );
    assert!(!there.text.contains("secret") && !here.text.contains("secret"));
}

#[actix_web::test]
async fn too_much_work_is_503_with_retry_after() {
    let app = policy().await;

    let reply = app.post(&manager(), POLICY, &named(&app, "busy")).await;

    assert_eq!(reply.status, 503);
    assert_eq!(reply.header("retry-after"), Some("2"));
}

#[actix_web::test]
async fn a_request_that_takes_too_long_is_503() {
    let app = start(
        TestApp::builder().setting("limits.request_seconds", "1"),
        &pms_web::service::POLICY,
    )
    .await;

    let reply = app.get(&manager(), "/v1/policymanager/slow").await;

    assert_eq!(reply.status, 503);
}

#[actix_web::test]
async fn a_broken_field_rule_is_400_in_the_contracts_form() {
    let app = policy().await;

    let reply = app
        .post(&manager(), POLICY, &app.v1(&json!({ "name": " " })))
        .await;

    assert_eq!(reply.status, 400);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let time = reply.json()["responsetime"].as_str().unwrap().to_owned();
    assert_eq!(time, "2026-11-24T10:00:00");
    assert_eq!(
        reply.timeless(),
        json!({
            "id": null, "version": null, "metadata": null, "response": null,
            "responsetime": "<time>",
            "errors": [{
                "errorCode": "PMS_COR_001",
                "message": "Invalid request parameter - must not be blank :request.name",
            }],
        })
    );
}

#[actix_web::test]
async fn a_missing_request_is_named() {
    let app = policy().await;

    for body in [json!({}), json!({ "request": null })] {
        let reply = app.post(&manager(), POLICY, &body).await;

        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.error().1,
            "Invalid request parameter - must not be null :request"
        );
    }
}

#[actix_web::test]
async fn what_can_not_be_read_is_a_problem_document() {
    let app = policy().await;
    let unreadable = [
        "",
        "{",
        "[]",
        "7",
        "null",
        "not json",
        r#"{"request":[]}"#,
        r#"{"request":"x"}"#,
        r#"{"request":{"name":{}}}"#,
        r#"{"request":{"name":"n","size":"many"}}"#,
        r#"{"id":{},"request":{"name":"n"}}"#,
        r#"{"requesttime":"2026-11-24","request":{"name":"n"}}"#,
        r#"{"requesttime":5,"request":{"name":"n"}}"#,
    ];

    for body in unreadable {
        let reply = app
            .send(&manager(), "POST", POLICY, Some(body.to_owned()))
            .await;

        assert_eq!(reply.status, 400, "{body}");
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json"),
            "{body}"
        );
        assert_eq!(
            reply.json(),
            json!({ "type": "about:blank", "title": "Bad Request", "status": 400,
                    "detail": "Failed to read request", "instance": POLICY }),
            "{body}"
        );
    }
}

#[actix_web::test]
async fn a_violation_beats_a_missing_role_and_a_missing_role_beats_the_envelope() {
    let app = policy().await;
    let nobody = Who::user("bert", &["AUTH_PARTNER"]);
    let dated = "/v1/policymanager/things/dated";

    let violation = app.post(&nobody, dated, &json!({ "request": {} })).await;
    let role = app
        .post(&nobody, dated, &json!({ "request": { "name": "n" } }))
        .await;
    let envelope = app
        .post(&manager(), dated, &json!({ "request": { "name": "n" } }))
        .await;

    assert_eq!(violation.status, 400);
    assert_eq!(role.status, 403);
    assert_eq!(envelope.error().0, "PMS_REQUEST_ERROR_004");
}

#[actix_web::test]
async fn dated_routes_want_a_request_of_today() {
    let app = policy().await;
    let dated = "/v1/policymanager/things/dated";
    let at = |time: &str| json!({ "requesttime": time, "request": { "name": "n" } });

    let missing = app.post(&manager(), dated, &at(" ")).await;
    let yesterday = app
        .post(&manager(), dated, &at("2026-11-23T23:59:59.999Z"))
        .await;
    let today = app
        .post(&manager(), dated, &at("2026-11-24T23:59:59.999Z"))
        .await;

    assert_eq!(
        missing.error(),
        (
            "PMS_REQUEST_ERROR_004".into(),
            "Invalid request time".into()
        )
    );
    assert_eq!(
        yesterday.error(),
        (
            "PMS_REQUEST_ERROR_006".into(),
            "Request date should be current date".into()
        )
    );
    assert_eq!(today.response()["name"], "n");
}

#[actix_web::test]
async fn v2_envelopes_are_checked_in_order() {
    let app = policy().await;
    let path = "/v1/policymanager/things/v2";
    let (id, now) = ("mosip.pms.things.patch", app.now_text());
    let cases = [
        (
            json!({ "id": "x", "requestTime": now, "version": "1.0" }),
            "PMS_REQUEST_ERROR_002",
        ),
        (
            json!({ "requestTime": now, "version": "1.0" }),
            "PMS_REQUEST_ERROR_002",
        ),
        (
            json!({ "id": id, "requesttime": now, "version": "1.0" }),
            "PMS_REQUEST_ERROR_004",
        ),
        (
            json!({ "id": id, "requestTime": "2026-11-25T00:00:00.000Z", "version": "1.0" }),
            "PMS_REQUEST_ERROR_006",
        ),
        (
            json!({ "id": id, "requestTime": now, "version": "2" }),
            "PMS_REQUEST_ERROR_003",
        ),
        (
            json!({ "id": id, "requestTime": now }),
            "PMS_REQUEST_ERROR_003",
        ),
    ];

    for (mut body, code) in cases {
        body["request"] = json!({ "name": "n" });
        let reply = app.patch(&manager(), path, &body).await;

        assert_eq!(reply.error().0, code, "{body}");
        assert_eq!(reply.json()["id"], id);
        assert_eq!(reply.json()["version"], "1.0");
        assert!(reply.json()["responseTime"].is_string());
    }
    let body =
        json!({ "id": id, "requestTime": now, "version": "1.0", "request": { "name": "n" } });
    let fine = app.patch(&manager(), path, &body).await;
    assert_eq!(
        fine.timeless(),
        json!({ "id": id, "version": "1.0", "responseTime": "<time>", "metadata": null,
                "response": { "name": "n", "size": 0, "by": "anna", "note": null }, "errors": [] })
    );
}

#[actix_web::test]
async fn a_fault_on_a_v2_route_shows_the_operations_code() {
    let app = policy().await;
    let body = json!({ "id": "mosip.pms.things.patch", "requestTime": app.now_text(),
                       "version": "1.0", "request": { "name": "broken" } });

    let reply = app
        .patch(&manager(), "/v1/policymanager/things/v2", &body)
        .await;

    assert_eq!(
        reply.error(),
        ("PMS_X_001".into(), "Error while trying.".into())
    );
    assert_eq!(reply.json()["id"], "mosip.pms.things.patch");
}

#[actix_web::test]
async fn the_key_manager_answers_everything_in_its_own_envelope() {
    let app = start(TestApp::builder(), &CERTIFICATE).await;
    let path = "/v1/keymanager/make";
    let body = |name: &str| json!({ "id": "a", "version": "b", "request": { "name": name } });

    let fine = app.post(&manager(), path, &body("n")).await;
    let refused = app.post(&manager(), path, &body("no")).await;
    let violated = app.post(&manager(), path, &body("")).await;
    let unreadable = app
        .send(&manager(), "POST", path, Some("{".to_owned()))
        .await;
    let fault = app.post(&manager(), path, &body("broken")).await;

    let bare = app
        .post(
            &manager(),
            path,
            &json!({ "id": null, "request": { "name": "no" } }),
        )
        .await;

    assert_eq!(bare.json()["id"], "null");
    assert_eq!(bare.json()["version"], "");
    assert_eq!(unreadable.json()["id"], Value::Null);
    assert_eq!(fine.json()["errors"], Value::Null);
    assert_eq!((fine.json()["id"].clone(), fine.status), (json!("a"), 200));
    assert_eq!(refused.error().0, "PMS_X_002");
    assert_eq!(violated.status, 200);
    assert_eq!(
        violated.error(),
        (
            "KER-KMS-005".into(),
            "request.name must not be blank".into()
        )
    );
    assert_eq!(
        (unreadable.status, unreadable.error().0),
        (200, "KER-KMS-005".into())
    );
    assert_eq!((fault.status, fault.error().0), (500, "KER-KMS-500".into()));
}

#[actix_web::test]
async fn on_a_strict_route_every_broken_rule_is_the_same_problem_document() {
    let app = policy().await;
    let path = "/v1/policymanager/things/strict";

    for request in [
        json!(null),
        json!({ "name": "" }),
        json!({ "name": "much too long" }),
    ] {
        let reply = app
            .patch(&manager(), path, &json!({ "request": request }))
            .await;

        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(reply.json()["detail"], "Validation failure", "{request}");
    }
}

#[actix_web::test]
async fn blank_numbers_are_absent_ones() {
    let app = policy().await;
    let body = |size: Value| app.v1(&json!({ "name": "n", "size": size }));

    for (size, expected) in [
        (json!(""), 0),
        (json!(null), 0),
        (json!(" 7 "), 7),
        (json!(7.9), 7),
    ] {
        let reply = app.post(&manager(), POLICY, &body(size)).await;

        assert_eq!(reply.response()["size"], expected);
    }
}
