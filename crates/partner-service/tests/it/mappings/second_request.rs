//! A partner whose first request was rejected asks again.

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner};

async fn ask(stage: &Stage, policy: &str) -> String {
    let request = json!({ "policyName": policy, "useCaseDescription": "why" });
    let path = "/partners/acme/policy/map";
    let partner = auth_partner("acme");
    let reply = stage.send(&partner, "POST", path, request);
    let key = reply.await.response()["mappingkey"].clone();
    key.as_str().unwrap().to_owned()
}

async fn decide(stage: &Stage, key: &str, status: &str) {
    let path = format!("/partners/policy/{key}");
    let request = json!({ "status": status });
    stage
        .send(&Who::admin(), "PUT", &path, request)
        .await
        .response();
}

async fn generate(stage: &Stage, policy: &str) -> Value {
    let request = json!({ "policyName": policy, "label": "one" });
    let path = "/partners/acme/generate/apikey";
    let partner = auth_partner("acme");
    let reply = stage.send(&partner, "PATCH", path, request);
    reply.await.json()
}

async fn map_credential_type(stage: &Stage, policy: &str) -> Value {
    let policy = policy.replace(' ', "%20");
    let path = format!("/partners/acme/credentialtype/auth/policies/{policy}");
    let path = format!("/v1/partnermanager{path}");
    let partner = Who::user("acme", &["CREDENTIAL_PARTNER"]);
    let reply = stage.app.send(&partner, "POST", &path, None);
    reply.await.json()
}

#[actix_web::test]
async fn what_a_rejected_request_forbids_the_approved_one_after_it_allows() {
    let stage = Stage::start().await;
    for (id, name) in [("p-1", "Policy One"), ("p-2", "Policy Two")] {
        stage.policy(id, Some("g-1"), name, true);
    }
    stage.partner(&Row::default());
    let other = ask(&stage, "Policy Two").await;
    decide(&stage, &other, "Rejected").await;
    let first = ask(&stage, "Policy One").await;
    decide(&stage, &first, "Rejected").await;
    let refused = generate(&stage, "Policy One").await;
    assert_eq!(refused["errors"][0]["errorCode"], "PMS_PRT_109");

    let second = ask(&stage, "Policy One").await;
    decide(&stage, &second, "Approved").await;

    let generated = generate(&stage, "Policy One").await;
    assert_eq!(generated["response"]["policyId"], "p-1");
    stage.sql("UPDATE partner SET partner_type_code = 'Credential_Partner'");
    let mapped = map_credential_type(&stage, "Policy One").await;
    assert_eq!(
        mapped["response"], "Partner, policy and credentialType mapping done successfully.",
        "{mapped}"
    );
    // The rejected one of another policy stays rejected.
    let refused = generate(&stage, "Policy Two").await;
    assert_eq!(refused["errors"][0]["errorCode"], "PMS_PRT_109");
    let statuses = "SELECT policy_id, status_code FROM partner_policy_request
        WHERE part_id = 'acme' ORDER BY policy_id, status_code";
    let row = |policy: &str, status: &str| json!({ "policy_id": policy, "status_code": status });
    assert_eq!(
        stage.rows(statuses),
        json!([
            row("p-1", "approved"),
            row("p-1", "rejected"),
            row("p-2", "rejected")
        ])
    );
}
