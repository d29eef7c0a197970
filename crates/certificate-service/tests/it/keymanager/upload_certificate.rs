//! POST /v1/keymanager/uploadCertificate

use pms_pki::{pack, reading};
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::keys::{about, data, generate, named, recertify};
use crate::support::service::{Replica, Stage, echoed, error};

fn normal(pem: &str) -> String {
    pack::certificate_pem(&reading::read_certificate(pem).unwrap())
}

fn upload(app_id: &str, ref_id: &str, pem: &str) -> Value {
    let mut request = named(app_id, ref_id);
    request["certificateData"] = json!(pem);
    request
}

fn converted(data: &Value) -> Value {
    let mut request = named("PMS", "PII-DATA");
    request["timeStamp"] = json!("x");
    request["data"] = data.clone();
    request
}

/// The certificate that a fresh token carries.
async fn certificate_of_token(replica: &Replica, ref_id: &str) -> String {
    let mut request = named("PMS", ref_id);
    request["dataToSign"] = json!(data("{}"));
    request["includeCertificate"] = json!(true);
    let reply = replica.km("jwtSign", request).await.response();
    let token = reply["jwtSignedData"].as_str().unwrap();
    let (header, _) = crate::support::keys::parts(token);
    header["x5c"][0].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_master_key_goes_on_under_its_new_certificate_in_every_replica() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let before = certificate_of_token(&other, "").await;
    let old = other.certificate("PMS", "").await;

    let pem = recertify(&replica, &Authority::root("Root"), ("PMS", "")).await;

    for replica in [&replica, &other] {
        assert_eq!(replica.certificate("PMS", "").await, normal(&pem));
        let now = certificate_of_token(replica, "").await;
        assert_ne!(now, before);
        assert!(normal(&pem).replace('\n', "").contains(&now));
    }
    let dates = "SELECT string_agg(key_gen_dtimes || ' ' || key_expire_dtimes, ', ' \
                 ORDER BY key_expire_dtimes DESC) FROM keymgr.key_alias \
                 WHERE app_id = 'PMS' AND ref_id = ''";
    assert_eq!(
        stage.text(dates),
        "2025-01-01 00:00:00 2035-01-01 00:00:00, 2026-11-24 10:00:00 2026-11-24 09:59:00"
    );
    let all = about(&replica, "getAllCertificates", "PMS", "").await;
    let all = all["allCertificates"].as_array().unwrap();
    let found: Vec<_> = all
        .iter()
        .map(|one| one["certificateData"].clone())
        .collect();
    assert_eq!(found, [json!(normal(&pem)), json!(old)]);
}

#[actix_web::test]
async fn data_stays_readable_whichever_certificate_it_was_encrypted_for() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let before = replica
        .km("encrypt", converted(&json!("YWNtZQ")))
        .await
        .response();

    let pem = recertify(&replica, &Authority::root("Root"), ("PMS", "PII-DATA")).await;

    let after = other
        .km("encrypt", converted(&json!("YWNtZQ")))
        .await
        .response();
    let sealed = reading::decode_data(after["data"].as_str().unwrap()).unwrap();
    let new = reading::read_certificate(&pem).unwrap();
    assert_eq!(&sealed[6..38], new.sha256());
    drop(other);
    let fresh = stage.start(&[]).await;
    for sealed in [&before["data"], &after["data"]] {
        for replica in [&replica, &fresh] {
            let opened = replica.km("decrypt", converted(sealed)).await.response();
            assert_eq!(opened["data"], "YWNtZQ==");
        }
    }
}

#[actix_web::test]
async fn tokens_from_before_still_verify() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateECSignKey", "PMS", "EC_SECP256R1_SIGN").await;
    let mut verify = named("PMS", "EC_SECP256R1_SIGN");
    let mut request = verify.clone();
    request["dataToSign"] = json!(data("{}"));
    request["includePayload"] = json!(true);
    request["includeCertHash"] = json!(true);
    let token = replica.km("jwtSign", request).await.response()["jwtSignedData"].clone();

    let authority = Authority::root("Root");
    recertify(&replica, &authority, ("PMS", "EC_SECP256R1_SIGN")).await;

    verify["jwtSignatureData"] = token;
    let answer = replica.km("jwtVerify", verify).await.response();
    assert_eq!(answer["signatureValid"], true);
}

#[actix_web::test]
async fn the_same_certificate_again_changes_nothing() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let pem = replica.certificate("PMS", "").await;

    let reply = replica
        .km("uploadCertificate", upload("PMS", " ", &pem))
        .await;

    let expected =
        echoed(&json!({ "status": "Upload Success", "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(stage.text("SELECT count(*) FROM keymgr.master_key"), "2");
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let leaf = Authority::root("Root").leaf("Acme");
    let mut other = named("PMS", "acme");
    other["certificateData"] = json!(leaf);
    replica
        .km("uploadOtherDomainCertificate", other)
        .await
        .response();
    let policy = "ApplicationId not found in Key Policy. Key/CSR generation not allowed.";
    let foreign = "Upload of certificate will not be allowed to update other domain \
                   certificate.(Refer Logs for error reason)";
    let cases = [
        (
            upload("", "", &leaf),
            "KER-KMS-005",
            "request.applicationId should not be null or empty",
        ),
        (
            upload("PMS", "", " "),
            "KER-KMS-005",
            "request.certificateData should not be null or empty",
        ),
        (
            upload("PMS", "", "no PEM"),
            "KER-KMS-013",
            "Certificate Parsing Error.",
        ),
        (upload("PARTNER", "acme", &leaf), "KER-KMS-002", policy),
        // The certificate is not read before the key is known.
        (upload("FOO", "", "x"), "KER-KMS-002", policy),
        (
            upload("PMS", "NONE", "x"),
            "KER-KMS-003",
            "No unique alias is found",
        ),
        (
            upload("PMS", "NONE", &leaf),
            "KER-KMS-003",
            "No unique alias is found",
        ),
        (
            upload("PMS", "", &leaf),
            "KER-KMS-014",
            "Certificate Key Not Matching with stored Key.",
        ),
        (
            upload("PMS", "PII-DATA", &leaf),
            "KER-KMS-014",
            "Certificate Key Not Matching with stored Key.",
        ),
        (upload("PMS", "acme", &leaf), "KER-KMS-015", foreign),
    ];
    for (request, code, message) in cases {
        let reply = replica.km("uploadCertificate", request).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
}
