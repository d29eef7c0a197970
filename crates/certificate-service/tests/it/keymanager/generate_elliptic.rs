//! POST /v1/keymanager/generateECSignKey

use pms_pki::{EllipticCurve, reading};

use crate::support::keys::{certificate, generate, named, request_text};
use crate::support::service::{Stage, error};

const PARTS: &str = "OU=MOSIP-TECH-CENTER,O=IITB,L=BANGALORE,ST=KA,C=IN";

#[actix_web::test]
async fn keys_on_elliptic_curves_are_made_and_found_again_after_a_restart() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let curves = [
        ("EC_SECP256R1_SIGN", EllipticCurve::P256),
        ("EC_SECP256K1_SIGN", EllipticCurve::Secp256k1),
        ("ED25519_SIGN", EllipticCurve::Ed25519),
    ];
    for (ref_id, curve) in curves {
        let lower = ref_id.to_lowercase();
        let made = generate(&replica, "generateECSignKey", "RESIDENT", &lower).await;
        let made = reading::read_certificate(made["certificate"].as_str().unwrap()).unwrap();
        let name = format!("CN=www.mosip.io (RESIDENT-{ref_id}),{PARTS}");
        assert_eq!(made.subject().text(), name);
        assert_eq!(EllipticCurve::of(made.public_key()), Some(curve));
        let request = replica
            .km("generateECSignKey/CSR", named("RESIDENT", ref_id))
            .await
            .response();
        request_text(request["certSignRequest"].as_str().unwrap());
        let keys = format!("SELECT count(*) FROM keymgr.key_alias WHERE ref_id = '{ref_id}'");
        assert_eq!(stage.text(&keys), "1");
    }
    let before = certificate(&replica, "RESIDENT", "ED25519_SIGN").await;
    drop(replica);
    let replica = stage.start(&[]).await;
    assert_eq!(
        certificate(&replica, "RESIDENT", "ed25519_sign").await,
        before
    );

    let unsupported = "EC Sign Reference Id Not Supported for the Application ID.";
    for ref_id in ["", "SIGN", "EC_SECP521R1_SIGN"] {
        let refused = replica
            .km("generateECSignKey/CSR", named("RESIDENT", ref_id))
            .await
            .error();
        assert_eq!(refused, error("KER-KMS-030", unsupported));
    }
    let refused = replica
        .km("generateECSignKey/X", named("NOBODY", ""))
        .await
        .error();
    assert_eq!(refused.0, "KER-KMS-009");
    let refused = replica
        .km("generateECSignKey/CSR", named("NOBODY", ""))
        .await
        .error();
    assert_eq!(refused.0, "KER-KMS-002");
}
