use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, refusal};
use crate::support::{BASE, Row, Stage, auth_partner};

const GET: &str = "mosip.pms.users.notifications.seen.timestamp.get";
const PUT: &str = "mosip.pms.users.notifications.seen.timestamp.put";
const PATH: &str = "/users/anna/notifications-seen-timestamp";

async fn stage() -> Stage {
    with(&[]).await
}

async fn with(settings: &[(&str, &str)]) -> Stage {
    let stage = Stage::with(|builder| builder.settings(settings)).await;
    for (id, user) in [("acme", "anna"), ("bertco", "bert"), ("carlco", "carl")] {
        let email = format!("{id}@acme.org");
        stage.partner(&Row {
            id,
            user,
            email: &email,
            ..Row::default()
        });
    }
    stage.sql(
        "INSERT INTO user_details (id, user_id, consent_given_dtimes, cr_dtimes, cr_by)
         VALUES ('id1', 'anna', '2026-01-01', '2026-01-01', 'anna'),
                ('id2', 'bert', '2026-01-01', '2026-01-01', 'bert')",
    );
    stage
}

fn body(stage: &Stage, request: &Value) -> Value {
    json!({
        "id": PUT,
        "version": "1.0",
        "requestTime": stage.app.now_text(),
        "metadata": null,
        "request": request,
    })
}

async fn put(stage: &Stage, who: &Who, path: &str, body: &Value) -> Reply {
    stage.app.put(who, &format!("{BASE}{path}"), body).await
}

async fn see(stage: &Stage, who: &Who, path: &str, at: &Value) -> Reply {
    let body = body(stage, &json!({ "notificationsSeenDtimes": at }));
    put(stage, who, path, &body).await
}

fn seen(at: &Value) -> Value {
    json!({ "notificationsSeenDtimes": at })
}

#[actix_web::test]
async fn what_was_seen_is_kept_as_it_was_sent() {
    let stage = stage().await;
    let anna = auth_partner("anna");

    let before = stage.get(&anna, PATH).await;
    assert_eq!(
        (before.status, before.timeless()),
        (200, answered(GET, &seen(&Value::Null)))
    );
    for (sent, shown) in [
        ("2025-06-04T10:00:00Z", "2025-06-04T10:00:00"),
        ("2025-06-04T10:00:00.120Z", "2025-06-04T10:00:00.12"),
        ("2025-06-04T10:00:01", "2025-06-04T10:00:01"),
    ] {
        let noted = see(&stage, &anna, PATH, &json!(sent)).await;
        assert_eq!(
            (noted.status, noted.timeless()),
            (200, answered(PUT, &seen(&json!(shown))))
        );
        let after = stage.get(&anna, PATH).await.timeless();
        assert_eq!(after, answered(GET, &seen(&json!(shown))));
    }
    let rows = "SELECT id, consent_given, notifications_seen_dtimes, upd_by, upd_dtimes
                FROM user_details ORDER BY id";
    assert_eq!(
        stage.rows(rows),
        json!([
            {
                "id": "id1",
                "consent_given": "NO",
                "notifications_seen_dtimes": "2025-06-04T10:00:01",
                "upd_by": "anna",
                "upd_dtimes": "2026-11-24T10:00:00",
            },
            {
                "id": "id2",
                "consent_given": "NO",
                "notifications_seen_dtimes": null,
                "upd_by": null,
                "upd_dtimes": null,
            },
        ])
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    let refused = async |change: &[(&str, Value)], code: &str, message: &str| {
        let mut body = body(&stage, &json!({ "notificationsSeenDtimes": null }));
        for (member, value) in change {
            body[member] = value.clone();
        }
        let reply = put(&stage, &anna, PATH, &body).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, refusal(PUT, code, message)),
            "{body}"
        );
    };
    let id = ("id", json!("other"));
    let no_id = ("id", Value::Null);
    let no_time = ("requestTime", json!(" "));
    let yesterday = ("requestTime", json!("2026-11-23T23:59:59.999Z"));
    let version = ("version", json!("1.1"));

    let text = "Invalid Request Id";
    let all = [id, no_time.clone(), version.clone()];
    refused(&all, "PMS_REQUEST_ERROR_002", text).await;
    refused(&[no_id], "PMS_REQUEST_ERROR_002", text).await;
    let text = "Invalid request time";
    refused(&[no_time, version.clone()], "PMS_REQUEST_ERROR_004", text).await;
    let text = "Request date should be current date";
    refused(&[yesterday, version.clone()], "PMS_REQUEST_ERROR_006", text).await;
    let text = "Request version is invalid";
    refused(&[version], "PMS_REQUEST_ERROR_003", text).await;
    let text = "Invalid notification seen timestamp";
    refused(&[], "PMS_NOTIFICATION_ERROR_002", text).await;
    let blank = ("request", json!({ "notificationsSeenDtimes": "  " }));
    refused(&[blank], "PMS_NOTIFICATION_ERROR_002", text).await;
    refused(
        &[("request", json!({}))],
        "PMS_NOTIFICATION_ERROR_002",
        text,
    )
    .await;
}

#[actix_web::test]
async fn bodies_that_can_not_be_read_are_refused() {
    let stage = stage().await;
    let anna = auth_partner("anna");

    let missing = put(&stage, &anna, PATH, &body(&stage, &Value::Null)).await;
    assert_eq!(
        (missing.status, missing.timeless()),
        (
            400,
            json!({
                "id": null,
                "version": null,
                "metadata": null,
                "response": null,
                "responsetime": "<time>",
                "errors": [{
                    "errorCode": "PMS_COR_001",
                    "message": "Invalid request parameter - must not be null :request",
                }],
            })
        )
    );
    let problem = json!({
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Failed to read request",
        "instance": format!("{BASE}{PATH}"),
    });
    for wrong in [
        json!("yesterday"),
        json!("2025-02-30T10:00:00Z"),
        json!([1]),
    ] {
        let reply = see(&stage, &anna, PATH, &wrong).await;
        assert_eq!((reply.status, reply.json()), (400, problem.clone()));
    }
}

#[actix_web::test]
async fn a_user_without_partners_is_unknown_to_every_list() {
    let stage = stage().await;
    let path = "/users/nobody/notifications-seen-timestamp";
    let text = "User Id does not exists.";

    for who in [auth_partner("nobody"), auth_partner("anna"), Who::admin()] {
        let read = stage.get(&who, path).await.timeless();
        let noted = see(&stage, &who, path, &Value::Null).await.timeless();
        assert_eq!(read, refusal(GET, "PMS_CERTIFICATE_ERROR_002", text));
        assert_eq!(noted, refusal(PUT, "PMS_CERTIFICATE_ERROR_002", text));
    }
}

#[actix_web::test]
async fn nothing_is_noted_for_a_user_without_details() {
    let stage = stage().await;
    let carl = auth_partner("carl");
    let path = "/users/carl/notifications-seen-timestamp";

    let read = stage.get(&carl, path).await.timeless();
    let noted = see(&stage, &carl, path, &Value::Null).await;

    let text = "User details does not exist for the user.";
    assert_eq!(read, refusal(GET, "PMS_NOTIFICATION_ERROR_003", text));
    assert_eq!(
        (noted.status, noted.timeless()),
        (200, answered(PUT, &Value::Null))
    );
    let count = stage.text("SELECT count(*) FROM user_details");
    assert_eq!(count.as_deref(), Some("2"));
}

#[actix_web::test]
async fn others_are_left_alone_unless_the_operator_opens_the_door() {
    let time = json!("2026-01-02T00:00:00Z");
    let shown = seen(&json!("2026-01-02T00:00:00"));
    let bert = Who::user("bert", &["FTM_PROVIDER"]);
    let closed = stage().await;
    let text = "User not authorized.";

    let read = closed.get(&bert, PATH).await.timeless();
    let noted = see(&closed, &bert, PATH, &time).await.timeless();
    assert_eq!(read, refusal(GET, "PMS_PRT_055", text));
    assert_eq!(noted, refusal(PUT, "PMS_PRT_055", text));
    // Policy managers look at their own notifications only.
    let manager = Who::policy_manager();
    let read = closed.get(&manager, PATH).await.timeless();
    let noted = see(&closed, &manager, PATH, &time).await.timeless();
    assert_eq!(read, refusal(GET, "PMS_PRT_055", text));
    assert_eq!(noted, refusal(PUT, "PMS_PRT_055", text));
    let by_admin = see(&closed, &Who::admin(), PATH, &time).await.timeless();
    assert_eq!(by_admin, answered(PUT, &shown));
    let upper = Who::user("ANNA", &["FTM_PROVIDER"]);
    let own = closed.get(&upper, PATH).await.timeless();
    assert_eq!(own, answered(GET, &shown));

    let open = with(&[(
        "security.ownership_legacy_for",
        "putnotificationseentimestamp,getnotificationseentimestamp",
    )])
    .await;
    let noted = see(&open, &bert, PATH, &time).await.timeless();
    let read = open.get(&bert, PATH).await.timeless();
    assert_eq!(noted, answered(PUT, &shown));
    assert_eq!(read, answered(GET, &shown));
    let by = open.text("SELECT upd_by FROM user_details WHERE user_id = 'anna'");
    assert_eq!(by.as_deref(), Some("anna"));
}

#[actix_web::test]
async fn faults_have_codes_of_their_own() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    stage.sql("DROP TABLE user_details");

    let read = stage.get(&anna, PATH).await.timeless();
    let noted = see(&stage, &anna, PATH, &Value::Null).await.timeless();

    assert_eq!(
        read,
        refusal(
            GET,
            "PMS_NOTIFICATION_ERROR_004",
            "Error while fetching notifications seen date time"
        )
    );
    assert_eq!(
        noted,
        refusal(
            PUT,
            "PMS_NOTIFICATION_ERROR_001",
            "Error while updating notifications seen date time"
        )
    );
}

#[actix_web::test]
async fn any_role_may_ask_unless_the_operator_lists_roles() {
    let stage = stage().await;
    for roles in [&["MISP_PARTNER"][..], &["PARTNER"], &[]] {
        let anna = Who::user("anna", roles);
        let time = json!("2026-01-02T00:00:00Z");
        assert_eq!(see(&stage, &anna, PATH, &time).await.status, 200);
        let read = stage.get(&anna, PATH).await.timeless();
        assert_eq!(read, answered(GET, &seen(&json!("2026-01-02T00:00:00"))));
    }

    let stage = with(&[
        ("roles.getnotificationseentimestamp", "AUTH_PARTNER"),
        ("roles.putnotificationseentimestamp", "AUTH_PARTNER"),
    ])
    .await;
    let unlisted = Who::user("anna", &["PARTNER"]);
    for (who, status, code) in [
        (&unlisted, 403, "KER-ATH-403"),
        (&Who::Nobody, 401, "KER-ATH-401"),
    ] {
        let read = stage.get(who, PATH).await;
        let noted = see(&stage, who, PATH, &Value::Null).await;
        for reply in [read, noted] {
            assert_eq!((reply.status, reply.error().0.as_str()), (status, code));
        }
    }
}
