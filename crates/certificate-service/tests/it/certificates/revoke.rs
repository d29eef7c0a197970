//! POST /v1/partnermanager/certificates/{certificateId}/revoke

use pms_pki::pack;
use pms_testkit::Who;
use serde_json::json;

use crate::support::revocation::{
    admin, certify, is_trusted, issuer_name, revoke, revoke_as, trusting, upload,
};
use crate::support::service::{Stage, at, error};

const NAMES: &str = "unspecified, keyCompromise, cACompromise, affiliationChanged, superseded, \
                     cessationOfOperation, privilegeWithdrawn";

#[actix_web::test]
async fn a_revocation_is_kept_with_who_when_and_why() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let place = (&*stage, &replica);
    let partner = ("acme", "Device_Provider");
    let (id, issued) = certify(place, partner, &root.leaf("Acme"), "DEVICE").await;

    let reply = revoke(&replica, &id, "privilegeWithdrawn").await;

    let expected = json!({
        "id": "mosip.pms.revoke.certificate.post", "version": "1.0", "responseTime": "<time>",
        "metadata": null,
        "response": {
            "certificateId": id,
            "partnerId": "acme",
            "reason": "privilegeWithdrawn",
            "revokedBy": "admin",
            "revokedDateTime": "2026-11-24T10:00:00.000Z",
            "revokedCertificateIds": [id],
        },
        "errors": [],
    });
    assert_eq!(reply.timeless(), expected);
    let row = stage.text(
        "SELECT concat_ws('|', cert_id, key_id, encode(serial, 'hex'), cert_sha256, partner_id, \
         reason, key_compromised, revoked_by, revoked_dtimes) FROM keymgr.revoked_certificate",
    );
    let fields = [
        id.clone(),
        issuer_name(&issued),
        hex::encode(issued.serial_octets()),
        hex::encode(issued.sha256()),
        "acme|privilegeWithdrawn|f|admin|2026-11-24 10:00:00".to_owned(),
    ];
    assert_eq!(row, fields.join("|"));
    assert_eq!(stage.audits(), ["PMS_PRT_601", "PMS_PRT_602"]);
    let about = &stage.queued("audit")[1].1;
    assert_eq!(
        (&about["id"], &about["idType"]),
        (&json!(id), &json!("certificateId"))
    );
    let state = "SELECT concat_ws('|', certificate_alias, is_active) FROM pms.partner \
                 WHERE id = 'acme'";
    assert_eq!(stage.text(state), format!("{id}|f"));
}

#[actix_web::test]
async fn a_second_revocation_changes_nothing() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    revoke(&replica, &id, "superseded").await.response();
    let kept = "SELECT (r.*, c.crl_number)::text FROM keymgr.revoked_certificate r, keymgr.crl c";
    let before = stage.text(kept);
    stage.clock.set(at("2026-11-24T11:00:00Z"));

    let again = revoke(&replica, &id, "cessationOfOperation").await;

    let code = "PMS_CERTIFICATE_ERROR_108";
    assert_eq!(
        again.error(),
        error(code, "The certificate is already revoked.")
    );
    assert_eq!(stage.text(kept), before);
    assert_eq!(stage.audits()[2..], ["PMS_PRT_601", "PMS_PRT_603"]);
}

#[actix_web::test]
async fn of_two_revocations_at_once_one_is_refused() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;

    let (one, two) = futures_util::join!(
        revoke(&replica, &id, "superseded"),
        revoke(&other, &id, "superseded"),
    );

    let refused =
        |body: &serde_json::Value| body["errors"][0]["errorCode"].as_str().map(str::to_owned);
    let mut codes = [refused(&one.json()), refused(&two.json())];
    codes.sort();
    assert_eq!(codes, [None, Some("PMS_CERTIFICATE_ERROR_108".to_owned())]);
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.revoked_certificate"),
        "1"
    );
    assert_eq!(stage.text("SELECT crl_number FROM keymgr.crl"), "1");
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_said_in_order() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;

    let blank = revoke(&replica, &id, " ").await;
    let (unknown, nul) = (
        revoke(&replica, "nobody", "superseded").await,
        revoke(&replica, "a%00b", "superseded").await,
    );
    let hold = revoke(&replica, "nobody", "certificateHold").await;

    assert_eq!(blank.status, 400);
    let message = "Invalid request parameter - must not be blank :request.reason";
    assert_eq!(blank.error(), error("PMS_COR_001", message));
    let message = "No certificate was issued with the given ID.";
    assert_eq!(unknown.error(), error("PMS_CERTIFICATE_ERROR_107", message));
    assert_eq!(nul.status, 400);
    let message = format!("Invalid revocation reason. Expected: {NAMES}.");
    assert_eq!(hold.error(), error("PMS_CERTIFICATE_ERROR_106", &message));
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.revoked_certificate"),
        "0"
    );
    assert_eq!(
        stage.audits(),
        ["PMS_PRT_601", "PMS_PRT_603", "PMS_PRT_601", "PMS_PRT_603"]
    );
}

#[actix_web::test]
async fn only_administrators_revoke() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let request = json!({ "reason": "superseded" });

    let nobody = revoke_as(&replica, &Who::Nobody, "x", request.clone()).await;
    let partner = Who::user("acme", &["AUTH_PARTNER", "POLICYMANAGER"]);
    let partner = revoke_as(&replica, &partner, "x", request).await;

    assert_eq!(nobody.status, 401);
    assert_eq!(
        (partner.status, partner.error()),
        (403, error("KER-ATH-403", "Forbidden"))
    );
    assert!(stage.audits().is_empty());
}

#[actix_web::test]
async fn a_compromised_key_takes_all_its_certificates_with_it_for_good() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let leaf = root.leaf("Acme");
    let (first, _) = upload(&replica, &leaf, "AUTH").await;
    let (second, issued) = upload(&replica, &leaf, "DEVICE").await;

    let reply = revoke(&replica, &second, "keyCompromise").await.response();

    assert_eq!(reply["revokedCertificateIds"], json!([second, first]));
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.revoked_certificate"),
        "2"
    );
    assert!(!is_trusted(&replica, &pack::certificate_pem(&issued), "DEVICE").await);
    // Nor may anybody else use the key, in whatever certificate.
    assert!(!is_trusted(&replica, &root.leaf("Other"), "AUTH").await);
    let message = "The key of the certificate is compromised. Use a new key.";
    for (pem, name) in [(leaf, "Acme"), (root.leaf("Other"), "Other")] {
        let refused = replica.upload_partner(&pem, name, "AUTH").await;
        assert_eq!(refused.error(), error("KER-PCM-101", message));
    }
    // An authority with that key is none, in a text with others neither.
    let authority = root.issuing_partner("Other").pem();
    for text in [authority.clone(), authority + &root.pem()] {
        let refused = replica.upload_ca(&text, "AUTH").await;
        assert_eq!(refused.error(), error("KER-PCM-101", message));
    }
    let again = revoke(&replica, &first, "keyCompromise").await;
    assert_eq!(again.error().0, "PMS_CERTIFICATE_ERROR_108");
}

#[actix_web::test]
async fn a_key_that_turns_out_to_be_compromised_can_be_ended_later() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    revoke(&replica, &id, "superseded").await.response();
    stage.clock.set(at("2026-11-24T12:00:00Z"));
    let (next, _) = upload(&replica, &root.leaf("Acme"), "AUTH").await;

    let reply = revoke_as(&replica, &admin(), &id, json!({ "reason": "cACompromise" })).await;

    let response = reply.response();
    assert_eq!(response["reason"], "cACompromise");
    // The first revocation stays the one that counts.
    assert_eq!(response["revokedDateTime"], "2026-11-24T10:00:00.000Z");
    assert_eq!(response["revokedCertificateIds"], json!([id, next]));
    let refused = replica
        .upload_partner(&root.leaf("Acme"), "Acme", "AUTH")
        .await;
    assert_eq!(refused.error().0, "KER-PCM-101");
}

#[actix_web::test]
async fn after_any_other_reason_the_next_upload_gives_a_new_certificate() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let leaf = root.leaf("Acme");
    let (id, revoked) = upload(&replica, &leaf, "DEVICE").await;
    revoke(&replica, &id, "superseded").await.response();
    stage.clock.set(at("2026-11-24T10:00:05Z"));

    let (_, issued) = upload(&replica, &leaf, "DEVICE").await;

    assert!(!is_trusted(&replica, &pack::certificate_pem(&revoked), "DEVICE").await);
    assert!(is_trusted(&replica, &pack::certificate_pem(&issued), "DEVICE").await);
}
