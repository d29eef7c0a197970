use pms_testkit::Reply;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

async fn patch(app: &Stage, ids: (&str, &str), request: &Value) -> Reply {
    let path = path(&format!("/policies/{}/group/{}", ids.0, ids.1));
    app.patch(&manager(), &path, &app.v1(request)).await
}

#[actix_web::test]
async fn a_draft_can_only_be_confirmed_as_inactive() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    let ids = ("p", group_id.as_str());

    let reply = patch(&app, ids, &json!({ "status": "DE-active" })).await;
    let refused = patch(&app, ids, &json!({ "status": "ACTIVE" })).await;

    assert_eq!(
        reply.timeless(),
        echoed(&json!({ "message": "status updated successfully" }))
    );
    assert_refused(
        &refused,
        "PMS_POL_054",
        "Cannot activate unpublished policy.",
    );
    assert_eq!(app.rows_of("auth_policy")[0]["upd_by"], "policy-manager");
    assert_eq!(app.rows_of("auth_policy_h").len(), 2);
    let events = app.events();
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0].1["event"]["data"]["policyData"]["policyStatus"],
        "DEACTIVE"
    );
    assert_eq!(
        app.noted()[4..],
        [
            audit("PMS_PRT_184", "p", "policyId"),
            audit("PMS_PRT_284", "p", "policyId"),
            audit("PMS_PRT_184", "p", "policyId"),
            audit("PMS_PRT_484", "p", "policyId"),
        ]
    );
}

#[actix_web::test]
async fn business_errors_come_in_their_order() {
    let app = start().await;
    let group_id = app.group("group").await;
    let other_id = app.group("other").await;
    let closed_id = app.group("closed").await;
    app.sql("UPDATE policy_group SET is_active = false WHERE name = 'closed'");
    app.draft("p", "group").await;
    app.draft("on", "group").await;
    app.published("on", &group_id).await;
    let off = json!({ "status": "De-active" });

    for (ids, request, code, message) in [
        (
            ("no", "no"),
            json!({}),
            "PMS_COR_003",
            "Could not process the request",
        ),
        (
            ("no", "no"),
            json!({ "status": "off" }),
            "PMS_POL_045",
            "Policy Status either Active or De-active.",
        ),
        (
            ("no", "no"),
            off.clone(),
            "PMS_POL_016",
            "Policy Group ID does not exist",
        ),
        (
            ("no", &closed_id),
            off.clone(),
            "PMS_POL_053",
            "Policy group is not active.",
        ),
        (
            ("no", &group_id),
            off.clone(),
            "PMS_POL_008",
            "Policy ID does not exist",
        ),
        (
            ("p", &other_id),
            off.clone(),
            "PMS_POL_015",
            "Policy group and policy not mapped.",
        ),
        (
            ("on", &group_id),
            off.clone(),
            "PMS_POL_058",
            "Status cannot be changed for published policy.",
        ),
    ] {
        assert_refused(&patch(&app, ids, &request).await, code, message);
    }
    app.partner("partner");
    app.key("partner", "p");
    let in_use = patch(&app, ("p", &group_id), &off).await;
    assert_refused(
        &in_use,
        "PMS_POL_057",
        "Active apiKey exists under the policy.",
    );
}

#[actix_web::test]
async fn a_request_without_content_is_noted_and_refused() {
    let app = start().await;

    for body in [json!({}), app.v1(&json!({ "status": null }))] {
        let reply = app
            .patch(&manager(), &path("/policies/p/group/g"), &body)
            .await;

        assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    }
    let attempt = audit("PMS_PRT_184", "p", "policyId");
    assert_eq!(app.noted(), [attempt.clone(), attempt]);
}

#[actix_web::test]
async fn an_unreadable_document_stays_as_it_is() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    let message = "Error occured while parsing policy string to json objectnull";
    let neutral = "Could not process the request";

    for (document, code, message, noted) in [
        (r#"{"a":"#, "PMS_POL_052", message, "PMS_PRT_487"),
        // JSON, but no object.
        ("[1]", "PMS_COR_003", neutral, "PMS_PRT_184"),
    ] {
        app.sql(&format!(
            "UPDATE auth_policy SET policy_file_id = '{document}'"
        ));
        let before = app.rows_of("auth_policy");

        let reply = patch(&app, ("p", &group_id), &json!({ "status": "De-active" })).await;

        assert_refused(&reply, code, message);
        assert_eq!(app.rows_of("auth_policy"), before);
        let (last, ..) = app.noted().pop().unwrap();
        assert_eq!(last, noted);
    }
    assert_eq!(app.events(), Vec::<(String, Value)>::new());
}

#[actix_web::test]
async fn only_administrators_change_it() {
    let app = start().await;
    let body = app.v1(&json!({ "status": "De-active" }));

    assert_guarded(&app, "PATCH", &path("/policies/p/group/g"), Some(&body)).await;
}
