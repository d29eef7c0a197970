use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const PUT: &str = "/v1/policymanager/policies/p";

fn change() -> Value {
    json!({
        "policyGroupName": "group",
        "name": "new name",
        "desc": "new description",
        "version": "2",
        "policies": document(),
    })
}

fn document() -> Value {
    with(&auth_document(), "authTokenType", json!("policy"))
}

/// A draft `p`, an hour ago; gives its group's id.
async fn prepare(app: &Stage) -> String {
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.clock.set("2026-11-24T11:00:00.5Z".parse().unwrap());
    group_id
}

#[actix_web::test]
async fn a_draft_gets_new_content_and_the_event_says_it_is_not_active() {
    let app = start().await;
    prepare(&app).await;

    let request = with(&change(), "policyType", json!("Ignored"));
    let reply = app.put(&manager(), PUT, &app.v1(&request)).await;

    assert_eq!(
        reply.timeless(),
        echoed(&json!({
            "id": "p",
            "policyGroupName": "group",
            "name": "new name",
            "desc": "new description",
            "is_Active": false,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00.000+00:00",
            "up_by": "policy-manager",
            "upd_dtimes": "2026-11-24T11:00:00.5",
        }))
    );
    let stored = &app.rows_of("auth_policy")[0];
    assert_eq!(stored["policy_file_id"], document().to_string());
    assert_eq!(
        (&stored["version"], &stored["policy_type"]),
        (&json!("2"), &json!("Auth"))
    );
    assert_eq!(app.rows_of("auth_policy_h")[1]["name"], "new name");
    let (_, event) = app.events().pop().unwrap();
    assert_eq!(
        event["event"]["data"]["policyData"],
        json!({
            "policyId": "p",
            "policy": document(),
            "policyName": "new name",
            "policyStatus": "DEACTIVE",
            "policyDescription": "new description",
            "policyCommenceOn": "2026-11-24T10:00:00.000Z",
            "policyExpiresOn": "2226-11-24T10:00:00.000Z",
        })
    );
    assert_eq!(
        app.noted()[4..],
        [
            audit("PMS_PRT_183", "new name", "policyName"),
            audit("PMS_PRT_283", "new name", "policyName"),
        ]
    );
}

#[actix_web::test]
async fn business_errors_come_in_their_order() {
    let app = start().await;
    let group_id = prepare(&app).await;
    app.group("other").await;
    app.group("closed").await;
    app.sql("UPDATE policy_group SET is_active = false WHERE name = 'closed'");
    app.draft("taken", "group").await;
    app.draft("on", "group").await;
    app.published("on", &group_id).await;
    let worst = with(
        &with(&change(), "name", json!("taken")),
        "policies",
        json!({}),
    );
    let in_group = |name: &str| with(&worst, "policyGroupName", json!(name));
    let free = with(&worst, "name", json!("free"));
    let long = with(&change(), "version", json!("123456789"));
    let markup = with(&change(), "name", json!("<i>"));
    let invalid = "Missing input parameter - allowedAuthTypes in policy data";
    let neutral = "Could not process the request";

    for (id, request, code, message, about) in [
        (
            "no",
            in_group("no"),
            "PMS_POL_019",
            "Policy group name does not exist",
            ("no", "policyGroupName"),
        ),
        (
            "no",
            in_group("closed"),
            "PMS_POL_053",
            "Policy group is not active.",
            ("closed", "policyGroupName"),
        ),
        (
            "no",
            worst.clone(),
            "PMS_POL_008",
            "Policy ID does not exist",
            (group_id.as_str(), "policyAttr"),
        ),
        (
            "p",
            in_group("other"),
            "PMS_POL_015",
            "Policy group and policy not mapped.",
            ("p", "policyName"),
        ),
        (
            "on",
            worst.clone(),
            "PMS_POL_055",
            "Published policy cannot be updated.",
            ("taken", "policyName"),
        ),
        (
            "p",
            worst.clone(),
            "PMS_POL_009",
            "Auth policy exists with name : taken",
            ("taken", "policyName"),
        ),
        ("p", free, "PMS_PV_006", invalid, ("NO_ID", "NO_ID_TYPE")),
        (
            "p",
            without(&change(), "policies"),
            "PMS_COR_003",
            neutral,
            ("NO_ID", "NO_ID_TYPE"),
        ),
        (
            "p",
            long,
            "PMS_COR_003",
            neutral,
            ("new name", "policyName"),
        ),
        (
            "p",
            markup,
            "PMS_COR_002",
            "Invalid Input Parameter - name",
            ("<i>", "policyName"),
        ),
    ] {
        let reply = app
            .put(
                &manager(),
                &path(&format!("/policies/{id}")),
                &app.v1(&request),
            )
            .await;

        assert_refused(&reply, code, message);
        assert_eq!(
            app.noted().last(),
            Some(&audit("PMS_PRT_483", about.0, about.1))
        );
    }
    assert_eq!(app.events().len(), 1, "only the publication");
}

#[actix_web::test]
async fn a_draft_may_keep_its_name() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE auth_policy SET name = 'a < b'");

    let body = app.v1(&with(&change(), "name", json!("a < b")));

    app.put(&manager(), PUT, &body).await.response();

    let kept = "(SELECT name, descr FROM auth_policy WHERE id = 'p')";
    assert_eq!(
        app.rows_of(kept),
        [json!({ "name": "a < b", "descr": change()["desc"] })]
    );
}

#[actix_web::test]
async fn fields_have_limits() {
    let app = start().await;
    for (member, value, text) in [
        ("policyGroupName", json!(null), "value is empty or null"),
        (
            "name",
            json!("x".repeat(129)),
            "Length should be in between 1 and 128 chars",
        ),
        (
            "desc",
            json!("x".repeat(257)),
            "Length should be in between 1 and 256 chars",
        ),
        ("version", json!(""), "value is empty or null"),
    ] {
        let reply = app
            .put(&manager(), PUT, &app.v1(&with(&change(), member, value)))
            .await;

        assert_field(&reply, &format!("{text} :request.{member}"));
    }
}

#[actix_web::test]
async fn a_document_must_be_an_object() {
    let app = start().await;
    app.group("group").await;
    app.draft("p", "group").await;
    let before = app.rows_of("auth_policy");

    for document in [json!([1]), json!("{}"), json!(1), json!(true)] {
        let body = app.v1(&with(&change(), "policies", document));
        let reply = app.put(&manager(), PUT, &body).await;

        let text = "Format Error: Expected format is object.";
        assert_refused(&reply, "PMS_PV_007", text);
    }
    assert_eq!(app.rows_of("auth_policy"), before);
}

#[actix_web::test]
async fn only_administrators_update() {
    let app = start().await;

    assert_guarded(&app, "PUT", PUT, Some(&app.v1(&change()))).await;
}
