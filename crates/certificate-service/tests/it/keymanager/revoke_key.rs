//! PUT /v1/keymanager/revokeKey

use pms_testkit::Reply;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::keys::{data, generate, named};
use crate::support::service::{KM, Replica, Stage, echoed, error, zonal};

async fn revoke(replica: &Replica, request: Value) -> Reply {
    let body = json!({ "id": "an id", "version": "1.0", "request": request }).to_string();
    let path = format!("{KM}/revokeKey");
    replica.send(&zonal(), "PUT", &path, Some(body)).await
}

fn converted(data: &Value) -> Value {
    let mut request = named("PMS", "PII-DATA");
    request["timeStamp"] = json!("x");
    request["data"] = data.clone();
    request
}

#[actix_web::test]
async fn a_revoked_base_key_gives_way_to_a_new_one_and_its_data_stays_readable() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let old = replica.certificate("PMS", "PII-DATA").await;
    let sealed = replica
        .km("encrypt", converted(&json!("YWNtZQ")))
        .await
        .response();

    let mut request = named("PMS", "PII-DATA");
    request["disableAutoGen"] = json!(false);
    let reply = revoke(&replica, request).await;

    let expected = echoed(&json!({ "status": "Key Revoked", "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let ended = "SELECT min(key_expire_dtimes) FROM keymgr.key_alias WHERE ref_id = 'PII-DATA'";
    assert_eq!(stage.text(ended), "2026-11-24 09:59:00");
    let new = other.certificate("PMS", "PII-DATA").await;
    assert_ne!(new, old);
    assert_eq!(replica.certificate("PMS", "PII-DATA").await, new);
    let opened = other
        .km("decrypt", converted(&sealed["data"]))
        .await
        .response();
    assert_eq!(opened["data"], "YWNtZQ==");
}

#[actix_web::test]
async fn what_a_revoked_key_signed_is_no_longer_verified() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateECSignKey", "PMS", "ED25519_SIGN").await;
    let mut sign = named("PMS", "ED25519_SIGN");
    sign["dataToSign"] = json!(data("{}"));
    sign["includePayload"] = json!(true);
    let token = replica.km("jwtSign", sign).await.response()["jwtSignedData"].clone();
    let mut verify = named("PMS", "ED25519_SIGN");
    verify["jwtSignatureData"] = token;
    let valid = replica.km("jwtVerify", verify.clone()).await.response();
    assert_eq!(valid["signatureValid"], true);

    revoke(&replica, named("PMS", "ed25519_sign"))
        .await
        .response();

    let refused = replica.km("jwtVerify", verify).await.error();
    let expected = error(
        "KER-JWS-107",
        "Signature verification certificate not valid.",
    );
    assert_eq!(refused, expected);
}

#[actix_web::test]
async fn a_revoked_certificate_of_a_partner_is_not_replaced() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut upload = named("PARTNER", "acme");
    upload["certificateData"] = json!(Authority::root("Root").leaf("Acme"));
    replica
        .km("uploadOtherDomainCertificate", upload)
        .await
        .response();

    revoke(&replica, named("PARTNER", "acme")).await.response();

    let path = format!("{KM}/getCertificate?applicationId=PARTNER&referenceId=acme");
    assert_eq!(replica.get(&zonal(), &path).await.error().0, "KER-KMS-016");
    let again = revoke(&replica, named("PARTNER", "acme")).await;
    assert_eq!(
        again.error(),
        error("KER-KMS-003", "No unique alias is found")
    );
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let cases = [
        (
            named("", "X"),
            "KER-KMS-005",
            "request.applicationId should not be null or empty",
        ),
        (named("PMS", " "), "KER-KMS-005", "Invalid request"),
        (
            named("KERNEL", "SIGN"),
            "KER-KMS-021",
            "Key Revocation not allowed.",
        ),
        (
            named("PMS", "NONE"),
            "KER-KMS-003",
            "No unique alias is found",
        ),
    ];
    for (request, code, message) in cases {
        let reply = revoke(&replica, request).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    stage.sql(
        "INSERT INTO keymgr.key_alias (id, app_id, ref_id, key_gen_dtimes, key_expire_dtimes, \
         cr_by, cr_dtimes) VALUES ('twin', 'PMS', 'PII-DATA', '2026-01-01', '2030-01-01', 'x', now())",
    );
    let twins = revoke(&replica, named("PMS", "PII-DATA")).await;
    assert_eq!(
        twins.error(),
        error("KER-KMS-003", "No unique alias is found")
    );
}
