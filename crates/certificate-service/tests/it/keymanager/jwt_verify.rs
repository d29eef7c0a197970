//! POST /v1/keymanager/jwtVerify

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_pki::reading;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::keys::{data, generate, named, recertify};
use crate::support::service::{KM, Replica, Stage, at, echoed, error, zonal};

/// A token of a key, signed with these options.
async fn token(replica: &Replica, ref_id: &str, options: &[&str]) -> String {
    let mut request = named("PMS", ref_id);
    request["dataToSign"] = json!(data("{\"a\":1}"));
    for option in options {
        request[*option] = json!(true);
    }
    let reply = replica.km("jwtSign", request).await.response();
    reply["jwtSignedData"].as_str().unwrap().to_owned()
}

fn verify(token: &str) -> Value {
    let mut request = named("PMS", "");
    request["jwtSignatureData"] = json!(token);
    request
}

fn answer(valid: bool, trust: &str) -> Value {
    let message = if valid {
        "Validation Successful"
    } else {
        "Validation Failed"
    };
    json!({ "signatureValid": valid, "message": message, "trustValid": trust })
}

/// A token whose header is this text; the rest is as in `token`.
fn with_header(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
}

#[actix_web::test]
async fn a_token_of_ours_verifies_with_the_key_that_it_names() {
    let stage = Stage::new();
    let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
    let text = token(&replica, "", &["includePayload"]).await;

    let reply = other.km("jwtVerify", verify(&text)).await;

    let expected = echoed(&json!({
        "signatureValid": true,
        "message": "Validation Successful",
        "trustValid": "TRUST_NOT_VERIFIED",
    }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let (message, _) = text.rsplit_once('.').unwrap();
    let forged = format!("{message}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
    let forged = other.km("jwtVerify", verify(&forged)).await.response();
    assert_eq!(forged, answer(false, "TRUST_NOT_VERIFIED"));
}

#[actix_web::test]
async fn every_algorithm_verifies() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    for ref_id in ["EC_SECP256R1_SIGN", "EC_SECP256K1_SIGN", "ED25519_SIGN"] {
        generate(&replica, "generateECSignKey", "PMS", ref_id).await;
        let mut request = verify(&token(&replica, ref_id, &["includePayload"]).await);
        request["referenceId"] = json!(ref_id.to_lowercase());
        let found = replica.km("jwtVerify", request).await.response();
        assert_eq!(found, answer(true, "TRUST_NOT_VERIFIED"), "{ref_id}");
    }
}

#[actix_web::test]
async fn a_payload_that_came_apart_is_put_back() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut request = verify(&token(&replica, "", &[]).await);

    let alone = replica.km("jwtVerify", request.clone()).await.response();
    assert_eq!(alone, answer(false, "TRUST_NOT_VERIFIED"));
    for (payload, valid) in [("{\"a\":1}", true), ("{\"a\":2}", false)] {
        request["actualData"] = json!(data(payload));
        let found = replica.km("jwtVerify", request.clone()).await.response();
        assert_eq!(found, answer(valid, "TRUST_NOT_VERIFIED"));
    }
}

#[actix_web::test]
async fn the_certificate_in_the_header_comes_first_then_the_one_in_the_request() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateECSignKey", "PMS", "EC_SECP256R1_SIGN").await;
    let curve = replica.certificate("PMS", "EC_SECP256R1_SIGN").await;
    let pms = replica.certificate("PMS", "").await;

    let bare = token(&replica, "EC_SECP256R1_SIGN", &["includePayload"]).await;
    let mut request = verify(&bare);
    request["certificateData"] = json!(curve);
    let found = replica.km("jwtVerify", request.clone()).await.response();
    assert_eq!(found, answer(true, "TRUST_NOT_VERIFIED"));
    request["certificateData"] = json!(pms);
    let refused = replica.km("jwtVerify", request).await.error();
    assert_eq!(
        refused,
        error("KER-JWS-105", "Error - Unable to verify the data.")
    );

    let options = ["includePayload", "includeCertificate"];
    let carrying = token(&replica, "EC_SECP256R1_SIGN", &options).await;
    let mut request = verify(&carrying);
    request["certificateData"] = json!(pms);
    let found = replica.km("jwtVerify", request).await.response();
    assert_eq!(found, answer(true, "TRUST_NOT_VERIFIED"));
}

#[actix_web::test]
async fn trust_is_judged_when_it_is_requested_or_a_domain_is_named() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let (root, stranger) = (Authority::root("Root"), Authority::root("Stranger"));
    recertify(&replica, &root, ("PMS", "")).await;
    replica.trust(&root.pem(), "AUTH").await;
    replica.trust(&stranger.pem(), "DEVICE").await;
    let text = token(&replica, "", &["includePayload", "includeCertificate"]).await;
    let cases = [
        (Value::Null, Value::Null, "TRUST_NOT_VERIFIED"),
        (json!(false), json!("AUTH"), "TRUST_NOT_VERIFIED"),
        (json!(true), json!(" "), "TRUST_NOT_VERIFIED_NO_DOMAIN"),
        (json!(true), json!("auth"), "TRUST_CERT_PATH_VALID"),
        (Value::Null, json!("AUTH"), "TRUST_CERT_PATH_VALID"),
        (json!(true), json!("DEVICE"), "TRUST_CERT_PATH_NOT_VALID"),
    ];
    for (requested, domain, trust) in cases {
        let mut request = verify(&text);
        request["validateTrust"] = requested;
        request["domain"] = domain;
        let found = replica.km("jwtVerify", request).await.response();
        assert_eq!(found, answer(true, trust));
    }
    let mut request = verify(&text);
    request["domain"] = json!("MARS");
    let refused = replica.km("jwtVerify", request).await.error();
    assert_eq!(refused, error("KER-PCM-011", "Invalid Partner Domain."));
}

#[actix_web::test]
async fn a_certificate_that_a_header_brings_must_have_the_hash_that_it_states() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateECSignKey", "PMS", "EC_SECP256R1_SIGN").await;
    let text = token(&replica, "", &["includePayload", "includeCertificate"]).await;
    let (header, _) = crate::support::keys::parts(&text);
    let other = reading::read_certificate(&replica.certificate("ROOT", "").await).unwrap();
    let mut lying = header.clone();
    lying["x5t#S256"] = json!(URL_SAFE_NO_PAD.encode(other.sha256()));
    let bad = error("KER-JWS-106", "Signature data to verify not valid.");

    let lying = with_header(&text, &lying.to_string());
    assert_eq!(replica.km("jwtVerify", verify(&lying)).await.error(), bad);

    // Nor may it state the hash of a certificate that is not the one at hand.
    let unknown = json!({ "alg": "RS256", "x5t#S256": URL_SAFE_NO_PAD.encode([7; 32]) });
    let unknown = with_header(&text, &unknown.to_string());
    assert_eq!(replica.km("jwtVerify", verify(&unknown)).await.error(), bad);
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let text = token(&replica, "", &["includePayload"]).await;
    let header = |header: &str| verify(&with_header(&text, header));
    let mut unreadable = verify(&text);
    unreadable["certificateData"] = json!("no PEM");
    let mut payload = verify(&text);
    payload["actualData"] = json!("a b");
    let mut never = verify(&text);
    never["applicationId"] = json!("RESIDENT");
    let mut kernel = verify(&text);
    kernel["applicationId"] = Value::Null;
    let bad = "Signature data to verify not valid.";
    let failed = "Error - Unable to verify the data.";
    let not_generated = "Key Generation Process is not completed.";
    let cases = [
        (
            verify(" "),
            "KER-KMS-005",
            "request.jwtSignatureData should not be null or empty",
        ),
        (verify("no token"), "KER-JWS-106", bad),
        (header("{\"alg\":"), "KER-JWS-106", bad),
        (header("{\"alg\":\"none\"}"), "KER-JWS-105", failed),
        (header("{\"alg\":\"HS256\"}"), "KER-JWS-105", failed),
        (header("{\"alg\":\"ES256\"}"), "KER-JWS-105", failed),
        (verify(&format!("{text}.x")), "KER-JWS-105", failed),
        (payload, "KER-CRY-003", " input data is not base64 encoded"),
        (unreadable, "KER-KMS-013", "Certificate Parsing Error."),
        (never, "KER-KMS-012", not_generated),
        (kernel, "KER-KMS-012", not_generated),
    ];
    for (request, code, message) in cases {
        let reply = replica.km("jwtVerify", request).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
    let path = format!("{KM}/jwtVerify");
    let malformed = replica
        .send(&zonal(), "POST", &path, Some("{".to_owned()))
        .await;
    assert_eq!(
        (malformed.status, malformed.error().0.as_str()),
        (200, "KER-KMS-005")
    );
}

#[actix_web::test]
async fn a_key_is_found_by_a_padded_name_too() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let text = token(&replica, "", &["includePayload"]).await;
    let (header, _) = text.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    let name = header["kid"].as_str().unwrap();
    assert!(!name.ends_with('='), "{name}");
    let naming = |name: String| {
        let mut header = header.clone();
        header["kid"] = json!(name);
        verify(&with_header(&text, &header.to_string()))
    };
    // The key that the token names is ended, and another one follows it.
    let mut request = named("PMS", "");
    request["force"] = json!(true);
    let operation = "generateMasterKey/CERTIFICATE";
    replica.km(operation, request).await.response();

    let text = "Signature verification certificate not valid.";
    for name in [name.to_owned(), format!("{name}="), format!("ida-{name}=")] {
        let refused = replica.km("jwtVerify", naming(name.clone())).await;
        assert_eq!(refused.error(), error("KER-JWS-107", text), "{name}");
    }
    // A name that is unknown leaves the present key.
    let unknown = naming("x".repeat(name.len()));
    let found = replica.km("jwtVerify", unknown).await.response();
    assert_eq!(found, answer(false, "TRUST_NOT_VERIFIED"));
}

#[actix_web::test]
async fn an_expired_certificate_verifies_nothing() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let text = token(&replica, "", &["includePayload", "includeCertificate"]).await;
    stage.clock.set(at("2031-01-01T00:00:00Z"));

    let refused = replica.km("jwtVerify", verify(&text)).await.error();

    let expected = error(
        "KER-JWS-107",
        "Signature verification certificate not valid.",
    );
    assert_eq!(refused, expected);
}
