use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const VALUES: &str = "/v1/policymanager/policies/filtervalues";

fn values(filter: &Value) -> Value {
    json!({ "policyType": "all", "filters": [filter] })
}

#[actix_web::test]
async fn values_carry_the_policies_ids() {
    let app = start().await;
    app.group("group").await;
    app.draft("b", "group").await;
    app.draft("a", "group").await;
    let filter = json!({ "columnName": "version", "type": "all", "text": "1" });

    let reply = app
        .post(&manager(), VALUES, &app.v1(&values(&filter)))
        .await;

    assert_eq!(
        reply.response(),
        json!({ "filters": [
            { "fieldID": "version", "fieldValue": "1.1", "fieldCode": "a" },
            { "fieldID": "version", "fieldValue": "1.1", "fieldCode": "b" },
        ] })
    );
    let noted = app.noted();
    assert_eq!(
        noted[noted.len() - 2..],
        [
            audit("PMS_PRT_193", "NO_ID", "NO_ID_TYPE"),
            audit("PMS_PRT_293", "NO_ID", "NO_ID_TYPE"),
        ]
    );
}

#[actix_web::test]
async fn the_type_narrows_the_values() {
    let app = start().await;
    app.group("group").await;
    app.draft("a", "group").await;
    let filter = json!({ "columnName": "name", "text": "" });
    for (policy_type, count) in [("auth", 1), ("MISP", 0)] {
        let request = with(&values(&filter), "policyType", json!(policy_type));
        let response = app
            .post(&manager(), VALUES, &app.v1(&request))
            .await
            .response();

        assert_eq!(response["filters"].as_array().unwrap().len(), count);
    }
}

#[actix_web::test]
async fn wrong_requests_are_refused() {
    let app = start().await;
    let fine = json!({ "columnName": "name", "type": "all", "text": "" });
    let untyped = app.v1(&without(&values(&fine), "policyType"));
    let dates = json!({ "columnName": "crDtimes", "text": "" });

    let without_type = app.post(&manager(), VALUES, &untyped).await;
    let unknown = app
        .post(
            &manager(),
            VALUES,
            &app.v1(&values(&json!({ "columnName": "x", "text": "" }))),
        )
        .await;
    let dated = app.post(&manager(), VALUES, &app.v1(&values(&dates))).await;

    assert_field(&without_type, "must not be blank :request.policyType");
    for reply in [unknown, dated] {
        assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    }
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let app = start().await;
    let body = app.v1(&values(&json!({ "columnName": "name", "text": "" })));
    let partner = pms_testkit::Who::user("x", &["PARTNER"]);
    let provider = pms_testkit::Who::user("x", &["FTM_PROVIDER"]);

    app.post(&partner, VALUES, &body).await.response();
    assert_eq!(app.post(&provider, VALUES, &body).await.status, 403);
    assert_eq!(
        app.post(&pms_testkit::Who::Nobody, VALUES, &body)
            .await
            .status,
        401
    );
}
