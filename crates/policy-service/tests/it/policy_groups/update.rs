use pms_testkit::Who;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

fn change() -> Value {
    json!({ "name": "new", "desc": "new description", "isActive": true })
}

fn address(group_id: &str) -> String {
    path(&format!("/policies/group/{group_id}"))
}

async fn prepare(app: &Stage) -> String {
    let group_id = app.group("group").await;
    app.clock.set("2026-11-24T11:00:00Z".parse().unwrap());
    group_id
}

#[actix_web::test]
async fn a_changed_group_belongs_to_who_changed_it() {
    let app = start().await;
    let group_id = prepare(&app).await;

    let reply = app
        .put(&Who::admin(), &address(&group_id), &app.v1(&change()))
        .await;

    assert_eq!(
        reply.timeless(),
        echoed(&json!({
            "id": group_id,
            "name": "new",
            "desc": "new description",
            "is_Active": true,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00",
            "up_by": "admin",
            "upd_dtimes": "2026-11-24T11:00:00",
        }))
    );
    assert_eq!(app.rows_of("policy_group")[0]["user_id"], "admin");
    let noted: Vec<_> = app
        .audits()
        .into_iter()
        .map(|(event_id, _)| event_id)
        .collect();
    assert_eq!(noted[2..], ["PMS_PRT_156", "PMS_PRT_256"]);
    assert_eq!(app.events(), []);
}

#[actix_web::test]
async fn business_errors_come_in_their_order() {
    let app = start().await;
    let group_id = prepare(&app).await;
    app.group("taken").await;
    app.draft("p", "group").await;
    app.published("p", &group_id).await;
    let taken = with(
        &with(&change(), "name", json!("taken")),
        "isActive",
        json!(false),
    );
    let off = with(&change(), "isActive", json!(false));
    let unsaid = without(&change(), "isActive");
    let active = "Active policies exists under the policy group.";

    for (id, request, code, message) in [
        ("none", &taken, "PMS_POL_008", "Policy ID does not exist"),
        (
            &group_id,
            &taken,
            "PMS_POL_014",
            "Policy group exists with name : taken",
        ),
        (&group_id, &off, "PMS_POL_056", active),
        (&group_id, &unsaid, "PMS_POL_056", active),
    ] {
        let reply = app.put(&manager(), &address(id), &app.v1(request)).await;

        assert_refused(&reply, code, message);
        let name = request["name"].as_str().unwrap();
        assert_eq!(
            app.noted().last(),
            Some(&audit("PMS_PRT_456", name, "policyGroupName"))
        );
    }
    app.sql("UPDATE auth_policy SET is_deleted = true");
    let reply = app
        .put(&manager(), &address(&group_id), &app.v1(&unsaid))
        .await;
    assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    app.put(&manager(), &address(&group_id), &app.v1(&off))
        .await
        .response();
}

#[actix_web::test]
async fn drafts_do_not_hold_a_group_and_it_can_be_activated_again() {
    let app = start().await;
    let group_id = prepare(&app).await;
    app.draft("p", "group").await;

    for active in [false, true] {
        let body = app.v1(&with(&change(), "isActive", json!(active)));
        let response = app
            .put(&manager(), &address(&group_id), &body)
            .await
            .response();

        assert_eq!(response["is_Active"], active);
    }
}

#[actix_web::test]
async fn names_and_descriptions_have_limits() {
    let app = start().await;
    for (member, value, text) in [
        ("name", json!(""), "value is empty or null :request.name"),
        (
            "name",
            json!("x".repeat(129)),
            "Length should be between 1 and 128 chars :request.name",
        ),
        ("desc", json!(null), "value is empty or null :request.desc"),
        (
            "desc",
            json!("x".repeat(257)),
            "Length should be between 1 and 256 chars :request.desc",
        ),
    ] {
        let body = app.v1(&with(&change(), member, value));
        assert_field(&app.put(&manager(), &address("x"), &body).await, text);
    }
}

#[actix_web::test]
async fn only_a_new_name_is_looked_at_for_markup() {
    let app = start().await;
    let group_id = prepare(&app).await;
    let body = app.v1(&with(&change(), "name", json!("a<b")));

    let refused = app.put(&manager(), &address(&group_id), &body).await;
    app.sql("UPDATE policy_group SET name = 'a<b'");
    let kept = app.put(&manager(), &address(&group_id), &body).await;

    assert_refused(&refused, "PMS_COR_002", "Invalid Input Parameter - name");
    kept.response();
}

#[actix_web::test]
async fn only_administrators_update_groups() {
    let app = start().await;

    assert_guarded(&app, "PUT", &address("x"), Some(&app.v1(&change()))).await;
}
