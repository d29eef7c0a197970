use pms_testkit::Who;
use serde_json::{Value, json};

use crate::searching::*;
use crate::support::{Stage, auth_partner};

const PATH: &str = "/partners/partnertype/search";

#[actix_web::test]
async fn types_are_the_same_for_all_callers() {
    let stage = Stage::start().await;
    stage.sql(
        "INSERT INTO partner_type (code, partner_description, is_policy_required, is_active,
           cr_by, cr_dtimes, upd_by, upd_dtimes, is_deleted)
         VALUES ('Guest', 'A guest', false, false, 'u', '2026-01-02 03:04:05.6', 'w',
           '2026-02-03', NULL)",
    );
    let request = wanted(&json!([filter("code", "equals", "guest")]), &json!([]));

    let reply = stage.send(&auth_partner("x"), "POST", PATH, request).await;

    let expected = page(&json!([{
        "code": "Guest",
        "crBy": "u",
        "crDtimes": "2026-01-02T03:04:05.600+00:00",
        "delDtimes": null,
        "isActive": false,
        "isDeleted": false,
        "partnerDescription": "A guest",
        "updBy": "w",
        "updDtimes": "2026-02-03T00:00:00.000+00:00",
        "isPolicyRequired": false,
    }]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    stage.assert_audits(&[
        ("PMS_PRT_110", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_210", "NO_ID", "NO_ID_TYPE"),
    ]);
}

#[actix_web::test]
async fn the_portal_gets_all_types_at_once() {
    let stage = Stage::start().await;
    let request = json!({
        "filters": [],
        "pagination": { "pageFetch": 100, "pageStart": 0 },
        "sort": [{ "sortField": "code", "sortType": "asc" }],
    });

    let response = stage
        .send(&Who::admin(), "POST", PATH, request)
        .await
        .response();

    let codes = stage.rows("SELECT code FROM partner_type ORDER BY code COLLATE \"C\"");
    let expected: Vec<&str> = codes
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect();
    assert_eq!(column(&response, "code"), expected);
    assert!(expected.contains(&"Auth_Partner"));
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = Stage::start().await;

    assert_refusals(&stage, PATH, &json!({})).await;
    assert_nulls_pass(&stage, PATH, &json!({})).await;
    assert_odd_requests(&stage, PATH, &json!({})).await;
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;

    assert_guarded(&stage, PATH, &wanted(&json!([]), &json!([]))).await;
    let request: Value = wanted(&json!([]), &json!([]));
    let unlisted = Who::user("x", &["ABIS_PARTNER"]);
    assert_eq!(
        stage.send(&unlisted, "POST", PATH, request).await.status,
        403
    );
}
