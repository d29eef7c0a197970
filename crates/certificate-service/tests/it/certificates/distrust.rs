//! What was revoked comes back by no other door.

use pms_pki::jws::{self, Header};
use pms_pki::{Certificate, Pkcs8, SigningKey, pack};
use serde_json::json;

use crate::support::ca::{Authority, partner_key};
use crate::support::revocation::{is_trusted, revoke, trusting, upload};
use crate::support::service::{Replica, Stage, at, error};

const COMPROMISED: (&str, &str) = (
    "KER-PCM-101",
    "The key of the certificate is compromised. Use a new key.",
);

/// What `jwtVerify` says of the trust in a token of the partner.
async fn token_trust(replica: &Replica, certificate: &Certificate) -> serde_json::Value {
    let key = SigningKey::from_pkcs8(&Pkcs8::from_der(partner_key().serialize_der())).unwrap();
    let header = Header {
        certificate: Some(certificate),
        ..Header::default()
    };
    let token = jws::sign(&header, b"{}", false, &key).unwrap();
    let request = json!({ "jwtSignatureData": token, "validateTrust": true, "domain": "DEVICE" });
    let answer = replica.km("jwtVerify", request).await.response();
    assert_eq!(answer["signatureValid"], true);
    answer["trustValid"].clone()
}

#[actix_web::test]
async fn tokens_with_a_revoked_certificate_are_not_trusted_by_any_replica() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    assert_eq!(token_trust(&other, &issued).await, "TRUST_CERT_PATH_VALID");

    revoke(&replica, &id, "superseded").await.response();

    for replica in [&replica, &other] {
        let trust = token_trust(replica, &issued).await;
        assert_eq!(trust, "TRUST_CERT_PATH_NOT_VALID");
    }
}

#[actix_web::test]
async fn a_revoked_certificate_vouches_for_no_new_one() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    revoke(&replica, &id, "privilegeWithdrawn").await.response();
    stage.clock.set(at("2026-11-24T10:00:05Z"));

    let again = replica
        .upload_partner(&pack::certificate_pem(&issued), "Acme", "DEVICE")
        .await;

    let message = "Root CA/Intermediate CA Certificates not found.";
    assert_eq!(again.error(), error("KER-PCM-006", message));
}

#[actix_web::test]
async fn a_revocation_ends_the_trust_of_every_domain() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    let child = root.issuing_partner("Acme").device();
    // Somebody has made it an authority elsewhere.
    stage.sql(&format!(
        "INSERT INTO keymgr.ca_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, \
            cert_not_before, cert_not_after, cert_data, cert_thumbprint, cert_sha256, \
            cert_serial_no, partner_domain, ca_cert_type, cr_by, cr_dtimes, is_deleted) \
         SELECT 'elsewhere', cert_subject, cert_issuer, issuer_id, cert_not_before, cert_not_after, \
            cert_data, cert_thumbprint, cert_sha256, cert_serial_no, 'FTM', ca_cert_type, cr_by, \
            cr_dtimes, false FROM keymgr.ca_cert_store WHERE cert_sha256 = '{}'",
        hex::encode(issued.sha256())
    ));
    for app_id in ["ROOT", "PMS"] {
        let pem = replica.certificate(app_id, "").await;
        replica.trust(&pem, "FTM").await;
    }
    assert!(is_trusted(&replica, &child, "FTM").await);

    revoke(&replica, &id, "cessationOfOperation")
        .await
        .response();

    assert!(!is_trusted(&replica, &child, "FTM").await);
    assert!(!is_trusted(&replica, &child, "DEVICE").await);
}

#[actix_web::test]
async fn what_was_revoked_becomes_no_authority() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    let issued = pack::certificate_pem(&issued);
    revoke(&replica, &id, "superseded").await.response();
    for app_id in ["ROOT", "PMS"] {
        let pem = replica.certificate(app_id, "").await;
        replica.trust(&pem, "AUTH").await;
    }

    let alone = replica.upload_ca(&issued, "AUTH").await;
    let another = Authority::root("Another").pem();
    let bundle = replica
        .upload_ca(&format!("{issued}{another}"), "AUTH")
        .await;

    let message = "Certificate already exists in store.";
    assert_eq!(alone.error(), error("KER-PCM-003", message));
    assert_eq!(bundle.response()["status"], "Upload Success.");
    assert!(!is_trusted(&replica, &issued, "AUTH").await);
    let child = root.issuing_partner("Acme").device();
    assert!(is_trusted(&replica, &another, "AUTH").await);
    assert!(!is_trusted(&replica, &child, "AUTH").await);
}

#[actix_web::test]
async fn a_compromised_key_is_neither_an_authority_nor_encrypted_for() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    let provider = root.issuing_partner("Acme");
    replica.trust(&provider.pem(), "AUTH").await;
    let child = provider.device();
    assert!(is_trusted(&replica, &child, "AUTH").await);

    revoke(&replica, &id, "keyCompromise").await.response();

    assert!(!is_trusted(&replica, &child, "AUTH").await);

    let authority = replica.upload_ca(&provider.pem(), "DEVICE").await;
    assert_eq!(authority.error(), error(COMPROMISED.0, COMPROMISED.1));
    let request = json!({
        "applicationId": "PARTNER", "referenceId": "acme",
        "certificateData": pack::certificate_pem(&issued),
    });
    let given = replica.km("uploadOtherDomainCertificate", request).await;
    assert_eq!(given.error(), error(COMPROMISED.0, COMPROMISED.1));
}

#[actix_web::test]
async fn a_key_that_two_organisations_have_is_noticed() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let (first, issued) = upload(&replica, &root.leaf("Acme"), "AUTH").await;
    let leaf = root.leaf("Other");
    let other = replica.upload_partner(&leaf, "Other", "AUTH").await;
    other.response();

    let key = hex::encode(issued.public_key_sha256());
    let known = |name: &str| {
        let conn = &mut stage.database.conn();
        pms_database::certificates::shares_key(conn, &key, name).unwrap()
    };

    assert_eq!(known("Other"), Some(first));
    stage.sql("DELETE FROM keymgr.partner_cert_store WHERE organization_name = 'Other'");
    assert_eq!(known("Acme"), None);
}
