//! What all searches and filter-values calls of the service are asked and answer.

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{BASE, Stage, neutral, plain, refused, violation};

/// A search without members of its own.
pub fn wanted(filters: &Value, sort: &Value) -> Value {
    json!({
        "filters": filters,
        "sort": sort,
        "pagination": { "pageStart": "0", "pageFetch": "10" },
    })
}

pub fn filter(column: &str, kind: &str, value: &str) -> Value {
    json!({ "columnName": column, "type": kind, "value": value })
}

/// `wanted` with the members of `more`.
pub fn with(wanted: &Value, more: &Value) -> Value {
    let mut all = wanted.clone();
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    all
}

/// The whole body of a first page that holds all rows.
pub fn page(rows: &Value) -> Value {
    let count = rows.as_array().unwrap().len();
    plain(&json!({
        "fromRecord": 1,
        "toRecord": count,
        "totalRecord": count,
        "data": rows,
    }))
}

/// The whole body of an empty page.
pub fn nothing() -> Value {
    plain(&json!({ "fromRecord": 0, "toRecord": 0, "totalRecord": 0, "data": null }))
}

/// The whole body of a filter-values answer: columns, values and codes.
pub fn values(found: &[(&str, &str, &str)]) -> Value {
    let value = |(column, value, code): &(&str, &str, &str)| json!({ "fieldID": column, "fieldValue": value, "fieldCode": code });
    plain(&json!({ "filters": found.iter().map(value).collect::<Vec<_>>() }))
}

/// The members `name` of the rows that were found.
pub fn column(response: &Value, name: &str) -> Vec<String> {
    let rows = response["data"].as_array().cloned().unwrap_or_default();
    let text = |row: &Value| row[name].as_str().unwrap().to_owned();
    rows.iter().map(text).collect()
}

/// Refusals that all searches share, in the order of their checks: each request
/// is wrong in every later way too.
pub async fn assert_refusals(stage: &Stage, path: &str, more: &Value) {
    let unsorted = json!({ "sortField": null, "sortType": "asc" });
    let filters = |filter: Value| {
        let mut request = with(&wanted(&json!([filter]), &json!([unsorted])), more);
        request["pagination"] = json!({ "pageStart": -1, "pageFetch": 0 });
        request
    };
    let sorts = |sort: Value| {
        let mut request = with(&wanted(&json!([]), &json!([sort])), more);
        request["pagination"] = json!({ "pageStart": -1, "pageFetch": 0 });
        request
    };
    let pages = |start: i64, fetch: i64| {
        let page = json!({ "pagination": { "pageStart": start, "pageFetch": fetch } });
        with(&with(&wanted(&json!([]), &json!([])), &page), more)
    };
    for (request, code, message) in [
        (
            filters(filter("", "", "")),
            "PMS-MSD-310",
            "Invalid column received : ",
        ),
        (
            filters(filter("nonsense", "", "")),
            "PMS-MSD-310",
            "Invalid column received : nonsense",
        ),
        (
            filters(filter("crBy", " ", "")),
            "PMS-MSD-312",
            "Filter type is missing",
        ),
        (
            filters(json!({ "columnName": "crBy", "type": "in", "value": "a", "values": ["b"] })),
            "PMS-MSD-392",
            "Both value and values cannot be present",
        ),
        (
            filters(json!({ "columnName": "crBy", "type": "in", "values": [] })),
            "PMS-MSD-391",
            "Invalid filter values",
        ),
        (
            filters(filter("crBy", "unique", " ")),
            "PMS-MSD-390",
            "Invalid filter value",
        ),
        (
            filters(json!({ "columnName": "crBy", "type": "between", "fromValue": "a" })),
            "PMS-MSD-315",
            "Invalid fromValue or toValue",
        ),
        (
            filters(filter("crDtimes", "contains", "x")),
            "PMS-MSD-310",
            "Invalid column received : crDtimes",
        ),
        (
            sorts(unsorted.clone()),
            "PMS-MSD-314",
            "Missing sort field or sort type values",
        ),
        (
            sorts(json!({ "sortField": "CRBY", "sortType": "up" })),
            "PMS-MSD-357",
            "Invalid sort field CRBY",
        ),
        (
            sorts(json!({ "sortField": "crBy", "sortType": "up" })),
            "PMS-MSD-358",
            "Sort type up is not supported",
        ),
        (
            pages(-1, 10),
            "PMS-MSD-313",
            "Invalid pagination value received pagestart:-1 and pagefetch:10",
        ),
        (
            pages(0, 0),
            "PMS-MSD-313",
            "Invalid pagination value received pagestart:0 and pagefetch:0",
        ),
    ] {
        let reply = stage
            .send(&Who::admin(), "POST", path, request.clone())
            .await;
        let expected = refused(code, message);
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, expected),
            "{request}"
        );
    }
}

/// Requests of hostile clients do no harm.
pub async fn assert_odd_requests(stage: &Stage, path: &str, more: &Value) {
    let ask = async |member: &str, value: Value| {
        let mut request = with(&wanted(&json!([]), &json!([])), more);
        request[member] = value;
        stage.send(&Who::admin(), "POST", path, request).await
    };
    let unreadable = json!("Failed to read request");
    for (member, value) in [
        ("filters", json!({})),
        ("filters", json!(["crBy"])),
        ("sort", json!("crBy")),
        ("pagination", json!([])),
        ("pagination", json!({ "pageStart": 2_147_483_648_i64 })),
        ("pagination", json!({ "pageFetch": "99999999999" })),
    ] {
        let reply = ask(member, value.clone()).await;
        let found = (reply.status, reply.json()["detail"].clone());
        assert_eq!(found, (400, unreadable.clone()), "{value}");
    }
    let last = json!({ "pageStart": 2_147_483_647, "pageFetch": 2_147_483_647 });
    assert_eq!(ask("pagination", last).await.timeless(), nothing());
    let failed = refused("PMS-MSD-394", "Unable to process the request.");
    for unheld in [
        filter("crBy", "equals", "a\u{0}b"),
        filter("crBy", "contains", "\u{0}"),
        json!({ "columnName": "crBy", "type": "in", "values": ["a", "\u{0}"] }),
        json!({ "columnName": "crBy", "type": "between", "fromValue": "a", "toValue": "b\u{0}" }),
    ] {
        let found = ask("filters", json!([unheld])).await.timeless();
        assert_eq!(found, failed, "{unheld}");
    }
    let incomplete = refused("PMS-MSD-314", "Missing sort field or sort type values");
    assert_eq!(ask("sort", json!([null])).await.timeless(), incomplete);
    let nothing_listed = json!([{ "columnName": "updBy", "type": "in", "values": [null] }]);
    assert_eq!(ask("filters", nothing_listed).await.timeless(), nothing());
    let invalid = refused("PMS-MSD-390", "Invalid filter value");
    let end_of_time = json!([filter("crDtimes", "equals", "+262142-12-31T23:59:59.9999")]);
    assert_eq!(ask("filters", end_of_time).await.timeless(), invalid);
    let long = json!([filter("crBy", "contains", &"%".repeat(100_000))]);
    assert_eq!(ask("filters", long).await.timeless(), nothing());
}

/// Lists and pages that are null are empty and the first.
pub async fn assert_nulls_pass(stage: &Stage, path: &str, more: &Value) {
    for member in ["filters", "sort", "pagination"] {
        let mut request = with(&wanted(&json!([]), &json!([])), more);
        request[member] = Value::Null;
        let response = stage.send(&Who::admin(), "POST", path, request).await;
        assert_eq!(response.response()["fromRecord"], 1, "{member}");
    }
}

/// Refusals that all filter-values calls share, with `column` a text column.
pub async fn assert_value_refusals(stage: &Stage, path: &str, column: &str) {
    let ask = async |request: Value| stage.send(&Who::admin(), "POST", path, request).await;
    let several = json!({ "filters": [
        { "columnName": "nonsense", "type": " ", "text": "" },
        { "columnName": column, "type": "some", "text": "" },
    ] });
    let mut faults = refused("PMS-MSD-322", "Filter Type cannot be empty or null");
    faults["errors"] = json!([
        { "errorCode": "PMS-MSD-322", "message": "Filter Type cannot be empty or null" },
        {
            "errorCode": "PMS-MSD-317",
            "message": "Column nonsense doesn't exist for the searched entity",
        },
        { "errorCode": "PMS-MSD-324", "message": "Received Filter Type not supported" },
    ]);
    assert_eq!(ask(several).await.timeless(), faults);
    let of = |filter: Value| json!({ "filters": [filter] });
    for request in [
        of(json!({ "columnName": column, "type": "all" })),
        of(json!({ "columnName": "crDtimes", "type": "all", "text": "" })),
        of(json!({ "columnName": column, "type": "all", "text": "a\u{0}b" })),
        json!({
            "filters": [{ "columnName": column, "type": "all", "text": "" }],
            "optionalFilters": [filter(column, "equals", "\u{0}")],
        }),
    ] {
        let reply = ask(request.clone()).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (200, neutral()),
            "{request}"
        );
    }
    for (request, rule, field) in [
        (json!({}), "must not be null", "filters"),
        (
            of(Value::Null),
            "must not be blank",
            "filters[0].columnName",
        ),
        (
            of(json!({ "columnName": " ", "type": null })),
            "must not be blank",
            "filters[0].columnName",
        ),
        (
            of(json!({ "columnName": column, "type": null })),
            "must not be null",
            "filters[0].type",
        ),
    ] {
        let reply = ask(request).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
    assert_eq!(
        ask(json!({ "filters": [] })).await.timeless(),
        plain(&json!({ "filters": [] }))
    );
}

/// No caller comes in without a token, nor with a role that the endpoint does not
/// list; what can't be read is no request.
pub async fn assert_guarded(stage: &Stage, path: &str, request: &Value) {
    let stranger = Who::user("x", &["MANUAL_ADJUDICATION"]);
    let forbidden = stage.send(&stranger, "POST", path, request.clone()).await;
    assert_eq!(forbidden.status, 403);
    assert_eq!(
        forbidden.error(),
        ("KER-ATH-403".into(), "Forbidden".into())
    );
    assert_needs_token(stage, path, request).await;
}

/// No caller comes in without a token; what can't be read is no request.
pub async fn assert_needs_token(stage: &Stage, path: &str, request: &Value) {
    let unknown = stage
        .send(&Who::Nobody, "POST", path, request.clone())
        .await;
    let body = |text: &str| Some(text.to_owned());
    let url = format!("{BASE}{path}");
    let broken = stage
        .app
        .send(&Who::admin(), "POST", &url, body("{\"request\":"))
        .await;
    let missing = stage
        .app
        .send(&Who::admin(), "POST", &url, body("{\"id\":null}"))
        .await;

    assert_eq!(unknown.status, 401);
    assert_eq!(
        unknown.error(),
        ("KER-ATH-401".into(), "Authentication Failed".into())
    );
    assert_eq!(
        (broken.status, broken.json()["detail"].clone()),
        (400, json!("Failed to read request"))
    );
    assert_eq!(
        missing.json()["errors"][0]["message"],
        "Invalid request parameter - must not be null :request"
    );
}
