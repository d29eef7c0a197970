use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::json;

use crate::support::{Row, Stage, auth_partner, plain, refused};

#[actix_web::test]
async fn the_certificate_comes_from_the_key_manager() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        active: false,
        ..Row::default()
    });

    let reply = stage
        .get(&auth_partner("other"), "/partners/acme/certificate")
        .await;

    let expected = json!({ "certificateData": "PEM 1", "timestamp": "2026-11-24T10:00:00.123456" });
    assert_eq!((reply.status, reply.timeless()), (200, plain(&expected)));
    let requested = stage.keys.recorded();
    assert_eq!(
        requested[0].uri,
        "/v1/keymanager/getPartnerCertificate/cert-1"
    );
    assert!(
        requested[0]
            .cookie
            .as_deref()
            .unwrap()
            .starts_with("Authorization=")
    );
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        alias: None,
        ..Row::default()
    });
    stage.partner(&Row {
        id: "blank",
        alias: Some(""),
        ..Row::default()
    });
    let missing = refused(
        "PMS_PRT_108",
        "Certficate is not uploaded for the selected partner.",
    );

    let unknown = stage
        .get(&auth_partner("x"), "/partners/nobody/certificate")
        .await;
    assert_eq!(
        unknown.timeless(),
        refused("PMS_PRT_005", "Partner does not exist")
    );
    for id in ["acme", "blank"] {
        let reply = stage
            .get(&Who::admin(), &format!("/partners/{id}/certificate"))
            .await;
        assert_eq!(reply.timeless(), missing, "{id}");
    }
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn the_key_managers_faults_are_mapped() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    stage.partner(&Row {
        id: "lost",
        alias: Some("unknown"),
        ..Row::default()
    });

    let reply = stage.get(&Who::admin(), "/partners/lost/certificate").await;
    let expected = refused(
        "KER-PCM-012",
        "Partner Certificate not found for the given ID.",
    );
    assert_eq!(reply.timeless(), expected);

    let cases = [
        (
            PeerFailure::Status(500),
            refused(
                "PMS_KKS_001",
                "Error while accessing the API.Please check the logs.",
            ),
        ),
        (
            PeerFailure::Body(json!({ "response": null, "errors": [] })),
            refused("PMS_PRT_500", "Unable to process the request."),
        ),
        (
            PeerFailure::Body(json!({ "response": null })),
            refused("PMS_PRT_107", "Responese from the api is null"),
        ),
    ];
    for (failure, expected) in cases {
        stage.keys.fail("getPartnerCertificate", failure);
        let reply = stage.get(&Who::admin(), "/partners/acme/certificate").await;
        assert_eq!(reply.timeless(), expected);
    }
}
