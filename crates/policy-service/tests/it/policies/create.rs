use diesel::connection::SimpleConnection as _;
use pms_testkit::{Who, waiting};
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const CREATE: &str = "/v1/policymanager/policies";

#[actix_web::test]
async fn a_new_policy_is_a_draft_with_history_and_no_event() {
    let app = start().await;
    let group_id = app.group("group").await;

    let reply = app
        .post(&manager(), CREATE, &app.v1(&draft("p-1", "group")))
        .await;

    assert_eq!(
        reply.timeless(),
        echoed(&json!({
            "id": "p-1",
            "policyGroupName": "group",
            "name": "p-1",
            "desc": "a policy",
            "is_Active": false,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00.000+00:00",
            "up_by": null,
            "upd_dtimes": null,
        }))
    );
    let document = auth_document().to_string();
    let policy = json!({
        "id": "p-1",
        "policy_group_id": group_id,
        "name": "p-1",
        "descr": "a policy",
        "policy_file_id": document,
        "policy_type": "Auth",
        "version": "1.1",
        "policy_schema": null,
        "valid_from_date": "2026-11-24T10:00:00",
        "valid_to_date": "2226-11-24T10:00:00",
        "is_active": false,
        "cr_by": "policy-manager",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
        "del_dtimes": null,
    });
    let mut history = with(&policy, "eff_dtimes", json!("2026-11-24T10:00:00"));
    history["upd_dtimes"] = json!("2026-11-24T10:00:00");
    assert_eq!(app.rows_of("auth_policy"), [policy]);
    assert_eq!(app.rows_of("auth_policy_h"), [history]);
    assert_eq!(
        app.noted()[2..],
        [
            audit("PMS_PRT_137", "p-1", "policyName"),
            audit("PMS_PRT_237", "p-1", "policyName"),
        ]
    );
    assert_eq!(app.events(), []);
}

#[actix_web::test]
async fn an_absent_or_blank_id_is_made_up() {
    let app = start().await;
    app.group("group").await;

    for (name, id) in [
        ("a", None),
        ("b", Some(json!(null))),
        ("c", Some(json!(" "))),
    ] {
        let request = without(&with(&draft("x", "group"), "name", json!(name)), "policyId");
        let request = id.map_or(request.clone(), |id| with(&request, "policyId", id));
        let reply = app.post(&manager(), CREATE, &app.v1(&request)).await;

        let id = reply.response()["id"].as_str().unwrap().to_owned();
        assert!(
            id.len() <= 36 && id.bytes().all(|byte| byte.is_ascii_digit()),
            "{id}"
        );
    }
    assert_eq!(app.rows_of("auth_policy").len(), 3);
}

#[actix_web::test]
async fn the_type_is_compared_without_case_and_kept_as_sent() {
    let app = start().await;
    app.group("group").await;
    let share = json!({
        "shareableAttributes": [],
        "dataSharePolicies": {
            "typeOfShare": "direct", "validForInMinutes": "30", "transactionsAllowed": "2",
            "encryptionType": "none", "shareDomain": "a/b", "source": "x",
        },
    });
    let request = with(&draft("p", "group"), "policyType", json!("Datashare"));

    let body = app.v1(&with(&request, "policies", share.clone()));
    app.post(&manager(), CREATE, &body).await.response();

    let stored = &app.rows_of("auth_policy")[0];
    assert_eq!(stored["policy_type"], "Datashare");
    assert_eq!(stored["policy_file_id"], share.to_string());
}

#[actix_web::test]
async fn numbers_are_kept_as_they_are_spelled() {
    let app = start().await;
    app.group("group").await;
    let document = r#"{"shareableAttributes":[],"dataSharePolicies":{"typeOfShare":"direct","validForInMinutes":"30","transactionsAllowed":"2","encryptionType":"none","shareDomain":"a/b","source":"x","own":[12345678901234567890123,1.10,1e2]}}"#;
    let body = format!(
        r#"{{ "id": 7.0, "version": 1.10, "request": {{ "policyId": 12345678901234567890123,
              "policyGroupName": "group", "policyType": "DataShare", "name": 1e2, "desc": true,
              "version": 1.10, "policies": {document} }} }}"#
    );

    let reply = app.send(&manager(), "POST", CREATE, Some(body)).await;

    let answer = reply.json();
    assert_eq!(
        (&answer["id"], &answer["version"]),
        (&json!("7.0"), &json!("1.10"))
    );
    assert_eq!(answer["response"]["id"], "12345678901234567890123");
    let stored = &app.rows_of("auth_policy")[0];
    assert_eq!(stored["name"], "1e2");
    assert_eq!(stored["descr"], "true");
    assert_eq!(stored["version"], "1.10");
    assert_eq!(stored["policy_file_id"], document);
    let at = path("/policies/12345678901234567890123");
    let shown = app.get(&manager(), &at).await;
    assert!(shown.text.contains(document));
}

#[actix_web::test]
async fn business_errors_come_in_their_order() {
    let app = start().await;
    app.group("group").await;
    app.group("closed").await;
    app.sql("UPDATE policy_group SET is_active = false WHERE name = 'closed'");
    app.draft("taken", "group").await;
    let before = app.noted().len();
    let invalid = json!({ "authTokenType": "Policy" });
    // Every step mends the first fault of the step before.
    let worst = json!({
        "policyId": "taken", "policyGroupName": "nowhere", "policyType": "Other",
        "name": "taken", "desc": "d", "version": "123456789", "policies": invalid,
    });
    let typed = with(&worst, "policyType", json!("auth"));
    let closed = with(&typed, "policyGroupName", json!("closed"));
    let open = with(&typed, "policyGroupName", json!("group"));
    let named = with(&open, "name", json!("free"));
    let valid = with(&named, "policies", auth_document());
    let free = with(&valid, "policyId", json!("free"));
    let invalid_text = "Missing input parameter - allowedAuthTypes in policy data";

    for (request, code, message, about) in [
        (
            worst,
            "PMS_POL_023",
            "Given policy type is not allowed ",
            ("Other", "policyType"),
        ),
        (
            typed,
            "PMS_POL_019",
            "Policy group name does not exist",
            ("nowhere", "policyGroupName"),
        ),
        (
            closed,
            "PMS_POL_053",
            "Policy group is not active.",
            ("taken", "policyName"),
        ),
        (
            open,
            "PMS_POL_009",
            "Auth policy exists with name : taken",
            ("taken", "policyName"),
        ),
        (named, "PMS_PV_006", invalid_text, ("NO_ID", "NO_ID_TYPE")),
        (
            valid,
            "PMS_COR_002",
            "Invalid Input Parameter - policyId",
            ("free", "policyName"),
        ),
        (
            free,
            "PMS_COR_003",
            "Could not process the request",
            ("free", "policyName"),
        ),
    ] {
        let reply = app.post(&manager(), CREATE, &app.v1(&request)).await;

        assert_refused(&reply, code, message);
        let name = request["name"].as_str().unwrap();
        let noted = app.noted();
        assert_eq!(
            noted[noted.len() - 2],
            audit("PMS_PRT_137", name, "policyName")
        );
        assert_eq!(
            noted[noted.len() - 1],
            audit("PMS_PRT_437", about.0, about.1)
        );
    }
    assert_eq!(app.noted().len(), before + 14);
    assert_eq!(app.rows_of("auth_policy").len(), 1);
    assert_eq!(app.rows_of("auth_policy_h").len(), 1);
}

#[actix_web::test]
async fn no_policy_is_written_over() {
    let app = start().await;
    app.group("group").await;
    app.group("other").await;
    app.draft("p", "group").await;
    let before = app.rows_of("auth_policy");

    let body = app.v1(&draft("p", "other"));
    let reply = app.post(&manager(), CREATE, &body).await;

    assert_refused(&reply, "PMS_COR_002", "Invalid Input Parameter - policyId");
    assert_eq!(app.rows_of("auth_policy"), before);
}

#[actix_web::test]
async fn of_two_at_once_only_one_gets_the_id() {
    let app = start().await;
    app.group("a").await;
    app.group("b").await;
    let (one, other) = (app.v1(&draft("p", "a")), app.v1(&draft("p", "b")));
    let who = manager();

    let (one, other) = tokio::join!(app.post(&who, CREATE, &one), app.post(&who, CREATE, &other));

    let refused: Vec<_> = [one, other]
        .into_iter()
        .filter(|reply| reply.json()["response"].is_null())
        .collect();
    assert_eq!(refused.len(), 1);
    assert_refused(
        &refused[0],
        "PMS_COR_002",
        "Invalid Input Parameter - policyId",
    );
}

/// A new policy and a renamed one wait for the group, whose name `taken` is given to a
/// third policy meanwhile.
#[actix_web::test]
async fn a_name_that_is_taken_while_the_group_is_waited_for_is_refused() {
    let app = start().await;
    app.group("group").await;
    app.draft("old", "group").await;
    app.draft("third", "group").await;
    let renamed = app.v1(&with(&draft("old", "group"), "name", json!("taken")));
    let new = app.v1(&with(&draft("new", "group"), "name", json!("taken")));
    let who = manager();
    let update = path("/policies/old");
    for (method, at, body) in [("POST", CREATE, &new), ("PUT", &*update, &renamed)] {
        app.sql("UPDATE auth_policy SET name = 'third' WHERE id = 'third'");
        let mut other = app.database.conn();
        other
            .batch_execute(
                "BEGIN; SELECT FROM pms.policy_group WHERE name = 'group' FOR UPDATE;
                 UPDATE pms.auth_policy SET name = 'taken' WHERE id = 'third'",
            )
            .unwrap();
        let take = async {
            waiting::eventually("the request waits", async || app.database.waits_for_lock()).await;
            other.batch_execute("COMMIT").unwrap();
        };

        let (reply, ()) = tokio::join!(app.send(&who, method, at, Some(body.to_string())), take);

        assert_refused(
            &reply,
            "PMS_POL_009",
            "Auth policy exists with name : taken",
        );
    }
    assert_eq!(app.rows_of("auth_policy").len(), 2);
}

#[actix_web::test]
async fn a_name_with_markup_is_refused() {
    let app = start().await;
    app.group("group").await;

    let body = app.v1(&with(&draft("p", "group"), "name", json!("a>b")));
    let reply = app.post(&manager(), CREATE, &body).await;

    assert_refused(&reply, "PMS_COR_002", "Invalid Input Parameter - name");
    assert_eq!(app.rows_of("auth_policy"), Vec::<Value>::new());
}

#[actix_web::test]
async fn only_administrators_create_policies() {
    let app = start().await;
    app.group("group").await;
    let body = app.v1(&draft("p", "group"));

    assert_guarded(&app, "POST", CREATE, Some(&body)).await;
    app.post(&Who::admin(), CREATE, &body).await.response();
}
