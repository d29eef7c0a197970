//! POST /v1/keymanager/generateCSR

use serde_json::{Value, json};

use crate::support::keys::{generate, named, public_key, request_text};
use crate::support::service::{Stage, echoed, error};

#[actix_web::test]
async fn every_kind_of_key_can_ask_for_a_certificate() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateMasterKey", "KERNEL", "SIGN").await;
    generate(&replica, "generateECSignKey", "PMS", "EC_SECP256R1_SIGN").await;
    let keys = [
        ("ROOT", "", "www.mosip.io (ROOT)"),
        ("PMS", " ", "www.mosip.io (PMS)"),
        ("KERNEL", "SIGN", "www.mosip.io (KERNEL-SIGN)"),
        (
            "PMS",
            "EC_SECP256R1_SIGN",
            "www.mosip.io (PMS-EC_SECP256R1_SIGN)",
        ),
        ("PMS", "PII-DATA", "PMS-PII-DATA"),
        ("PMS", "NEW", "PMS-NEW"),
    ];
    for (app_id, ref_id, name) in keys {
        let answer = replica
            .km("generateCSR", named(app_id, ref_id))
            .await
            .response();
        let request = answer["certSignRequest"].as_str().unwrap();
        let rest = "OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN";
        let text = request_text(request);
        assert!(text.contains(&format!("CN={name},{rest}")), "{text}");
        let certificate = replica.certificate(app_id, ref_id.trim()).await;
        assert_eq!(public_key("req", request), public_key("x509", &certificate));
    }
}

#[actix_web::test]
async fn the_answer_has_the_dates_of_the_certificate_and_the_name_that_was_given() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let request = json!({
        "applicationId": "PMS", "commonName": "pms.example.org", "organization": "Acme",
    });

    let mut body = replica.km("generateCSR", request).await.timeless();

    let request = body["response"]["certSignRequest"].take();
    let expected = echoed(&json!({
        "certificate": null,
        "certSignRequest": null,
        "issuedAt": "2026-11-24T10:00:00.000Z",
        "expiryAt": "2030-11-23T10:00:00.000Z",
        "timestamp": "2026-11-24T10:00:00.000Z",
    }));
    assert_eq!(body, expected);
    let text = request_text(request.as_str().unwrap());
    let name = "CN=pms.example.org,OU=MOSIP-TECH-CENTER,O=Acme,L=BANGALORE";
    assert!(text.contains(name), "{text}");
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let policy = "ApplicationId not found in Key Policy. Key/CSR generation not allowed.";
    let forbidden = "CSR Generation not allowed for the provided App Id & Ref Id.";
    let never = "Key Generation Process is not completed.";
    let empty = "request.applicationId should not be null or empty";
    let cases = [
        (
            json!({ "applicationId": Value::Null }),
            "KER-KMS-005",
            empty,
        ),
        (named("NOBODY", ""), "KER-KMS-002", policy),
        (named("PARTNER", "p1"), "KER-KMS-002", policy),
        (named("KERNEL", "IDENTITY_CACHE"), "KER-KMS-022", forbidden),
        (named("KERNEL", "SIGN"), "KER-KMS-012", never),
        (named("RESIDENT", ""), "KER-KMS-012", never),
    ];
    for (request, code, message) in cases {
        let reply = replica.km("generateCSR", request).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    let kernel = replica
        .km("generateCSR", named("KERNEL", "X"))
        .await
        .error();
    assert!(kernel.0 == "KER-KMS-016" && kernel.1.ends_with("(Kernel App Id)"));
}
