//! POST /v1/keymanager/generateMasterKey

use pms_pki::certificate::SignatureCheck;
use pms_pki::reading;
use serde_json::{Value, json};

use crate::support::keys::{certificate, generate, named, public_key, request_text};
use crate::support::service::{KM, Replica, Stage, at, echoed, error, zonal};

const PARTS: &str = "OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN";

/// How many keys of this name there are that were not ended.
fn live(stage: &Stage, app_id: &str, ref_id: &str) -> String {
    stage.text(&format!(
        "SELECT count(*) FROM keymgr.key_alias WHERE app_id = '{app_id}' AND ref_id = '{ref_id}' \
         AND key_expire_dtimes > '2026-11-24 10:00'"
    ))
}

async fn failing(replica: &Replica, operation: &str, request: Value) -> (String, String) {
    let reply = replica.km(operation, request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.json()["response"].is_null());
    reply.error()
}

#[actix_web::test]
async fn a_master_key_is_made_once_and_answers_its_certificate() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let path = "generateMasterKey/certificate";
    let reply = replica.km(path, named("RESIDENT", "")).await;
    let mut body = reply.timeless();
    let pem = body["response"]["certificate"].take();
    let pem = pem.as_str().unwrap();
    let expected = echoed(&json!({
        "certificate": null,
        "certSignRequest": null,
        "issuedAt": "2026-11-24T10:00:00.000Z",
        "expiryAt": "2029-11-23T10:00:00.000Z",
        "timestamp": "2026-11-24T10:00:00.000Z",
    }));
    assert_eq!((reply.status, body), (200, expected));
    let made = reading::read_certificate(pem).unwrap();
    let root = certificate(&replica, "ROOT", "").await;
    assert_eq!(
        made.subject().text(),
        format!("CN=www.mosip.io (RESIDENT),{PARTS}")
    );
    assert_eq!(
        made.check_signature(root.public_key()),
        SignatureCheck::Valid
    );

    let again = generate(&replica, "generateMasterKey", "RESIDENT", " ").await;
    assert_eq!(again["certificate"], pem);
    assert_eq!(replica.certificate("RESIDENT", "").await, pem);
    assert_eq!(live(&stage, "RESIDENT", ""), "1");
}

#[actix_web::test]
async fn the_name_of_the_key_can_be_given() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut request = named("KERNEL", "SIGN");
    request["commonName"] = json!("sign.example.org");
    request["organizationUnit"] = json!("Keys, and more");
    request["organization"] = json!(" ");
    request["location"] = json!("Pune");
    request["state"] = json!("MH");
    request["country"] = json!("IN");

    let reply = replica.km("generateMasterKey/CERTIFICATE", request).await;

    let pem = reply.response()["certificate"].as_str().unwrap().to_owned();
    let made = reading::read_certificate(&pem).unwrap();
    let expected = r"CN=sign.example.org,OU=Keys\, and more,O=IITB,L=Pune,ST=MH,C=IN";
    assert_eq!(made.subject().text(), expected);
    assert_eq!(replica.certificate("KERNEL", "SIGN").await, pem);
    let other = generate(&replica, "generateMasterKey", "KERNEL", "").await;
    let other = reading::read_certificate(other["certificate"].as_str().unwrap()).unwrap();
    assert_eq!(
        other.subject().text(),
        format!("CN=www.mosip.io (KERNEL),{PARTS}")
    );
}

#[actix_web::test]
async fn a_request_can_be_had_instead_of_the_certificate() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let reply = replica
        .km("generateMasterKey/CSR", named("RESIDENT", ""))
        .await;

    let answer = reply.response();
    assert_eq!(answer["certificate"], Value::Null);
    assert_eq!(answer["expiryAt"], "2029-11-23T10:00:00.000Z");
    let request = answer["certSignRequest"].as_str().unwrap();
    let subject = request_text(request);
    assert!(
        subject.contains(&format!("CN=www.mosip.io (RESIDENT),{PARTS}")),
        "{subject}"
    );
    let certificate = replica.certificate("RESIDENT", "").await;
    assert_eq!(public_key("req", request), public_key("x509", &certificate));
}

#[actix_web::test]
async fn a_current_key_is_replaced_only_by_force() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateMasterKey", "RESIDENT", "").await;
    let old = certificate(&replica, "RESIDENT", "").await;
    let mut request = named("RESIDENT", "");
    request["force"] = json!(true);

    let reply = replica.km("generateMasterKey/CERTIFICATE", request).await;

    let new = reply.response()["certificate"].as_str().unwrap().to_owned();
    assert_eq!(replica.certificate("RESIDENT", "").await, new);
    assert_ne!(reading::read_certificate(&new).unwrap(), old);
    assert_eq!(live(&stage, "RESIDENT", ""), "1");
    let ended = "SELECT min(key_expire_dtimes) FROM keymgr.key_alias WHERE app_id = 'RESIDENT'";
    assert_eq!(stage.text(ended), "2026-11-24 09:59:00");
}

#[actix_web::test]
async fn those_who_want_the_first_key_at_once_get_the_same_one() {
    let stage = Stage::new();
    let (one, two) = tokio::join!(stage.start(&[]), stage.start(&[]));

    let (first, second, third) = tokio::join!(
        generate(&one, "generateMasterKey", "RESIDENT", ""),
        generate(&two, "generateMasterKey", "RESIDENT", ""),
        generate(&one, "generateMasterKey", "RESIDENT", ""),
    );

    assert_eq!(first["certificate"], second["certificate"]);
    assert_eq!(first["certificate"], third["certificate"]);
    assert_eq!(live(&stage, "RESIDENT", ""), "1");
}

#[actix_web::test]
async fn those_who_force_a_key_at_once_leave_one_that_is_current() {
    let stage = Stage::new();
    let (one, two) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let mut request = named("RESIDENT", "");
    request["force"] = json!(true);
    let operation = "generateMasterKey/CERTIFICATE";

    let (first, second) = tokio::join!(
        one.km(operation, request.clone()),
        two.km(operation, request.clone())
    );

    let made = [first.response(), second.response()].map(|one| one["certificate"].clone());
    assert_ne!(made[0], made[1]);
    assert_eq!(live(&stage, "RESIDENT", ""), "1");
    let current = one.certificate("RESIDENT", "").await;
    assert!(made.contains(&json!(current)));
    assert_eq!(two.certificate("RESIDENT", "").await, current);
}

#[actix_web::test]
async fn each_rule_has_its_error_in_order_and_leaves_no_key() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let policy = "ApplicationId not found in Key Policy. Key/CSR generation not allowed.";
    let reference = "Reference Id Not Supported for the Application ID.";
    let empty = "request.applicationId should not be null or empty";
    let cases = [
        ("KEY", named(" ", "X"), "KER-KMS-005", empty),
        (
            "%20",
            named("NOBODY", "X"),
            "KER-KMS-005",
            "Invalid request",
        ),
        (
            "KEY",
            named("NOBODY", "X"),
            "KER-KMS-009",
            "Invalid Response Object Type.",
        ),
        (
            "KEY",
            named("RESIDENT", ""),
            "KER-KMS-009",
            "Invalid Response Object Type.",
        ),
        ("CSR", named("NOBODY", "X"), "KER-KMS-002", policy),
        ("CSR", named("RESIDENT", "SIGN"), "KER-KMS-010", reference),
        (
            "CSR",
            named("KERNEL", "IDENTITY_CACHE"),
            "KER-KMS-010",
            reference,
        ),
        (
            "CSR",
            named("KERNEL", "ED25519_SIGN"),
            "KER-KMS-010",
            reference,
        ),
    ];
    for (object, request, code, message) in cases {
        let operation = format!("generateMasterKey/{object}");
        let refused = failing(&replica, &operation, request).await;
        assert_eq!(refused, error(code, message), "{object}");
    }
    let mut long = named("RESIDENT", "");
    long["country"] = json!("x".repeat(129));
    let refused = failing(&replica, "generateMasterKey/CSR", long).await;
    let message = "request.country size must be between 0 and 128";
    assert_eq!(refused, error("KER-KMS-005", message));
    let path = format!("{KM}/generateMasterKey/CSR");
    let malformed = replica
        .send(&zonal(), "POST", &path, Some("{\"request\":".to_owned()))
        .await;
    assert_eq!(
        (malformed.status, malformed.error().0.as_str()),
        (200, "KER-KMS-005")
    );
    let keys = "SELECT count(*) FROM keymgr.key_alias WHERE app_id NOT IN ('ROOT', 'PMS')";
    assert_eq!(stage.text(keys), "0");
}

#[actix_web::test]
async fn two_current_keys_are_an_error_until_they_are_replaced() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateMasterKey", "RESIDENT", "").await;
    stage.sql(
        "INSERT INTO keymgr.key_alias (id, app_id, ref_id, key_gen_dtimes, key_expire_dtimes, \
         cr_by, cr_dtimes) VALUES ('twin', 'RESIDENT', '', '2026-01-01', '2030-01-01', 'x', now())",
    );
    let operation = "generateMasterKey/CERTIFICATE";
    let mut request = named("RESIDENT", "");

    let refused = failing(&replica, operation, request.clone()).await;
    assert_eq!(refused, error("KER-KMS-003", "No unique alias is found"));

    request["force"] = json!(true);
    replica.km(operation, request).await.response();
    replica.certificate("RESIDENT", "").await;
    assert_eq!(live(&stage, "RESIDENT", ""), "1");
}

#[actix_web::test]
async fn no_key_is_made_without_a_root() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    stage.sql("DELETE FROM keymgr.key_alias WHERE app_id = 'ROOT'");

    let expected = error("KER-KMS-011", "Root Key not available to sign.");
    for operation in [
        "generateMasterKey/CERTIFICATE",
        "generateECSignKey/CERTIFICATE",
    ] {
        let ref_id = if operation.contains("EC") {
            "ED25519_SIGN"
        } else {
            ""
        };
        let refused = failing(&replica, operation, named("RESIDENT", ref_id)).await;
        assert_eq!(refused, expected);
    }
    generate(&replica, "generateMasterKey", "ROOT", "").await;
    generate(&replica, "generateMasterKey", "RESIDENT", "").await;
}

#[actix_web::test]
async fn a_key_that_is_not_valid_yet_never_becomes_a_second_one() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateMasterKey", "RESIDENT", "").await;
    stage
        .sql("UPDATE keymgr.key_alias SET key_gen_dtimes = '2027-01-01' WHERE app_id = 'RESIDENT'");

    let new = replica.certificate("RESIDENT", "").await;

    stage.clock.set(at("2027-02-01T00:00:00Z"));
    assert_eq!(replica.certificate("RESIDENT", "").await, new);
}
