//! POST /v1/keymanager/uploadOtherDomainCertificate

use pms_pki::{pack, reading};
use pms_testkit::Reply;
use serde_json::json;

use crate::support::ca::{Authority, LONG};
use crate::support::service::{Replica, Stage, error};

async fn upload(replica: &Replica, app_id: &str, ref_id: &str, pem: &str) -> Reply {
    let request = json!({ "applicationId": app_id, "referenceId": ref_id, "certificateData": pem });
    replica.km("uploadOtherDomainCertificate", request).await
}

#[actix_web::test]
async fn the_newest_certificate_counts_also_when_it_was_there_before() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let (first, second) = (root.leaf("One"), root.leaf("Two"));
    let normal = |pem: &str| pack::certificate_pem(&reading::read_certificate(pem).unwrap());

    for pem in [&first, &second, &first] {
        let reply = upload(&replica, "PARTNER", "acme", pem).await;
        let expected = json!({ "status": "Upload Success", "timestamp": "2026-11-24T10:00:00" });
        assert_eq!(reply.response(), expected);
        assert_eq!(replica.certificate("PARTNER", "acme").await, normal(pem));
    }

    let ended = "SELECT string_agg(key_expire_dtimes::text, ' ' ORDER BY key_expire_dtimes) \
                 FROM keymgr.key_alias WHERE app_id = 'PARTNER'";
    assert_eq!(
        stage.text(ended),
        "2026-11-24 09:59:00 2026-11-24 09:59:00 2035-01-01 00:00:00"
    );
    let keys = "SELECT count(*) FROM keymgr.key_store WHERE private_key = 'NA' AND master_key = id";
    assert_eq!(stage.text(keys), "3");
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let leaf = Authority::root("Root").leaf("Acme");
    upload(&replica, "PARTNER", "acme", &leaf).await.response();
    let cases = [
        ("PARTNER", " ", "KER-KMS-005", "Invalid request"),
        (
            "kernel",
            "sign",
            "KER-KMS-031",
            "Application Id with KERNEL & Reference Id with Sign not allowed to upload Partner certificate.",
        ),
        (
            "PARTNER",
            "ED25519_SIGN",
            "KER-KMS-030",
            "EC Sign Reference Id Not Supported for the Application ID.",
        ),
        (
            "PARTNER",
            "acme",
            "KER-KMS-035",
            "Certificate Already Exist, not allowed to upload same certificate again",
        ),
        (
            "PMS",
            "PII-DATA",
            "KER-KMS-034",
            "PrivateKey available, for Other Domain Certificate, Private Key should not available.",
        ),
    ];
    for (app_id, ref_id, code, message) in cases {
        let reply = upload(&replica, app_id, ref_id, &leaf).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    let unreadable = upload(&replica, "PARTNER", "new", "no PEM").await;
    assert_eq!(
        unreadable.error(),
        error("KER-KMS-013", "Certificate Parsing Error.")
    );
    stage.sql("INSERT INTO keymgr.key_alias (id, app_id, ref_id, key_gen_dtimes, key_expire_dtimes, \
               cr_by, cr_dtimes) VALUES ('a', 'HSM', 'now', '2026-01-01', '2030-01-01', 'x', now()), \
               ('b', 'HSM', 'then', '2025-01-01', '2026-01-01', 'x', now())");
    let message =
        "Other Domain Valid key not available, Upload other domain valid Key certificate.";
    let now = upload(&replica, "HSM", "now", &leaf).await;
    assert_eq!(now.error(), error("KER-KMS-033", message));
    let message = "Valid Key already Exist, not allowed to upload another Certificate.";
    let then = upload(&replica, "HSM", "then", &leaf).await;
    assert_eq!(then.error(), error("KER-KMS-032", message));
}

#[actix_web::test]
async fn an_expired_certificate_is_followed_by_a_new_one_but_not_by_a_key_of_ours() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let expired = root.leaf_with("Acme", (LONG.0, (2026, 6, 1)));
    upload(&replica, "PARTNER", "acme", &expired)
        .await
        .response();

    let path = "/v1/keymanager/getCertificate?applicationId=PARTNER&referenceId=acme";
    let reply = replica.get(&crate::support::service::zonal(), path).await;
    assert!(
        reply
            .error()
            .1
            .ends_with("(other domains, partner Certificate expired)")
    );

    upload(&replica, "PARTNER", "acme", &root.leaf("Acme"))
        .await
        .response();
    replica.certificate("PARTNER", "acme").await;
    stage.sql(
        "UPDATE keymgr.key_alias SET key_expire_dtimes = '2026-11-01' WHERE ref_id = 'PII-DATA'",
    );
    let taken = upload(&replica, "PMS", "PII-DATA", &root.leaf("Acme")).await;
    assert_eq!(taken.error().0, "KER-KMS-034");
}

#[actix_web::test]
async fn certificates_that_are_not_valid_yet_never_compete() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    for from in [(2027, 1, 1), (2027, 2, 1), (2025, 1, 1)] {
        let pem = root.leaf_with("Acme", (from, LONG.1));
        upload(&replica, "PARTNER", "acme", &pem).await.response();
    }

    let live = "SELECT count(*) FROM keymgr.key_alias \
                WHERE app_id = 'PARTNER' AND key_expire_dtimes > '2026-11-24 10:00'";
    assert_eq!(stage.text(live), "1");
}
