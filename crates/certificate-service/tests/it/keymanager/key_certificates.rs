//! GET /v1/keymanager/getAllCertificates and /getCertificateChain

use pms_pki::certificate::key_id;
use pms_pki::{pack, reading};
use serde_json::json;

use crate::support::ca::{Authority, openssl};
use crate::support::keys::{about, certificate, generate, recertify};
use crate::support::service::{KM, Replica, Stage, at, error, unnamed, zonal};

async fn failing(replica: &Replica, query: &str) -> (String, String) {
    let reply = replica.get(&zonal(), &format!("{KM}/{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.error()
}

#[actix_web::test]
async fn all_certificates_of_a_key_come_in_the_order_of_their_making() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let old = replica.certificate("PMS", "").await;
    stage.clock.set(at("2029-10-24T10:00:01Z"));
    let new = replica.certificate("PMS", "").await;
    let ids = stage.text(
        "SELECT string_agg(uni_ident, ' ' ORDER BY key_gen_dtimes) FROM keymgr.key_alias \
         WHERE app_id = 'PMS' AND ref_id = ''",
    );
    let (first, second) = ids.split_once(' ').unwrap();

    let path = format!("{KM}/getAllCertificates?applicationId=PMS&referenceId=");
    let reply = replica.get(&zonal(), &path).await;

    let expected = unnamed(&json!({ "allCertificates": [
            {
                "certificateData": old,
                "issuedAt": "2026-11-24T10:00:00.000Z",
                "expiryAt": "2030-11-23T10:00:00.000Z",
                "keyId": key_id(first).unwrap(),
            },
            {
                "certificateData": new,
                "issuedAt": "2029-10-24T10:00:01.000Z",
                "expiryAt": "2033-10-23T10:00:01.000Z",
                "keyId": key_id(second).unwrap(),
            },
        ] }));
    assert_eq!(reply.timeless(), expected);
    let none = about(&replica, "getAllCertificates", "NOBODY", "X").await;
    assert_eq!(none, json!({ "allCertificates": [] }));
}

#[actix_web::test]
async fn a_chain_leads_to_the_root() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    generate(&replica, "generateECSignKey", "PMS", "ED25519_SIGN").await;
    let root = certificate(&replica, "ROOT", "").await;
    let pms = certificate(&replica, "PMS", "").await;
    let base = certificate(&replica, "PMS", "PII-DATA").await;
    let curve = certificate(&replica, "PMS", "ED25519_SIGN").await;
    let cases = [
        ("ROOT", "", vec![&root]),
        ("PMS", "", vec![&pms, &root]),
        ("PMS", "PII-DATA", vec![&base, &pms, &root]),
        ("PMS", "ed25519_sign", vec![&curve, &root]),
    ];
    for (app_id, ref_id, chain) in cases {
        let answer = about(&replica, "getCertificateChain", app_id, ref_id).await;
        let expected = json!({
            "certificatesTrustPath": pack::p7b_file(&chain),
            "timestamp": "2026-11-24T10:00:00",
        });
        assert_eq!(answer, expected, "{app_id} {ref_id}");
    }
    let bundle = pack::p7b_file(&[&base, &pms, &root]);
    let command = "pkcs7 -in b.p7b -print_certs -out certs";
    let text = openssl(&[("b.p7b", &bundle)], &[command], "certs");
    assert_eq!(text.matches("BEGIN CERTIFICATE").count(), 3);
}

#[actix_web::test]
async fn a_chain_of_another_authority_is_completed_from_a_trust_domain() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let sub = root.sub("Sub");
    let pem = recertify(&replica, &sub, ("PMS", "")).await;
    let read = |pem: &str| reading::read_certificate(pem).unwrap();
    let (leaf, sub_certificate, root_certificate) =
        (read(&pem), read(&sub.pem()), read(&root.pem()));

    let alone = about(&replica, "getCertificateChain", "PMS", "").await;
    assert_eq!(alone["certificatesTrustPath"], pack::p7b_file(&[&leaf]));

    replica.trust(&root.pem(), "DEVICE").await;
    replica.trust(&sub.pem(), "DEVICE").await;
    let whole = about(&replica, "getCertificateChain", "PMS", "").await;
    let expected = pack::p7b_file(&[&leaf, &sub_certificate, &root_certificate]);
    assert_eq!(whole["certificatesTrustPath"], expected);
}

#[actix_web::test]
async fn each_rule_has_its_error() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let invalid = error("KER-KMS-005", "Invalid request");
    for operation in ["getAllCertificates", "getCertificateChain"] {
        let blank = failing(&replica, &format!("{operation}?applicationId=%20")).await;
        assert_eq!(blank, invalid);
        let long = format!("{operation}?applicationId={}", "x".repeat(37));
        assert_eq!(failing(&replica, &long).await, invalid);
        assert_eq!(failing(&replica, operation).await.0, "KER-KMS-005");
    }
    let never = failing(&replica, "getCertificateChain?applicationId=RESIDENT").await;
    assert_eq!(
        never,
        error("KER-KMS-012", "Key Generation Process is not completed.")
    );
}
