//! Notices to partners of the ends of their certificates.

use pms_testkit::peers::key_manager::{PeerFailure, unseal};
use serde_json::json;

use super::stage::{Notices, TODAY, day};
use crate::support::Row;

#[actix_web::test]
async fn a_partner_gets_one_notice_of_its_certificate_with_a_mail_and_an_audit_record() {
    let stage = Notices::start().await;
    stage.certified("acme", "Device_Provider", "2026-12-01 10:15:00");

    let first = stage.run("partner-certificates").await;
    let second = stage.run("partner-certificates").await;

    assert_eq!((first.examined, first.changed, first.failed), (1, 1, 0));
    assert_eq!((second.changed, second.skipped), (0, 1));
    let rows = stage.rows();
    assert_eq!(
        rows,
        json!([{
            "partner_id": "acme",
            "notification_type": "PARTNER_CERT_EXPIRY",
            "notification_status": "ACTIVE",
            "notification_details_json": {
                "certificateDetails": [{
                    "certificateId": "cert-of-acme",
                    "issuedBy": "CN=PMS",
                    "issuedTo": "CN=acme",
                    "partnerId": "acme",
                    "partnerDomain": "DEVICE",
                    "expiryDateTime": "2026-12-01T10:15",
                    "expiryPeriod": "7",
                    "certificateType": "partner",
                }],
                "ftmDetails": null,
                "sbiDetails": null,
                "apiKeyDetails": null,
            },
            "email_lang_code": "eng",
            "email_sent": false,
            "email_sent_dtimes": null,
            "cr_by": "SYSTEM",
            "cr_dtimes": "2026-11-24T10:00:00",
            "upd_by": null,
        }])
    );
    let stage = stage.stage;
    let column = stage.text("SELECT email_id FROM notifications").unwrap();
    assert_eq!(unseal(&column).as_deref(), Some("acme@example.org"));
    let id = stage.text("SELECT id FROM notifications").unwrap();
    let mails = stage.app.mails();
    assert_eq!(
        mails,
        [(
            "PARTNER_CERT_EXPIRY".to_owned(),
            json!({
                "mailTo": column,
                "langCode": "eng",
                "subjectTemplate": "PARTNER_CERT_EXPIRY_SUBJECT",
                "contentTemplate": "PARTNER_CERT_EXPIRY_TEMPLATE",
                "variables": {
                    "certificateId": "cert-of-acme",
                    "issuedBy": "CN=PMS",
                    "issuedTo": "CN=acme",
                    "partnerId": "acme",
                    "partnerDomain": "DEVICE",
                    "expiryDateTime": "2026-12-01T10:15",
                    "expiryPeriod": "7",
                    "certificateType": "partner",
                    "expiresOn": "2026-12-01 10:15 UTC",
                },
                "notification": { "id": id, "type": "PARTNER_CERT_EXPIRY" },
            })
        )]
    );
    stage.assert_audits(&[("PMS_NOTIF_009", &id, "notificationId")]);
}

#[actix_web::test]
async fn an_end_at_midnight_counts_and_others_days_do_not() {
    let stage = Notices::start().await;
    for (id, ends) in [
        ("midnight", "2026-12-01 00:00:00"),
        ("late", "2026-12-01 23:59:59.999999"),
        ("between", "2026-12-05 12:00:00"),
        ("today", "2026-11-24 00:00:00"),
        ("ended", "2026-11-23 23:59:59"),
        ("far", "2026-12-24 08:00:00"),
        ("farther", "2026-12-25 00:00:00"),
    ] {
        stage.certified(id, "Auth_Partner", ends);
    }

    stage.run("partner-certificates").await;

    assert_eq!(
        stage.given(),
        [
            "far PARTNER_CERT_EXPIRY cert-of-far 30",
            "late PARTNER_CERT_EXPIRY cert-of-late 7",
            "midnight PARTNER_CERT_EXPIRY cert-of-midnight 7",
            "today PARTNER_CERT_EXPIRY cert-of-today 0",
        ]
    );
    stage.assert_mails();
}

/// A certificate that ends on a day of December 2026.
fn pem(day: u8) -> String {
    let mut made = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    made.distinguished_name = rcgen::DistinguishedName::new();
    made.distinguished_name
        .push(rcgen::DnType::CommonName, "Acme, Inc.");
    made.not_before = rcgen::date_time_ymd(2026, 1, 1);
    made.not_after = rcgen::date_time_ymd(2026, 12, day);
    let key = rcgen::KeyPair::generate().unwrap();
    made.self_signed(&key).unwrap().pem()
}

#[actix_web::test]
async fn ends_are_requested_once_and_one_unknown_certificate_hides_no_other() {
    let stage = Notices::start().await;
    for (id, day) in [("a", 1), ("b", 2), ("c", 5)] {
        stage.stage.keys.certify(&format!("alias-{id}"), &pem(day));
    }
    stage.stage.keys.certify("alias-broken", "no certificate");
    for id in ["a", "b", "c", "broken", "lost"] {
        let alias = format!("alias-{id}");
        stage.stage.partner(&Row {
            id,
            user: id,
            alias: Some(&alias),
            ..Row::default()
        });
    }

    let first = stage.run("partner-certificates").await;
    let calls = stage.stage.keys.calls("getPartnerCertificate");
    let second = stage.run("partner-certificates").await;

    assert_eq!(first.named.get("learnt"), Some(&3));
    assert_eq!(first.named.get("unknown"), Some(&2));
    assert_eq!(calls, 5);
    assert_eq!(second.named.get("learnt"), Some(&0));
    // What is known is not asked for again.
    assert_eq!(stage.stage.keys.calls("getPartnerCertificate"), 7);
    assert_eq!(
        stage.given(),
        [
            "a PARTNER_CERT_EXPIRY alias-a 7",
            "b PARTNER_CERT_EXPIRY alias-b 8"
        ]
    );
    let subject =
        stage.rows()[0]["notification_details_json"]["certificateDetails"][0]["issuedTo"].clone();
    assert_eq!(subject, "CN=Acme\\, Inc.");
}

#[actix_web::test]
async fn our_own_key_manager_is_called_in_batches_which_one_unknown_certificate_does_not_spoil() {
    let own = pms_testkit::peers::KeyManagerPeer::start();
    let base = own.base();
    let stage = Notices::with(|builder| {
        builder
            .setting("key_manager.url", "")
            .setting("services.certificate_url", &base)
    })
    .await;
    let pem = pem(1);
    for number in 0..16 {
        let (id, alias) = (format!("p-{number:02}"), format!("alias-{number:02}"));
        if number != 11 {
            own.certify(&alias, &pem);
        }
        stage.stage.partner(&Row {
            id: &id,
            user: &id,
            alias: Some(&alias),
            ..Row::default()
        });
    }

    let outcome = stage.run("partner-certificates").await;

    assert_eq!((outcome.changed, outcome.failed), (15, 0));
    assert_eq!(outcome.named.get("unknown"), Some(&1));
    // The whole, then two halves of each part that is refused.
    assert_eq!(own.calls("getPartnerCertificates"), 1 + 2 * 4);
    own.fail("getPartnerCertificates", PeerFailure::Status(503));
    let down = stage.run("partner-certificates").await;
    assert_eq!((down.changed, down.skipped, down.failed), (0, 15, 1));
}

#[actix_web::test]
async fn a_row_of_the_reference_counts_and_a_dry_run_writes_nothing() {
    let stage = Notices::start().await;
    stage.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    stage.certified("other", "Auth_Partner", "2026-12-02 10:15:00");
    // As the reference writes it, beside our pods, in the same night.
    stage.stage.sql(
        r#"INSERT INTO notifications (id, partner_id, notification_type, notification_status,
             notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
           VALUES ('theirs', 'acme', 'PARTNER_CERT_EXPIRY', 'DISMISSED',
             '{"certificateDetails":[{"certificateId":"cert-of-acme","issuedBy":"CN=PMS","issuedTo":"CN=acme","partnerId":"acme","partnerDomain":"AUTH","expiryDateTime":"2026-12-01T10:15","expiryPeriod":"7","certificateType":"partner"}],"ftmDetails":null,"sbiDetails":null,"apiKeyDetails":null}',
             'e', 'eng', 'SYSTEM', '2026-11-23 23:59:58')"#,
    );

    let process = stage.process();
    let dry = process
        .run_as("partner-certificates", &[day(TODAY)], true)
        .await
        .unwrap();
    assert_eq!(
        dry.lines,
        ["PARTNER_CERT_EXPIRY to other: CN=other ends in 8 days, counted from 2026-11-24"]
    );
    assert_eq!((dry.changed, dry.skipped), (1, 1));
    assert_eq!(stage.given().len(), 1);

    let real = process
        .run("partner-certificates", &[day(TODAY)])
        .await
        .unwrap();
    assert_eq!((real.changed, real.skipped), (1, 1));
    assert_eq!(stage.given().len(), 2);
}

#[actix_web::test]
async fn after_an_outage_one_notice_of_each_item_is_given() {
    let stage = Notices::start().await;
    stage.certified("urgent", "Auth_Partner", "2026-12-03 08:00:00");
    stage.certified("missed", "Auth_Partner", "2026-12-22 08:00:00");
    stage.certified("ended", "Auth_Partner", "2026-11-23 08:00:00");
    let days = ["2026-11-22", "2026-11-23", "2026-11-24"].map(day);

    let outcome = stage.process().run("partner-certificates", &days).await;

    assert_eq!(outcome.unwrap().changed, 3);
    assert_eq!(
        stage.given(),
        [
            "ended PARTNER_CERT_EXPIRY cert-of-ended 0",
            "missed PARTNER_CERT_EXPIRY cert-of-missed 30",
            "urgent PARTNER_CERT_EXPIRY cert-of-urgent 9",
        ]
    );
}
