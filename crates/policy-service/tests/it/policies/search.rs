use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const SEARCH: &str = "/v1/policymanager/policies/search";

fn search(filters: &Value, sort: &Value) -> Value {
    json!({
        "policyType": "all",
        "filters": filters,
        "sort": sort,
        "pagination": { "pageStart": 0, "pageFetch": 10 },
    })
}

async fn prepare(app: &Stage) -> String {
    let group_id = app.group("Group").await;
    app.draft("a", "Group").await;
    app.draft("b", "Group").await;
    group_id
}

#[actix_web::test]
async fn found_policies_show_the_stored_text() {
    let app = start().await;
    let group_id = prepare(&app).await;
    let filters = json!([
        { "columnName": "policyGroupName", "type": "contains", "value": "rou" },
        { "columnName": "name", "type": "equals", "value": "B" },
    ]);

    let reply = app
        .post(&manager(), SEARCH, &app.v1(&search(&filters, &json!([]))))
        .await;

    assert_eq!(
        reply.timeless(),
        unnamed(&json!({
            "fromRecord": 1,
            "toRecord": 1,
            "totalRecord": 1,
            "data": [{
                "id": "b",
                "crBy": "policy-manager",
                "crDtimes": "2026-11-24T10:00:00.000+00:00",
                "delDtimes": null,
                "desc": "a policy",
                "isActive": false,
                "isDeleted": false,
                "name": "b",
                "policies": auth_document().to_string(),
                "updBy": null,
                "updDtimes": null,
                "validFromDate": "2026-11-24T10:00:00",
                "validToDate": "2226-11-24T10:00:00",
                "version": "1.1",
                "policyType": "Auth",
                "schema": null,
                "policyGroupId": group_id,
                "policyGroupName": "Group",
            }],
        }))
    );
    let noted = app.noted();
    assert_eq!(
        noted[noted.len() - 2..],
        [
            audit("PMS_PRT_190", "NO_ID", "NO_ID_TYPE"),
            audit("PMS_PRT_290", "NO_ID", "NO_ID_TYPE"),
        ]
    );
}

#[actix_web::test]
async fn the_type_narrows_the_search() {
    let app = start().await;
    prepare(&app).await;
    for (policy_type, total) in [("all", 2), ("ALL", 2), ("auth", 2), ("MISP", 0)] {
        let request = with(
            &search(&json!([]), &json!([])),
            "policyType",
            json!(policy_type),
        );
        let response = app
            .post(&manager(), SEARCH, &app.v1(&request))
            .await
            .response();

        assert_eq!(response["totalRecord"], total, "{policy_type}");
    }
}

#[actix_web::test]
async fn wrong_searches_are_refused() {
    let app = start().await;
    prepare(&app).await;
    let neutral = "Could not process the request";
    let none = json!([]);
    let filter = |filter: Value| search(&json!([filter]), &json!([]));
    let sort = |sort: Value| search(&json!([]), &json!([sort]));
    let all = search(&none, &none);
    for (request, code, message) in [
        (without(&all, "filters"), "PMS_COR_003", neutral),
        (without(&all, "sort"), "PMS_COR_003", neutral),
        (without(&all, "pagination"), "PMS_COR_003", neutral),
        (
            filter(json!({ "type": "equals", "value": "x" })),
            "PMS_COR_003",
            neutral,
        ),
        (
            filter(json!({ "columnName": "policyGroupName", "type": "equals" })),
            "PMS_COR_003",
            neutral,
        ),
        (
            search(
                &json!([{ "columnName": "policyGroupName", "type": "contains" },
                        { "columnName": "zz", "type": "equals", "value": "x" }]),
                &json!([]),
            ),
            "PMS-MSD-310",
            "Invalid column received : zz",
        ),
        (
            filter(json!({ "columnName": "x", "type": "equals", "value": "x" })),
            "PMS-MSD-310",
            "Invalid column received : x",
        ),
        (
            filter(json!({ "columnName": "name", "value": "x" })),
            "PMS-MSD-312",
            "Filter type is missing",
        ),
        (
            sort(json!({ "sortField": "name" })),
            "PMS-MSD-314",
            "Missing sort field or sort type values",
        ),
        (
            sort(json!({ "sortField": "desc", "sortType": "asc" })),
            "PMS-MSD-357",
            "Invalid sort field desc",
        ),
        (
            sort(json!({ "sortField": "name", "sortType": "up" })),
            "PMS-MSD-358",
            "Sort type up is not supported",
        ),
    ] {
        let reply = app.post(&manager(), SEARCH, &app.v1(&request)).await;
        assert_refused(&reply, code, message);
    }
    let untyped = app.v1(&without(&all, "policyType"));
    let reply = app.post(&manager(), SEARCH, &untyped).await;
    assert_field(&reply, "must not be blank :request.policyType");
    assert_eq!(
        app.noted().last(),
        Some(&audit("PMS_PRT_190", "NO_ID", "NO_ID_TYPE"))
    );
}

#[actix_web::test]
async fn only_administrators_search() {
    let app = start().await;
    let body = app.v1(&search(&json!([]), &json!([])));

    assert_guarded(&app, "POST", SEARCH, Some(&body)).await;
}
