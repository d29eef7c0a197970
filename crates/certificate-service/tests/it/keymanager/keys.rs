//! GET /v1/keymanager/getCertificate, and keys that get old

use pms_pki::certificate::SignatureCheck;
use pms_pki::{Certificate, reading};
use serde_json::{Value, json};

use crate::support::service::{KM, Replica, Stage, at, error, unnamed, zonal};

async fn certificate(replica: &Replica, app_id: &str, ref_id: &str) -> Certificate {
    reading::read_certificate(&replica.certificate(app_id, ref_id).await).unwrap()
}

async fn failing(replica: &Replica, query: &str) -> (String, String) {
    let reply = replica
        .get(&zonal(), &format!("{KM}/getCertificate?{query}"))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.error()
}

fn signed_by(certificate: &Certificate, issuer: &Certificate) -> bool {
    certificate.check_signature(issuer.public_key()) == SignatureCheck::Valid
}

#[actix_web::test]
async fn the_hierarchy_has_the_names_and_dates_of_the_contract() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let path = format!("{KM}/getCertificate?applicationId=ROOT");
    let mut reply = replica.get(&zonal(), &path).await.timeless();
    let root = reading::read_certificate(reply["response"]["certificate"].as_str().unwrap());
    reply["response"]["certificate"] = json!("<pem>");
    let expected = unnamed(&json!({
        "certificate": "<pem>",
        "certSignRequest": Value::Null,
        "issuedAt": "2026-11-24T10:00:00.000Z",
        "expiryAt": "2034-11-22T10:00:00.000Z",
        "timestamp": "2026-11-24T10:00:00.000Z",
    }));
    assert_eq!(reply, expected);
    let root = root.unwrap();
    let pms = certificate(&replica, "PMS", "").await;
    let base = certificate(&replica, "PMS", "PII-DATA").await;
    let rest = "OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN";
    assert_eq!(
        root.subject().text(),
        format!("CN=www.mosip.io (ROOT),{rest}")
    );
    assert_eq!(
        pms.subject().text(),
        format!("CN=www.mosip.io (PMS),{rest}")
    );
    assert_eq!(base.subject().text(), format!("CN=PMS-PII-DATA,{rest}"));
    assert!(root.is_self_signed() && signed_by(&pms, &root) && signed_by(&base, &pms));
}

#[actix_web::test]
async fn a_base_key_springs_into_existence_once() {
    let stage = Stage::new();
    let (first, second) = tokio::join!(stage.start(&[]), stage.start(&[]));

    let (one, other) = tokio::join!(
        certificate(&first, "PMS", "NEW"),
        certificate(&second, "PMS", "NEW")
    );

    assert_eq!(one, other);
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.key_alias WHERE ref_id = 'NEW'"),
        "1"
    );
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let no_base = |why: &str| {
        let text = "Not allowed to generate new key pair for other domains or not allowed to generate base key.";
        error("KER-KMS-016", &format!("{text} ({why})"))
    };
    let never = error("KER-KMS-012", "Key Generation Process is not completed.");

    assert_eq!(failing(&replica, "applicationId=RESIDENT").await, never);
    assert_eq!(
        failing(&replica, "applicationId=KERNEL&referenceId=SIGN").await,
        never
    );
    let root = failing(&replica, "applicationId=ROOT&referenceId=X").await;
    assert_eq!(root, no_base("Root Key"));
    let kernel = failing(&replica, "applicationId=KERNEL&referenceId=X").await;
    assert_eq!(kernel, no_base("Kernel App Id"));
    let partner = failing(&replica, "applicationId=PARTNER&referenceId=X").await;
    assert_eq!(partner, no_base("Partner App Id"));
    let long = format!("applicationId={}", "x".repeat(37));
    assert_eq!(
        failing(&replica, &long).await,
        error("KER-KMS-005", "Invalid request")
    );
    stage.sql(
        "INSERT INTO keymgr.key_alias SELECT 'twin', app_id, ref_id, key_gen_dtimes, \
               key_expire_dtimes, NULL, NULL, NULL, NULL, cr_by, cr_dtimes FROM keymgr.key_alias \
               WHERE app_id = 'PMS' AND ref_id = ''",
    );
    let twins = failing(&replica, "applicationId=PMS").await;
    assert_eq!(twins, error("KER-KMS-003", "No unique alias is found"));
}

#[actix_web::test]
async fn a_master_key_that_gets_old_is_replaced_and_the_old_data_stays_readable() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let (root, old) = (
        certificate(&replica, "ROOT", "").await,
        certificate(&replica, "PMS", "").await,
    );
    let request = |data: &Value| json!({ "applicationId": "PMS", "referenceId": "PII-DATA", "timeStamp": "x", "data": data });
    let sealed = replica
        .km("encrypt", request(&json!("YWNtZQ")))
        .await
        .response()["data"]
        .clone();

    // 1460 days less 395: PMS is due on the 1065th day, ROOT is not.
    stage.clock.set(at("2029-10-24T10:00:01Z"));
    let (one, two) = tokio::join!(
        certificate(&replica, "PMS", ""),
        certificate(&other, "PMS", "")
    );

    assert!(one == two && one != old);
    assert_eq!(one.subject().text(), old.subject().text());
    assert!(signed_by(&one, &root));
    assert_eq!(certificate(&replica, "ROOT", "").await, root);
    let opened = other.km("decrypt", request(&sealed)).await.response();
    assert_eq!(opened["data"], "YWNtZQ==");
    assert_ne!(
        replica
            .km("encrypt", request(&json!("YWNtZQ")))
            .await
            .response()["data"],
        sealed
    );
}

#[actix_web::test]
async fn no_key_is_made_without_a_root_or_against_the_policy() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    stage.sql("UPDATE keymgr.key_policy_def SET is_active = false WHERE app_id = 'PMS'");
    let expected = "ApplicationId not found in Key Policy. Key/CSR generation not allowed.";
    let inactive = failing(&replica, "applicationId=PMS&referenceId=NEW").await;
    assert_eq!(inactive, error("KER-KMS-002", expected));

    stage.sql(
        "UPDATE keymgr.key_policy_def SET is_active = true WHERE app_id = 'PMS'; \
         DELETE FROM keymgr.key_alias WHERE app_id = 'ROOT'",
    );
    stage.clock.set(at("2029-10-24T10:00:01Z"));
    let rootless = failing(&replica, "applicationId=PMS").await;
    assert_eq!(
        rootless,
        error("KER-KMS-011", "Root Key not available to sign.")
    );
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.master_key"), "2");
}
