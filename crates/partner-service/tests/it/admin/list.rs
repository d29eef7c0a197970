use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::{Row, Stage};

const OPERATION: &str = "mosip.pms.admin.partners.get";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_seeds();
    stage.group("g-2", "Second", true);
    let email = stage.keys.seal("b@acme.org");
    let hash = stage
        .text("SELECT encode(sha256('b@acme.org'), 'hex')")
        .unwrap();
    stage.partner(&Row {
        id: "a",
        kind: "Auth_Partner",
        email: "A@acme.org",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "b",
        kind: "Credential_Partner",
        group: Some("g-2"),
        email: &email,
        email_hash: Some(&hash),
        alias: None,
        status: "InProgress",
        active: false,
        ..Row::default()
    });
    stage.partner(&Row {
        id: "c_%",
        kind: "FTM_Provider",
        group: None,
        ..Row::default()
    });
    stage.sql(
        "UPDATE partner SET email_id = NULL WHERE id = 'c_%';
         UPDATE partner SET cr_dtimes = '2026-01-01 10:00:00.123456';
         UPDATE partner SET cr_dtimes = '2026-01-02' WHERE id = 'b'",
    );
    stage
}

async fn list(stage: &Stage, query: &str) -> Reply {
    let reply = stage
        .get(&Who::admin(), &format!("/admin-partners?{query}"))
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn ids(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, query).await, "partnerId")
}

fn row(id: &str) -> Value {
    json!({
        "partnerId": id,
        "partnerType": "Auth_Partner",
        "orgName": format!("Org {id}"),
        "policyGroupId": "g-1",
        "policyGroupName": "Group One",
        "emailAddress": "A@acme.org",
        "certificateUploadStatus": "uploaded",
        "status": "approved",
        "isActive": true,
        "createdDateTime": "2026-01-01T10:00:00.123+00:00",
    })
}

#[actix_web::test]
async fn the_newest_come_first() {
    let stage = stage().await;

    let reply = list(&stage, "").await;

    let mut second = row("b");
    second["partnerType"] = json!("Credential_Partner");
    second["policyGroupId"] = json!("g-2");
    second["policyGroupName"] = json!("Second");
    second["emailAddress"] = json!("b@acme.org");
    second["certificateUploadStatus"] = json!("not_uploaded");
    second["status"] = json!("InProgress");
    second["isActive"] = json!(false);
    second["createdDateTime"] = json!("2026-01-02T00:00:00.000+00:00");
    let mut third = row("c_%");
    third["partnerType"] = json!("FTM_Provider");
    third["policyGroupId"] = Value::Null;
    third["policyGroupName"] = Value::Null;
    third["emailAddress"] = Value::Null;
    let page = json!({
        "pageNo": 0,
        "pageSize": 8,
        "totalResults": 3,
        "data": [second, row("a"), third],
    });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    assert_guarded(&stage, "/admin-partners").await;
}

#[actix_web::test]
async fn filters_narrow_and_wildcards_mean_themselves() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=A", &["a"][..]),
        ("partnerId=_%25", &["c_%"]),
        ("partnerType=partner", &["b", "a"]),
        ("orgName=ORG%20B", &["b"]),
        ("policyGroupName=second", &["b"]),
        ("policyGroupName=", &["b", "a"]),
        ("partnerId=", &["b", "a", "c_%"]),
        ("emailAddress=a@ACME.org", &["a"]),
        ("emailAddress=%20B@acme.org", &["b"]),
        ("certificateUploadStatus=uploaded", &["a", "c_%"]),
        ("certificateUploadStatus=not_uploaded", &["b"]),
        ("isActive=yes", &["a", "c_%"]),
        ("isActive=0", &["b"]),
        ("isActive=", &["b", "a", "c_%"]),
        ("isActive=true&orgName=a", &["a"]),
    ] {
        assert_eq!(ids(&stage, query).await, expected, "{query}");
    }
    for query in [
        "partnerId=zzz",
        "certificateUploadStatus=Uploaded",
        "emailAddress=acme",
        "pageNo=1&pageSize=8",
        "pageNo=2147483647&pageSize=2147483647",
    ] {
        let none = list(&stage, query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
}

#[actix_web::test]
async fn every_column_sorts_and_words_sort_as_words() {
    let stage = stage().await;

    for (field, ascending) in [
        ("partnerId", &["a", "b", "c_%"]),
        ("partnerType", &["a", "b", "c_%"]),
        ("orgName", &["a", "b", "c_%"]),
        ("policyGroupId", &["a", "b", "c_%"]),
        ("policyGroupName", &["a", "b", "c_%"]),
        ("certificateUploadStatus", &["b", "a", "c_%"]),
        ("status", &["b", "a", "c_%"]),
        ("isActive", &["a", "c_%", "b"]),
        ("createdDateTime", &["a", "c_%", "b"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=ASC&pageNo=0&pageSize=3");
        assert_eq!(ids(&stage, &query).await, ascending, "{field}");
    }
    let page = "sortFieldName=partnerId&sortType=desc&pageNo=1&pageSize=2";
    assert_eq!(ids(&stage, page).await, ["a"]);
}

#[actix_web::test]
async fn checks_come_in_the_contracts_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(false) {
        let refused = list(&stage, query).await.timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let sorted = "sortFieldName=emailAddress&sortType=asc&pageNo=0&pageSize=8";
    let text = "The column 'emailAddress' is not supported due to system limitations.";
    assert_eq!(
        list(&stage, sorted).await.timeless(),
        refusal(OPERATION, "KER_PRT_391", text)
    );
    let reply = stage
        .get(&Who::admin(), "/admin-partners?partnerId=a%00b")
        .await;
    assert_eq!(reply.status, 400);
    assert_eq!(reply.json()["detail"], "Failed to read request");
    for (query, detail) in [
        ("pageNo=x", "Failed to convert 'pageNo' with value: 'x'"),
        ("isActive=x", "Failed to convert 'isActive' with value: 'x'"),
    ] {
        let reply = stage
            .get(&Who::admin(), &format!("/admin-partners?{query}"))
            .await;
        assert_eq!(
            (reply.status, &reply.json()["detail"]),
            (400, &json!(detail))
        );
    }
}

#[actix_web::test]
async fn a_page_is_opened_with_one_look_and_degrades_without_the_key_manager() {
    let stage = stage().await;
    stage.keys.fail("decrypt", PeerFailure::Status(500));

    let reply = list(&stage, "").await.response();

    assert_eq!(reply["data"][0]["emailAddress"], Value::Null);
    assert_eq!(reply["data"][1]["emailAddress"], "A@acme.org");
    assert_eq!(stage.keys.calls("decrypt"), 1);
}
