//! Mails: addresses, languages, texts, and a notifier that misbehaves.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use pms_database::outbox::admin::{self, Which};
use pms_database::outbox::{Queue, writer};
use pms_integrations::dispatcher::Plan;
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions};
use pms_integrations::mail::{Mailer, MailerParts, Notifier, TemplateCodes, Templates};
use pms_integrations::{Dispatcher, DispatcherSettings, KeyManager};
use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::peers::{Behaviour, Fault, KeyManagerPeer, NotifierPeer, TemplatesPeer};
use pms_testkit::waiting::eventually;
use serde_json::{Value, json};

use crate::stage::{Stage, client, never_refused, patient, start_with, token};

/// A stage with everything that a mail needs.
pub struct Office {
    pub stage: Stage,
    pub keys: KeyManagerPeer,
    pub notifier: NotifierPeer,
    pub templates: TemplatesPeer,
}

impl Office {
    pub fn new() -> Self {
        Self {
            stage: Stage::new(Behaviour::Answer(202, String::new())),
            keys: KeyManagerPeer::start(),
            notifier: NotifierPeer::start(),
            templates: TemplatesPeer::start(),
        }
    }

    pub fn dispatch(&self, with_templates: bool) -> Dispatcher {
        self.dispatch_with(with_templates, patient())
    }

    fn dispatch_with(&self, with_templates: bool, settings: DispatcherSettings) -> Dispatcher {
        let plan = Plan::default().deliver(
            Queue::Mail,
            self.mailer(with_templates, TemplateCodes::default()),
        );
        start_with(&self.stage.db, &plan, settings)
    }

    fn mailer(&self, with_templates: bool, codes: TemplateCodes) -> Mailer {
        let token = token(&self.stage.identity.token_endpoint());
        let crypto = CryptoKey {
            app_id: "PMS".to_owned(),
            ref_id: "PII-DATA".to_owned(),
        };
        let options = KeyManagerOptions {
            base: self.keys.url(),
            crypto,
            timeout: Duration::from_secs(2),
            batches: false,
        };
        let templates = with_templates
            .then(|| Templates::new(client(), self.templates.url(), token.clone()).unwrap());
        Mailer::new(MailerParts {
            notifier: Notifier::new(client(), self.notifier.url(), token.clone()),
            templates,
            codes,
            key_manager: KeyManager::new(client(), token, options),
            zone: "GMT+05:30".parse().unwrap(),
            max_age: Duration::from_secs(7 * 24 * 3600),
        })
    }

    /// Queues a registration mail to a sealed address.
    pub async fn queue(&self, to: &str, language: &str, name: &str) {
        let payload = json!({
            "mailTo": self.keys.seal(to),
            "langCode": language,
            "subjectTemplate": "partner-reg-sub-template",
            "contentTemplate": "partner-reg-content-template",
            "variables": {
                "partnerName": name, "partnerId": "acme", "partnerStatus": "De-active",
                "status": "De-active", "Date": "2026-11-24T10:00:00.000Z",
            },
        });
        self.queue_row(payload).await;
    }

    async fn queue_row(&self, payload: Value) {
        let write = move |conn: &mut _| writer::mail(conn, "PARTNER_REGISTRED", "acme", payload);
        self.stage.db.transaction(write).await.unwrap();
    }
}

#[actix_web::test]
async fn a_partner_gets_a_mail_in_its_language_with_our_texts() {
    let office = Office::new();
    let dispatcher = office.dispatch(false);
    office
        .queue("anna@example.org", "fra", "Acme & <b>Co</b>")
        .await;

    office.stage.all_become("delivered").await;

    let sent = office.notifier.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, "anna@example.org");
    assert_eq!(sent[0].subject, "Votre inscription comme partenaire");
    assert!(
        sent[0]
            .content
            .starts_with("<div dir=\"auto\">Bonjour Acme &amp; &lt;b&gt;Co&lt;/b&gt;,<br>\n"),
        "{}",
        sent[0].content
    );
    assert!(
        sent[0]
            .content
            .contains("2026-11-24T15:30+05:30[GMT+05:30]")
    );
    dispatcher.stop().await;
}

#[actix_web::test]
async fn the_operators_texts_come_first_and_are_fetched_once() {
    let office = Office::new();
    let (subject, content) = ("partner-reg-sub-template", "partner-reg-content-template");
    office
        .templates
        .put("eng", subject, "\"Hi $partnerName\nBcc: x@y.z\"");
    office.templates.put(
        "eng",
        content,
        "\"<p title='$partnerName'>$partnerName $nosuch</p>\"",
    );
    let dispatcher = office.dispatch(true);

    office
        .queue("anna@example.org", "eng", "A <'&> B\r\nBcc: e@f.g")
        .await;
    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.all_become("delivered").await;

    let sent = office.notifier.sent();
    assert_eq!(sent[0].subject, "Hi A <'&> B Bcc: e@f.g Bcc: x@y.z");
    let name = "A &lt;&#39;&amp;&gt; B\r\nBcc: e@f.g";
    assert_eq!(
        sent[0].content,
        format!("<p title='{name}'>{name} $nosuch</p>")
    );
    assert_eq!(sent[1].subject, "Hi Acme Bcc: x@y.z");
    assert_eq!(office.templates.recorded().len(), 2);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn the_operators_texts_are_found_by_the_operators_codes() {
    let office = Office::new();
    let (usual, own) = ("partner-reg-sub-template", "our-registration-subject");
    office.templates.put("eng", usual, "The usual one");
    office.templates.put("eng", own, "Welcome $partnerName");
    let codes = TemplateCodes::from([
        (usual, own.to_owned()),
        ("partner-reg-content-template", "not-there".to_owned()),
    ]);
    let plan = Plan::default().deliver(Queue::Mail, office.mailer(true, codes));
    let dispatcher = start_with(&office.stage.db, &plan, patient());

    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.all_become("delivered").await;

    let sent = office.notifier.sent();
    assert_eq!(sent[0].subject, "Welcome Acme");
    assert!(sent[0].content.contains(">Hello Acme,<br>"));
    dispatcher.stop().await;
}

#[actix_web::test]
async fn our_texts_stand_in_for_missing_and_broken_ones() {
    let office = Office::new();
    let code = "partner-reg-sub-template";
    office.templates.put("eng", code, "#if($partnerName broken");
    let dispatcher = office.dispatch(true);

    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.all_become("delivered").await;

    let sent = office.notifier.sent();
    assert_eq!(sent[0].subject, "Your registration as a partner");
    assert!(sent[0].content.contains(">Hello Acme,<br>"));
    dispatcher.stop().await;
}

#[actix_web::test]
async fn our_texts_stand_in_while_the_template_service_is_down() {
    let office = Office::new();
    office.templates.fail(Fault::Status(500));
    let dispatcher = office.dispatch(true);

    office.queue("anna@example.org", "ara", "Acme").await;
    office.stage.all_become("delivered").await;

    assert_eq!(office.notifier.sent()[0].subject, "تسجيلكم كشريك");
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_bad_address_is_final_and_blocks_no_other_mail() {
    let office = Office::new();
    let dispatcher = office.dispatch(false);
    // The notifier wants a dot; a second address must not be smuggled in.
    office.queue("anna@localhost", "eng", "Acme").await;
    office.queue("a@b.c\r\nBcc: d@e.f", "eng", "Acme").await;

    office.stage.all_become("dead").await;
    office.queue("anna@example.org", "eng", "Acme").await;
    eventually("a mail", async || !office.notifier.sent().is_empty()).await;

    let rows = office.stage.rows();
    assert_eq!((rows[0].2, rows[1].2), (1, 1), "tried once");
    assert!(rows[0].3.as_deref().unwrap().contains("KER-NOE-001"));
    for (.., reason) in &rows {
        assert!(
            !reason.as_deref().unwrap_or_default().contains('@'),
            "{reason:?}"
        );
    }
    dispatcher.stop().await;
}

/// Whatever the notifier does, the mail leaves when it works again.
async fn survives(fault: Fault, expected: &str) {
    let office = Office::new();
    office.notifier.fail(fault);
    let dispatcher = office.dispatch(false);
    office.queue("anna@example.org", "eng", "Acme").await;
    let reason = office.stage.failed(expected).await;
    assert!(!reason.contains("anna"), "{reason}");

    office.notifier.recover();
    office.stage.all_become("delivered").await;

    assert!(!office.notifier.sent().is_empty());
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_notifier_that_answers_500_loses_nothing() {
    survives(Fault::Status(500), "500").await;
}

#[actix_web::test]
async fn a_notifier_that_is_too_slow_loses_nothing() {
    survives(Fault::Slow(Duration::from_secs(4)), "timed out").await;
}

#[actix_web::test]
async fn a_notifier_that_hangs_up_loses_nothing() {
    survives(Fault::Reset, "failed").await;
}

#[actix_web::test]
async fn only_the_notifiers_word_counts_as_success() {
    let body = r#"{"response":{"status":"failure","message":"anna@example.org"},"errors":[]}"#;
    survives(Fault::Body(body.to_owned()), "***").await;
}

#[actix_web::test]
async fn errors_beside_a_success_are_errors() {
    let body = r#"{"response":{"status":"success"},"errors":[{"errorCode":"KER-NOE-500"}]}"#;
    survives(Fault::Body(body.to_owned()), "KER-NOE-500").await;
}

#[actix_web::test]
async fn expired_tokens_are_renewed_within_the_delivery() {
    let office = Office::new();
    let dispatcher = office.dispatch(true);
    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.all_become("delivered").await;

    office.notifier.expire_tokens();
    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.all_become("delivered").await;

    assert_eq!(office.notifier.sent().len(), 2);
    assert!(office.stage.rows().iter().all(never_refused));
    dispatcher.stop().await;
}

#[actix_web::test]
async fn while_the_key_manager_is_down_mails_wait() {
    let office = Office::new();
    office.keys.fail("decrypt", PeerFailure::Status(500));
    let dispatcher = office.dispatch(false);
    office.queue("anna@example.org", "eng", "Acme").await;
    office.stage.failed("can't be decrypted").await;
    assert!(office.notifier.recorded().is_empty());

    office.keys.recover();
    office.stage.all_become("delivered").await;

    assert_eq!(office.notifier.sent().len(), 1);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_row_that_is_no_mail_is_parked_without_a_word_of_it() {
    let office = Office::new();
    let dispatcher = office.dispatch(false);
    office
        .queue_row(json!({ "mailTo": 7, "secret": "abc" }))
        .await;

    office.stage.all_become("dead").await;

    let rows = office.stage.rows();
    assert_eq!(rows[0].3.as_deref(), Some("the row is not a mail"));
    dispatcher.stop().await;
}

#[actix_web::test]
async fn what_the_notifier_refuses_is_tried_a_few_times_and_parked() {
    let office = Office::new();
    let body = r#"{"response":null,"errors":[{"errorCode":"KER-NOE-007","message":"from"}]}"#;
    office.notifier.fail(Fault::Body(body.to_owned()));
    let mut quick = patient();
    quick.retry_first = Duration::ZERO;
    let dispatcher = office.dispatch_with(false, quick);
    office.queue("anna@example.org", "eng", "Acme").await;

    office.stage.all_become("dead").await;

    let row = office.stage.rows().remove(0);
    assert_eq!(row.2, 14, "not the thousand tries of a peer that is down");
    assert_eq!(
        row.3.as_deref(),
        Some("the notifier refuses the mail: KER-NOE-007")
    );
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_mail_that_could_not_be_sent_for_a_week_expires_unless_it_is_queued_again() {
    let office = Office::new();
    office.queue("anna@example.org", "eng", "Old").await;
    let old = "UPDATE pms.outbox SET created_at = created_at - interval '8 days'";
    let mut conn = office.stage.database.conn();
    conn.batch_execute(old).unwrap();
    office.queue("anna@example.org", "eng", "New").await;
    let dispatcher = office.dispatch(false);
    office.stage.none_pending().await;

    let rows = office.stage.rows();
    assert_eq!((&*rows[0].1, &*rows[1].1), ("skipped", "delivered"));
    assert_eq!(
        rows[0].3.as_deref(),
        Some("expired: older than outbox.mail_max_age_days")
    );
    assert_eq!(office.notifier.sent().len(), 1);

    assert_eq!(admin::retry(&mut conn, Which::One(rows[0].0)).unwrap(), 1);
    office.stage.all_become("delivered").await;
    assert_eq!(office.notifier.sent().len(), 2);
    dispatcher.stop().await;
}
