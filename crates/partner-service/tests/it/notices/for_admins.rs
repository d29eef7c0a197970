//! Notices to administrators.

use pms_testkit::Who;
use serde_json::json;

use super::stage::{Notices, TODAY, day};
use crate::support::{BASE, Row};

#[actix_web::test]
async fn administrators_get_notices_of_all_pages_of_authorities() {
    let stage = Notices::start().await;
    stage
        .keycloak
        .add("second", "Se", "Cond", &["PARTNER_ADMIN"]);
    for number in 0..23 {
        let id = format!("ca-{number:02}");
        stage
            .stage
            .keys
            .authority("INTERMEDIATE", &id, "2026-12-01T00:00:00");
    }
    stage
        .stage
        .keys
        .authority("ROOT", "root", "2026-11-24T23:59:59");
    stage
        .stage
        .keys
        .authority("ROOT", "other", "2026-12-05T00:00:00");

    let first = stage.run("ca-certificates").await;
    let second = stage.run("ca-certificates").await;

    assert_eq!((first.changed, first.failed), (48, 0));
    assert_eq!((second.changed, second.skipped), (0, 48));
    let given = stage.given();
    assert!(given.contains(&"Boss INTERMEDIATE_CERT_EXPIRY ca-22 7".to_owned()));
    // Who is no partner is told by the user name, at the provider's address.
    assert!(given.contains(&"second ROOT_CERT_EXPIRY root 0".to_owned()));
    let root = stage
        .rows()
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["notification_type"] == "ROOT_CERT_EXPIRY" && row["partner_id"] == "Boss")
        .cloned()
        .unwrap();
    assert_eq!(
        root["notification_details_json"]["certificateDetails"],
        json!([{
            "certificateId": "root", "issuedBy": "CN=Top", "issuedTo": "CN=root",
            "partnerId": null, "partnerDomain": "AUTH",
            "expiryDateTime": "2026-11-24T23:59:59", "expiryPeriod": "0",
            "certificateType": "root",
        }])
    );
    assert_eq!(root["email_lang_code"], "fra");
    stage.assert_mails();
}

#[actix_web::test]
async fn an_administrator_without_partners_reads_and_dismisses_what_is_addressed_to_the_user_name()
{
    let stage = Notices::start().await;
    stage
        .keycloak
        .add("second", "Se", "Cond", &["PARTNER_ADMIN"]);
    stage
        .stage
        .keys
        .authority("ROOT", "root", "2026-12-01T10:00:00");
    let second = Who::user("Second", &["PARTNER_ADMIN"]);
    let list = async |who: &Who| stage.stage.get(who, "/notifications").await;
    let nothing = list(&second).await;
    assert_eq!(nothing.error().0, "PMS_CERTIFICATE_ERROR_002");
    stage.run("ca-certificates").await;

    let found = list(&second).await.response();

    assert_eq!(found["totalResults"], 1);
    let notice = &found["data"][0];
    assert_eq!(notice["notificationPartnerId"], "second");
    let body = json!({
        "id": "mosip.pms.dismiss.notification.patch",
        "version": "1.0",
        "requestTime": stage.stage.app.now_text(),
        "request": { "notificationStatus": "DISMISSED" },
    });
    let dismiss = async |who: &Who, id: &str| {
        let path = format!("{BASE}/notifications/{id}");
        stage.stage.app.patch(who, &path, &body).await
    };
    let id = notice["notificationId"].as_str().unwrap();
    // The user name of another administrator, and one without the role.
    let third = Who::user("third", &["PARTNER_ADMIN"]);
    assert_eq!(
        dismiss(&third, id).await.error().0,
        "PMS_CERTIFICATE_ERROR_002"
    );
    let plain = Who::user("second", &["AUTH_PARTNER"]);
    assert_eq!(list(&plain).await.error().0, "PMS_CERTIFICATE_ERROR_002");
    let to_boss = "SELECT id FROM notifications WHERE partner_id = 'Boss'";
    let to_boss = stage.stage.text(to_boss).unwrap();
    assert_eq!(
        dismiss(&second, &to_boss).await.error().0,
        "PMS_NOTIFICATION_ERROR_011"
    );
    let dismissed = dismiss(&second, id).await.response();
    assert_eq!(dismissed["notificationStatus"], "DISMISSED");
}

#[actix_web::test]
async fn without_certificates_of_authorities_or_administrators_no_notice_is_given() {
    let stage =
        Notices::with(|builder| builder.setting("features.trust_certificates", "false")).await;
    stage
        .stage
        .keys
        .authority("ROOT", "root", "2026-11-24T23:59:59");
    assert_eq!(stage.run("ca-certificates").await.examined, 0);

    let stage = Notices::with(|builder| builder.setting("keycloak.role_users_url", "")).await;
    stage
        .stage
        .keys
        .authority("ROOT", "root", "2026-11-24T23:59:59");
    assert_eq!(stage.run("ca-certificates").await.examined, 0);
    assert_eq!(stage.run("weekly-summary").await.examined, 0);
}

#[actix_web::test]
async fn the_weekly_summary_lists_what_ends_until_the_same_day_of_next_week() {
    let stage = Notices::start().await;
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    for (id, ends) in [
        ("b-today", "2026-11-24 00:00:00"),
        ("a-last", "2026-12-01 23:59:59"),
        ("after", "2026-12-02 00:00:00"),
        ("before", "2026-11-23 23:59:59"),
    ] {
        stage.certified(id, "Auth_Partner", ends);
    }
    stage.key("secret-of-the-key", "a-last", "2026-11-26 08:00:00");

    let first = stage.run("weekly-summary").await;
    let second = stage.run("weekly-summary").await;

    assert_eq!((first.changed, second.changed, second.skipped), (1, 0, 1));
    assert_eq!(
        stage.given(),
        ["Boss WEEKLY_SUMMARY cert-of-b-today,cert-of-a-last,label secret-of-the-key,"]
    );
    let row = stage.rows()[0].clone();
    let details = &row["notification_details_json"];
    assert_eq!(details["certificateDetails"][0]["expiryPeriod"], "7");
    assert_eq!(
        details["certificateDetails"][0]["certificateType"],
        "partner"
    );
    assert_eq!(details["certificateDetails"][0]["partnerId"], "b-today");
    let (_, mail) = stage.stage.app.mails().remove(0);
    let variables = &mail["variables"];
    assert_eq!(variables["partnerId"], "Boss");
    assert_eq!(variables["fromDate"], "24-11-2026");
    assert_eq!(variables["toDate"], "01-12-2026");
    assert_eq!(variables["partnerCertificateCount"], 2);
    assert_eq!(variables["partnerIdList"], json!(["b-today", "a-last"]));
    assert_eq!(variables["apiKeyCount"], 1);
    assert_eq!(variables["sbiDetails"], json!([]));
    stage.assert_mails();
    // The next week's is another one.
    let next = stage
        .process()
        .run("weekly-summary", &[day("2026-12-01")])
        .await;
    stage
        .stage
        .app
        .clock
        .set("2026-12-01T00:00:01Z".parse().unwrap());
    assert_eq!(next.unwrap().changed, 1);
}

#[actix_web::test]
async fn nothing_is_summed_up_when_nothing_ends() {
    let stage = Notices::start().await;
    stage.certified("after", "Auth_Partner", "2026-12-02 00:00:00");

    assert_eq!(stage.run("weekly-summary").await.examined, 0);
    assert!(stage.given().is_empty());
}

#[actix_web::test]
async fn licences_of_misps_are_the_administrators_business() {
    let stage = Notices::start().await;
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    stage.stage.partner(&Row {
        id: "misp",
        user: "misp",
        kind: "MISP_Partner",
        ..Row::default()
    });
    stage.licence("licence-key-0001", "misp", "2026-12-01 10:15:00");

    stage.run("misp-licences").await;

    let row = stage.rows()[0].clone();
    assert_eq!(row["partner_id"], "Boss");
    assert_eq!(row["notification_type"], "MISP_LICENSE_KEY_EXPIRY");
    assert_eq!(
        row["notification_details_json"],
        json!({
            "certificateDetails": null, "ftmDetails": null, "sbiDetails": null,
            "apiKeyDetails": null,
            "mispLicenseKeyDetails": [{
                "mispLicenseKeyName": "****0001", "mispPartnerId": "misp",
                "expiryDateTime": "2026-12-01T10:15", "expiryPeriod": "7",
                "policyGroup": "Group One", "policyName": "Loans",
            }],
        })
    );
    stage.assert_mails();
}

#[actix_web::test]
async fn what_a_partner_has_not_put_away_goes_to_the_administrators() {
    let stage = Notices::with(|builder| builder.setting("jobs.escalate_days", "7")).await;
    for id in ["ignores", "acts", "untold"] {
        stage.certified(id, "Auth_Partner", "2026-12-01 10:15:00");
    }
    let earlier = [day("2026-11-23")];
    stage
        .process()
        .run("partner-certificates", &earlier)
        .await
        .unwrap();
    stage.stage.sql(
        "UPDATE notifications SET notification_status = 'DISMISSED' WHERE partner_id = 'acts';
         DELETE FROM notifications WHERE partner_id = 'untold';
         DELETE FROM outbox",
    );

    let first = stage.run("escalation").await;
    let second = stage.run("escalation").await;

    assert_eq!((first.changed, second.changed), (1, 0));
    assert_eq!(
        stage.given(),
        [
            "Boss PARTNER_CERT_EXPIRY cert-of-ignores 7",
            "acts PARTNER_CERT_EXPIRY cert-of-acts 8",
            "ignores PARTNER_CERT_EXPIRY cert-of-ignores 8",
        ]
    );
    let (_, mail) = stage.stage.app.mails().remove(0);
    assert_eq!(mail["subjectTemplate"], "EXPIRY_ESCALATION_SUBJECT");
    assert_eq!(mail["variables"]["ownerId"], "ignores");
    assert_eq!(mail["variables"]["partnerId"], "Boss");
    assert_in_the_bell(&stage).await;
    let off = Notices::with(|builder| builder.setting("jobs.escalate_days", "0")).await;
    assert_eq!(
        off.process()
            .run("escalation", &[day(TODAY)])
            .await
            .unwrap()
            .examined,
        0
    );
}

/// The administrator sees what was passed on as the portal's bell asks for it, and
/// puts it away.
async fn assert_in_the_bell(stage: &Notices) {
    // A notice of its own, of before it was an administrator, is none of these.
    stage.stage.sql(
        "INSERT INTO notifications (id, partner_id, notification_type, notification_status,
           notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
         SELECT 'own', partner_id, notification_type, 'ACTIVE',
           replace(notification_details_json, '\"ignores\"', '\"Boss\"'), '', 'eng', 'SYSTEM', cr_dtimes
         FROM notifications WHERE partner_id = 'Boss'",
    );
    let boss = Who::user("boss", &["PARTNER_ADMIN"]);
    let bell = "/notifications?pageSize=4&pageNo=0&notificationStatus=active";

    let shown = stage.stage.get(&boss, bell).await.response();

    assert_eq!(shown["totalResults"], 1, "{shown}");
    let notice = &shown["data"][0];
    assert_eq!(notice["notificationPartnerId"], "Boss");
    assert_eq!(notice["notificationType"], "PARTNER_CERT_EXPIRY");
    let certificate = &notice["notificationDetails"]["certificateDetails"][0];
    assert_eq!(certificate["partnerId"], "ignores");
    assert_eq!(certificate["certificateId"], "cert-of-ignores");
    let path = format!(
        "{BASE}/notifications/{}",
        notice["notificationId"].as_str().unwrap()
    );
    let away = json!({
        "id": "mosip.pms.dismiss.notification.patch",
        "version": "1.0",
        "requestTime": stage.stage.app.now_text(),
        "request": { "notificationStatus": "DISMISSED" },
    });
    let dismissed = stage.stage.app.patch(&boss, &path, &away).await;
    assert_eq!(dismissed.response()["notificationStatus"], "DISMISSED");
    let left = stage.stage.get(&boss, bell).await.response();
    assert_eq!(left["totalResults"], 0);
}
