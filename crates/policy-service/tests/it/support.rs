//! What the tests of the use cases share.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pms_testkit::{Reply, TestApp, Who};
use serde_json::{Value, json};

/// The service on an empty database, at 2026-11-24T10:00:00Z.
pub(crate) async fn start() -> TestApp {
    TestApp::start(pms_policy_service::module).await
}

/// A user who may do everything here.
pub(crate) fn manager() -> Who {
    Who::policy_manager()
}

/// Below `/v1/policymanager`.
pub(crate) fn path(rest: &str) -> String {
    format!("/v1/policymanager{rest}")
}

/// Runs statements.
pub(crate) fn execute(app: &TestApp, statements: &str) {
    app.database.conn().batch_execute(statements).unwrap();
}

/// All rows of a table as JSON, in the order of its columns.
pub(crate) fn rows(app: &TestApp, table: &str) -> Vec<Value> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        row: String,
    }
    let query = format!("SELECT to_json(t)::text AS row FROM {table} t ORDER BY t::text");
    let rows: Vec<Row> = diesel::sql_query(query)
        .load(&mut app.database.conn())
        .unwrap();
    rows.iter()
        .map(|row| serde_json::from_str(&row.row).unwrap())
        .collect()
}

/// What the audit records say: event id, id, kind of id.
pub(crate) fn audits(app: &TestApp) -> Vec<(String, String, String)> {
    let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
    app.audits()
        .into_iter()
        .map(|(event_id, record)| {
            assert_eq!(record["moduleName"], "Partner Management Service");
            assert_eq!(record["moduleId"], "PMS_PRT");
            assert_eq!(record["user"], "policy-manager");
            (event_id, text(&record, "id"), text(&record, "idType"))
        })
        .collect()
}

/// [`audits`], for comparison.
pub(crate) fn audit(event_id: &str, id: &str, id_type: &str) -> (String, String, String) {
    (event_id.to_owned(), id.to_owned(), id_type.to_owned())
}

/// A group of this name; gives its id.
pub(crate) async fn given_group(app: &TestApp, name: &str) -> String {
    let body = app.v1(&json!({ "name": name, "desc": "a group" }));
    let reply = app
        .post(&manager(), &path("/policies/group/new"), &body)
        .await;
    reply.response()["id"].as_str().unwrap().to_owned()
}

/// A draft of type `Auth` with id and name `id` in the group of this name.
pub(crate) async fn given_draft(app: &TestApp, id: &str, group_name: &str) {
    let body = app.v1(&draft(id, group_name));
    app.post(&manager(), &path("/policies"), &body)
        .await
        .response();
}

/// The `request` of a draft.
pub(crate) fn draft(id: &str, group_name: &str) -> Value {
    json!({
        "policyId": id,
        "policyGroupName": group_name,
        "policyType": "Auth",
        "name": id,
        "desc": "a policy",
        "version": "1.1",
        "policies": auth_document(),
    })
}

pub(crate) fn auth_document() -> Value {
    json!({
        "authTokenType": "random",
        "allowedKycAttributes": [{ "attributeName": "fullName" }],
        "allowedAuthTypes": [{ "authType": "otp", "mandatory": true }],
    })
}

/// `request` with a member set.
pub(crate) fn with(request: &Value, member: &str, value: Value) -> Value {
    let mut request = request.clone();
    request[member] = value;
    request
}

/// `request` without a member.
pub(crate) fn without(request: &Value, member: &str) -> Value {
    let mut request = request.clone();
    request.as_object_mut().unwrap().remove(member);
    request
}

/// A business error in the V1 form.
pub(crate) fn assert_refused(reply: &Reply, code: &str, message: &str) {
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.timeless(),
        json!({
            "id": null,
            "version": null,
            "responsetime": "<time>",
            "metadata": null,
            "response": null,
            "errors": [{ "errorCode": code, "message": message }],
        })
    );
}

/// A broken field rule.
pub(crate) fn assert_field(reply: &Reply, text: &str) {
    assert_eq!(reply.status, 400, "{}", reply.text);
    assert_eq!(
        reply.timeless(),
        json!({
            "id": null,
            "version": null,
            "responsetime": "<time>",
            "metadata": null,
            "response": null,
            "errors": [{
                "errorCode": "PMS_COR_001",
                "message": format!("Invalid request parameter - {text}"),
            }],
        })
    );
}

/// A body that can't be read.
pub(crate) fn assert_unreadable(reply: &Reply, path: &str) {
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
            "detail": "Failed to read request",
            "instance": path,
        })
    );
}

/// Nobody gets in without a token, nor with another role.
pub(crate) async fn assert_guarded(app: &TestApp, method: &str, path: &str, body: Option<&Value>) {
    let partner = Who::user("partner", &["AUTH_PARTNER"]);
    for (who, status, code, message) in [
        (Who::Nobody, 401, "KER-ATH-401", "Authentication Failed"),
        (partner, 403, "KER-ATH-403", "Forbidden"),
    ] {
        let reply = app
            .send(&who, method, path, body.map(ToString::to_string))
            .await;

        assert_eq!(reply.status, status);
        assert_eq!(
            reply.timeless(),
            json!({
                "id": null,
                "version": null,
                "responsetime": "<time>",
                "metadata": null,
                "response": null,
                "errors": [{ "errorCode": code, "message": message }],
            })
        );
    }
}
