//! The first start, later starts, and starts with wrong settings.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::support::service::{KM, Stage, zonal};

const KEYS: &str = "SELECT string_agg(app_id || '/' || ref_id, ' ' ORDER BY app_id, ref_id) \
                    FROM keymgr.key_alias";

#[actix_web::test]
async fn two_replicas_that_start_together_make_one_set_of_keys() {
    let stage = Stage::new();

    let (first, second) = tokio::join!(stage.start(&[]), stage.start(&[]));

    assert_eq!(stage.text(KEYS), "PMS/ PMS/PII-DATA ROOT/");
    for (app_id, ref_id) in [("ROOT", ""), ("PMS", ""), ("PMS", "PII-DATA")] {
        let one = first.certificate(app_id, ref_id).await;
        assert_eq!(one, second.certificate(app_id, ref_id).await);
    }
    let data = json!({
        "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": [2026, 1, 1], "data": "YWNtZQ==",
    });
    let mut sealed = data.clone();
    sealed["data"] = first.km("encrypt", data).await.response()["data"].clone();
    assert_eq!(
        second.km("decrypt", sealed).await.response()["data"],
        "YWNtZQ=="
    );
}

/// The list that the reference's key generator has (contract keymanager.md §4), and an
/// application that has no key policy.
const APPLICATIONS: &str = "ROOT,KERNEL:SIGN,PRE_REGISTRATION,REGISTRATION,\
    REGISTRATION_PROCESSOR,ID_REPO,KERNEL:IDENTITY_CACHE,RESIDENT,PMS,ADMIN_SERVICES,\
    DIGITAL_CARD,COMPLIANCE_TOOLKIT,NO_SUCH_MODULE";

#[actix_web::test]
async fn two_replicas_that_start_together_make_the_keys_of_other_modules_once() {
    let stage = Stage::new();
    let listed = [("key_manager.applications", APPLICATIONS)];

    let (first, second) = tokio::join!(stage.start(&listed), stage.start(&listed));

    let made = "ADMIN_SERVICES/ COMPLIANCE_TOOLKIT/ DIGITAL_CARD/ ID_REPO/ KERNEL/SIGN PMS/ \
        PMS/PII-DATA PRE_REGISTRATION/ REGISTRATION/ REGISTRATION_PROCESSOR/ RESIDENT/ ROOT/";
    assert_eq!(stage.text(KEYS), made);
    // What the onboarding client asks for.
    let one = first.certificate("RESIDENT", "").await;
    assert_eq!(second.certificate("RESIDENT", "").await, one);
    drop((first, second));
    // A later start makes none a second time, and those that the list gained.
    let more = format!("{APPLICATIONS},REGISTRATION:KIOSK");
    let third = stage.start(&[("key_manager.applications", &more)]).await;
    let with_kiosk = made.replace(" REGISTRATION/ ", " REGISTRATION/ REGISTRATION/KIOSK ");
    assert_eq!(stage.text(KEYS), with_kiosk);
    assert_eq!(third.certificate("RESIDENT", "").await, one);
}

#[actix_web::test]
async fn a_base_key_is_made_after_the_master_key_that_the_list_names_later() {
    let stage = Stage::new();
    let listed = [("key_manager.applications", "RESIDENT:APP, RESIDENT")];

    stage.module(&listed).await.unwrap();

    let made = "PMS/ PMS/PII-DATA RESIDENT/ RESIDENT/APP ROOT/";
    assert_eq!(stage.text(KEYS), made);
}

#[actix_web::test]
async fn a_restart_finds_its_keys_again() {
    let stage = Stage::new();
    let request = |data: &serde_json::Value| json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": "x", "data": data });
    let first = stage.start(&[]).await;
    let root = first.certificate("ROOT", "").await;
    let sealed = first
        .km("encrypt", request(&json!("YWNtZQ")))
        .await
        .response()["data"]
        .clone();
    drop(first);

    let second = stage.start(&[]).await;

    assert_eq!(second.certificate("ROOT", "").await, root);
    assert_eq!(
        second.km("decrypt", request(&sealed)).await.response()["data"],
        "YWNtZQ=="
    );
    assert_eq!(stage.text(KEYS), "PMS/ PMS/PII-DATA ROOT/");
}

#[actix_web::test]
async fn private_keys_are_not_in_the_database_in_clear() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();

    // PKCS#8 begins with a SEQUENCE that holds the number 0.
    let clear = "SELECT count(*) FROM keymgr.master_key \
                 WHERE position('\\x020100300d06092a864886f70d010101'::bytea in private_key) > 0";
    assert_eq!(stage.text(clear), "0");
    let base = "SELECT count(*) FROM keymgr.key_store WHERE private_key LIKE 'MII%'";
    assert_eq!(stage.text(base), "0");
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.master_key"), "2");
}

#[actix_web::test]
async fn a_wrong_key_encryption_key_stops_the_start_with_one_clear_line() {
    let stage = Stage::new();
    stage.module(&[]).await.unwrap();

    let wrong = "55".repeat(32);
    let error = stage
        .module(&[("key_manager.kek", &wrong)])
        .await
        .err()
        .unwrap()
        .to_string();

    assert!(
        error.starts_with("key_manager.kek is not the key that encrypted the private keys"),
        "{error}"
    );
    assert!(!error.contains('\n') && !error.contains(&wrong), "{error}");
    assert_eq!(stage.text(KEYS), "PMS/ PMS/PII-DATA ROOT/");
}

#[actix_web::test]
async fn the_key_encryption_key_must_be_set_and_well_formed() {
    let stage = Stage::new();
    let refused = async |kek: &str, file: &str| {
        let overrides = [("key_manager.kek", kek), ("key_manager.kek_file", file)];
        stage.module(&overrides).await.err().unwrap().to_string()
    };

    assert!(
        refused("", "")
            .await
            .contains("key_manager.kek or key_manager.kek_file must be set")
    );
    assert!(
        refused("short", "")
            .await
            .contains("not 32 bytes in hex or base64")
    );
    assert!(refused(&"11".repeat(32), "/x").await.contains("not both"));
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.key_alias"), "0");
}

#[actix_web::test]
async fn the_key_file_is_made_once_and_not_in_the_place_of_a_lost_one() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("kek");
    let overrides = [
        ("key_manager.kek", ""),
        ("key_manager.kek_file", path.to_str().unwrap()),
    ];

    stage.module(&overrides).await.unwrap();
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    stage.module(&overrides).await.unwrap();

    std::fs::remove_file(&path).unwrap();
    let error = stage.module(&overrides).await.err().unwrap().to_string();
    assert!(error.contains("does not exist"), "{error}");
    assert!(!path.exists());
}

#[actix_web::test]
async fn without_an_embedded_key_manager_its_routes_are_absent_and_no_key_is_needed() {
    let stage = Stage::new();
    let off = [("key_manager.embedded", "false"), ("key_manager.kek", "")];
    let replica = stage.start(&off).await;

    let reply = replica
        .get(&zonal(), &format!("{KM}/getCertificate?applicationId=ROOT"))
        .await;

    assert_eq!(reply.status, 404);
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.key_alias"), "0");
}
