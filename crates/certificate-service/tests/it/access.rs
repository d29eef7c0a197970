//! Who may call what, and what malformed requests get.

use pms_testkit::Who;
use pms_web::Access;
use pms_web::route::Descriptor;
use serde_json::{Value, json};

use crate::support::service::{KM, PARTNERS, Stage, error, zonal};

/// Members of all requests, so that every body can be read before the role is checked.
fn members(path: &str) -> Value {
    let list = path.ends_with("cryptBatch");
    json!({
        "certificateData": "x", "partnerDomain": "AUTH", "organizationName": "x", "partnerId": "x",
        "applicationId": "PMS", "referenceId": "R", "timeStamp": "x", "dataToSign": "e30",
        "data": if list { json!([]) } else { json!("eA") },
        "jwtSignatureData": "x", "partnerCertIds": [],
        "providerId": "x", "mispLicenseKey": "x", "mispLicenseKeyStatus": "active",
        "filters": [], "optionalFilters": [], "sort": [],
        "pagination": { "pageStart": 0, "pageFetch": 10 },
        "reason": "keyCompromise",
    })
}

#[actix_web::test]
async fn every_route_wants_a_token_and_a_role() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut routes = pms_certificate_service::routes();
    routes.extend(pms_certificate_service::key_manager_routes());
    let rows = routes.into_iter().map(|route| route.descriptor);
    let rows: Vec<Descriptor> = rows.filter(|row| row.access != Access::Public).collect();
    assert!(rows.len() > 30, "the route tables");
    for row in rows {
        let method = row.method.as_str();
        let segments: Vec<&str> = row
            .path
            .split('/')
            .map(|segment| if segment.contains('{') { "x" } else { segment })
            .collect();
        let path = format!("{}?applicationId=ROOT", segments.join("/"));
        let body = json!({ "request": members(&row.path) }).to_string();
        let sent = (method != "GET").then_some(body);
        let nobody = replica
            .send(&Who::Nobody, method, &path, sent.clone())
            .await;
        let stranger = Who::user("stranger", &["NO_SUCH_ROLE"]);
        let stranger = replica.send(&stranger, method, &path, sent).await;
        assert_eq!(nobody.status, 401, "{method} {path}");
        assert_eq!(
            nobody.error(),
            error("KER-ATH-401", "Authentication Failed"),
            "{method} {path}"
        );
        assert_eq!(stranger.status, 403, "{method} {path}: {}", stranger.text);
        assert_eq!(
            stranger.error(),
            error("KER-ATH-403", "Forbidden"),
            "{method} {path}"
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
        }, {
            "errorCode": "KER-KMS-005",
            "message": "request.partnerDomain should not be null or empty",
        }],
    });
    assert_eq!((missing.status, missing.timeless()), (200, body));
    let fields = ["certificateData", "organizationName", "partnerDomain"];
    let empty = replica.km("uploadPartnerCertificate", json!({})).await;
    let errors = fields.map(|field| {
        json!({
            "errorCode": "KER-KMS-005",
            "message": format!("request.{field} should not be null or empty"),
        })
    });
    assert_eq!(empty.timeless()["errors"], json!(errors));
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
