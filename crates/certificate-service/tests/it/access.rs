//! Who may call what, and what malformed requests get.

use pms_testkit::Who;
use serde_json::json;

use crate::support::service::{KM, PARTNERS, Stage, error, zonal};

#[actix_web::test]
async fn every_route_wants_a_token_and_a_role() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let posts = [
        "uploadCACertificate",
        "uploadPartnerCertificate",
        "uploadOtherDomainCertificate",
        "encrypt",
        "decrypt",
        "decryptBatch",
        "verifyCertificateTrust",
        "getCaCertificates",
        "generateMasterKey/CERTIFICATE",
        "generateECSignKey/CERTIFICATE",
        "generateCSR",
        "uploadCertificate",
        "jwtSign",
        "jwtVerify",
        "getPartnerCertificates",
    ];
    let gets = [
        "getPartnerCertificate/x",
        "getPartnerSignedCertificate/x",
        "getCACertificateTrustPath/x",
        "getCertificate?applicationId=ROOT",
        "getAllCertificates?applicationId=ROOT",
        "getCertificateChain?applicationId=ROOT",
    ];
    let mut calls: Vec<(&str, String)> = Vec::new();
    calls.extend(posts.map(|operation| ("POST", format!("{KM}/{operation}"))));
    calls.extend(gets.map(|operation| ("GET", format!("{KM}/{operation}"))));
    calls.push(("PUT", format!("{KM}/revokeKey")));
    calls.push(("POST", format!("{PARTNERS}/certificate/ca/upload")));
    calls.push(("POST", format!("{PARTNERS}/certificate/upload")));
    let body = json!({ "request": {
        "certificateData": "x", "partnerDomain": "AUTH", "organizationName": "x", "partnerId": "x",
        "applicationId": "PMS", "referenceId": "R", "timeStamp": "x", "data": "eA",
        "dataToSign": "e30", "jwtSignatureData": "x",
        "partnerCertIds": [],
    } });
    for (method, path) in calls {
        let mut sent = body.clone();
        if path.ends_with("decryptBatch") {
            sent["request"]["data"] = json!([]);
        }
        let sent = (method != "GET").then(|| sent.to_string());
        let nobody = replica
            .send(&Who::Nobody, method, &path, sent.clone())
            .await;
        let stranger = Who::user("stranger", &["NO_SUCH_ROLE"]);
        let stranger = replica.send(&stranger, method, &path, sent).await;
        assert_eq!(nobody.status, 401, "{path}");
        assert_eq!(
            nobody.error(),
            error("KER-ATH-401", "Authentication Failed"),
            "{path}"
        );
        assert_eq!(stranger.status, 403, "{path}");
        assert_eq!(
            stranger.error(),
            error("KER-ATH-403", "Forbidden"),
            "{path}"
        );
    }
}

#[actix_web::test]
async fn the_key_manager_answers_wrong_requests_with_200_and_its_own_code() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;

    let missing = replica
        .km("uploadCACertificate", json!({ "partnerDomain": " " }))
        .await;
    let body = json!({
        "id": "an id",
        "version": "1.0",
        "responsetime": "<time>",
        "metadata": null,
        "response": null,
        "errors": [{
            "errorCode": "KER-KMS-005",
            "message": "request.certificateData should not be null or empty",
        }],
    });
    assert_eq!((missing.status, missing.timeless()), (200, body));
    let malformed = "{\"request\": ";
    let path = format!("{KM}/encrypt");
    let malformed = replica
        .send(&zonal(), "POST", &path, Some(malformed.to_owned()))
        .await;
    assert_eq!(
        (malformed.status, malformed.error().0.as_str()),
        (200, "KER-KMS-005")
    );
    let unnamed = replica.get(&zonal(), &format!("{KM}/getCertificate")).await;
    assert_eq!(
        (unnamed.status, unnamed.error().0.as_str()),
        (200, "KER-KMS-005")
    );
}

#[actix_web::test]
async fn the_public_routes_answer_wrong_requests_with_400() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let message =
        |field: &str| format!("Invalid request parameter - must not be blank :request.{field}");

    let path = format!("{PARTNERS}/certificate/upload");
    let reply = replica
        .post(&zonal(), &path, json!({ "partnerId": "p" }))
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.error(),
        ("PMS_COR_001".to_owned(), message("certificateData"))
    );

    let path = format!("{PARTNERS}/certificate/ca/upload");
    let reply = replica
        .post(&zonal(), &path, json!({ "certificateData": "c" }))
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(
        reply.error(),
        ("PMS_COR_001".to_owned(), message("partnerDomain"))
    );
}
