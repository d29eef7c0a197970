use pms_testkit::TestApp;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

async fn value(app: &Stage, key: &str) -> Value {
    let reply = app
        .get(&manager(), &path(&format!("/policies/config/{key}")))
        .await;
    let response = reply.response();
    assert_eq!(response, json!({ "key": key, "value": response["value"] }));
    response["value"].clone()
}

#[actix_web::test]
async fn clients_may_know_the_policy_settings() {
    let app = start().await;

    let types = value(&app, "pmp.allowed.policy.types").await;
    let schema = value(&app, "pmp.policy.schema.url").await;

    assert_eq!(types, "Auth,DataShare,CredentialIssuance,MISP");
    assert_eq!(schema, "https://schemas.mosip.io/v1/auth-policy");
}

#[actix_web::test]
async fn properties_that_only_clients_read_are_answered_as_they_are_configured() {
    let settings = [
        ("policy.allowed_kyc_attributes", "fullName,dateOfBirth"),
        ("policy.allowed_token_types", "random,partner,policy"),
        ("partner.credential_types", "auth,qrcode"),
    ];
    let builder = TestApp::builder().settings(&settings);
    let app = Stage(builder.start(pms_policy_service::module).await);

    for (key, configured) in [
        ("policy.allowed.kyc.attributes", "fullName,dateOfBirth"),
        ("policy.auth.allowed.token.types", "random,partner,policy"),
        ("pmp.allowed.credential.types", "auth,qrcode"),
    ] {
        assert_eq!(value(&app, key).await, configured, "{key}");
    }
}

#[actix_web::test]
async fn everything_else_looks_unknown() {
    let app = start().await;

    for key in [
        "pmp.datashare.policy.schema",
        "policy.allowed.kyc.attributes",
        "policy.auth.allowed.token.types",
        "policy.allowed_kyc_attributes",
        "database.url",
        "PATH",
        "nonsense",
        "pmp..policy.schema",
    ] {
        assert_eq!(value(&app, key).await, Value::Null, "{key}");
    }
}

#[actix_web::test]
async fn only_administrators_ask() {
    let app = start().await;

    assert_guarded(&app, "GET", &path("/policies/config/x"), None).await;
}
