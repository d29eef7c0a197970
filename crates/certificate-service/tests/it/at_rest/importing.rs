//! `pms keys import` into a database that has no keys yet.

use pms_certificate_service::admin::{ImportReport, Keystore, Tally};
use serde_json::json;

use super::foreign::{DATA, Foreign, HSM, KERNEL, KEYSTORE, PMS, PMS_PEM, ROOT_PEM, Version};
use crate::support::service::Stage;

fn added(count: u64) -> Tally {
    Tally {
        added: count,
        ..Tally::default()
    }
}

fn present(count: u64) -> Tally {
    Tally {
        present: count,
        ..Tally::default()
    }
}

fn one_line(pem: &str) -> String {
    pem.split_whitespace().collect()
}

fn check_skipped(report: &ImportReport) {
    let skipped = report.skipped.join("\n");
    assert_eq!(report.skipped.len(), 3, "{skipped}");
    assert!(
        skipped.contains(&format!(
            "key RESIDENT/ {HSM}: its private key is not in the keystore"
        )),
        "{skipped}"
    );
    assert!(
        skipped.contains(&format!("its master key {HSM} is not in the keystore")),
        "{skipped}"
    );
    assert!(
        skipped.contains("certificate of a partner partner-broken: not a readable certificate"),
        "{skipped}"
    );
}

#[actix_web::test]
async fn keys_of_another_key_manager_serve_here_and_open_what_it_encrypted() {
    for version in [Version::Old, Version::New] {
        let (stage, foreign) = (Stage::new(), Foreign::new(version));

        let report = foreign.import(&stage, false, false).unwrap();

        assert_eq!(
            (report.master_keys, report.base_keys, report.other_domains),
            (added(4), added(2), added(1))
        );
        assert_eq!((report.authorities, report.partners), (added(2), added(1)));
        assert_eq!(
            report.policies,
            Tally {
                added: 1,
                changed: 1,
                present: 1
            }
        );
        assert!(
            report.ended.is_empty() && report.remarks.is_empty(),
            "{report:?}"
        );
        check_skipped(&report);

        let replica = stage.start(&[]).await;
        assert_eq!(
            one_line(&replica.certificate("ROOT", "").await),
            one_line(ROOT_PEM)
        );
        assert_eq!(
            one_line(&replica.certificate("PMS", "").await),
            one_line(PMS_PEM)
        );
        assert_eq!(stage.text("SELECT count(*) FROM keymgr.master_key"), "4");
        let request = json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": "x", "data": DATA.trim() });
        // base64url of partner@example.org
        assert_eq!(
            replica.km("decrypt", request).await.response()["data"],
            "cGFydG5lckBleGFtcGxlLm9yZw=="
        );
    }
}

#[actix_web::test]
async fn certificates_keep_their_ids_and_get_the_columns_that_they_lack() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::Old));
    // This one is here under another id.
    let known = stage.start(&[]).await;
    known.trust(ROOT_PEM, "AUTH").await;
    let own = stage.text("SELECT max(cert_id) FROM keymgr.ca_cert_store");

    foreign.import(&stage, true, false).unwrap();

    let row = "SELECT issuer_id || ' ' || ca_cert_type || ' ' || length(cert_sha256) || ' ' || cr_dtimes \
               FROM keymgr.ca_cert_store WHERE cert_id = 'ca-pms'";
    assert_eq!(
        stage.text(row),
        format!("{own} INTERMEDIATE 64 2026-01-02 00:00:00")
    );
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.ca_cert_store"), "2");
    let row = "SELECT issuer_id || ' ' || organization_name || ' ' || length(signed_sha256) || ' ' || length(cert_sha256) \
               FROM keymgr.partner_cert_store WHERE cert_id = 'partner-1'";
    assert_eq!(stage.text(row), "ca-pms IITB 64 64");
    let alias = format!(
        "SELECT length(cert_thumbprint) || ' ' || length(uni_ident) FROM keymgr.key_alias WHERE id = '{KERNEL}'"
    );
    assert_eq!(stage.text(&alias), "64 40");
}

const EVERYTHING: &str = "SELECT md5(string_agg(line, '|' ORDER BY line)) FROM ( \
    SELECT a::text AS line FROM keymgr.key_alias a UNION ALL SELECT s::text FROM keymgr.key_store s \
    UNION ALL SELECT m::text FROM keymgr.master_key m UNION ALL SELECT p::text FROM keymgr.key_policy_def p \
    UNION ALL SELECT c::text FROM keymgr.ca_cert_store c UNION ALL SELECT x::text FROM keymgr.partner_cert_store x) rows";

#[actix_web::test]
async fn a_second_run_changes_nothing_and_a_rehearsal_neither() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    let empty = stage.text(EVERYTHING);
    let rehearsed = foreign.import(&stage, false, true).unwrap();
    assert!(rehearsed.changes_anything());
    assert_eq!(stage.text(EVERYTHING), empty);

    assert_eq!(foreign.import(&stage, false, false).unwrap(), rehearsed);
    let first = stage.text(EVERYTHING);
    let again = foreign.import(&stage, false, false).unwrap();

    assert_eq!(stage.text(EVERYTHING), first);
    assert!(!again.changes_anything(), "{again:?}");
    assert_eq!(
        (again.master_keys, again.base_keys, again.other_domains),
        (present(4), present(2), present(1))
    );
    check_skipped(&again);
}

#[actix_web::test]
async fn without_a_keystore_certificates_come_and_keys_stay_away() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));

    let report = foreign
        .import_with(&stage, &Keystore::default(), (false, false))
        .unwrap();

    assert_eq!((report.master_keys, report.base_keys), (added(0), added(0)));
    assert_eq!(
        (report.authorities, report.partners, report.other_domains),
        (added(2), added(1), added(1))
    );
    assert_eq!(report.skipped.len(), 9, "{report:?}");
    // And the service makes keys of its own.
    stage.module(&[]).await.unwrap();
}

#[actix_web::test]
async fn a_broken_row_is_reported_and_the_rest_is_imported() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    foreign.sql("UPDATE keymgr.key_store SET private_key = 'bm90aGluZw' WHERE id LIKE '%0005'");
    foreign.sql("UPDATE keymgr.key_store SET certificate_data = 'x' WHERE id LIKE '%0009'");

    let report = foreign.import(&stage, false, false).unwrap();

    let skipped = report.skipped.join("\n");
    assert!(
        skipped.contains(&format!("it does not open with its master key {PMS}")),
        "{skipped}"
    );
    assert!(
        skipped.contains("key PARTNER/p1") && skipped.contains("its certificate can't be read"),
        "{skipped}"
    );
    assert!(!skipped.contains("bm90aGluZw"));
    assert_eq!((report.master_keys, report.base_keys), (added(4), added(1)));
}

#[actix_web::test]
async fn no_foreign_certificate_takes_the_place_of_a_key_of_ours() {
    let (stage, foreign) = (Stage::new(), Foreign::new(Version::New));
    let own = stage.start(&[]).await.certificate("PMS", "PII-DATA").await;
    foreign.sql("DELETE FROM keymgr.key_alias WHERE ref_id = 'PII-DATA'");
    foreign.sql(
        "UPDATE keymgr.key_alias SET app_id = 'PMS', ref_id = 'PII-DATA' WHERE app_id = 'PARTNER'",
    );
    foreign.sql("UPDATE keymgr.ca_cert_store SET ca_cert_type = 'ROOT'");

    let report = foreign.import(&stage, true, false).unwrap();

    let skipped = report.skipped.join("\n");
    assert!(
        skipped.contains("key PMS/PII-DATA") && skipped.contains("serves here"),
        "{skipped}"
    );
    assert_eq!(report.other_domains, added(0));
    let replica = stage.start(&[]).await;
    assert_eq!(replica.certificate("PMS", "PII-DATA").await, own);
    // Nor is an authority a root because the other one says so.
    let kind = "SELECT ca_cert_type FROM keymgr.ca_cert_store WHERE cert_id = 'ca-pms'";
    assert_eq!(stage.text(kind), "INTERMEDIATE");
}

#[actix_web::test]
async fn a_wrong_password_or_file_is_one_clear_line() {
    let wrong = Keystore::open(KEYSTORE, "another").unwrap_err().to_string();
    let file = Keystore::open(b"nothing", "changeit")
        .unwrap_err()
        .to_string();

    assert_eq!(
        wrong,
        "the keystore does not open: the password is wrong, or the file is damaged"
    );
    assert_eq!(file, "the keystore is not a readable PKCS#12 file");
}

#[actix_web::test]
async fn a_keystore_made_by_openssl_opens_too() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new("openssl")
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run(&[
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "pem", "-days",
        "9", "-subj", "/CN=x",
    ]);
    run(&[
        "pkcs12",
        "-export",
        "-inkey",
        "key",
        "-in",
        "pem",
        "-name",
        PMS,
        "-passout",
        "pass:secret",
        "-out",
        "p12",
    ]);

    let content = std::fs::read(folder.path().join("p12")).unwrap();

    assert_eq!(Keystore::open(&content, "secret").unwrap().len(), 1);
}
