//! Which partners get notices of what they have, and in which language.

use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::json;

use super::stage::{Notices, TODAY, day};

#[actix_web::test]
async fn administrators_skipped_and_inactive_partners_get_none_of_their_own() {
    let stage = Notices::with(|builder| builder.setting("jobs.skip_partners", "skipped")).await;
    for id in ["skipped", "inactive", "deleted", "told"] {
        stage.certified(id, "Auth_Partner", "2026-12-01 10:15:00");
    }
    stage.stage.sql(
        "UPDATE partner SET is_active = false WHERE id = 'inactive';
         UPDATE partner SET is_deleted = true WHERE id = 'deleted';
         UPDATE partner SET certificate_alias = 'cert-of-boss' WHERE id = 'Boss';
         INSERT INTO certificate_end VALUES ('cert-of-boss', 'CN=b', 'CN=PMS', '2026-12-01')",
    );

    stage.run("partner-certificates").await;

    assert_eq!(stage.given(), ["told PARTNER_CERT_EXPIRY cert-of-told 7"]);
}

#[actix_web::test]
async fn without_the_identity_provider_known_administrators_stay_administrators() {
    let stage = Notices::start().await;
    stage.certified("told", "Auth_Partner", "2026-12-01 10:15:00");
    stage.stage.sql(
        "UPDATE partner SET certificate_alias = 'cert-of-boss' WHERE id = 'Boss';
         INSERT INTO certificate_end VALUES ('cert-of-boss', 'CN=b', 'CN=PMS', '2026-12-01')",
    );
    stage
        .stage
        .keys
        .authority("ROOT", "r-1", "2026-12-01T10:00:00");
    stage.run("ca-certificates").await;

    stage.keycloak.fail(pms_testkit::peers::Fault::Status(500));
    let process = stage.process();
    let own = process.run("partner-certificates", &[day(TODAY)]).await;
    let of_authorities = process.run("ca-certificates", &[day(TODAY)]).await;

    assert_eq!(own.unwrap().changed, 1);
    let error = of_authorities.unwrap_err().to_string();
    assert!(error.contains("500"), "{error}");
    assert_eq!(
        stage.given(),
        [
            "Boss ROOT_CERT_EXPIRY r-1 7",
            "told PARTNER_CERT_EXPIRY cert-of-told 7"
        ]
    );
}

#[actix_web::test]
async fn a_partner_without_an_address_gets_its_notice_in_the_portal_alone() {
    let stage = Notices::start().await;
    stage.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    stage
        .stage
        .sql("UPDATE partner SET email_id = NULL WHERE id = 'acme'");

    let outcome = stage.run("partner-certificates").await;

    assert_eq!((outcome.changed, outcome.failed), (1, 0));
    assert_eq!(
        stage
            .stage
            .text("SELECT email_id FROM notifications")
            .as_deref(),
        Some("")
    );
    assert!(stage.stage.app.mails().is_empty());
}

#[actix_web::test]
async fn what_fails_is_counted_and_given_another_time() {
    let stage = Notices::start().await;
    stage.certified("clear", "Auth_Partner", "2026-12-01 10:15:00");
    stage.certified("sealed", "Auth_Partner", "2026-12-01 10:15:00");
    let column = stage.stage.keys.seal("sealed@example.org");
    stage.stage.sql(&format!(
        "UPDATE partner SET email_id = '{column}', lang_code = 'ara' WHERE id = 'sealed';
         UPDATE partner SET lang_code = NULL WHERE id = 'clear'"
    ));
    stage.stage.keys.fail("encrypt", PeerFailure::Status(503));

    let first = stage.run("partner-certificates").await;
    stage.stage.keys.recover();
    let second = stage.run("partner-certificates").await;

    assert_eq!((first.changed, first.failed), (1, 1));
    assert_eq!((second.changed, second.skipped, second.failed), (1, 1, 0));
    let languages = "SELECT partner_id, email_lang_code FROM notifications ORDER BY partner_id";
    assert_eq!(
        stage.stage.rows(languages),
        json!([
            { "partner_id": "clear", "email_lang_code": "eng" },
            { "partner_id": "sealed", "email_lang_code": "ara" },
        ])
    );
    let audits: Vec<(String, String)> = stage
        .stage
        .audits()
        .into_iter()
        .map(|(event, id, _)| (event, id))
        .collect();
    assert!(audits.contains(&("PMS_NOTIF_010".to_owned(), "failure".to_owned())));
    stage.assert_mails();
}
