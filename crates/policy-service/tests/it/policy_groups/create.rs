use pms_testkit::Who;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const CREATE: &str = "/v1/policymanager/policies/group/new";

fn group() -> Value {
    json!({ "name": "Résidents / 1", "desc": "a group" })
}

#[actix_web::test]
async fn a_new_group_is_active_and_belongs_to_its_maker() {
    let app = start().await;

    let reply = app.post(&manager(), CREATE, &app.v1(&group())).await;

    let id = reply.response()["id"].as_str().unwrap().to_owned();
    assert!(
        id.len() <= 36 && id.bytes().all(|byte| byte.is_ascii_digit()),
        "{id}"
    );
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.timeless(),
        echoed(&json!({
            "id": id,
            "name": "Résidents / 1",
            "desc": "a group",
            "is_Active": true,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00",
            "up_by": null,
            "upd_dtimes": null,
        }))
    );
    assert_eq!(
        app.rows_of("policy_group"),
        [json!({
            "id": id,
            "name": "Résidents / 1",
            "descr": "a group",
            "user_id": "policy-manager",
            "is_active": true,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00",
            "upd_by": null,
            "upd_dtimes": null,
            "is_deleted": false,
            "del_dtimes": null,
        })]
    );
    assert_eq!(
        app.noted(),
        [
            audit("PMS_PRT_115", "Résidents / 1", "policyGroupName"),
            audit("PMS_PRT_215", "Résidents / 1", "policyGroupName"),
        ]
    );
    assert_eq!(app.events(), []);
}

#[actix_web::test]
async fn a_name_is_taken_for_good_but_only_as_it_is_spelled() {
    let app = start().await;
    app.group("Group").await;
    app.sql("UPDATE policy_group SET is_active = false, is_deleted = true");

    let same = app.v1(&json!({ "name": "Group", "desc": "another" }));
    let refused = app.post(&manager(), CREATE, &same).await;
    let other = app.v1(&json!({ "name": "group", "desc": "another" }));
    let accepted = app.post(&manager(), CREATE, &other).await;

    assert_refused(
        &refused,
        "PMS_POL_014",
        "Policy group exists with name : Group",
    );
    accepted.response();
    assert_eq!(app.rows_of("policy_group").len(), 2);
    assert_eq!(
        app.noted()[2..4],
        [
            audit("PMS_PRT_115", "Group", "policyGroupName"),
            audit("PMS_PRT_415", "NO_ID", "NO_ID_TYPE"),
        ]
    );
}

#[actix_web::test]
async fn of_two_at_once_only_one_gets_the_name() {
    let app = start().await;
    let (body, who) = (app.v1(&group()), manager());

    let (one, other) = tokio::join!(app.post(&who, CREATE, &body), app.post(&who, CREATE, &body));

    let refused: Vec<_> = [one, other]
        .into_iter()
        .filter(|reply| reply.json()["response"].is_null())
        .collect();
    assert_eq!(refused.len(), 1);
    assert_refused(
        &refused[0],
        "PMS_POL_014",
        "Policy group exists with name : Résidents / 1",
    );
}

#[actix_web::test]
async fn the_request_must_be_of_today() {
    let app = start().await;
    let without_time = without(&app.v1(&group()), "requesttime");
    let yesterday = with(
        &app.v1(&group()),
        "requesttime",
        json!("2026-11-23T23:59:59.999Z"),
    );
    let misspelt = with(
        &app.v1(&group()),
        "requesttime",
        json!("2026-11-24T10:00:00Z"),
    );

    let missing = app.post(&manager(), CREATE, &without_time).await;
    let old = app.post(&manager(), CREATE, &yesterday).await;
    let unreadable = app.post(&manager(), CREATE, &misspelt).await;

    assert_refused(&missing, "PMS_REQUEST_ERROR_004", "Invalid request time");
    assert_refused(
        &old,
        "PMS_REQUEST_ERROR_006",
        "Request date should be current date",
    );
    assert_unreadable(&unreadable, CREATE);
    assert_eq!(app.noted(), []);
}

#[actix_web::test]
async fn names_and_descriptions_have_limits() {
    let app = start().await;
    for (member, value, text) in [
        ("name", json!(null), "value is empty or null :request.name"),
        ("name", json!(" "), "value is empty or null :request.name"),
        (
            "name",
            json!("x".repeat(129)),
            "Length should be in between 1 and 128 chars :request.name",
        ),
        ("desc", json!(""), "value is empty or null :request.desc"),
        (
            "desc",
            json!("x".repeat(257)),
            "Length should be in between 1 and 256 chars :request.desc",
        ),
    ] {
        let reply = app
            .post(&manager(), CREATE, &app.v1(&with(&group(), member, value)))
            .await;

        assert_field(&reply, text);
    }
    let longest = json!({ "name": "é".repeat(128), "desc": "é".repeat(256) });
    app.post(&manager(), CREATE, &app.v1(&longest))
        .await
        .response();
}

#[actix_web::test]
async fn a_name_with_markup_is_refused() {
    let app = start().await;

    let body = app.v1(&with(&group(), "name", json!("<script>")));
    let reply = app.post(&manager(), CREATE, &body).await;

    assert_refused(&reply, "PMS_COR_002", "Invalid Input Parameter - name");
    assert_eq!(app.rows_of("policy_group"), Vec::<Value>::new());
}

#[actix_web::test]
async fn requests_that_are_no_envelope_are_refused() {
    let app = start().await;

    for body in ["", "{", "[]", "\"x\""] {
        let reply = app
            .send(&manager(), "POST", CREATE, Some(body.to_owned()))
            .await;
        assert_unreadable(&reply, CREATE);
    }
    let reply = app
        .post(&manager(), CREATE, &json!({ "request": null }))
        .await;
    assert_field(&reply, "must not be null :request");
}

#[actix_web::test]
async fn only_administrators_create_groups() {
    let app = start().await;
    let body = app.v1(&group());

    assert_guarded(&app, "POST", CREATE, Some(&body)).await;
    app.post(&Who::admin(), CREATE, &body).await.response();
}
