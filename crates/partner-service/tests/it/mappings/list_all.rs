use pms_testkit::Who;
use serde_json::{Value, json};

use crate::administration::{assert_guarded, retrieved};
use crate::support::{Row, Stage, neutral, refused};

fn none() -> Value {
    refused(
        "PMS_PMP_015",
        "No Partner api key requests for the Policy Group",
    )
}

fn row(id: &str, status: &str) -> Value {
    json!({
        "partnerID": "acme",
        "status": status,
        "organizationName": "Org acme",
        "policyId": "p-1",
        "policyDesc": "why",
        "apiKeyReqNo": id,
    })
}

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_seeds();
    stage.partner(&Row::default());
    stage
}

#[actix_web::test]
async fn all_requests_are_listed_and_one_is_read() {
    let stage = stage().await;
    stage.mapping("m-1", "acme", "p-1", "approved");
    stage.mapping("m-2", "acme", "p-1", "InProgress");
    stage.sql("UPDATE partner_policy_request SET cr_dtimes = '2026-01-01'");

    let all = stage.get(&Who::admin(), "/partners/apikey").await;
    let one = stage.get(&Who::admin(), "/partners/apikey/m-2").await;
    let unknown = stage.get(&Who::admin(), "/partners/apikey/m-3").await;

    let requests = json!([row("m-1", "approved"), row("m-2", "InProgress")]);
    assert_eq!(
        all.timeless(),
        retrieved(&json!({ "apikeyRequests": requests }))
    );
    assert_eq!(one.timeless(), retrieved(&row("m-2", "InProgress")));
    assert_eq!(unknown.timeless(), none());
    assert_guarded(&stage, "/partners/apikey").await;
    assert_guarded(&stage, "/partners/apikey/m-1").await;
}

#[actix_web::test]
async fn no_request_at_all_is_an_error() {
    let stage = stage().await;

    let none_found = stage.get(&Who::admin(), "/partners/apikey").await;

    assert_eq!((none_found.status, none_found.timeless()), (200, none()));
}

#[actix_web::test]
async fn a_long_list_arrives_whole_and_a_longer_one_not_at_all() {
    let stage = Stage::with(|app| app.setting("limits.unpaged_rows", "1200")).await;
    stage.without_seeds();
    stage.partner(&Row::default());
    let insert = |from: u32, to: u32| {
        stage.sql(&format!(
            "INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes,
               request_detail, status_code, cr_by, cr_dtimes)
             SELECT 'm-' || n, 'acme', 'p-1', now(), 'why', 'approved', 'u',
               timestamp '2026-01-01' + n / 7 * interval '1 second'
             FROM generate_series({from}, {to}) n"
        ));
    };

    insert(1, 1200);
    let whole = stage.get(&Who::admin(), "/partners/apikey").await;
    insert(1201, 1201);
    let too_long = stage.get(&Who::admin(), "/partners/apikey").await;

    let response = whole.response();
    let mut ids: Vec<&str> = response["apikeyRequests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|request| request["apiKeyReqNo"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 1200);
    assert_eq!((too_long.status, too_long.timeless()), (200, neutral()));
}
