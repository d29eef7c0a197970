//! POST /v1/keymanager/getCaCertificates, /verifyCertificateTrust and
//! GET /v1/keymanager/getCACertificateTrustPath/{caCertId}

use pms_pki::{pack, reading};
use serde_json::{Value, json};

use crate::support::ca::{Authority, LONG};
use crate::support::service::{KM, Replica, Stage, error, zonal};

/// A root and two intermediates, the second of which ends in 2028.
async fn hierarchy(replica: &Replica) -> [Authority; 3] {
    let root = Authority::root("Root");
    let long = root.sub("Sub 100%");
    let short = root.sub_with("Sub 2", (LONG.0, (2028, 5, 5)));
    for authority in [&root, &long, &short] {
        replica.trust(&authority.pem(), "AUTH").await;
    }
    [root, long, short]
}

async fn names(replica: &Replica, filter: Value) -> Vec<String> {
    let page = replica.km("getCaCertificates", filter).await.response();
    let items = page["allPartnerCertificates"].as_array().unwrap().clone();
    let name = |item: &Value| {
        item["issuedTo"]
            .as_str()
            .unwrap()
            .split(',')
            .next()
            .unwrap()
            .to_owned()
    };
    items.iter().map(name).collect()
}

#[actix_web::test]
async fn a_page_has_the_members_of_the_contract() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let [root, ..] = hierarchy(&replica).await;
    let root = reading::read_certificate(&root.pem()).unwrap();

    let filter = json!({ "caCertificateType": "root", "partnerDomain": "auth" });
    let page = replica.km("getCaCertificates", filter).await.response();

    let id = page["allPartnerCertificates"][0]["certId"].clone();
    let expected = json!({
        "pageNumber": 1, "pageSize": 10, "totalRecords": 1, "totalPages": 1,
        "allPartnerCertificates": [{
            "caCertificateType": "ROOT",
            "partnerDomain": "AUTH",
            "certId": id,
            "issuedTo": "CN=Root,O=Test CA,C=IN",
            "issuedBy": "CN=Root,O=Test CA,C=IN",
            "certThumbprint": root.thumbprint(),
            "validFromDate": "2025-01-01T00:00:00.000Z",
            "validTillDate": "2035-01-01T00:00:00.000Z",
            "uploadTime": "2026-11-24T10:00:00.000Z",
            "status": true,
        }],
    });
    assert_eq!(page, expected);
}

#[actix_web::test]
async fn filters_narrow_and_pages_are_stable() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    hierarchy(&replica).await;
    let by_name = |filter: Value| {
        let mut filter = filter;
        filter["sortByFieldName"] = json!("certSubject");
        filter
    };
    let list = async |filter| names(&replica, by_name(filter)).await;

    assert_eq!(
        list(json!({})).await,
        ["CN=Root", "CN=Sub 100%", "CN=Sub 2"]
    );
    assert_eq!(
        list(json!({ "sortOrder": "desc" })).await,
        ["CN=Sub 2", "CN=Sub 100%", "CN=Root"]
    );
    assert_eq!(
        list(json!({ "issuedTo": "cn=sub" })).await,
        ["CN=Sub 100%", "CN=Sub 2"]
    );
    assert_eq!(list(json!({ "issuedTo": "%" })).await, ["CN=Sub 100%"]);
    assert_eq!(
        list(json!({ "caCertificateType": "Intermediate", "issuedBy": "ROOT" }))
            .await
            .len(),
        2
    );
    assert_eq!(
        list(json!({ "validTillDate": "2028-05-05T23:00:00.000Z" })).await,
        ["CN=Sub 2"]
    );
    assert_eq!(
        list(json!({ "expiringWithinDate": [2028, 5, 5, 0, 0] })).await,
        ["CN=Sub 2"]
    );
    // Java leaves out seconds that are none, and takes an empty text for none.
    assert_eq!(
        list(json!({ "expiringWithinDate": "2028-05-05T00:00", "validFromDate": "" })).await,
        ["CN=Sub 2"]
    );
    assert!(
        list(json!({ "expiringWithinDate": "2028-05-04T23:00:00" }))
            .await
            .is_empty()
    );
    assert!(
        list(json!({ "uploadTime": "2026-11-24T10:00:00Z" }))
            .await
            .is_empty()
    );
    assert!(list(json!({ "partnerDomain": "FTM" })).await.is_empty());
    assert_eq!(
        list(json!({ "pageSize": 2, "pageNumber": 2 })).await,
        ["CN=Sub 2"]
    );
    assert_eq!(
        list(json!({ "pageSize": 0, "pageNumber": 0 })).await.len(),
        3
    );
}

#[actix_web::test]
async fn our_own_authorities_can_be_left_out() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let [root, ..] = hierarchy(&replica).await;
    replica
        .upload_partner(&root.leaf("Acme"), "Acme", "AUTH")
        .await
        .response();

    assert_eq!(names(&replica, json!({})).await.len(), 6);
    // The partner's certificate that we issued stays in the list.
    assert_eq!(
        names(&replica, json!({ "excludeMosipCA": true }))
            .await
            .len(),
        4
    );
}

#[actix_web::test]
async fn wrong_filters_have_their_errors() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let cases = [
        (
            json!({ "partnerDomain": "x", "caCertificateType": "x" }),
            "KER-PCM-011",
            "Invalid Partner Domain.",
        ),
        (
            json!({ "caCertificateType": "x" }),
            "KER-PCM-018",
            "Invalid Certificate Type",
        ),
        (
            json!({ "sortByFieldName": "x" }),
            "KER-KMS-005",
            "request.sortByFieldName is not a field to sort by",
        ),
        (
            json!({ "validFromDate": "x" }),
            "KER-KMS-005",
            "request.validFromDate is not a point in time",
        ),
    ];
    for (filter, code, message) in cases {
        let reply = replica.km("getCaCertificates", filter).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
    }
}

#[actix_web::test]
async fn every_field_of_the_contract_sorts() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    hierarchy(&replica).await;
    for field in [
        "caCertificateType",
        "certId",
        "partnerDomain",
        "certSubject",
        "certIssuer",
        "certNotBefore",
        "certNotAfter",
        "createdtimes",
        "certThumbprint",
        "certSerialNo",
        "issuerId",
        "crlUri",
        "certData",
        "updatedtimes",
    ] {
        let found = names(&replica, json!({ "sortByFieldName": field })).await;
        assert_eq!(found.len(), 3, "{field}");
    }
}

#[actix_web::test]
async fn a_chain_can_be_downloaded() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let [root, long, short] = hierarchy(&replica).await;
    let read = |one: &Authority| reading::read_certificate(&one.pem()).unwrap();
    let download = async |name: &str| {
        let query = format!(
            "SELECT cert_id FROM keymgr.ca_cert_store WHERE cert_subject LIKE 'CN={name},%'"
        );
        let path = format!("{KM}/getCACertificateTrustPath/{}", stage.text(&query));
        let response = replica.get(&zonal(), &path).await.response();
        assert_eq!(response["timestamp"].as_str().map(str::len), Some(19));
        response["p7bFile"].as_str().unwrap().to_owned()
    };

    assert_eq!(download("Root").await, pack::p7b_file(&[&read(&root)]));
    assert_eq!(
        download("Sub 100\\%").await,
        pack::p7b_file(&[&read(&long), &read(&root)])
    );
    // Also when it has expired.
    stage
        .clock
        .set(crate::support::service::at("2030-01-01T00:00:00Z"));
    assert_eq!(
        download("Sub 2").await,
        pack::p7b_file(&[&read(&short), &read(&root)])
    );
    let unknown = replica
        .get(&zonal(), &format!("{KM}/getCACertificateTrustPath/x"))
        .await;
    assert_eq!(
        unknown.error(),
        error("KER-PMS-019", "CA Certificate not found for the given ID.")
    );
    let blank = replica
        .get(&zonal(), &format!("{KM}/getCACertificateTrustPath/%20"))
        .await;
    assert_eq!(
        blank.error(),
        error("KER-PCM-010", "Invalid Partner Certificate ID.")
    );
}

#[actix_web::test]
async fn trust_is_per_domain_and_ends_when_an_operator_disables_the_authority() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let leaf = root.leaf("Acme");
    let trusted = async |domain: &str| {
        let request = json!({ "certificateData": leaf, "partnerDomain": domain });
        replica
            .km("verifyCertificateTrust", request)
            .await
            .response()
    };

    assert_eq!(trusted("AUTH").await, json!({ "status": true }));
    assert_eq!(trusted("FTM").await, json!({ "status": false }));
    stage.sql("UPDATE keymgr.ca_cert_store SET is_deleted = true");
    assert_eq!(trusted("AUTH").await, json!({ "status": false }));
    let again = replica.upload_ca(&root.pem(), "AUTH").await;
    assert_eq!(again.error().0, "KER-PCM-003");
    let request = json!({ "certificateData": "x", "partnerDomain": "x" });
    let unreadable = replica.km("verifyCertificateTrust", request).await;
    assert_eq!(unreadable.error().0, "KER-KMS-013");
}
