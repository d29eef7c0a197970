use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const OPERATION: &str = "mosip.pms.policies.get";
const LIST: &str = "/v1/policymanager/policies/v2";

/// A draft, an activated and a deactivated policy; gives their group's id.
async fn prepare(app: &Stage) -> String {
    let group_id = app.group("Group").await;
    for id in ["draft", "on", "off"] {
        app.draft(id, "Group").await;
    }
    app.published("on", &group_id).await;
    app.published("off", &group_id).await;
    app.sql("UPDATE auth_policy SET is_active = false WHERE id = 'off'");
    group_id
}

async fn ids(app: &Stage, query: &str) -> Vec<String> {
    let response = app
        .get(&manager(), &format!("{LIST}?{query}"))
        .await
        .response();
    let rows = response["data"].as_array().unwrap();
    rows.iter()
        .map(|row| row["policyId"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn policies_come_in_pages() {
    let app = start().await;
    let group_id = prepare(&app).await;

    let path = format!("{LIST}?sortFieldName=policyId&sortType=DESC&pageNo=1&pageSize=2");
    let reply = app.get(&manager(), &path).await;

    let row = json!({
        "policyId": "draft",
        "policyType": "Auth",
        "policyName": "draft",
        "policyDescription": "a policy",
        "policyGroupId": group_id,
        "policyGroupName": "Group",
        "status": "draft",
        "createdDateTime": "2026-11-24T10:00:00.000+00:00",
    });
    let page = json!({ "pageNo": 1, "pageSize": 2, "totalResults": 3, "data": [row] });
    assert_v2(&reply, OPERATION, &page);
}

#[actix_web::test]
async fn filters_and_orders_narrow_the_list() {
    let app = start().await;
    prepare(&app).await;

    assert_eq!(
        ids(&app, "sortFieldName=status&sortType=asc").await,
        ["on", "off", "draft"]
    );
    assert_eq!(ids(&app, "status=activated").await, ["on"]);
    assert_eq!(ids(&app, "status=").await, [""; 0]);
    assert_eq!(
        ids(&app, "policyName=RAF&policyGroupName=gro&policyType=auth").await,
        ["draft"]
    );
    assert_eq!(
        ids(&app, "policyId=O&sortFieldName=policyName&sortType=asc").await,
        ["off", "on"]
    );
    assert_eq!(ids(&app, "sortType=asc&pageNo=&pageSize=").await.len(), 3);
}

#[actix_web::test]
async fn an_empty_page_echoes_no_numbers() {
    let app = start().await;
    prepare(&app).await;
    let empty = json!({ "pageNo": 0, "pageSize": 0, "totalResults": 0, "data": [] });

    for query in ["policyName=none", "pageNo=9", "policyDescription=%25"] {
        let reply = app.get(&manager(), &format!("{LIST}?{query}")).await;
        assert_v2(&reply, OPERATION, &empty);
    }
}

#[actix_web::test]
async fn wrong_parameters_are_reported_in_their_order() {
    let app = start().await;
    for (query, code, message) in [
        (
            "sortFieldName=policyType&sortType=up&pageNo=-1",
            "PMS_PRT_357",
            "Sorting is not supported for policyType field",
        ),
        (
            "sortType=up&pageNo=-1",
            "PMS_PRT_358",
            "Sort type up is not supported",
        ),
        ("pageNo=-6&pageSize=0", "PMS_PRT_360", "Invalid Page No"),
        ("pageSize=-6", "PMS_PRT_361", "Invalid page size"),
    ] {
        let reply = app.get(&manager(), &format!("{LIST}?{query}")).await;
        assert_v2_refused(&reply, OPERATION, code, message);
    }
    let reply = app.get(&manager(), &format!("{LIST}?pageNo=abc")).await;
    assert_problem(&reply, LIST, "Failed to convert 'pageNo' with value: 'abc'");
}

#[actix_web::test]
async fn every_state_has_its_name() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE auth_policy SET policy_schema = NULL, is_active = true WHERE id = 'off'");

    let path = format!("{LIST}?sortFieldName=policyId&sortType=asc");
    let response = app.get(&manager(), &path).await.response();

    let names: Vec<&Value> = response["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["status"])
        .collect();
    assert_eq!(json!(names), json!(["draft", null, "activated"]));
}

#[actix_web::test]
async fn only_administrators_list() {
    let app = start().await;

    assert_guarded(&app, "GET", LIST, None).await;
}
