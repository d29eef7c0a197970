use pms_testkit::TestApp;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

#[actix_web::test]
async fn a_group_is_shown_with_its_policies_in_any_state() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("draft", "group").await;
    app.draft("on", "group").await;
    app.published("on", &group_id).await;

    let reply = app
        .get(&manager(), &path(&format!("/policies/group/{group_id}")))
        .await;

    let policy = |id: &str, status: &str, schema: Value| {
        json!({
            "policyId": id,
            "policyName": id,
            "policyDesc": "a policy",
            "publishDate": "2026-11-24T10:00:00",
            "validTill": "2226-11-24T10:00:00",
            "status": status,
            "version": "1.1",
            "schema": schema,
            "is_Active": !schema.is_null(),
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00",
            "up_by": if schema.is_null() { Value::Null } else { json!("policy-manager") },
            "upd_dtimes": if schema.is_null() { Value::Null } else { json!("2026-11-24T10:00:00") },
            "policies": auth_document(),
        })
    };
    assert_eq!(
        reply.timeless(),
        unnamed(&json!({
            "policyGroup": {
                "id": group_id,
                "crBy": "policy-manager",
                "crDtimes": "2026-11-24T10:00:00",
                "delDtimes": null,
                "desc": "a group",
                "isActive": true,
                "isDeleted": false,
                "name": "group",
                "updBy": null,
                "updDtimes": null,
                "userId": "policy-manager",
            },
            "policies": [
                policy("draft", "DRAFTED", Value::Null),
                policy("on", "PUBLISHED", json!("https://schemas.mosip.io/v1/auth-policy")),
            ],
        }))
    );
}

#[actix_web::test]
async fn an_unknown_group_is_refused() {
    let app = start().await;

    let reply = app.get(&manager(), &path("/policies/group/none")).await;

    assert_refused(&reply, "PMS_POL_016", "Policy Group ID does not exist");
}

#[actix_web::test]
async fn only_administrators_read_groups() {
    let app = start().await;

    assert_guarded(&app, "GET", &path("/policies/group/none"), None).await;
}

#[actix_web::test]
async fn a_large_group_is_whole_and_alone() {
    let app = start().await;
    let group_id = app.group("group").await;
    let other_id = app.group("other").await;
    app.draft("other", "other").await;
    app.draft("p", "group").await;
    app.sql(
        "INSERT INTO auth_policy SELECT (json_populate_record(p, json_build_object(
             'id', 'p' || n, 'name', 'p' || n))).*
         FROM auth_policy p, generate_series(1000, 1600) n WHERE id = 'p'",
    );
    let ids = async |group_id: &str| {
        let path = path(&format!("/policies/group/{group_id}"));
        let group = app.get(&manager(), &path).await.response();
        assert_eq!(group["policyGroup"]["id"], *group_id);
        let policies = group["policies"].as_array().unwrap().iter();
        let ids = policies.map(|policy| policy["policyId"].as_str().unwrap().to_owned());
        ids.collect::<Vec<String>>()
    };

    let large = ids(&group_id).await;
    let small = ids(&other_id).await;

    let expected = (1000..=1600).map(|n| format!("p{n}"));
    let expected: Vec<String> = std::iter::once("p".to_owned()).chain(expected).collect();
    assert_eq!(large, expected);
    assert_eq!(small, ["other"]);
}

#[actix_web::test]
async fn too_large_a_group_is_refused() {
    let app = Stage(
        TestApp::builder()
            .setting("limits.unpaged_rows", "1")
            .start(pms_policy_service::module)
            .await,
    );
    let group_id = app.group("group").await;
    let get = path(&format!("/policies/group/{group_id}"));
    app.draft("a", "group").await;
    app.get(&manager(), &get).await.response();
    app.draft("b", "group").await;

    let reply = app.get(&manager(), &get).await;

    assert_refused(&reply, "PMS_COR_003", "Could not process the request");
}
