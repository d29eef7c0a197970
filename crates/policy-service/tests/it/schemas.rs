//! The operator's own policy schemas.

use std::io::Write as _;

use pms_testkit::TestApp;
use pms_testkit::peers::{Behaviour, RecordingPeer};
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const SCHEMA: &str = r#"{
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "properties": { "word": { "type": "string", "minLength": 1 } }
}"#;

async fn create(app: &Stage, document: serde_json::Value) -> pms_testkit::Reply {
    app.group("group").await;
    let body = app.v1(&with(&draft("p", "group"), "policies", document));
    app.post(&manager(), &path("/policies"), &body).await
}

async fn start_with(source: &str) -> Stage {
    let builder = TestApp::builder().setting("policy.schemas.auth", source);
    Stage(builder.start(pms_policy_service::module).await)
}

/// Why the service does not start with this schema.
async fn refusal(source: &str) -> String {
    let app = start().await;
    let mut settings = (*app.runtime.settings).clone();
    settings
        .policy
        .schemas
        .insert("auth".to_owned(), source.to_owned());
    let mut runtime = app.runtime.clone();
    runtime.settings = settings.into();
    pms_policy_service::module(&runtime)
        .await
        .err()
        .unwrap()
        .to_string()
}

#[actix_web::test]
async fn a_file_replaces_the_built_in_schema() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(SCHEMA.as_bytes()).unwrap();
    let app = start_with(file.path().to_str().unwrap()).await;

    let reply = create(&app, json!({ "word": "" })).await;

    assert_refused(&reply, "PMS_PV_009", "Empty string is not allowed in word.");
}

#[actix_web::test]
async fn an_address_is_read_once_at_start() {
    let peer = RecordingPeer::start(Behaviour::Answer(200, SCHEMA.to_owned()));
    let app = start_with(&peer.url()).await;

    let reply = create(&app, json!({ "word": "x" })).await;

    reply.response();
    assert_eq!(peer.recorded().len(), 1);
}

#[actix_web::test]
async fn a_schema_that_cannot_be_read_stops_the_start() {
    let peer = RecordingPeer::start(Behaviour::Answer(404, "not here".to_owned()));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"{}").unwrap();

    let missing = refusal("/nowhere/auth.json").await;
    let not_found = refusal(&peer.url()).await;
    let no_schema = refusal(file.path().to_str().unwrap()).await;

    assert!(
        missing.starts_with("policy.schemas.auth (/nowhere/auth.json): "),
        "{missing}"
    );
    assert!(not_found.contains("404"), "{not_found}");
    assert!(
        no_schema.ends_with("it is not an object with $schema and type"),
        "{no_schema}"
    );
}

#[actix_web::test]
async fn an_allowed_type_without_a_schema_is_refused() {
    let app = Stage(
        TestApp::builder()
            .start(async |runtime: &pms_runtime::Runtime| {
                let mut settings = (*runtime.settings).clone();
                settings.policy.schemas.clear();
                settings.policy.allowed_types.push("Other".to_owned());
                let mut runtime = runtime.clone();
                runtime.settings = settings.into();
                pms_policy_service::module(&runtime).await
            })
            .await,
    );
    app.group("group").await;

    let body = app.v1(&with(&draft("p", "group"), "policyType", json!("other")));
    let reply = app.post(&manager(), &path("/policies"), &body).await;

    let message = "Policy Schema and policy are not matching/the policy type has no schema";
    assert_refused(&reply, "PMS_POL_051", message);

    // Nor is a document missed that nothing could be said about.
    let body = app.v1(&without(&body["request"], "policies"));
    let reply = app.post(&manager(), &path("/policies"), &body).await;
    assert_refused(&reply, "PMS_POL_051", message);
    app.draft("p", "group").await;
    app.sql("UPDATE auth_policy SET policy_type = 'other'");
    let body = app.v1(&without(&draft("p", "group"), "policies"));
    let reply = app.put(&manager(), &path("/policies/p"), &body).await;
    assert_refused(&reply, "PMS_POL_051", message);
}
