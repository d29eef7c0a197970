//! GET /v1/partnermanager/trust-chain-certificates over a remote key manager

use std::rc::Rc;

use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::list::{envelope, list, refused};
use crate::support::service::{Replica, Stage};

/// A remote key manager that gives this answer.
async fn remote(answer: ResponseTemplate) -> (Rc<Stage>, Replica, MockServer) {
    let peer = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v1/keymanager/getCaCertificates"))
        .respond_with(answer)
        .mount(&peer)
        .await;
    let url = format!("{}/v1/keymanager", peer.uri());
    let stage = Stage::new();
    let settings = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", &*url),
    ];
    let replica = stage.start(&settings).await;
    (stage, replica, peer)
}

#[actix_web::test]
async fn a_remote_key_manager_is_called_in_its_words() {
    let item = json!({
        "caCertificateType": null, "certId": "c", "partnerDomain": "AUTH",
        "issuedTo": "CN=x", "issuedBy": "CN=y", "certThumbprint": "t",
        "validFromDate": "2025-01-01T00:00:00.120Z", "validTillDate": "2035-01-01T00:00",
        "uploadTime": "2025-01-01T05:30:00+05:30", "status": false, "unknown": 1,
    });
    let answer = json!({ "errors": null, "response": {
        "pageNumber": 3, "pageSize": 5, "totalRecords": 11, "totalPages": 3,
        "allPartnerCertificates": [item],
    } });
    let answer = ResponseTemplate::new(200).set_body_json(answer);
    let (_stage, replica, peer) = remote(answer).await;

    let query = "?sortFieldName=uploadedDateTime&sortType=Desc&pageNo=2&pageSize=5\
                 &caCertificateType=ROOT&certificateId=c&partnerDomain=AUTH&issuedTo=x&issuedBy=y\
                 &expiryPeriod=1";
    let body = list(&replica, query).await;

    let item = json!({
        "caCertificateType": null, "certId": "c", "partnerDomain": "AUTH",
        "issuedTo": "CN=x", "issuedBy": "CN=y", "certThumbprint": "t",
        "validFromDate": "2025-01-01T00:00:00.12", "validTillDate": "2035-01-01T00:00:00",
        "uploadTime": "2025-01-01T00:00:00", "status": false,
    });
    let page = json!({ "pageNo": 2, "pageSize": 5, "totalResults": 11, "data": [item] });
    assert_eq!(body, envelope(page, json!([])));
    let requested = peer.received_requests().await.unwrap();
    let requested: Value = serde_json::from_slice(&requested[0].body).unwrap();
    let expected = json!({
        "caCertificateType": "ROOT", "partnerDomain": "AUTH", "excludeMosipCA": true,
        "certId": "c", "issuedTo": "x", "issuedBy": "y", "validFromDate": null,
        "validTillDate": null, "uploadTime": null,
        "expiringWithinDate": "2026-11-25T23:59:59.999Z",
        "sortByFieldName": "createdtimes", "sortOrder": "Desc", "pageNumber": 3, "pageSize": 5,
    });
    assert_eq!(requested["request"], expected);
}

#[actix_web::test]
async fn faults_of_a_remote_key_manager_have_their_codes() {
    let json_answer = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let undated = json!({ "response": {
        "pageNumber": 1, "pageSize": 8, "totalRecords": 1, "totalPages": 1,
        "allPartnerCertificates": [{ "validFromDate": "yesterday" }],
    } });
    let cases = [
        (
            json_answer(
                json!({ "response": null, "errors": [{ "errorCode": "KER-X", "message": "why" }] }),
            ),
            "KER-X",
            "why",
        ),
        (
            json_answer(json!({ "response": null, "errors": [] })),
            "PMS_PRT_500",
            "Unable to process the request.",
        ),
        (
            json_answer(json!({ "id": null })),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            ResponseTemplate::new(200),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            json_answer(Value::Null),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            ResponseTemplate::new(200).set_body_string("<html>"),
            "PMS_KKS_001",
            "Error while accessing the API.Please check the logs.",
        ),
        (
            ResponseTemplate::new(500),
            "PMS_KKS_001",
            "Error while accessing the API.Please check the logs.",
        ),
        (
            json_answer(undated),
            "PMS_CERTIFICATE_ERROR_010",
            "Error while fetching trust certificates.",
        ),
    ];
    for (answer, code, message) in cases {
        let (_stage, replica, _peer) = remote(answer).await;
        assert_eq!(list(&replica, "").await, refused(code, message));
    }
}
