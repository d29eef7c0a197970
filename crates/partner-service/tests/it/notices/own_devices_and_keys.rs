//! Notices to partners of the ends of their chips, SBIs and API keys.

use serde_json::{Value, json};

use super::stage::{Notices, day};
use crate::support::Row;

#[actix_web::test]
async fn chips_interfaces_and_keys_are_noticed_with_their_own_details() {
    let stage = Notices::start().await;
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    stage.stage.partner(&Row {
        id: "north",
        user: "north",
        kind: "FTM_Provider",
        group: None,
        ..Row::default()
    });
    stage
        .stage
        .chip("chip", "north", ("approved", true), Some("chip-cert"));
    stage.stage.chip(
        "pending",
        "north",
        ("pending_approval", false),
        Some("chip-cert"),
    );
    stage.chip_certificate("chip-cert", "2026-12-01 10:15:00");
    stage.interface("sbi", "north", "2026-12-02 00:00:00");
    stage.key("secret-of-the-key", "north", "2026-11-25 01:02:03");

    for job in ["ftm-certificates", "sbis", "api-keys"] {
        let outcome = stage.run(job).await;
        assert_eq!((outcome.changed, outcome.failed), (1, 0), "{job}");
    }

    let rows = stage.rows();
    let details = |kind: &str| -> Value {
        let rows = rows.as_array().unwrap();
        let row = rows.iter().find(|row| row["notification_type"] == kind);
        row.unwrap()["notification_details_json"].clone()
    };
    assert_eq!(
        details("FTM_CHIP_CERT_EXPIRY"),
        json!({
            "certificateDetails": null,
            "ftmDetails": [{
                "certificateId": "chip-cert", "issuedBy": "CN=PMS", "issuedTo": "CN=chip-cert",
                "partnerId": "north", "partnerDomain": "FTM",
                "expiryDateTime": "2026-12-01T10:15", "expiryPeriod": "7",
                "certificateType": "ftm", "ftmId": "chip", "make": "Make", "model": "chip",
            }],
            "sbiDetails": null,
            "apiKeyDetails": null,
        })
    );
    assert_eq!(
        details("SBI_EXPIRY")["sbiDetails"],
        json!([{
            "sbiId": "sbi", "sbiVersion": "1.sbi", "partnerId": "north",
            "expiryDateTime": "2026-12-02T00:00", "expiryPeriod": "8",
            "sbiBinaryHash": "abc", "sbiCreationDate": "2026-01-02T03:04:05",
        }])
    );
    assert_eq!(
        details("API_KEY_EXPIRY")["apiKeyDetails"],
        json!([{
            "apiKeyName": "label secret-of-the-key", "partnerId": "north",
            "expiryDateTime": "2026-11-25T01:02:03", "expiryPeriod": "1",
            "policyGroup": "Group One", "policyName": "Loans",
        }])
    );
    stage.assert_mails();
}

#[actix_web::test]
async fn types_that_are_not_wanted_are_not_written() {
    let stage = Notices::with(|builder| builder.setting("jobs.notice_types", "root,weekly")).await;
    stage.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    stage.interface("sbi", "acme", "2026-12-02 00:00:00");

    for job in [
        "partner-certificates",
        "ftm-certificates",
        "sbis",
        "misp-licences",
    ] {
        assert_eq!(stage.run(job).await.examined, 0, "{job}");
    }

    assert!(stage.given().is_empty());
}

#[actix_web::test]
async fn without_notices_of_keys_their_partners_get_one_mail_with_a_hidden_key() {
    let stage = Notices::with(|builder| builder.setting("jobs.notice_types", "partner")).await;
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    stage.stage.partner(&Row {
        id: "acme",
        user: "acme",
        ..Row::default()
    });
    for (key, ends) in [
        ("soon-0123456789", "2026-11-27 08:00:00"),
        ("ended-0123456789", "2026-11-23 08:00:00"),
        ("later-0123456789", "2026-11-28 08:00:00"),
    ] {
        stage.key(key, "acme", ends);
    }
    stage
        .stage
        .sql("UPDATE partner_policy SET label = split_part(policy_api_key, '-', 1)");

    let first = stage.run("api-keys").await;
    let next = stage
        .process()
        .run("api-keys", &[day("2026-11-25")])
        .await
        .unwrap();

    assert_eq!((first.changed, first.skipped), (1, 0));
    // The first one gets no second mail.
    assert_eq!((next.changed, next.skipped), (1, 1));
    assert!(stage.given().is_empty());
    let mails = stage.stage.app.mails();
    assert_eq!(mails.len(), 2);
    let (kind, mail) = &mails[0];
    assert_eq!(kind, "APIKEY_EXPIRED");
    assert_eq!(
        mail["subjectTemplate"],
        "partner-apikey-status-sub-template"
    );
    assert_eq!(mail["langCode"], "eng");
    assert_eq!(mail["variables"]["policyName"], "Loans");
    // The partner has two that end.
    assert_eq!(mail["variables"]["apiKeyLabel"], "soon");
    assert_eq!(mails[1].1["variables"]["apiKeyLabel"], "later");
    assert_eq!(
        mail["variables"]["apiKeyExpiresOn"],
        "2026-11-27T08:00:00.000Z"
    );
    let all = format!("{mails:?}");
    assert!(!all.contains("soon-0123456789"), "{all}");
}
