//! What the tests of the use cases share.

use pms_testkit::{TestApp, Who};
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
    app.database.sql(statements);
}

/// All rows of a table as JSON, in the order of its columns.
pub(crate) fn rows(app: &TestApp, table: &str) -> Vec<Value> {
    let rows = format!("SELECT * FROM {table} t ORDER BY t::text");
    app.database.rows(&rows).as_array().unwrap().clone()
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

/// Publishes a draft in the group of this id.
pub(crate) async fn given_published(app: &TestApp, policy_id: &str, group_id: &str) {
    let path = path(&format!("/policies/{policy_id}/group/{group_id}/publish"));
    app.send(&manager(), "POST", &path, None).await.response();
}

/// A partner of this id.
pub(crate) fn given_partner(app: &TestApp, id: &str) {
    execute(
        app,
        &format!(
            "INSERT INTO partner_type
                (code, partner_description, is_active, cr_by, cr_dtimes, is_policy_required)
             VALUES ('Auth_Partner', 'x', true, 'x', now(), true)
             ON CONFLICT DO NOTHING;
             INSERT INTO partner
                (id, name, user_id, partner_type_code, approval_status, is_active, cr_by, cr_dtimes)
             VALUES ('{id}', 'x', 'x', 'Auth_Partner', 'approved', true, 'x', now())"
        ),
    );
}

/// An active API key of a partner for a policy.
pub(crate) fn given_key(app: &TestApp, partner_id: &str, policy_id: &str) {
    execute(
        app,
        &format!(
            "INSERT INTO partner_policy
                (policy_api_key, part_id, policy_id, valid_from_datetime, valid_to_datetime,
                 is_active, label, cr_by, cr_dtimes)
             VALUES ('key', '{partner_id}', '{policy_id}', '2020-01-01', '2020-01-02',
                 true, 'x', 'x', now())"
        ),
    );
}
