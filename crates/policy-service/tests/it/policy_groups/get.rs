use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

#[actix_web::test]
async fn a_group_is_told_with_its_policies_in_any_state() {
    let app = start().await;
    let group_id = given_group(&app, "group").await;
    given_draft(&app, "draft", "group").await;
    given_draft(&app, "on", "group").await;
    given_published(&app, "on", &group_id).await;

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
        json!({
            "id": null,
            "version": null,
            "responsetime": "<time>",
            "response": {
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
            },
            "errors": [],
        })
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
