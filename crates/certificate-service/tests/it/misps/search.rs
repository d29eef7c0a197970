//! POST /v1/partnermanager/misps/search

use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{Misps, admin, neutral, owner, plain, refused};

const FAR: (&str, &str) = ("", "2030-01-01");

async fn misps() -> Misps {
    let misps = Misps::start().await;
    for misp in ["m", "n"] {
        misps.misp(misp);
    }
    misps.licence("m", "k-A", ("p", "2027-01-01"), false);
    misps.licence("m", "k-b", ("p", "2028-01-01"), true);
    misps.licence("n", "k-c", FAR, true);
    misps.licence("n", "gone", FAR, true);
    misps
        .stage
        .sql("UPDATE pms.misp_license SET is_deleted = true WHERE license_key = 'gone'");
    misps
}

/// A search whose members are all there.
fn query(filters: Value, sort: Value, (start, fetch): (i64, i64)) -> Value {
    let mut query = json!({ "pagination": { "pageStart": start, "pageFetch": fetch } });
    query["filters"] = filters;
    query["sort"] = sort;
    query
}

fn filter(column: &str, kind: &str, value: &str) -> Value {
    json!([{ "columnName": column, "type": kind, "value": value }])
}

async fn search(misps: &Misps, who: &Who, request: Value) -> Value {
    let reply = misps.post(who, "/search", request).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

async fn keys(misps: &Misps, who: &Who, request: Value) -> Vec<String> {
    let body = search(misps, who, request).await;
    assert_eq!(body["errors"], json!([]));
    let rows = body["response"]["data"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let keys = rows
        .iter()
        .map(|row| row["licenseKey"].as_str().unwrap().to_owned());
    keys.collect()
}

#[actix_web::test]
async fn a_page_has_the_members_of_the_contract() {
    let misps = misps().await;

    let one = query(filter("mispId", "equals", "N"), json!([]), (0, 10));
    let row = json!({
        "mispId": "n", "policyId": null, "licenseKey": "k-c",
        "validFromDate": "2026-11-03T00:00:00", "validToDate": "2030-01-01T00:00:00",
        "isActive": true, "createdBy": "u", "createdDateTime": "2026-11-03T00:00:00",
        "updatedBy": null, "updatedDateTime": null, "isDeleted": false, "deletedDateTime": null,
    });
    let page = json!({ "fromRecord": 1, "toRecord": 1, "totalRecord": 1, "data": [row] });
    assert_eq!(search(&misps, &admin(), one).await, plain(&page));
    let empty = plain(&json!({ "fromRecord": 0, "toRecord": 0, "totalRecord": 0, "data": null }));
    let none = query(filter("mispId", "equals", "x"), json!([]), (0, 10));
    assert_eq!(search(&misps, &admin(), none).await, empty);
    assert_eq!(
        search(&misps, &admin(), query(json!([]), json!([]), (9, 10))).await,
        empty
    );
}

#[actix_web::test]
async fn filters_order_and_pages_are_those_of_every_search() {
    let misps = misps().await;
    let newest = json!([{ "sortField": "createdDateTime", "sortType": "DESC" }]);
    let all = |filters: Value, sort: Value| query(filters, sort, (0, 10));
    let admin = admin();

    assert_eq!(
        keys(&misps, &admin, all(json!([]), json!([]))).await,
        ["k-A", "k-b", "k-c", "gone"],
        "deleted ones come without a filter"
    );
    assert_eq!(
        keys(
            &misps,
            &admin,
            all(filter("LICENSEKEY", "contains", "K-"), newest)
        )
        .await,
        ["k-c", "k-b", "k-A"]
    );
    let by_key = json!([{ "sortField": "licenseKey", "sortType": "asc" }]);
    assert_eq!(
        keys(&misps, &admin, query(json!([]), by_key, (1, 2))).await,
        ["k-b", "k-c"]
    );
    let active = all(filter("isActive", "equals", "false"), json!([]));
    assert_eq!(keys(&misps, &admin, active).await, ["k-A"]);
    let years = json!([{
        "columnName": "validToDate", "type": "between",
        "fromValue": "2027-06-01T00:00:00.000Z", "toValue": "2028-06-01T00:00:00.000Z",
    }]);
    assert_eq!(keys(&misps, &admin, all(years, json!([]))).await, ["k-b"]);
    let policies = json!([{ "columnName": "policyId", "type": "in", "values": ["p", "q"] }]);
    assert_eq!(
        keys(&misps, &admin, all(policies, json!([]))).await,
        ["k-A", "k-b"]
    );
    // Numbers as texts, and nothing at all.
    let texts = json!({
        "filters": [], "sort": [], "pagination": { "pageStart": "0", "pageFetch": "1" },
    });
    assert_eq!(keys(&misps, &admin, texts).await, ["k-A"]);
    assert_eq!(keys(&misps, &admin, json!({})).await.len(), 4);
}

#[actix_web::test]
async fn a_misp_finds_its_own_licences_alone() {
    let misps = misps().await;
    let all = || query(json!([]), json!([]), (0, 10));

    assert_eq!(keys(&misps, &owner("m"), all()).await, ["k-A", "k-b"]);
    let theirs = query(filter("mispId", "equals", "n"), json!([]), (0, 10));
    assert!(keys(&misps, &owner("m"), theirs).await.is_empty());
    let body = search(&misps, &owner("m"), all()).await;
    assert_eq!(body["response"]["totalRecord"], 2);
    let manager = Who::user("boss", &["PARTNERMANAGER"]);
    assert_eq!(keys(&misps, &manager, all()).await.len(), 4);
    assert_eq!(misps.post(&Who::Nobody, "/search", all()).await.status, 401);
    let stranger = Who::user("m-user", &["AUTH_PARTNER"]);
    assert_eq!(misps.post(&stranger, "/search", all()).await.status, 403);
}

#[actix_web::test]
async fn faults_have_the_codes_of_every_search() {
    let misps = misps().await;
    let sort = |field: &str, kind: &str| json!([{ "sortField": field, "sortType": kind }]);
    let cases = [
        (
            json!([{ "type": "equals", "value": "x" }]),
            json!([]),
            0,
            "PMS-MSD-311",
        ),
        (
            filter("misp_id", "equals", "x"),
            json!([]),
            0,
            "PMS-MSD-310",
        ),
        (filter("mispId", " ", "x"), json!([]), 0, "PMS-MSD-312"),
        (
            filter("isActive", "equals", "yes"),
            json!([]),
            0,
            "PMS-MSD-390",
        ),
        (filter("mispId", "in", ""), json!([]), 0, "PMS-MSD-391"),
        (
            filter("validToDate", "between", ""),
            json!([]),
            0,
            "PMS-MSD-315",
        ),
        (
            filter("validToDate", "contains", "x"),
            json!([]),
            0,
            "PMS-MSD-310",
        ),
        (json!([]), sort("", "asc"), 0, "PMS-MSD-314"),
        (json!([]), sort("mispid", "asc"), 0, "PMS-MSD-357"),
        (json!([]), sort("mispId", "up"), 0, "PMS-MSD-358"),
        (json!([]), json!([]), -1, "PMS-MSD-313"),
    ];
    for (filters, sort, start, code) in cases {
        let body = search(&misps, &admin(), query(filters, sort, (start, 10))).await;
        assert_eq!(body["errors"][0]["errorCode"], code);
        let message = body["errors"][0]["message"].as_str().unwrap();
        assert_eq!(body, refused(code, message));
    }
    let many: Vec<Value> = (0..101)
        .map(|_| filter("mispId", "x", "x")[0].clone())
        .collect();
    let body = search(&misps, &admin(), query(json!(many), json!([]), (0, 10))).await;
    assert_eq!(body, neutral());
}
