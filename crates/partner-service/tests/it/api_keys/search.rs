use pms_testkit::Who;
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Row, Stage, auth_partner, neutral, refused};

const PATH: &str = "/partners/apikey/search";
const START: (&str, &str, &str) = ("PMS_PRT_112", "NO_ID", "NO_ID_TYPE");
const SUCCESS: (&str, &str, &str) = ("PMS_PRT_212", "NO_ID", "NO_ID_TYPE");

/// Keys k-1 and k-2 of `acme`, k-3 of `bank`.
fn given(stage: &Stage) {
    for (policy, name) in [("p-1", "Policy One"), ("p-2", "Policy Two")] {
        stage.policy(policy, Some("g-1"), name, true);
    }
    stage.partner(&Row {
        user: "anna",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "bank",
        user: "bank",
        ..Row::default()
    });
    stage.sql(
        "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
           valid_to_datetime, is_active, label, cr_by, cr_dtimes, upd_by, upd_dtimes, is_deleted)
         VALUES ('k-1', 'acme', 'p-1', '2026-01-01', '2027-01-01', true, 'l-1', 'u',
                 '2026-01-01 10:00:00.1', 'w', '2026-02-03', NULL),
                ('k-2', 'acme', 'p-2', '2026-01-01', NULL, false, 'l-2', 'u',
                 '2026-01-02', NULL, NULL, false),
                ('k-3', 'bank', 'p-1', '2026-01-01', '2027-01-01', true, 'l-3', 'u',
                 '2026-01-03', NULL, NULL, false)",
    );
}

fn search(filters: &Value) -> Value {
    wanted(filters, &json!([]))
}

#[actix_web::test]
async fn keys_are_shown_without_the_keys_themselves() {
    let stage = Stage::start().await;
    given(&stage);
    let filters = json!([
        filter("partnerName", "contains", "Org acme"),
        filter("PartnerId", "", "acme"),
    ]);

    let reply = stage
        .send(&Who::admin(), "POST", PATH, search(&filters))
        .await;

    let expected = page(&json!([
        {
            "label": "l-1",
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.100+00:00",
            "delDtimes": null,
            "isActive": true,
            "isDeleted": false,
            "policyId": "p-1",
            "policyName": null,
            "updBy": "w",
            "updDtimes": "2026-02-03T00:00:00.000+00:00",
            "validFromDatetime": "2026-01-01T00:00:00.000+00:00",
            "validToDatetime": "2027-01-01T00:00:00.000+00:00",
            "partnerId": "acme",
            "partnerName": "Org acme",
        },
        {
            "label": "l-2",
            "crBy": "u",
            "crDtimes": "2026-01-02T00:00:00.000+00:00",
            "delDtimes": null,
            "isActive": false,
            "isDeleted": false,
            "policyId": "p-2",
            "policyName": null,
            "updBy": null,
            "updDtimes": null,
            "validFromDatetime": "2026-01-01T00:00:00.000+00:00",
            "validToDatetime": null,
            "partnerId": "acme",
            "partnerName": "Org acme",
        },
    ]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert!(!reply.text.contains("k-1"));
    // The audit has the name of the search of mapping requests.
    stage.assert_audits(&[START, SUCCESS]);
}

#[actix_web::test]
async fn a_policys_name_must_be_exact() {
    let stage = Stage::start().await;
    given(&stage);
    let named = async |name: &str| {
        let filters = json!([filter("policyName", "", name)]);
        stage
            .send(&Who::admin(), "POST", PATH, search(&filters))
            .await
    };

    let found = named("Policy One").await.response();
    assert_eq!(column(&found, "label"), ["l-1", "l-3"]);
    assert_eq!(named("policy one").await.timeless(), nothing());
}

#[actix_web::test]
async fn others_keys_are_not_found() {
    let stage = Stage::start().await;
    given(&stage);
    let found = async |who: &Who, filters: Value| {
        let reply = stage.send(who, "POST", PATH, search(&filters)).await;
        column(&reply.response(), "label")
    };
    let third = json!([filter("policyApiKey", "equals", "k-3")]);

    assert_eq!(
        found(&auth_partner("Anna"), json!([])).await,
        ["l-1", "l-2"]
    );
    assert!(found(&auth_partner("x"), json!([])).await.is_empty());
    assert!(found(&auth_partner("anna"), third.clone()).await.is_empty());
    let service = Who::user("svc", &["PMS_USER"]);
    assert_eq!(found(&service, third).await, ["l-3"]);
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = Stage::start().await;

    assert_refusals(&stage, PATH, &json!({})).await;
    assert_nulls_pass(&stage, PATH, &json!({})).await;
    assert_odd_requests(&stage, PATH, &json!({})).await;

    let unnamed = search(&json!([{ "type": "equals", "value": "x" }]));
    let unvalued = search(&json!([{ "columnName": "partnerId", "type": "equals" }]));
    for request in [unnamed, unvalued] {
        let reply = stage.send(&Who::admin(), "POST", PATH, request).await;
        assert_eq!(reply.timeless(), neutral());
    }
    for field in ["policyApiKey", "partnerName", "policyName"] {
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
