//! Trust ends with a revocation, in all replicas

use pms_pki::pack;

use crate::support::ca::Authority;
use crate::support::revocation::{is_trusted, revoke, trusting, upload};
use crate::support::service::{Stage, at};

#[actix_web::test]
async fn what_a_partner_issued_is_no_longer_trusted_by_any_replica() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;
    let (id, issued) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    let child = root.issuing_partner("Acme").device();
    let issued = pack::certificate_pem(&issued);
    for replica in [&replica, &other] {
        assert!(is_trusted(replica, &issued, "DEVICE").await);
        assert!(is_trusted(replica, &child, "DEVICE").await);
    }

    revoke(&replica, &id, "cessationOfOperation")
        .await
        .response();

    for replica in [&other, &replica] {
        assert!(!is_trusted(replica, &issued, "DEVICE").await);
        assert!(!is_trusted(replica, &child, "DEVICE").await);
        assert!(is_trusted(replica, &root.leaf("Somebody"), "DEVICE").await);
    }
}

#[actix_web::test]
async fn a_replica_notices_when_one_certificate_goes_and_another_comes() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let other = stage.start(&[]).await;
    let (id, _) = upload(&replica, &root.leaf("Acme"), "DEVICE").await;
    let child = root.issuing_partner("Acme").device();
    assert!(is_trusted(&other, &child, "DEVICE").await);

    revoke(&replica, &id, "superseded").await.response();
    // As many certificates as before, none of them newer.
    replica
        .trust(&Authority::root("Another").pem(), "DEVICE")
        .await;

    assert!(!is_trusted(&other, &child, "DEVICE").await);
}

#[actix_web::test]
async fn an_ftm_provider_loses_and_regains_the_trust_in_its_own_certificate() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let provider = root.issuing_partner("Acme");
    let (id, _) = upload(&replica, &provider.pem(), "FTM").await;
    let chip = provider.device();
    assert!(is_trusted(&replica, &chip, "FTM").await);

    revoke(&replica, &id, "privilegeWithdrawn").await.response();
    let without = is_trusted(&replica, &chip, "FTM").await;
    stage.clock.set(at("2026-11-24T10:01:00Z"));
    upload(&replica, &provider.pem(), "FTM").await;

    assert!(!without);
    assert!(is_trusted(&replica, &chip, "FTM").await);
}

#[actix_web::test]
async fn what_an_operator_has_disabled_is_not_enabled_by_an_upload() {
    let stage = Stage::new();
    let (replica, root) = trusting(&stage, &[]).await;
    let provider = root.issuing_partner("Acme");
    upload(&replica, &provider.pem(), "FTM").await;
    let chip = provider.device();
    stage.sql(
        "UPDATE keymgr.ca_cert_store SET is_deleted = true \
         WHERE cert_sha256 IN (SELECT cert_sha256 FROM keymgr.partner_cert_store)",
    );

    upload(&replica, &provider.pem(), "FTM").await;

    assert!(!is_trusted(&replica, &chip, "FTM").await);
}
