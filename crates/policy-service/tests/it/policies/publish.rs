use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

fn publish(policy_id: &str, group_id: &str) -> String {
    path(&format!("/policies/{policy_id}/group/{group_id}/publish"))
}

fn later() -> DateTime<Utc> {
    "2026-11-24T11:30:00.123456Z".parse().unwrap()
}

#[actix_web::test]
async fn publishing_a_draft_activates_it_and_queues_the_event() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.clock.set(later());

    let reply = app
        .send(&manager(), "POST", &publish("p", &group_id), None)
        .await;

    assert_eq!(
        reply.timeless(),
        unnamed(&json!({
            "policyGroupId": group_id,
            "policyGroupName": "group",
            "policyGroupDesc": "a group",
            "policyGroupStatus": true,
            "policyGroup_cr_by": "policy-manager",
            "policyGroup_cr_dtimes": "2026-11-24T10:00:00",
            "policyGroup_up_by": null,
            "policyGroup_upd_dtimes": null,
            "policyId": "p",
            "policyName": "p",
            "policyDesc": "a policy",
            "policyType": "Auth",
            "publishDate": "2026-11-24T10:00:00",
            "validTill": "2226-11-24T10:00:00",
            "status": "PUBLISHED",
            "version": "1.1",
            "schema": "https://schemas.mosip.io/v1/auth-policy",
            "is_Active": true,
            "cr_by": "policy-manager",
            "cr_dtimes": "2026-11-24T10:00:00",
            "up_by": "policy-manager",
            "upd_dtimes": "2026-11-24T11:30:00.123456",
            "policies": auth_document(),
        }))
    );
    assert_eq!(
        app.noted()[4..],
        [
            audit("PMS_PRT_157", "p", "policyId"),
            audit("PMS_PRT_257", "p", "policyId"),
        ]
    );
}

#[actix_web::test]
async fn the_event_tells_the_relying_modules_what_is_allowed_now() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.clock.set(later());

    app.send(&manager(), "POST", &publish("p", &group_id), None)
        .await
        .response();

    let events = app.events();
    let (topic, mut envelope) = events[0].clone();
    assert_eq!((events.len(), topic.as_str()), (1, "POLICY_UPDATED"));
    assert_eq!(envelope["event"]["id"].as_str().map(str::len), Some(36));
    envelope["event"]["id"] = json!("<uuid>");
    assert_eq!(
        envelope,
        json!({
            "publisher": "PolicyManagementService",
            "topic": "POLICY_UPDATED",
            "publishedOn": "2026-11-24T11:30:00.123Z",
            "event": {
                "id": "<uuid>",
                "type": {
                    "namespace": "io.mosip.pmp.policy.service",
                    "name": "PolicyManagementService",
                },
                "timestamp": "2026-11-24T11:30:00.123Z",
                "data": { "policyData": {
                    "policyId": "p",
                    "policy": auth_document(),
                    "policyName": "p",
                    "policyStatus": "ACTIVE",
                    "policyDescription": "a policy",
                    "policyCommenceOn": "2026-11-24T10:00:00.000Z",
                    "policyExpiresOn": "2226-11-24T10:00:00.000Z",
                } },
            },
        })
    );
    let queued = app.rows_of("(SELECT order_key FROM outbox WHERE lane = 'event')");
    assert_eq!(queued, [json!({ "order_key": "p" })]);
}

#[actix_web::test]
async fn publishing_appends_to_the_history() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;

    // The clock stands still: the second row can't have the time of the first.
    app.send(&manager(), "POST", &publish("p", &group_id), None)
        .await
        .response();

    let history = app.rows_of("auth_policy_h");
    let reported: Vec<_> = history
        .iter()
        .map(|row| {
            (
                &row["id"],
                &row["eff_dtimes"],
                &row["policy_schema"],
                &row["is_active"],
            )
        })
        .collect();
    assert_eq!(
        json!(reported),
        json!([
            ["p", "2026-11-24T10:00:00", null, false],
            [
                "p",
                "2026-11-24T10:00:00.000001",
                "https://schemas.mosip.io/v1/auth-policy",
                true
            ],
        ])
    );
}

#[actix_web::test]
async fn any_body_is_ignored() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;

    let body = Some("{ nonsense".to_owned());
    let published = app
        .send(&manager(), "POST", &publish("p", &group_id), body)
        .await
        .response();

    assert_eq!(published["policyId"], "p");
    let state = "(SELECT is_active, policy_schema IS NOT NULL AS published FROM auth_policy)";
    assert_eq!(
        app.rows_of(state),
        [json!({ "is_active": true, "published": true })]
    );
}

#[actix_web::test]
async fn publishing_twice_is_refused_and_queues_nothing_more() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    let address = publish("p", &group_id);
    app.send(&manager(), "POST", &address, None)
        .await
        .response();
    let published = app.rows_of("auth_policy");

    let again = app.send(&manager(), "POST", &address, None).await;
    assert_eq!(app.rows_of("auth_policy"), published);
    app.sql("UPDATE auth_policy SET is_active = false");
    let deactivated = app.send(&manager(), "POST", &address, None).await;

    for reply in [again, deactivated] {
        assert_refused(
            &reply,
            "PMS_POL_020",
            "Can not publish the published policy",
        );
    }
    assert_eq!(app.events().len(), 1);
    assert_eq!(
        app.noted()[6..8],
        [
            audit("PMS_PRT_157", "p", "policyId"),
            audit("PMS_PRT_457", "p", "policyId"),
        ]
    );
}

#[actix_web::test]
async fn of_two_at_once_only_one_publishes() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    let (address, who) = (publish("p", &group_id), manager());

    let (one, other) = tokio::join!(
        app.send(&who, "POST", &address, None),
        app.send(&who, "POST", &address, None)
    );

    let refused = [one, other]
        .iter()
        .filter(|reply| reply.json()["response"].is_null())
        .count();
    assert_eq!((refused, app.events().len()), (1, 1));
}

#[actix_web::test]
async fn group_and_policy_are_checked_in_their_order() {
    let app = start().await;
    let group_id = app.group("group").await;
    let other_id = app.group("other").await;
    let closed_id = app.group("closed").await;
    app.draft("p", "group").await;
    app.sql("UPDATE policy_group SET is_active = false WHERE name = 'closed'");
    let before = app.noted().len();

    for (policy, group, (code, message), failure) in [
        (
            "no",
            "no",
            ("PMS_POL_016", "Policy Group ID does not exist"),
            ("PMS_PRT_457", "no", "policyGroupAttr"),
        ),
        (
            "no",
            closed_id.as_str(),
            ("PMS_POL_053", "Policy group is not active."),
            ("PMS_PRT_483", "closed", "policyGroupName"),
        ),
        (
            "no",
            &group_id,
            ("PMS_POL_008", "Policy ID does not exist"),
            ("PMS_PRT_457", &group_id, "policyAttr"),
        ),
        (
            "p",
            &other_id,
            ("PMS_POL_015", "Policy group and policy not mapped."),
            ("PMS_PRT_457", "p", "policyName"),
        ),
    ] {
        let reply = app
            .send(&manager(), "POST", &publish(policy, group), None)
            .await;

        assert_refused(&reply, code, message);
        let noted = app.noted();
        assert_eq!(
            noted[noted.len() - 2],
            audit("PMS_PRT_157", policy, "policyId")
        );
        assert_eq!(
            noted[noted.len() - 1],
            audit(failure.0, failure.1, failure.2)
        );
    }
    assert_eq!(app.noted().len(), before + 8);
    assert_eq!(app.events(), []);
}

#[actix_web::test]
async fn an_unreadable_document_stays_a_draft() {
    let app = start().await;
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.sql("UPDATE auth_policy SET policy_file_id = 'nonsense'");
    let before = app.rows_of("auth_policy");

    let reply = app
        .send(&manager(), "POST", &publish("p", &group_id), None)
        .await;

    let message = "Error occured while parsing policy string to json objectnull";
    assert_refused(&reply, "PMS_POL_052", message);
    assert_eq!(app.rows_of("auth_policy"), before);
    assert_eq!(
        app.noted().last(),
        Some(&audit("PMS_PRT_487", "NO_ID", "NO_ID_TYPE"))
    );
    assert_eq!(app.events(), Vec::<(String, Value)>::new());
}

#[actix_web::test]
async fn only_administrators_publish() {
    let app = start().await;

    assert_guarded(&app, "POST", &publish("p", "g"), None).await;
}
