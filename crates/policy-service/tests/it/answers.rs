//! What answers must look like, whole.

use pms_testkit::bodies::{answered, nameless, refusal};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::{Stage, manager, with, without};

/// A success in the V1 form of the policy manager, which has no `metadata`; it echoes
/// the `id` and `version` of the tests' requests.
pub(crate) fn echoed(response: &Value) -> Value {
    let mut body = unnamed(response);
    body["id"] = json!("string");
    body["version"] = json!("string");
    body
}

/// A success in the V1 form of an operation without an envelope to echo.
pub(crate) fn unnamed(response: &Value) -> Value {
    json!({
        "id": null,
        "version": null,
        "responsetime": "<time>",
        "response": response,
        "errors": [],
    })
}

/// A business error in the V1 form.
pub(crate) fn assert_refused(reply: &Reply, code: &str, message: &str) {
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, nameless(code, message))
    );
}

/// A broken field rule.
pub(crate) fn assert_field(reply: &Reply, text: &str) {
    let message = format!("Invalid request parameter - {text}");
    assert_eq!(
        (reply.status, reply.timeless()),
        (400, nameless("PMS_COR_001", &message))
    );
}

/// A body that can't be read.
pub(crate) fn assert_unreadable(reply: &Reply, path: &str) {
    assert_problem(reply, path, "Failed to read request");
}

/// No caller gets in without a token, nor with another role.
pub(crate) async fn assert_guarded(app: &Stage, method: &str, path: &str, body: Option<&Value>) {
    let partner = Who::user("partner", &["AUTH_PARTNER"]);
    for (who, status, code, message) in [
        (Who::Nobody, 401, "KER-ATH-401", "Authentication Failed"),
        (partner, 403, "KER-ATH-403", "Forbidden"),
    ] {
        let reply = app
            .send(&who, method, path, body.map(ToString::to_string))
            .await;

        assert_eq!(
            (reply.status, reply.timeless()),
            (status, nameless(code, message))
        );
    }
}

/// An envelope of the newer endpoints, with the app's time.
pub(crate) fn v2(app: &Stage, operation: &str, request: &Value) -> Value {
    json!({
        "id": operation,
        "version": "1.0",
        "requestTime": app.now_text(),
        "metadata": {},
        "request": request,
    })
}

/// The answer of a newer endpoint.
pub(crate) fn assert_v2(reply: &Reply, operation: &str, response: &Value) {
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, answered(operation, response))
    );
}

/// A business error of a newer endpoint.
pub(crate) fn assert_v2_refused(reply: &Reply, operation: &str, code: &str, message: &str) {
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, refusal(operation, code, message))
    );
}

/// The envelope checks of a newer write endpoint, in their order, and what its
/// problem documents say.
pub(crate) async fn assert_v2_checked(app: &Stage, path: &str, operation: &str) {
    let good = v2(app, operation, &json!({ "status": "De-Activate" }));
    // Every step mends the first fault of the step before.
    let worst = json!({ "id": "x", "version": "2.0", "request": { "status": "x" } });
    let named = with(&worst, "id", json!(operation));
    let old = with(&named, "requestTime", json!("2026-11-23T10:00:00.000Z"));
    let today = with(&old, "requestTime", good["requestTime"].clone());
    for (body, code, message) in [
        (worst, "PMS_REQUEST_ERROR_002", "Invalid Request Id"),
        (named, "PMS_REQUEST_ERROR_004", "Invalid request time"),
        (
            old,
            "PMS_REQUEST_ERROR_006",
            "Request date should be current date",
        ),
        (today, "PMS_REQUEST_ERROR_003", "Request version is invalid"),
    ] {
        let reply = app.patch(&manager(), path, &body).await;
        assert_v2_refused(&reply, operation, code, message);
    }

    let without_request = app
        .patch(&manager(), path, &without(&good, "request"))
        .await;
    assert_problem(&without_request, path, "Validation failure");
    let (parent, _) = path.rsplit_once('/').unwrap();
    let blank = format!("{parent}/%20");
    let blank_id = app.patch(&manager(), &blank, &good).await;
    assert_problem(&blank_id, &blank, "Validation failure");
}

/// A problem document with status 400.
pub(crate) fn assert_problem(reply: &Reply, path: &str, detail: &str) {
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert_eq!(
        reply.header("content-type"),
        Some("application/problem+json")
    );
    assert_eq!(
        reply.json(),
        json!({
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": detail,
            "instance": path,
        })
    );
}
