use pms_testkit::TestApp;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const GET: &str = "/v1/policymanager/policies/p";

/// A draft `p` in a group; gives the group's id.
async fn prepare(app: &Stage) -> String {
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.sql(
        "UPDATE policy_group SET upd_by = 'b', upd_dtimes = '2026-11-24 12:00:00.5';
         UPDATE auth_policy SET upd_by = 'c', upd_dtimes = '2026-11-25 12:00:00'",
    );
    group_id
}

fn answer(group_id: &str) -> Value {
    json!({
        "policyGroupId": group_id,
        "policyGroupName": "group",
        "policyGroupDesc": "a group",
        "policyGroupStatus": true,
        "policyGroup_cr_by": "policy-manager",
        "policyGroup_cr_dtimes": "2026-11-24T10:00:00",
        "policyGroup_up_by": "b",
        "policyGroup_upd_dtimes": "2026-11-24T12:00:00.5",
        "policyId": "p",
        "policyName": "p",
        "policyDesc": "a policy",
        "policyType": "Auth",
        "publishDate": "2026-11-24T10:00:00",
        "validTill": "2226-11-24T10:00:00",
        "status": "DRAFTED",
        "version": "1.1",
        "schema": null,
        "is_Active": false,
        "cr_by": "policy-manager",
        "cr_dtimes": "2026-11-24T10:00:00",
        "up_by": "c",
        "upd_dtimes": "2026-11-25T12:00:00",
        "policies": auth_document(),
    })
}

#[actix_web::test]
async fn a_policy_is_shown_with_its_group() {
    let app = start().await;
    let group_id = prepare(&app).await;
    let noted = app.noted().len();

    let reply = app.get(&manager(), GET).await;

    assert_eq!(reply.timeless(), unnamed(&answer(&group_id)));
    assert_eq!(app.noted().len(), noted);
}

#[actix_web::test]
async fn a_policy_is_shown_whatever_its_state() {
    let app = start().await;
    prepare(&app).await;
    for (schema, active, status) in [
        ("'s'", true, "PUBLISHED"),
        ("'s'", false, "DRAFTED"),
        ("NULL", true, "PUBLISHED"),
        ("NULL", false, "DRAFTED"),
    ] {
        app.sql(&format!(
                "UPDATE auth_policy SET policy_schema = {schema}, is_active = {active}, is_deleted = true"
            ),
        );

        let response = app.get(&manager(), GET).await.response();

        assert_eq!(
            (&response["status"], &response["is_Active"]),
            (&json!(status), &json!(active))
        );
    }
}

#[actix_web::test]
async fn a_policy_without_a_group_is_shown_without() {
    let app = start().await;
    let group_id = prepare(&app).await;
    app.sql("UPDATE auth_policy SET policy_group_id = NULL");

    let response = app.get(&manager(), GET).await.response();

    let mut expected = answer(&group_id);
    for (name, value) in expected.as_object_mut().unwrap() {
        if name.starts_with("policyGroup") {
            *value = Value::Null;
        }
    }
    assert_eq!(response, expected);
}

#[actix_web::test]
async fn stray_commas_of_a_stored_document_are_forgiven() {
    let app = start().await;
    prepare(&app).await;
    app.sql(r#"UPDATE auth_policy SET policy_file_id = '{"a":false,,"b":[1,],}'"#);

    let response = app.get(&manager(), GET).await.response();

    assert_eq!(response["policies"], json!({ "a": false, "b": [1] }));
}

#[actix_web::test]
async fn an_unreadable_document_is_noted_and_refused() {
    let app = start().await;
    prepare(&app).await;
    let noted = app.noted().len();

    app.sql("UPDATE auth_policy SET policy_file_id = '{'");
    let unreadable = app.get(&manager(), GET).await;
    app.sql("UPDATE auth_policy SET policy_file_id = '[]'");
    let no_object = app.get(&manager(), GET).await;

    let message = "Error occured while parsing policy string to json objectnull";
    assert_refused(&unreadable, "PMS_POL_052", message);
    assert_refused(&no_object, "PMS_COR_003", "Could not process the request");
    assert_eq!(
        app.noted()[noted..],
        [audit("PMS_PRT_487", "NO_ID", "NO_ID_TYPE")]
    );
}

#[actix_web::test]
async fn an_unknown_policy_is_refused() {
    let app = start().await;
    for id in ["p", "search", "group", "a%20b"] {
        let reply = app.get(&manager(), &path(&format!("/policies/{id}"))).await;

        assert_refused(&reply, "PMS_POL_008", "Policy ID does not exist");
    }
}

#[actix_web::test]
async fn only_administrators_read_policies() {
    let app = start().await;

    assert_guarded(&app, "GET", GET, None).await;
}

#[actix_web::test]
async fn the_seeded_policies_can_be_read() {
    let app = Stage(
        TestApp::builder()
            .seeded()
            .start(pms_policy_service::module)
            .await,
    );
    let seeded = app.rows_of("auth_policy");
    assert!(seeded.len() > 10);

    for row in seeded {
        let id = row["id"].as_str().unwrap();
        let response = app
            .get(&manager(), &path(&format!("/policies/{id}")))
            .await
            .response();

        assert!(response["policies"].is_object(), "{id}");
    }
}
