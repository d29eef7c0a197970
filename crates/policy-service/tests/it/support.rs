//! What the tests of the use cases share.

use std::ops::Deref;

use pms_testkit::rows::PartnerRow;
use pms_testkit::{TestApp, Who};
use serde_json::{Value, json};

/// The service, and rows to start from.
pub(crate) struct Stage(pub(crate) TestApp);

impl Deref for Stage {
    type Target = TestApp;

    fn deref(&self) -> &TestApp {
        &self.0
    }
}

/// The service on an empty database, at 2026-11-24T10:00:00Z.
pub(crate) async fn start() -> Stage {
    Stage(TestApp::start(pms_policy_service::module).await)
}

impl Stage {
    /// Runs statements.
    pub(crate) fn sql(&self, statements: &str) {
        self.database.sql(statements);
    }

    /// All rows of a table as JSON, in the order of its columns.
    pub(crate) fn rows_of(&self, table: &str) -> Vec<Value> {
        let rows = format!("SELECT * FROM {table} t ORDER BY t::text");
        self.database.rows(&rows).as_array().unwrap().clone()
    }

    /// What the audit records say: event id, id, kind of id.
    pub(crate) fn noted(&self) -> Vec<(String, String, String)> {
        let text = |record: &Value, name: &str| record[name].as_str().unwrap().to_owned();
        self.audits()
            .into_iter()
            .map(|(event_id, record)| {
                assert_eq!(record["moduleName"], "Partner Management Service");
                assert_eq!(record["moduleId"], "PMS_PRT");
                assert_eq!(record["user"], "policy-manager");
                (event_id, text(&record, "id"), text(&record, "idType"))
            })
            .collect()
    }

    /// A group of this name; gives its id.
    pub(crate) async fn group(&self, name: &str) -> String {
        let body = self.v1(&json!({ "name": name, "desc": "a group" }));
        let path = path("/policies/group/new");
        let reply = self.post(&manager(), &path, &body).await;
        reply.response()["id"].as_str().unwrap().to_owned()
    }

    /// A draft of type `Auth` with id and name `id` in the group of this name.
    pub(crate) async fn draft(&self, id: &str, group_name: &str) {
        let body = self.v1(&draft(id, group_name));
        let reply = self.post(&manager(), &path("/policies"), &body).await;
        reply.response();
    }

    /// Publishes a draft in the group of this id.
    pub(crate) async fn published(&self, policy_id: &str, group_id: &str) {
        let path = path(&format!("/policies/{policy_id}/group/{group_id}/publish"));
        self.send(&manager(), "POST", &path, None).await.response();
    }

    /// A partner of this id.
    pub(crate) fn partner(&self, id: &str) {
        self.database.partner(&PartnerRow {
            id,
            group: None,
            ..PartnerRow::default()
        });
    }

    /// An active API key of a partner for a policy.
    pub(crate) fn key(&self, partner_id: &str, policy_id: &str) {
        self.database.key("key", partner_id, policy_id, "x", true);
    }
}

/// A user who may do everything here.
pub(crate) fn manager() -> Who {
    Who::policy_manager()
}

/// Below `/v1/policymanager`.
pub(crate) fn path(rest: &str) -> String {
    format!("/v1/policymanager{rest}")
}

/// What [`Stage::noted`] tells of a record.
pub(crate) fn audit(event_id: &str, id: &str, id_type: &str) -> (String, String, String) {
    (event_id.to_owned(), id.to_owned(), id_type.to_owned())
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
