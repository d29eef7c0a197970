use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const SEARCH: &str = "/v1/policymanager/policies/group/search";

fn search(filters: &Value) -> Value {
    json!({ "filters": filters, "sort": [], "pagination": { "pageStart": 0, "pageFetch": 10 } })
}

#[actix_web::test]
async fn groups_are_found_by_their_columns() {
    let app = start().await;
    let id = app.group("One").await;
    app.group("Two").await;
    let filters = json!([
        { "columnName": "name", "type": "contains", "value": "on" },
        { "columnName": "isActive", "type": "equals", "value": "true" },
    ]);

    let reply = app
        .post(&manager(), SEARCH, &app.v1(&search(&filters)))
        .await;

    assert_eq!(
        reply.response(),
        json!({
            "fromRecord": 1,
            "toRecord": 1,
            "totalRecord": 1,
            "data": [{
                "id": id,
                "crBy": "policy-manager",
                "crDtimes": "2026-11-24T10:00:00",
                "delDtimes": null,
                "desc": "a group",
                "isActive": true,
                "isDeleted": false,
                "name": "One",
                "updBy": null,
                "updDtimes": null,
                "userId": "policy-manager",
            }],
        })
    );
    let noted = app.noted();
    assert_eq!(
        noted[noted.len() - 2..],
        [
            audit("PMS_PRT_194", "NO_ID", "NO_ID_TYPE"),
            audit("PMS_PRT_294", "NO_ID", "NO_ID_TYPE"),
        ]
    );
}

/// A database that takes no writes refuses audit records in the same way.
#[actix_web::test]
async fn searches_and_filter_values_are_answered_though_audit_records_cannot_be_stored() {
    let app = start().await;
    app.group("One").await;
    app.sql("ALTER TABLE outbox ADD CHECK (false) NOT VALID");
    let body = app.v1(&search(&json!([])));

    let found = app.post(&manager(), SEARCH, &body).await;
    let filters = json!({ "filters": [{ "columnName": "name", "type": "all", "text": "" }] });
    let path = path("/policies/group/filtervalues");
    let values = app.post(&manager(), &path, &app.v1(&filters)).await;

    assert_eq!(found.response()["data"][0]["name"], "One");
    assert_eq!(values.response()["filters"][0]["fieldValue"], "One");
}

#[actix_web::test]
async fn nothing_found_is_all_zeros() {
    let app = start().await;

    let reply = app
        .post(&manager(), SEARCH, &app.v1(&search(&json!([]))))
        .await;

    assert_eq!(
        reply.response(),
        json!({ "fromRecord": 0, "toRecord": 0, "totalRecord": 0, "data": null })
    );
}

#[actix_web::test]
async fn wrong_searches_are_refused() {
    let app = start().await;
    let neutral = "Could not process the request";
    let unnamed = search(&json!([{ "type": "equals", "value": "x" }]));
    for (request, code, message) in [
        (
            without(&search(&json!([])), "filters"),
            "PMS_COR_003",
            neutral,
        ),
        (without(&search(&json!([])), "sort"), "PMS_COR_003", neutral),
        (
            without(&search(&json!([])), "pagination"),
            "PMS_COR_003",
            neutral,
        ),
        (unnamed, "PMS-MSD-311", "Column is missing in request"),
    ] {
        let reply = app.post(&manager(), SEARCH, &app.v1(&request)).await;
        assert_refused(&reply, code, message);
    }
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let app = start().await;
    let body = app.v1(&search(&json!([])));
    let provider = pms_testkit::Who::user("x", &["FTM_PROVIDER"]);

    assert_eq!(app.post(&provider, SEARCH, &body).await.status, 403);
    assert_eq!(
        app.post(&pms_testkit::Who::Nobody, SEARCH, &body)
            .await
            .status,
        401
    );
}
