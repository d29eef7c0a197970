//! The embedded key manager as the client of its own process: no call leaves it.

use std::rc::Rc;

use pms_integrations::KeyManager;
use pms_integrations::key_manager::{Answer, KEY_UNUSABLE, Opened, UNREACHABLE};
use pms_pki::reading;
use pms_testkit::logs;
use pms_testkit::waiting::eventually;
use serde_json::json;

use crate::support::service::Stage;

/// Nothing listens there.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The client of a process that serves nothing and is its own key manager.
async fn own(stage: &Rc<Stage>, overrides: &[(&str, &str)]) -> KeyManager {
    let runtime = stage.runtime(NOWHERE, overrides);
    let service = pms_certificate_service::service(&runtime).await.unwrap();
    runtime
        .key_manager
        .serve_in_process(service.own_key_manager.unwrap());
    runtime.key_manager
}

#[actix_web::test]
async fn personal_data_goes_there_and_back_without_a_call() {
    let stage = Stage::new();
    let (keys, other) = (own(&stage, &[]).await, own(&stage, &[]).await);

    let sealed = keys.encrypt(&["1 Main Street", "700-1"]).await.unwrap();

    let mut columns = sealed.clone();
    columns.insert(1, "in clear".to_owned());
    let opened = other.clone().decrypt(&columns).await.unwrap();
    assert_eq!(opened, ["1 Main Street", "in clear", "700-1"]);
    // Certificates take the way over HTTP.
    let certificate = keys.partner_certificate("id").await;
    assert_eq!(certificate.unwrap_err(), UNREACHABLE.into());
}

#[actix_web::test]
async fn columns_that_nothing_opens_come_back_as_they_are() {
    let (stage, elsewhere) = (Stage::new(), Stage::new());
    let (keys, foreign) = (own(&stage, &[]).await, own(&elsewhere, &[]).await);
    let sealed = keys.encrypt(&["a"]).await.unwrap();
    let of_others = foreign.encrypt(&["b"]).await.unwrap();

    let texts = [sealed[0].as_str(), of_others[0].as_str()];
    let opened = keys.open(&texts).await;

    assert!(matches!(&opened[0], Ok(Opened::Text(text)) if text.as_str() == "a"));
    assert!(matches!(opened[1], Ok(Opened::Closed)));
}

#[actix_web::test]
async fn the_process_may_no_more_than_its_service_account() {
    let stage = Stage::new();
    let keys = own(&stage, &[]).await;
    let sealed = keys.encrypt(&["a"]).await.unwrap();

    let others = [("key_manager.personal_data_clients", "another-client")];
    let kept_out = own(&stage, &others).await;
    assert_eq!(
        kept_out.encrypt(&["a"]).await.unwrap_err(),
        UNREACHABLE.into()
    );
    assert_eq!(
        kept_out.decrypt(&sealed).await.unwrap_err(),
        UNREACHABLE.into()
    );

    stage.sql("UPDATE keymgr.key_policy_def SET access_allowed = 'else' WHERE app_id = 'PMS'");
    let forbidden = own(&stage, &[]).await.decrypt(&sealed).await;
    assert!(forbidden.unwrap_err().to_string().contains("KER-CRY-012"));
    stage.sql(
        "UPDATE keymgr.key_policy_def SET access_allowed = 'service-account-mosip-pms-client' \
         WHERE app_id = 'PMS'",
    );
    let opened = own(&stage, &[]).await.decrypt(&sealed).await;
    assert_eq!(opened.unwrap(), ["a"]);
}

/// Texts of personal data with a session key each.
fn foreign(stage: &Stage, number: usize) -> Vec<String> {
    let query = "SELECT s.certificate_data FROM keymgr.key_store s JOIN keymgr.key_alias a USING (id) \
                 WHERE a.app_id = 'PMS' AND a.ref_id = 'PII-DATA'";
    let certificate = reading::read_certificate(&stage.text(query)).unwrap();
    let seal = |number: usize| {
        let text = number.to_string();
        pms_pki::envelope::encrypt(&certificate, text.as_bytes(), None).unwrap()
    };
    (0..number).map(seal).collect()
}

#[actix_web::test]
async fn a_busy_process_is_not_taken_for_a_key_manager_that_hangs() {
    let stage = Stage::new();
    let keys = own(&stage, &[("key_manager.timeout_ms", "30")]).await;
    let texts = foreign(&stage, 4 * 1200 + 1);
    let (single, many) = texts.split_last().unwrap();

    // Half a second of a processor each.
    for many in many.chunks(1200) {
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let answers = keys.open(&many).await;
        assert!(answers.iter().all(Result::is_err), "faster than thought");
    }

    assert!(!keys.is_hung());
    eventually("a single text is opened", async || {
        matches!(keys.open(&[single]).await[..], [Ok(Opened::Text(_))])
    })
    .await;
    assert!(!keys.is_hung());
}

#[actix_web::test]
async fn a_key_that_cannot_be_opened_fails_its_own_texts_alone_and_is_named() {
    let stage = Stage::new();
    // They have opened all keys that are there.
    let (reader, replica) = (own(&stage, &[]).await, stage.start(&[]).await);
    let older = reader.encrypt(&["old"]).await.unwrap();
    stage.sql(
        "UPDATE keymgr.key_alias SET key_expire_dtimes = timestamp '2026-11-24 09:59:00' \
         WHERE app_id = 'PMS' AND ref_id = 'PII-DATA'",
    );
    let other = own(&stage, &[]).await;
    let sealed = other.encrypt(&["a"]).await.unwrap();
    let id = stage.text(
        "SELECT id FROM keymgr.key_alias WHERE app_id = 'PMS' AND ref_id = 'PII-DATA' \
         AND key_expire_dtimes > timestamp '2026-11-24 10:00:00'",
    );
    let query = format!("SELECT private_key FROM keymgr.key_store WHERE id = '{id}'");
    let mended = stage.text(&query);
    logs::watch(std::slice::from_ref(&id));
    stage.sql(&format!(
        "UPDATE keymgr.key_store SET private_key = overlay(private_key placing 'AAAA' from 41) \
         WHERE id = '{id}'"
    ));

    let texts = [sealed[0].as_str(), older[0].as_str(), sealed[0].as_str()];
    let opened = reader.open(&texts).await;
    let mut batch = json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "data": texts });
    let refused = replica.km("decryptBatch", batch.clone()).await;
    batch["reportFailed"] = json!(true);
    let reported = replica.km("decryptBatch", batch).await;

    let is_named = |answer: &Answer| matches!(answer, Err(why) if *why == KEY_UNUSABLE.into());
    assert!(is_named(&opened[0]) && is_named(&opened[2]));
    assert!(matches!(&opened[1], Ok(Opened::Text(text)) if text.as_str() == "old"));
    assert_eq!(refused.status, 500, "{}", refused.text);
    assert_eq!(
        reported.response(),
        json!({ "data": [null, "b2xk", null], "failed": [0, 2] })
    );
    let lines = logs::holding(std::slice::from_ref(&id));
    assert!(
        lines.iter().any(|line| line.contains("ERROR")),
        "{lines:#?}"
    );
    // Nothing was kept of it.
    stage.sql(&format!(
        "UPDATE keymgr.key_store SET private_key = '{mended}' WHERE id = '{id}'"
    ));
    assert_eq!(reader.decrypt(&sealed).await.unwrap(), ["a"]);
}
