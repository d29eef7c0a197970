use serde_json::json;

use crate::answers::*;
use crate::support::*;

const VALUES: &str = "/v1/policymanager/policies/group/filtervalues";

#[actix_web::test]
async fn values_carry_the_groups_names() {
    let app = start().await;
    app.group("Two").await;
    app.group("One").await;
    let request = json!({
        "filters": [
            { "columnName": "name", "text": "" },
            { "columnName": "isActive", "type": "unique", "text": "" },
        ],
        "optionalFilters": [{ "columnName": "isActive", "type": "equals", "value": "true" }],
        "unknown": 1,
    });

    let reply = app.post(&manager(), VALUES, &app.v1(&request)).await;

    assert_eq!(
        reply.response(),
        json!({ "filters": [
            { "fieldID": "name", "fieldValue": "One", "fieldCode": "One" },
            { "fieldID": "name", "fieldValue": "Two", "fieldCode": "Two" },
            { "fieldID": "isActive", "fieldValue": "true", "fieldCode": "" },
            { "fieldID": "isActive", "fieldValue": "false", "fieldCode": "" },
        ] })
    );
    let noted = app.noted();
    assert_eq!(
        noted[noted.len() - 2..],
        [
            audit("PMS_PRT_192", "NO_ID", "NO_ID_TYPE"),
            audit("PMS_PRT_292", "NO_ID", "NO_ID_TYPE"),
        ]
    );
}

#[actix_web::test]
async fn no_filters_give_no_values() {
    let app = start().await;

    let reply = app
        .post(&manager(), VALUES, &app.v1(&json!({ "filters": [] })))
        .await;

    assert_eq!(reply.response(), json!({ "filters": [] }));
}

#[actix_web::test]
async fn wrong_requests_are_refused() {
    let app = start().await;
    for (request, text) in [
        (json!({}), "must not be null :request.filters"),
        (
            json!({ "filters": [{ "text": "" }] }),
            "must not be blank :request.filters[0].columnName",
        ),
        (
            json!({ "filters": [{ "columnName": "name", "type": null, "text": "" }] }),
            "must not be null :request.filters[0].type",
        ),
    ] {
        assert_field(&app.post(&manager(), VALUES, &app.v1(&request)).await, text);
    }
    for filter in [
        json!({ "columnName": "name" }),
        json!({ "columnName": "name", "type": "", "text": "" }),
        json!({ "columnName": "name", "type": "some", "text": "" }),
        json!({ "columnName": "x", "text": "" }),
    ] {
        let body = app.v1(&json!({ "filters": [filter] }));
        let reply = app.post(&manager(), VALUES, &body).await;
        assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    }
    let body = app.v1(&json!({ "filters": [{ "columnName": "crDtimes", "text": "" }] }));
    let reply = app.post(&manager(), VALUES, &body).await;
    assert_refused(&reply, "PMS-MSD-324", "Received Filter Type not supported");
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let app = start().await;
    let body = app.v1(&json!({ "filters": [] }));
    let stranger = pms_testkit::Who::user("x", &["DEVICE_PROVIDER"]);

    assert_eq!(app.post(&stranger, VALUES, &body).await.status, 403);
    assert_eq!(
        app.post(&pms_testkit::Who::Nobody, VALUES, &body)
            .await
            .status,
        401
    );
}
