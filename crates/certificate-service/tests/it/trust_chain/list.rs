//! GET /v1/partnermanager/trust-chain-certificates

use std::rc::Rc;

use pms_pki::reading;
use pms_testkit::Who;
use pms_testkit::bodies;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::service::{Replica, Stage};

const PATH: &str = "/v1/partnermanager/trust-chain-certificates";

pub fn envelope(response: Value, errors: Value) -> Value {
    let mut body = json!({
        "id": "mosip.pms.trust.certificates.get", "version": "1.0", "responseTime": "<time>",
        "metadata": null,
    });
    body["response"] = response;
    body["errors"] = errors;
    body
}

pub fn refused(code: &str, message: &str) -> Value {
    envelope(
        Value::Null,
        json!([{ "errorCode": code, "message": message }]),
    )
}

pub async fn list(replica: &Replica, query: &str) -> Value {
    let reply = replica.get(&Who::admin(), &format!("{PATH}{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

/// A replica with an embedded key manager that trusts a root, and two
/// intermediates of which `Short` ends on the 14th of December.
async fn embedded() -> (Rc<Stage>, Replica, Authority) {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    replica.trust(&root.sub("Long").pem(), "AUTH").await;
    replica.trust(&root.pem(), "FTM").await;
    replica.trust(&root.sub("Short").pem(), "FTM").await;
    stage.sql(
        "UPDATE keymgr.ca_cert_store SET cert_not_after = '2026-12-14 23:00:00' \
         WHERE cert_subject LIKE 'CN=Short%'",
    );
    (stage, replica, root)
}

/// Common names of the page, in order.
fn names(body: &Value) -> Vec<String> {
    let items = body["response"]["data"].as_array().unwrap();
    let name = |item: &Value| {
        let subject = item["issuedTo"].as_str().unwrap().to_owned();
        let name = subject.split(',').next().unwrap();
        name.trim_start_matches("CN=").to_owned()
    };
    items.iter().map(name).collect()
}

#[actix_web::test]
async fn the_embedded_key_manager_answers() {
    let (_stage, replica, root) = embedded().await;

    let query = "?caCertificateType=root&partnerDomain=AUTH&issuedTo=CN%3Droot";
    let mut body = list(&replica, query).await;

    let id = body["response"]["data"][0]["certId"].take();
    assert_eq!(id.as_str().unwrap().len(), 36);
    let root = reading::read_certificate(&root.pem()).unwrap();
    let item = json!({
        "caCertificateType": "ROOT", "certId": null, "partnerDomain": "AUTH",
        "issuedTo": "CN=Root,O=Test CA,C=IN", "issuedBy": "CN=Root,O=Test CA,C=IN",
        "certThumbprint": root.thumbprint(),
        "validFromDate": "2025-01-01T00:00:00", "validTillDate": "2035-01-01T00:00:00",
        "uploadTime": "2026-11-24T10:00:00", "status": true,
    });
    let page = json!({ "pageNo": 0, "pageSize": 8, "totalResults": 1, "data": [item] });
    assert_eq!(body, envelope(page, json!([])));
    let text = replica
        .get(&Who::admin(), &format!("{PATH}{query}"))
        .await
        .text;
    let members = [
        "pageNo",
        "pageSize",
        "totalResults",
        "caCertificateType",
        "certId",
        "partnerDomain",
        "issuedTo",
        "issuedBy",
        "certThumbprint",
        "validFromDate",
        "validTillDate",
        "uploadTime",
        "status",
    ];
    let places = members.map(|name| text.find(&format!("\"{name}\"")).unwrap());
    assert!(places.is_sorted(), "{text}");
}

#[actix_web::test]
async fn filters_order_and_pages_reach_the_key_manager() {
    let (_stage, replica, _) = embedded().await;
    let found = async |query: &str| names(&list(&replica, query).await);

    assert_eq!(
        found("?sortFieldName=validTill&sortType=asc&partnerDomain=FTM").await,
        ["Short", "Root"]
    );
    assert_eq!(
        found("?sortFieldName=issuedTo&sortType=DESC&pageNo=1&pageSize=3").await,
        ["Long"]
    );
    assert_eq!(
        found("?issuedBy=root&caCertificateType=INTERMEDIATE&partnerDomain=AUTH").await,
        ["Long"]
    );
    assert_eq!(found("?expiryPeriod=20").await, ["Short"]);
    assert!(found("?expiryPeriod=19").await.is_empty());
    assert_eq!(
        found("?expiryPeriod=&pageNo=&pageSize=&issuedTo=&certificateId=")
            .await
            .len(),
        4
    );
    let beyond = list(&replica, "?pageNo=7&pageSize=2").await;
    let page = json!({ "pageNo": 7, "pageSize": 2, "totalResults": 4, "data": [] });
    assert_eq!(beyond["response"], page, "the key manager's own numbers");
}

#[actix_web::test]
async fn wrong_queries_have_their_codes_in_order() {
    let (_stage, replica, _) = embedded().await;
    let half =
        "Invalid Sorting request: 'sortType' and 'sortFieldName' must be specified together.";
    let cases = [
        ("?sortFieldName=x&pageNo=-1", "PMS_PS_ERROR_007", half),
        ("?sortType=", "PMS_PS_ERROR_007", half),
        (
            "?sortFieldName=x&sortType=up&pageNo=-1",
            "PMS_PRT_357",
            "Invalid sort field x",
        ),
        (
            "?sortFieldName=certSubject&sortType=asc",
            "PMS_PRT_357",
            "Invalid sort field certSubject",
        ),
        (
            "?sortFieldName=issuedTo&sortType=up&pageNo=-1",
            "PMS_PRT_358",
            "Sort type up is not supported",
        ),
        ("?pageNo=-1&pageSize=0", "PMS_PRT_360", "Invalid Page No"),
        (
            "?pageSize=0&caCertificateType=x",
            "PMS_PRT_361",
            "Invalid page size",
        ),
        (
            "?caCertificateType=x",
            "KER-PCM-018",
            "Invalid Certificate Type",
        ),
        ("?partnerDomain=x", "KER-PCM-011", "Invalid Partner Domain."),
    ];
    for (query, code, message) in cases {
        assert_eq!(
            list(&replica, query).await,
            refused(code, message),
            "{query}"
        );
    }
    for (query, rule) in [
        ("?expiryPeriod=0", "Expiry period must be at least 1 day."),
        (
            "?expiryPeriod=31",
            "Expiry period cannot be more than 30 days.",
        ),
    ] {
        let reply = replica.get(&Who::admin(), &format!("{PATH}{query}")).await;
        let message = format!("Invalid request parameter - {rule} :expiryPeriod");
        assert_eq!(
            (reply.status, reply.error()),
            (400, ("PMS_COR_001".to_owned(), message))
        );
        // Before the role.
        let stranger = Who::user("boss", &["PARTNERMANAGER"]);
        let reply = replica.get(&stranger, &format!("{PATH}{query}")).await;
        assert_eq!(reply.status, 400, "{query}");
    }
    for (query, detail) in [
        (
            "?expiryPeriod=abc",
            "Failed to convert 'expiryPeriod' with value: 'abc'",
        ),
        ("?pageNo=x", "Failed to convert 'pageNo' with value: 'x'"),
    ] {
        let reply = replica.get(&Who::admin(), &format!("{PATH}{query}")).await;
        assert_eq!(
            (reply.status, reply.json()["detail"].clone()),
            (400, json!(detail))
        );
    }
}

#[actix_web::test]
async fn only_partner_admins_look_and_only_where_it_is_allowed() {
    let stage = Stage::new();
    let off = [
        ("features.trust_certificates", "false"),
        ("key_manager.embedded", "false"),
        ("key_manager.url", "http://127.0.0.1:9/v1/keymanager"),
    ];
    let replica = stage.start(&off).await;
    let message =
        "Root and Intermediate Certificates list is not available in the current deployment.";
    let early = bodies::refused("PMS_FEATURE_001", message);

    assert_eq!(list(&replica, "?sortType=x").await, early);
    let file = replica
        .get(&Who::admin(), &format!("{PATH}/a_b/certificateFile"))
        .await;
    assert_eq!(file.timeless(), early);
    for path in [PATH.to_owned(), format!("{PATH}/x/certificateFile")] {
        assert_eq!(replica.get(&Who::Nobody, &path).await.status, 401);
        let manager = Who::user("boss", &["PARTNERMANAGER"]);
        assert_eq!(replica.get(&manager, &path).await.status, 403);
    }
}
