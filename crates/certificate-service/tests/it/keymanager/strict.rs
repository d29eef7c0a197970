//! The switches that are stricter, or more generous, than the reference.

use pms_pki::reading;
use serde_json::Value;

use crate::support::ca::Authority;
use crate::support::service::{Replica, Stage, error};

/// Whether what is issued to a partner of `domain` may issue itself.
async fn may_issue(replica: &Replica, root: &Authority, domain: &str) -> bool {
    replica.trust(&root.pem(), domain).await;
    let reply = replica
        .upload_partner(&root.leaf("Acme"), "Acme", domain)
        .await;
    let response: Value = reply.response();
    let chain = reading::read_chain(response["signedCertificateData"].as_str().unwrap()).unwrap();
    chain[0].may_issue()
}

#[actix_web::test]
async fn partners_get_end_entity_certificates_only_when_switched_on() {
    let stage = Stage::new();
    let root = Authority::root("Root");
    let compatible = stage.start(&[]).await;
    for domain in ["AUTH", "MISP", "DEVICE"] {
        assert!(may_issue(&compatible, &root, domain).await, "{domain}");
    }

    let stage = Stage::new();
    let strict = stage.start(&[("pki.end_entity_auth_misp", "true")]).await;
    for domain in ["AUTH", "MISP", "DEVICE"] {
        assert!(!may_issue(&strict, &root, domain).await, "{domain}");
    }
}

#[actix_web::test]
async fn sha384_is_accepted_only_when_switched_on() {
    let root = Authority::root_sha384("Longer");
    let leaf = root.leaf("Acme");

    let stage = Stage::new();
    let compatible = stage.start(&[]).await;
    compatible.trust(&root.pem(), "AUTH").await;
    let refused = compatible.upload_partner(&leaf, "Acme", "AUTH").await;
    let text = "Partner Certificate Signature algorithm not supported.";
    assert_eq!(refused.error(), error("KER-PCM-014", text));

    let stage = Stage::new();
    let lenient = stage.start(&[("pki.accept_sha384_sha512", "true")]).await;
    lenient.trust(&root.pem(), "AUTH").await;
    let accepted = lenient.upload_partner(&leaf, "Acme", "AUTH").await;
    assert!(
        accepted.response()["certificateId"].is_string(),
        "{}",
        accepted.text
    );
}

#[actix_web::test]
async fn a_list_of_algorithms_replaces_the_rule_of_the_reference() {
    let (longer, usual) = (Authority::root_sha384("Longer"), Authority::root("Usual"));
    let stage = Stage::new();
    let list = "SHA384withECDSA,SHA3-256withRSA";
    let listed = stage.start(&[("pki.allowed_sign_algorithms", list)]).await;
    for root in [&longer, &usual] {
        listed.trust(&root.pem(), "AUTH").await;
    }

    let accepted = listed
        .upload_partner(&longer.leaf("Acme"), "Acme", "AUTH")
        .await;
    let refused = listed
        .upload_partner(&usual.leaf("Acme"), "Acme", "AUTH")
        .await;

    assert!(accepted.response()["certificateId"].is_string());
    let text = "Partner Certificate Signature algorithm not supported.";
    assert_eq!(refused.error(), error("KER-PCM-014", text));
}
