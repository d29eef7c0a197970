//! GET /v1/partnermanager/trust-chain-certificates/{certificateId}/certificateFile

use pms_testkit::Who;
use pms_testkit::bodies::refused;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::service::{Replica, Stage};

async fn download(replica: &Replica, id: &str) -> Value {
    let path = format!("/v1/partnermanager/trust-chain-certificates/{id}/certificateFile");
    let reply = replica.get(&Who::admin(), &path).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

#[actix_web::test]
async fn a_certificate_comes_with_its_issuers() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    replica.trust(&root.sub("Sub").pem(), "AUTH").await;
    let id =
        stage.text("SELECT cert_id FROM keymgr.ca_cert_store WHERE cert_subject LIKE 'CN=Sub%'");

    let mut body = download(&replica, &id).await;

    let file = body["response"]["p7bFile"].take();
    let file = file.as_str().unwrap();
    assert_eq!(pms_pki::reading::read_chain(file).unwrap().len(), 2);
    let expected = json!({
        "id": "mosip.pms.download.trust.certificates.get", "version": "1.0",
        "responseTime": "<time>", "metadata": null,
        "response": { "p7bFile": null, "timestamp": "2026-11-24T10:00:00" },
        "errors": [],
    });
    assert_eq!(body, expected);
}

#[actix_web::test]
async fn ids_must_look_like_ids_and_be_known() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let message = "Invalid input for 'certificateId'. Expected: Only alphanumeric characters \
                   (A–Z, a–z, 0–9) and hyphens (-) are allowed with a maximum length of 36 \
                   characters.";
    let early = refused("PMS_PRT_099", message);

    for id in ["a_b", "a%20b", "%C3%A9", &"a".repeat(37)] {
        assert_eq!(download(&replica, id).await, early, "{id}");
    }
    let unknown = download(&replica, &"a".repeat(36)).await;
    let expected = json!({
        "id": "mosip.pms.download.trust.certificates.get", "version": "1.0",
        "responseTime": "<time>", "metadata": null, "response": null,
        "errors": [{
            "errorCode": "KER-PMS-019",
            "message": "CA Certificate not found for the given ID.",
        }],
    });
    assert_eq!(unknown, expected);
}

#[actix_web::test]
async fn a_key_manager_that_is_away_has_its_own_code() {
    let stage = Stage::new();
    let settings = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", "http://127.0.0.1:9/v1/keymanager"),
    ];
    let replica = stage.start(&settings).await;

    let body = download(&replica, "x").await;

    assert_eq!(body["errors"][0]["errorCode"], "PMS_KKS_001");
    assert_eq!(body["id"], "mosip.pms.download.trust.certificates.get");
}
