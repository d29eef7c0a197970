//! Mails of notices, from the row to the notifier: in every language, with values
//! that try to be markup, and when the notifier fails.

use pms_testkit::peers::{Fault, NotifierPeer, SentMail};
use pms_testkit::waiting::eventually;
use serde_json::json;

use super::stage::Notices;
use crate::support::Row;

/// Markup, a right-to-left override, template code, line breaks.
const HOSTILE: &str = "<script>alert(1)</script>\u{202e}$partnerId #if(true)x#end\r\nBcc: a@b";

async fn delivered(stage: &Notices, notifier: &NotifierPeer, amount: usize) -> Vec<SentMail> {
    let dispatcher = stage.process_with_dispatcher();
    let noted = "SELECT count(*) FROM notifications WHERE email_sent";
    eventually(format!("{amount} mails"), async || {
        notifier.sent().len() >= amount && stage.stage.text(noted) == Some(amount.to_string())
    })
    .await;
    dispatcher.stop().await;
    notifier.sent()
}

async fn stage(notifier: &NotifierPeer) -> Notices {
    let url = notifier.url();
    Notices::with(|builder| {
        builder
            .setting("notifier.url", &url)
            .setting("outbox.retry_first_ms", "20")
            .setting("outbox.poll_ms", "20")
            .setting("jobs.escalate_days", "7")
    })
    .await
}

#[actix_web::test]
async fn the_row_and_the_audit_trail_record_when_a_mail_was_sent() {
    let notifier = NotifierPeer::start();
    let stage = stage(&notifier).await;
    stage.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    stage.run("partner-certificates").await;

    let mails = delivered(&stage, &notifier, 1).await;

    assert_eq!(mails[0].to, "acme@example.org");
    assert_eq!(mails[0].subject, "Your certificate expires soon");
    assert_eq!(
        mails[0].content,
        "<div dir=\"auto\">Hello acme,<br>\n<br>\nyour certificate for the domain AUTH expires on \
         2026-12-01 10:15 UTC. Please upload a new one in time.<br>\n<br>\nIssued to: CN=acme<br>\n\
         Issued by: CN=PMS</div>"
    );
    let row = "SELECT email_sent, email_sent_dtimes FROM notifications";
    assert_eq!(
        stage.stage.rows(row),
        json!([{ "email_sent": true, "email_sent_dtimes": "2026-11-24T10:00:00" }])
    );
    let id = stage.stage.text("SELECT id FROM notifications").unwrap();
    stage.stage.assert_audits(&[
        ("PMS_NOTIF_009", &id, "notificationId"),
        ("PMS_NOTIF_011", &id, "notificationId"),
    ]);

    // A row that comes again, since its end was not noted, is not sent again.
    stage.stage.sql(
        "UPDATE outbox SET status = 'pending', finished_at = NULL, lease_token = NULL,
           leased_until = NULL, next_attempt_at = now() AT TIME ZONE 'UTC' WHERE lane = 'mail'",
    );
    let again = stage.process_with_dispatcher();
    let pending = "SELECT count(*) FROM outbox WHERE lane = 'mail' AND status = 'pending'";
    eventually("no mail waits", async || {
        stage.stage.text(pending).as_deref() == Some("0")
    })
    .await;
    again.stop().await;
    assert_eq!(notifier.sent().len(), 1);
}

#[actix_web::test]
async fn a_mail_that_is_given_up_leaves_a_record_of_its_failure() {
    let notifier = NotifierPeer::start();
    let stage = stage(&notifier).await;
    let url = notifier.url();
    let quick = Notices::with(|builder| {
        builder
            .setting("notifier.url", &url)
            .setting("outbox.retry_first_ms", "1")
            .setting("outbox.retry_longest_ms", "1")
            .setting("outbox.max_attempts", "2")
            .setting("outbox.poll_ms", "20")
    });
    let ended = async |stage: &Notices, status: &str| {
        let dispatcher = stage.process_with_dispatcher();
        let rows =
            format!("SELECT count(*) FROM outbox WHERE lane = 'mail' AND status = '{status}'");
        eventually(format!("a mail is {status}"), async || {
            stage.stage.text(&rows).as_deref() == Some("1")
        })
        .await;
        dispatcher.stop().await;
        let id = stage.stage.text("SELECT id FROM notifications").unwrap();
        stage.stage.assert_audits(&[
            ("PMS_NOTIF_009", &id, "notificationId"),
            ("PMS_NOTIF_012", "failure", "notificationId"),
        ]);
    };

    // Too old.
    stage.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    stage.run("partner-certificates").await;
    stage
        .stage
        .sql("UPDATE outbox SET created_at = created_at - interval '8 days' WHERE lane = 'mail'");
    ended(&stage, "skipped").await;

    // Refused for its sender, until there are no tries left.
    let quick = quick.await;
    let body = r#"{"response":null,"errors":[{"errorCode":"KER-NOE-007","message":"from"}]}"#;
    notifier.fail(Fault::Body(body.to_owned()));
    quick.certified("acme", "Auth_Partner", "2026-12-01 10:15:00");
    quick.run("partner-certificates").await;
    ended(&quick, "dead").await;
}

#[actix_web::test]
async fn a_notifier_that_fails_gets_the_mails_later_each_once() {
    let notifier = NotifierPeer::start();
    let stage = stage(&notifier).await;
    for id in ["a", "b", "c"] {
        stage.certified(id, "Auth_Partner", "2026-12-01 10:15:00");
    }
    notifier.fail(Fault::Status(500));

    let outcome = stage.run("partner-certificates").await;
    assert_eq!((outcome.changed, outcome.failed), (3, 0));
    assert!(notifier.sent().is_empty());
    notifier.recover();
    let mails = delivered(&stage, &notifier, 3).await;

    let mut to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["a@example.org", "b@example.org", "c@example.org"]);
}

#[actix_web::test]
async fn hostile_values_stay_text_in_every_mail_and_language() {
    let notifier = NotifierPeer::start();
    let stage = stage(&notifier).await;
    let long = "Ж".repeat(1900);
    stage.stage.policy("p-1", Some("g-1"), "Loans", true);
    stage.stage.sql(&format!(
        "UPDATE auth_policy SET name = '{}' WHERE id = 'p-1'",
        HOSTILE.chars().take(100).collect::<String>()
    ));
    for (id, language) in [("e", "eng"), ("f", "fra"), ("a", "ara"), ("x", "hin")] {
        stage.certified(id, "Auth_Partner", "2026-12-01 10:15:00");
        stage.stage.sql(&format!(
            "UPDATE partner SET lang_code = '{language}' WHERE id = '{id}';
             UPDATE certificate_end SET subject = '{HOSTILE}{long}' WHERE certificate_id = 'cert-of-{id}'"
        ));
        let sbi = format!("sbi-{id}");
        stage.interface(&sbi, id, "2026-12-02 00:00:00");
        stage.stage.sql(&format!(
            "UPDATE secure_biometric_interface SET sw_version = '<b>{id}' WHERE id = '{sbi}'"
        ));
        let chip = format!("chip-{id}");
        stage
            .stage
            .chip(&chip, id, ("approved", true), Some(&format!("cc-{id}")));
        stage.stage.sql(&format!(
            "UPDATE ftp_chip_detail SET make = '<i>{id}' WHERE id = '{chip}'"
        ));
        stage.chip_certificate(&format!("cc-{id}"), "2026-12-02 00:00:00");
        stage.key(
            &format!("secret-{id}-0123456789"),
            id,
            "2026-12-02 00:00:00",
        );
        stage.stage.sql(&format!(
            "UPDATE partner_policy SET label = '<img src=x>{id}'
             WHERE policy_api_key = 'secret-{id}-0123456789'"
        ));
    }
    stage.stage.partner(&Row {
        id: "misp",
        user: "misp",
        kind: "MISP_Partner",
        alias: None,
        ..Row::default()
    });
    stage.licence("licence-key-<i>", "misp", "2026-12-01 10:15:00");
    for kind in ["ROOT", "INTERMEDIATE"] {
        stage
            .stage
            .keys
            .authority(kind, "<u>ca</u>", "2026-12-01T10:15:00");
    }
    for job in [
        "partner-certificates",
        "ftm-certificates",
        "sbis",
        "api-keys",
        "misp-licences",
        "ca-certificates",
        "weekly-summary",
        "escalation",
    ] {
        assert_eq!(stage.run(job).await.failed, 0, "{job}");
    }
    let amount = stage.given().len();
    assert_eq!(amount, 4 * 4 + 1 + 2 + 1 + 4);

    let mails = delivered(&stage, &notifier, amount).await;

    for mail in &mails {
        let text = mail.content.replace("<div dir=\"auto\">", "");
        let text = text.replace("</div>", "").replace("<br>", "");
        assert!(!text.contains(['<', '>']), "{text}");
        assert!(!mail.subject.contains(['\n', '\r']), "{}", mail.subject);
        assert!(mail.subject.chars().count() <= 250);
        // Each language in its own direction, whatever a value turns around.
        assert!(mail.content.starts_with("<div dir=\"auto\">"));
        // Nothing is left of our own place-holders, but what values bring along.
        let own = text.replace("$partnerId #if(true)x#end", "");
        assert!(!own.contains('$'), "{own}");
    }
}
