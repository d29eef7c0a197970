//! POST /v1/keymanager/jwtSign

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use pms_pki::certificate::key_id;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::keys::{certificate, data, generate, named, openssl_verifies, parts};
use crate::support::service::{KM, Replica, Stage, at, echoed, error, zonal};

const PAYLOAD: &str = "{\"name\":\"Ānanda\"}";

fn request(app_id: &str, ref_id: &str) -> Value {
    let mut request = named(app_id, ref_id);
    request["dataToSign"] = json!(data(PAYLOAD));
    request["includePayload"] = json!(true);
    request
}

async fn token(replica: &Replica, request: Value) -> String {
    let reply = replica.km("jwtSign", request).await.response();
    reply["jwtSignedData"].as_str().unwrap().to_owned()
}

/// The `kid` of the newest key of this name.
fn kid(stage: &Stage, app_id: &str, ref_id: &str) -> String {
    let unique = stage.text(&format!(
        "SELECT uni_ident FROM keymgr.key_alias WHERE app_id = '{app_id}' AND ref_id = '{ref_id}' \
         ORDER BY key_gen_dtimes DESC LIMIT 1"
    ));
    key_id(&unique).unwrap()
}

#[actix_web::test]
async fn a_token_is_signed_by_the_master_key_and_names_it() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let reply = replica.km("jwtSign", request("PMS", "")).await;

    let mut body = reply.timeless();
    let token = body["response"]["jwtSignedData"].take();
    let expected = echoed(&json!({ "jwtSignedData": null, "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!((reply.status, body), (200, expected));
    let token = token.as_str().unwrap();
    let (header, payload) = parts(token);
    assert_eq!(
        header,
        json!({ "alg": "RS256", "kid": kid(&stage, "PMS", "") })
    );
    assert_eq!(payload, PAYLOAD);
    openssl_verifies(token, &replica.certificate("PMS", "").await);
}

#[actix_web::test]
async fn the_header_has_the_requested_members_in_their_order() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let certificate = certificate(&replica, "PMS", "").await;
    let mut request = request("PMS", "");
    request["includeCertificate"] = json!(true);
    request["includeCertHash"] = json!(true);
    request["certificateUrl"] = json!("https://example.org/c");

    let token = token(&replica, request).await;

    let header = token.split('.').next().unwrap();
    let header = String::from_utf8(URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let expected = format!(
        "{{\"alg\":\"RS256\",\"x5c\":[\"{}\"],\"x5t#S256\":\"{}\",\
         \"x5u\":\"https://example.org/c\",\"kid\":\"{}\"}}",
        STANDARD.encode(certificate.der()),
        URL_SAFE_NO_PAD.encode(certificate.sha256()),
        kid(&stage, "PMS", ""),
    );
    assert_eq!(header, expected);
}

#[actix_web::test]
async fn each_reference_has_its_algorithm() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateMasterKey", "KERNEL", "SIGN").await;
    let curves = [
        ("EC_SECP256R1_SIGN", "ES256"),
        ("EC_SECP256K1_SIGN", "ES256K"),
        ("ED25519_SIGN", "EdDSA"),
    ];
    for (ref_id, algorithm) in curves {
        generate(&replica, "generateECSignKey", "PMS", ref_id).await;
        let token = token(&replica, request("PMS", ref_id)).await;
        let (header, payload) = parts(&token);
        assert_eq!(header["alg"], algorithm);
        assert_eq!(header["kid"], kid(&stage, "PMS", ref_id));
        assert_eq!(payload, PAYLOAD);
        if algorithm.starts_with("ES") {
            openssl_verifies(&token, &replica.certificate("PMS", ref_id).await);
        }
    }
    let kernel = kid(&stage, "KERNEL", "SIGN");
    for (app_id, ref_id) in [("KERNEL", "SIGN"), ("", ""), (" ", "ED25519_SIGN")] {
        let (header, _) = parts(&token(&replica, request(app_id, ref_id)).await);
        assert_eq!(header, json!({ "alg": "RS256", "kid": kernel }));
    }
}

#[actix_web::test]
async fn without_its_payload_a_token_has_an_empty_middle() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let whole = token(&replica, request("PMS", "")).await;
    let mut request = request("PMS", "");
    request["includePayload"] = json!(false);

    let detached = token(&replica, request).await;

    let parts: Vec<&str> = whole.split('.').collect();
    assert_eq!(detached, format!("{}..{}", parts[0], parts[2]));
}

#[actix_web::test]
async fn the_name_of_the_key_can_have_a_prefix_or_be_left_out() {
    let stage = Stage::new();
    let replica = stage
        .start(&[("key_manager.jws_key_id_prefix", "https://example.org/")])
        .await;
    let silent = stage
        .start(&[("key_manager.jws_include_key_id", "false")])
        .await;

    let (header, _) = parts(&token(&replica, request("PMS", "")).await);
    let prefixed = format!("https://example.org/{}", kid(&stage, "PMS", ""));
    assert_eq!(header["kid"], prefixed);
    let (header, _) = parts(&token(&silent, request("PMS", "")).await);
    assert_eq!(header, json!({ "alg": "RS256" }));
}

#[actix_web::test]
async fn each_rule_has_its_error_in_order() {
    let stage = Stage::new();
    let replica = stage
        .start(&[("key_manager.jws_require_json", "true")])
        .await;
    stage.sql("UPDATE keymgr.key_policy_def SET access_allowed = 'alice' WHERE app_id = 'ROOT'");
    let with = |app_id: &str, ref_id: &str, data: &str| {
        let mut request = request(app_id, ref_id);
        request["dataToSign"] = json!(data);
        request
    };
    let forbidden = "Signing data not allowed for the authenticated token.";
    let unsigned = "Signing operation not allowed for the provided application id & reference id.";
    let empty = "request.dataToSign should not be null or empty";
    let cases = [
        (with("ROOT", "X", " "), "KER-KMS-005", empty),
        (with("ROOT", "X", "a b"), "KER-JWS-108", forbidden),
        (with("NOBODY", "", "e30"), "KER-JWS-108", forbidden),
        (
            with("PMS", "X", "a b"),
            "KER-CRY-003",
            " input data is not base64 encoded",
        ),
        (
            with("PMS", "X", "_w"),
            "KER-JWS-102",
            "Data to sign is not valid.",
        ),
        (
            with("PMS", "X", "e30p"),
            "KER-JWS-103",
            "Data to sign is not valid JSON.",
        ),
        (with("PMS", "PII-DATA", "e30"), "KER-KMS-020", unsigned),
        (with("PMS", "SIGN", "e30"), "KER-KMS-020", unsigned),
        (
            with("KERNEL", "IDENTITY_CACHE", "e30"),
            "KER-KMS-020",
            unsigned,
        ),
        (
            with("", "", "e30"),
            "KER-KMS-012",
            "Key Generation Process is not completed.",
        ),
    ];
    for (request, code, message) in cases {
        let reply = replica.km("jwtSign", request).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    let alice = Who::user("Alice", &["ZONAL_ADMIN"]);
    let path = format!("{KM}/jwtSign");
    replica
        .post(&alice, &path, with("ROOT", "", "e30"))
        .await
        .response();
    let malformed = replica
        .send(&zonal(), "POST", &path, Some("[]".to_owned()))
        .await;
    assert_eq!(
        (malformed.status, malformed.error().0.as_str()),
        (200, "KER-KMS-005")
    );
}

#[actix_web::test]
async fn a_certificate_outside_its_dates_signs_nothing() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    stage.sql("UPDATE keymgr.key_alias SET key_expire_dtimes = '2040-01-01' WHERE app_id = 'PMS'");
    stage.clock.set(at("2031-01-01T00:00:00Z"));

    let reply = replica.km("jwtSign", request("PMS", "")).await;

    let message = "Error occured while processing exception: Certificate is not valid";
    assert_eq!(reply.error(), error("KER-KMA-005", message));
}
