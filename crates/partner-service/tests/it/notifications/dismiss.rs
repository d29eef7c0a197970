use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, refusal};
use crate::support::{BASE, Row, Stage, auth_partner};

const OPERATION: &str = "mosip.pms.dismiss.notification.patch";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    for (id, user, active) in [
        ("office", "admin", false),
        ("acme", "anna", true),
        ("acme-old", "anna", false),
    ] {
        let email = format!("{id}@acme.org");
        stage.partner(&Row {
            id,
            user,
            active,
            email: &email,
            ..Row::default()
        });
    }
    for (id, partner, kind, status) in [
        ("p", "acme", "PARTNER_CERT_EXPIRY", "ACTIVE"),
        ("old", "acme-old", "PARTNER_CERT_EXPIRY", "DISMISSED"),
        ("done", "acme", "PARTNER_CERT_EXPIRY", "DISMISSED"),
        ("w", "office", "WEEKLY_SUMMARY", "ACTIVE"),
        ("r", "acme", "ROOT_CERT_EXPIRY", "ACTIVE"),
        ("i", "gone", "INTERMEDIATE_CERT_EXPIRY", "ACTIVE"),
    ] {
        stage.sql(&format!(
            "INSERT INTO notifications (id, partner_id, notification_type, notification_status,
               notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
             VALUES ('{id}', '{partner}', '{kind}', '{status}', '{{}}', 'sealed', 'eng', 'SYSTEM',
               '2026-11-01')"
        ));
    }
    stage
}

fn body(stage: &Stage, request: &Value) -> Value {
    json!({
        "id": OPERATION,
        "version": "1.0",
        "requestTime": stage.app.now_text(),
        "request": request,
    })
}

async fn patch(stage: &Stage, who: &Who, id: &str, body: &Value) -> Reply {
    let path = format!("{BASE}/notifications/{id}");
    stage.app.patch(who, &path, body).await
}

async fn dismiss(stage: &Stage, who: &Who, id: &str) -> Reply {
    let body = body(stage, &json!({ "notificationStatus": "DISMISSED" }));
    patch(stage, who, id, &body).await
}

#[actix_web::test]
async fn own_notifications_are_put_away() {
    let stage = stage().await;

    let by_partner = dismiss(&stage, &auth_partner("anna"), "p").await;
    let by_admin = dismiss(&stage, &Who::admin(), "w").await;

    let done = |id: &str, partner: &str, kind: &str| {
        let response = json!({
            "id": id,
            "partnerId": partner,
            "notificationType": kind,
            "notificationStatus": "DISMISSED",
        });
        (200, answered(OPERATION, &response))
    };
    assert_eq!(
        (by_partner.status, by_partner.timeless()),
        done("p", "acme", "PARTNER_CERT_EXPIRY")
    );
    assert_eq!(
        (by_admin.status, by_admin.timeless()),
        done("w", "office", "WEEKLY_SUMMARY")
    );
    let changed = "SELECT id, notification_status, upd_by, upd_dtimes FROM notifications
                   WHERE upd_by IS NOT NULL ORDER BY id";
    let row = |id: &str, by: &str| {
        json!({
            "id": id,
            "notification_status": "DISMISSED",
            "upd_by": by,
            "upd_dtimes": "2026-11-24T10:00:00",
        })
    };
    assert_eq!(
        stage.rows(changed),
        json!([row("p", "anna"), row("w", "admin")])
    );
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    let nobody = auth_partner("nobody");
    let status = |status: Value| json!({ "notificationStatus": status });
    let away = status(json!("DISMISSED"));

    for (who, id, request, code, message) in [
        (
            &nobody,
            "%20",
            json!({}),
            "PMS_REQUEST_ERROR_001",
            "Invalid request.",
        ),
        (
            &nobody,
            "zzz",
            json!({}),
            "PMS_NOTIFICATION_ERROR_019",
            "Notification status is required in the request",
        ),
        (
            &nobody,
            "zzz",
            status(json!("dismissed")),
            "PMS_NOTIFICATION_ERROR_012",
            "Invalid notification status. Expected: DISMISSED.",
        ),
        (
            &nobody,
            "zzz",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_008",
            "Notification does not exist.",
        ),
        (
            &nobody,
            "w",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_018",
            "Partner Admin can only dismiss this notification",
        ),
        (
            &anna,
            "r",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_018",
            "Partner Admin can only dismiss this notification",
        ),
        (
            &nobody,
            "p",
            away.clone(),
            "PMS_CERTIFICATE_ERROR_002",
            "User Id does not exists.",
        ),
        (
            &anna,
            "old",
            away.clone(),
            "PMS_PMP_016",
            "Partner is not active.",
        ),
        (
            &Who::admin(),
            "i",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_011",
            "The notification does not belong to the partner.",
        ),
        (
            &Who::admin(),
            "done",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_011",
            "The notification does not belong to the partner.",
        ),
        (
            &anna,
            "done",
            away.clone(),
            "PMS_NOTIFICATION_ERROR_009",
            "Notification has already been dismissed.",
        ),
    ] {
        let reply = patch(&stage, who, id, &body(&stage, &request)).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, refusal(OPERATION, code, message)),
            "{id} {request}"
        );
    }
    let changed = stage.text("SELECT count(*) FROM notifications WHERE upd_by IS NOT NULL");
    assert_eq!(changed.as_deref(), Some("0"));
}

#[actix_web::test]
async fn the_envelope_is_checked_first() {
    let stage = stage().await;
    let nobody = auth_partner("nobody");
    let refused = async |change: &[(&str, Value)], code: &str, message: &str| {
        let mut body = body(&stage, &Value::Null);
        for (member, value) in change {
            body[member] = value.clone();
        }
        let reply = patch(&stage, &nobody, "%20", &body).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, refusal(OPERATION, code, message)),
            "{body}"
        );
    };
    let no_time = ("requestTime", Value::Null);
    let tomorrow = ("requestTime", json!("2026-11-25T00:00:00.000Z"));
    let version = ("version", Value::Null);

    let all = [("id", json!("x")), no_time.clone(), version.clone()];
    refused(&all, "PMS_REQUEST_ERROR_002", "Invalid Request Id").await;
    let text = "Invalid request time";
    refused(&[no_time, version.clone()], "PMS_REQUEST_ERROR_004", text).await;
    let text = "Request date should be current date";
    refused(&[tomorrow, version.clone()], "PMS_REQUEST_ERROR_006", text).await;
    let text = "Request version is invalid";
    refused(&[version], "PMS_REQUEST_ERROR_003", text).await;
    refused(&[], "PMS_REQUEST_ERROR_005", "Request body is invalid").await;
}

#[actix_web::test]
async fn a_notification_is_put_away_once_even_at_once() {
    let stage = stage().await;
    let anna = auth_partner("anna");
    let change = "UPDATE notifications SET notification_status = 'DISMISSED' WHERE id = 'p'";

    let reply = stage.send_during(change, dismiss(&stage, &anna, "p")).await;

    assert_eq!(reply.error().0, "PMS_NOTIFICATION_ERROR_009");
}

#[actix_web::test]
async fn faults_and_strangers() {
    let stage = stage().await;

    let nobody = dismiss(&stage, &Who::Nobody, "p").await;
    assert_eq!(
        (nobody.status, nobody.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    let misp = Who::user("anna", &["MISP_PARTNER"]);
    assert_eq!(dismiss(&stage, &misp, "p").await.response()["id"], "p");
    stage.sql("DROP TABLE notifications");
    assert_eq!(
        dismiss(&stage, &auth_partner("anna"), "p").await.timeless(),
        refusal(
            OPERATION,
            "PMS_NOTIFICATION_ERROR_010",
            "Error while dismissing the notification."
        )
    );

    let listed = |builder: pms_testkit::TestAppBuilder| {
        builder.setting("roles.patchdismissnotification", "AUTH_PARTNER")
    };
    let stage = Stage::with(listed).await;
    let unlisted = dismiss(&stage, &Who::user("anna", &["PARTNER"]), "p").await;
    assert_eq!(
        (unlisted.status, unlisted.error().0.as_str()),
        (403, "KER-ATH-403")
    );
}
