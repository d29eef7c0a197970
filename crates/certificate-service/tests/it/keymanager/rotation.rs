//! Keys that get old are replaced while tokens are signed and verified.

use pms_pki::certificate::SignatureCheck;
use serde_json::{Value, json};

use crate::support::keys::{certificate, data, generate, named, parts};
use crate::support::service::{Replica, Stage, at};

async fn sign(replica: &Replica, app_id: &str, ref_id: &str) -> String {
    let mut request = named(app_id, ref_id);
    request["dataToSign"] = json!(data("{}"));
    request["includePayload"] = json!(true);
    let reply = replica.km("jwtSign", request).await.response();
    reply["jwtSignedData"].as_str().unwrap().to_owned()
}

async fn verifies(replica: &Replica, app_id: &str, ref_id: &str, token: &str) -> Value {
    let mut request = named(app_id, ref_id);
    request["jwtSignatureData"] = json!(token);
    replica.km("jwtVerify", request).await.response()["signatureValid"].clone()
}

/// The dates are those of the policies: 1095 days less 60 for `KERNEL`, 1095
/// less the 30 of base keys for references of curves.
#[actix_web::test]
async fn a_signing_key_is_replaced_before_it_ends_and_its_tokens_stay_valid() {
    let cases = [
        (
            "KERNEL",
            "SIGN",
            "2029-09-24T09:59:59Z",
            "2029-09-24T10:00:01Z",
        ),
        (
            "KERNEL",
            "ED25519_SIGN",
            "2029-10-24T09:59:59Z",
            "2029-10-24T10:00:01Z",
        ),
    ];
    for (app_id, ref_id, before, after) in cases {
        let stage = Stage::new();
        let (replica, other) = tokio::join!(stage.start(&[]), stage.start(&[]));
        let operation = if ref_id == "SIGN" {
            "generateMasterKey"
        } else {
            "generateECSignKey"
        };
        generate(&replica, operation, app_id, ref_id).await;
        let old = certificate(&replica, app_id, ref_id).await;
        let token = sign(&replica, app_id, ref_id).await;

        stage.clock.set(at(before));
        let same = sign(&replica, app_id, ref_id).await;
        assert_eq!(parts(&same).0["kid"], parts(&token).0["kid"]);

        stage.clock.set(at(after));
        let (first, second) =
            tokio::join!(sign(&replica, app_id, ref_id), sign(&other, app_id, ref_id));

        assert_eq!(parts(&first).0["kid"], parts(&second).0["kid"]);
        assert_ne!(parts(&first).0["kid"], parts(&token).0["kid"]);
        let new = certificate(&other, app_id, ref_id).await;
        assert_ne!(new, old);
        assert_eq!(new.subject().text(), old.subject().text());
        for replica in [&replica, &other] {
            for token in [&token, &first, &second] {
                assert_eq!(verifies(replica, app_id, ref_id, token).await, true);
            }
        }
        let count = "SELECT count(*) FROM keymgr.key_alias WHERE app_id = 'KERNEL'";
        assert_eq!(stage.text(count), "2");
    }
}

#[actix_web::test]
async fn asking_for_a_key_that_gets_old_makes_its_successor() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let old = replica.certificate("PMS", "").await;
    stage.clock.set(at("2029-10-24T10:00:01Z"));

    let made = generate(&replica, "generateMasterKey", "PMS", "").await;

    assert_ne!(made["certificate"], old);
    assert_eq!(replica.certificate("PMS", "").await, made["certificate"]);
    let csr = replica.km("generateCSR", named("PMS", "")).await.response();
    assert_eq!(csr["issuedAt"], "2029-10-24T10:00:01.000Z");
}

#[actix_web::test]
async fn a_new_root_does_not_disturb_what_the_old_one_signed() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let pms = certificate(&replica, "PMS", "").await;
    let old = certificate(&replica, "ROOT", "").await;
    let mut request = named("ROOT", "");
    request["force"] = json!(true);

    replica
        .km("generateMasterKey/CERTIFICATE", request)
        .await
        .response();

    let new = certificate(&replica, "ROOT", "").await;
    assert_ne!(new, old);
    assert_eq!(certificate(&replica, "PMS", "").await, pms);
    let resident = generate(&replica, "generateMasterKey", "RESIDENT", "").await;
    let resident = pms_pki::reading::read_certificate(resident["certificate"].as_str().unwrap());
    let check = resident.unwrap().check_signature(new.public_key());
    assert_eq!(check, SignatureCheck::Valid);
    let path = "/v1/keymanager/getCertificateChain?applicationId=PMS";
    let chain = replica
        .get(&crate::support::service::zonal(), path)
        .await
        .response();
    let expected = pms_pki::pack::p7b_file(&[&pms, &old]);
    assert_eq!(chain["certificatesTrustPath"], expected);
}
