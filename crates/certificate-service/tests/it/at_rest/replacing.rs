//! `pms keys import` where this key manager has keys of its own.

use serde_json::json;

use super::foreign::{BASE, DATA, Foreign, PMS, PMS_PEM, ROOT, Version};
use crate::support::service::Stage;

fn sealed(data: &serde_json::Value) -> serde_json::Value {
    json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": "x", "data": data })
}

#[actix_web::test]
async fn keys_that_are_in_use_here_are_replaced_only_on_request() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    stage.module(&[]).await.unwrap();

    let error = foreign
        .import(&stage, false, false)
        .unwrap_err()
        .to_string();

    assert!(
        error.contains("PMS/PII-DATA ") && error.contains("ROOT "),
        "{error}"
    );
    assert!(
        error.contains("--replace-current") && !error.contains('\n'),
        "{error}"
    );
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.key_alias"), "3");
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "0");
}

#[actix_web::test]
async fn imported_keys_take_over_in_running_replicas_and_ours_still_read_their_data() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    let replica = stage.start(&[]).await;
    let ours = replica
        .km("encrypt", sealed(&json!("YWNtZQ")))
        .await
        .response()["data"]
        .clone();

    let report = foreign.import(&stage, true, false).unwrap();

    assert_eq!(report.ended.len(), 3, "{report:?}");
    let joined: String = replica
        .certificate("PMS", "")
        .await
        .split_whitespace()
        .collect();
    assert_eq!(joined, PMS_PEM.split_whitespace().collect::<String>());
    assert_eq!(
        replica.km("decrypt", sealed(&ours)).await.response()["data"],
        "YWNtZQ=="
    );
    let theirs = sealed(&json!(DATA.trim()));
    assert_eq!(
        replica.km("decrypt", theirs).await.response()["data"],
        "cGFydG5lckBleGFtcGxlLm9yZw=="
    );
    // New data is for the imported key.
    replica
        .km("encrypt", sealed(&json!("YWNtZQ")))
        .await
        .response();
    let current = "SELECT string_agg(id, ' ' ORDER BY id) FROM keymgr.key_alias \
                   WHERE app_id IN ('ROOT', 'PMS') AND key_expire_dtimes > '2026-11-24T10:00:00'";
    assert_eq!(stage.text(current), format!("{ROOT} {PMS} {BASE}"));
    // A restart works, and so does a second run.
    stage.module(&[]).await.unwrap();
    assert!(
        !foreign
            .import(&stage, true, false)
            .unwrap()
            .changes_anything()
    );
}

#[actix_web::test]
async fn a_partner_certificate_that_ended_over_there_since_ends_here_too() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    foreign.import(&stage, false, false).unwrap();
    foreign.sql(
        "UPDATE keymgr.key_alias SET key_expire_dtimes = '2026-11-01' WHERE app_id = 'PARTNER'; \
         INSERT INTO keymgr.key_alias (id, app_id, ref_id, key_gen_dtimes, key_expire_dtimes, cr_by, cr_dtimes) \
         VALUES ('next', 'PARTNER', 'p1', '2026-11-01', '2030-01-01', 'SYSTEM', '2026-11-01'); \
         INSERT INTO keymgr.key_store (id, master_key, private_key, certificate_data, cr_by, cr_dtimes) \
         SELECT 'next', 'next', 'NA', certificate_data, 'SYSTEM', '2026-11-01' FROM keymgr.key_store \
         WHERE id LIKE '%0005'",
    );

    let report = foreign.import(&stage, false, false).unwrap();

    assert_eq!(
        (report.other_domains.added, report.other_domains.changed),
        (1, 1)
    );
    let current = "SELECT string_agg(id, ' ') FROM keymgr.key_alias \
                   WHERE app_id = 'PARTNER' AND key_expire_dtimes > '2026-11-24'";
    assert_eq!(stage.text(current), "next");
}

#[actix_web::test]
async fn two_current_keys_over_there_are_refused() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    foreign
        .sql("UPDATE keymgr.key_alias SET key_expire_dtimes = '2033-01-01' WHERE id LIKE '%0006'");

    let error = foreign
        .import(&stage, false, false)
        .unwrap_err()
        .to_string();

    assert!(
        error.starts_with("that key manager has 2 current keys of PMS/PII-DATA"),
        "{error}"
    );
}

#[actix_web::test]
async fn a_policy_that_was_changed_here_stays() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    stage.sql("UPDATE keymgr.key_policy_def SET pre_expire_days = 300, upd_dtimes = now() WHERE app_id = 'PMS'");

    let report = foreign.import(&stage, false, false).unwrap();

    assert_eq!(
        report.remarks,
        ["the key policy of PMS differs and was changed here: it stays as it is"]
    );
    assert_eq!(
        stage.text("SELECT pre_expire_days FROM keymgr.key_policy_def WHERE app_id = 'PMS'"),
        "300"
    );
}
