use pms_testkit::Who;
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Row, Stage, auth_partner, neutral, refused};

const PATH: &str = "/partners/apikey/request/search";
const START: (&str, &str, &str) = ("PMS_PRT_111", "NO_ID", "NO_ID_TYPE");
const SUCCESS: (&str, &str, &str) = ("PMS_PRT_211", "NO_ID", "NO_ID_TYPE");

/// Requests m-1 and m-2 of `acme`, m-3 of `bank`.
fn given(stage: &Stage) {
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row {
        user: "anna",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "bank",
        user: "bank",
        ..Row::default()
    });
    stage.mapping("m-1", "acme", "p-1", "approved");
    stage.mapping("m-2", "acme", "gone", "InProgress");
    stage.mapping("m-3", "bank", "p-1", "rejected");
    stage.sql(
        "UPDATE partner_policy_request SET request_datetimes = '2026-01-01 10:00:00.1',
           cr_dtimes = '2026-01-01 10:00:00.1', is_deleted = NULL WHERE id LIKE 'm-_';
         UPDATE partner_policy_request SET upd_by = 'w', upd_dtimes = '2026-02-03',
           is_deleted = false WHERE id = 'm-1'",
    );
}

fn search(filters: &Value) -> Value {
    wanted(filters, &json!([]))
}

#[actix_web::test]
async fn requests_carry_the_names_of_partner_and_policy() {
    let stage = Stage::start().await;
    given(&stage);
    let filters = json!([
        filter("partnerId", "whatever", "acme"),
        filter("PARTNERNAME", "", "Org a"),
    ]);

    let reply = stage
        .send(&Who::admin(), "POST", PATH, search(&filters))
        .await;

    let expected = page(&json!([
        {
            "apikeyRequestId": "m-1",
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.100+00:00",
            "delDtimes": null,
            "isDeleted": false,
            "policyId": "p-1",
            "requestDatetimes": "2026-01-01T10:00:00.100+00:00",
            "requestDetail": "why",
            "statusCode": "approved",
            "updBy": "w",
            "updDtimes": "2026-02-03T00:00:00.000+00:00",
            "partnerId": "acme",
            "partnerName": "Org acme",
            "policyName": "Policy One",
        },
        {
            "apikeyRequestId": "m-2",
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.100+00:00",
            "delDtimes": null,
            "isDeleted": false,
            "policyId": "gone",
            "requestDatetimes": "2026-01-01T10:00:00.100+00:00",
            "requestDetail": "why",
            "statusCode": "InProgress",
            "updBy": null,
            "updDtimes": null,
            "partnerId": "acme",
            "partnerName": "Org acme",
            "policyName": "",
        },
    ]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    // The audit has the name of the search of API keys.
    stage.assert_audits(&[START, SUCCESS]);
}

#[actix_web::test]
async fn an_unknown_policy_name_ends_the_search() {
    let stage = Stage::start().await;
    given(&stage);
    let named = |name: &str, more: Value| search(&json!([filter("policyName", "", name), more]));
    let ours = filter("apikeyRequestId", "startsWith", "m-");

    let some = stage
        .send(&Who::admin(), "POST", PATH, named("POLICY o", ours))
        .await;
    assert_eq!(column(&some.response(), "apikeyRequestId"), ["m-1", "m-3"]);
    stage.forget();
    let none = stage
        .send(
            &Who::admin(),
            "POST",
            PATH,
            named("%", filter("nonsense", "", "")),
        )
        .await;

    assert_eq!(none.timeless(), nothing());
    stage.assert_audits(&[START]);
}

#[actix_web::test]
async fn others_requests_are_not_found() {
    let stage = Stage::start().await;
    given(&stage);
    let found = async |who: &Who, filters: Value| {
        let reply = stage.send(who, "POST", PATH, search(&filters)).await;
        column(&reply.response(), "apikeyRequestId")
    };

    assert_eq!(
        found(&auth_partner("Anna"), json!([])).await,
        ["m-1", "m-2"]
    );
    assert!(found(&auth_partner("x"), json!([])).await.is_empty());
    let of_bank = json!([filter("partnerId", "", "bank")]);
    assert!(
        found(&auth_partner("anna"), of_bank.clone())
            .await
            .is_empty()
    );
    let service = Who::user("svc", &["PMS_USER"]);
    assert_eq!(found(&service, of_bank).await, ["m-3"]);
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = Stage::start().await;

    assert_refusals(&stage, PATH, &json!({})).await;
    assert_nulls_pass(&stage, PATH, &json!({})).await;
    assert_odd_requests(&stage, PATH, &json!({})).await;

    let unnamed = search(&json!([{ "type": "equals", "value": "x" }]));
    let reply = stage.send(&Who::admin(), "POST", PATH, unnamed).await;
    assert_eq!(reply.timeless(), neutral());
    let unheld = search(&json!([filter("policyName", "contains", "a\u{0}")]));
    let reply = stage.send(&Who::admin(), "POST", PATH, unheld).await;
    let failed = refused("PMS-MSD-394", "Unable to process the request.");
    assert_eq!(reply.timeless(), failed);
    for field in ["id", "apikeyRequestId", "partnerId"] {
        let sort = json!([{ "sortField": field, "sortType": "asc" }]);
        let request = wanted(&json!([]), &sort);
        let reply = stage.send(&Who::admin(), "POST", PATH, request).await;
        let text = format!("Invalid sort field {field}");
        assert_eq!(reply.timeless(), refused("PMS-MSD-357", &text));
    }
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;

    assert_guarded(&stage, PATH, &search(&json!([]))).await;
    stage.assert_audits(&[]);
}
