use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::{Row, Stage, auth_partner};

const OPERATION: &str = "mosip.pms.all.api.key.requests.get";
const PATH: &str = "/partner-api-keys";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_seeds();
    stage.group("g-2", "Second", true);
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.policy("p-2", Some("g-2"), "Other", true);
    for (id, user, kind) in [
        ("a", "anna", "Auth_Partner"),
        ("b", "bert", "Auth_Partner"),
        ("c", "anna", "Credential_Partner"),
    ] {
        stage.partner(&Row {
            id,
            user,
            kind,
            ..Row::default()
        });
    }
    stage.key("k-1", "a", "p-1", "First", true);
    stage.key("k-2", "b", "p-2", "second", false);
    stage.key("k-3", "c", "p-1", "third", true);
    stage.sql(
        "UPDATE partner SET policy_group_id = NULL WHERE id = 'c';
         UPDATE partner_policy SET cr_dtimes = '2026-01-01';
         UPDATE partner_policy SET cr_dtimes = '2026-01-02' WHERE policy_api_key = 'k-2'",
    );
    stage
}

async fn list(stage: &Stage, who: &Who, query: &str) -> Reply {
    let reply = stage.get(who, &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn labels(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, &Who::admin(), query).await, "apiKeyLabel")
}

fn first() -> Value {
    json!({
        "partnerId": "a",
        "apiKeyLabel": "First",
        "orgName": "Org a",
        "policyName": "Policy One",
        "policyId": "p-1",
        "policyDescription": "About Policy One",
        "policyGroupId": "g-1",
        "policyGroupName": "Group One",
        "policyGroupDescription": "d",
        "status": "activated",
        "createdDateTime": "2026-01-01T00:00:00.000+00:00",
    })
}

#[actix_web::test]
async fn keys_of_authentication_partners_are_listed_without_the_keys() {
    let stage = stage().await;

    let reply = list(&stage, &Who::admin(), "").await;

    let second = json!({
        "partnerId": "b",
        "apiKeyLabel": "second",
        "orgName": "Org b",
        "policyName": "Other",
        "policyId": "p-2",
        "policyDescription": "About Other",
        "policyGroupId": "g-2",
        "policyGroupName": "Second",
        "policyGroupDescription": "d",
        "status": "deactivated",
        "createdDateTime": "2026-01-02T00:00:00.000+00:00",
    });
    let page = json!({ "pageNo": 0, "pageSize": 2, "totalResults": 2, "data": [second, first()] });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    assert!(!reply.text.contains("k-1"));
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn filters_narrow_and_columns_sort() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=A", &["First"][..]),
        ("apiKeyLabel=FIRST", &["First"]),
        ("orgName=org%20b", &["second"]),
        ("policyName=one", &["First"]),
        ("policyGroupName=second", &["second"]),
        ("status=activated", &["First"]),
        ("status=deactivated", &["second"]),
        ("pageNo=1&pageSize=1", &["First"]),
    ] {
        assert_eq!(labels(&stage, query).await, expected, "{query}");
    }
    for (field, ascending) in [
        ("partnerId", ["First", "second"]),
        ("apiKeyLabel", ["First", "second"]),
        ("orgName", ["First", "second"]),
        ("policyName", ["second", "First"]),
        ("policyGroupName", ["First", "second"]),
        ("status", ["First", "second"]),
        ("createdDateTime", ["First", "second"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=asc&pageNo=0&pageSize=9");
        assert_eq!(labels(&stage, &query).await, ascending, "{field}");
    }
    for query in [
        "status=ACTIVATED",
        "apiKeyLabel=third",
        "pageNo=2&pageSize=1",
    ] {
        let none = list(&stage, &Who::admin(), query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
}

#[actix_web::test]
async fn checks_come_before_the_scope_and_in_their_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(true) {
        let refused = list(&stage, &auth_partner("nobody"), query)
            .await
            .timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let reply = list(&stage, &auth_partner("nobody"), "").await.timeless();
    let without = "User Id does not exists.";
    assert_eq!(
        reply,
        refusal(OPERATION, "PMS_CERTIFICATE_ERROR_002", without)
    );
}

#[actix_web::test]
async fn partners_see_their_own_keys_if_their_authentication_partners_are_complete() {
    let stage = stage().await;

    // The credential partner of the same user has no policy group.
    let own = list(&stage, &auth_partner("anna"), "").await.timeless();
    let page = json!({ "pageNo": 0, "pageSize": 1, "totalResults": 1, "data": [first()] });
    assert_eq!(own, answered(OPERATION, &page));
    let foreign = list(&stage, &auth_partner("anna"), "partnerId=b").await;
    assert_eq!(foreign.timeless(), answered(OPERATION, &nothing()));

    stage.sql("UPDATE partner SET policy_group_id = NULL WHERE id = 'a'");
    let incomplete = list(&stage, &auth_partner("anna"), "").await.timeless();
    let text = "Policy Group Id is empty.";
    assert_eq!(incomplete, refusal(OPERATION, "PMS_POLICY_ERROR_005", text));
}

#[actix_web::test]
async fn more_keys_than_a_list_may_have_are_refused() {
    let stage = Stage::with(|app| app.setting("limits.unpaged_rows", "1")).await;
    stage.without_seeds();
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.key("k-1", "acme", "p-1", "one", true);
    stage.key("k-2", "acme", "p-1", "two", true);

    let all = list(&stage, &Who::admin(), "").await.timeless();
    let paged = labels(&stage, "pageNo=0&pageSize=2").await;

    let failed = "Error while fetching all api key requests";
    assert_eq!(all, refusal(OPERATION, "PMS_PM_064", failed));
    assert_eq!(paged, ["two", "one"]);
}
