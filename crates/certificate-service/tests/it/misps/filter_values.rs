//! POST /v1/partnermanager/misps/filtervalues

use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{Misps, admin, neutral, owner, plain, refused};

async fn misps() -> Misps {
    let misps = Misps::start().await;
    for misp in ["m", "n"] {
        misps.misp(misp);
    }
    misps.licence("m", "k-1", ("p", "2027-01-01"), false);
    misps.licence("m", "k-2", ("p", "2028-01-01"), true);
    misps.licence("n", "k-3", ("q", "2028-01-01"), true);
    misps
}

fn wanted(column: &str, kind: &str, text: &str) -> Value {
    json!({ "filters": [{ "columnName": column, "type": kind, "text": text }] })
}

async fn values(misps: &Misps, who: &Who, request: Value) -> Value {
    let reply = misps.post(who, "/filtervalues", request).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

fn found(column: &str, pairs: &[(&str, &str)]) -> Value {
    let value = |(value, code): &(&str, &str)| json!({ "fieldID": column, "fieldValue": value, "fieldCode": code });
    plain(&json!({ "filters": pairs.iter().map(value).collect::<Vec<_>>() }))
}

#[actix_web::test]
async fn values_come_with_the_misp_that_has_them() {
    let misps = misps().await;
    let admin = admin();

    let unique = values(&misps, &admin, wanted("policyId", "unique", "")).await;
    assert_eq!(unique, found("policyId", &[("p", "m"), ("q", "n")]));
    let all = values(&misps, &admin, wanted("policyId", "all", "P")).await;
    assert_eq!(all, found("policyId", &[("p", "m"), ("p", "m")]));
    let keys = values(&misps, &admin, wanted("licenseKey", "unique", "3")).await;
    assert_eq!(keys, found("licenseKey", &[("k-3", "n")]));
    let truth = values(&misps, &admin, wanted("isActive", "unique", "")).await;
    assert_eq!(truth, found("isActive", &[("true", ""), ("false", "")]));
    let nothing = values(&misps, &admin, json!({ "filters": [] })).await;
    assert_eq!(nothing, plain(&json!({ "filters": [] })));
    let no_text = json!({ "filters": [{ "columnName": "mispId", "text": null }] });
    let no_text = values(&misps, &admin, no_text).await;
    assert_eq!(no_text, found("mispId", &[("m", "m"), ("n", "n")]));
    let mut optional = wanted("policyId", "unique", "");
    let only_n = json!([{ "columnName": "mispId", "type": "equals", "value": "n" }]);
    optional["optionalFilters"] = only_n;
    let optional = values(&misps, &admin, optional).await;
    assert_eq!(optional, found("policyId", &[("q", "n")]));
}

#[actix_web::test]
async fn a_misp_picks_from_its_own_and_never_from_keys() {
    let misps = misps().await;

    let own = values(&misps, &owner("m"), wanted("policyId", "unique", "")).await;
    assert_eq!(own, found("policyId", &[("p", "m")]));
    let keys = values(&misps, &owner("m"), wanted("LicenseKey", "unique", "")).await;
    let message = "Column LicenseKey doesn't exist for the searched entity";
    assert_eq!(keys, refused("PMS-MSD-317", message));
    let manager = Who::user("boss", &["PARTNERMANAGER"]);
    let keys = values(&misps, &manager, wanted("licenseKey", "unique", "k-1")).await;
    assert_eq!(keys, found("licenseKey", &[("k-1", "m")]));
    let request = wanted("policyId", "unique", "");
    let nobody = misps
        .post(&Who::Nobody, "/filtervalues", request.clone())
        .await;
    assert_eq!(nobody.status, 401);
    let stranger = Who::user("m-user", &["AUTH_PARTNER"]);
    let stranger = misps.post(&stranger, "/filtervalues", request).await;
    assert_eq!(stranger.status, 403);
}

#[actix_web::test]
async fn faults_are_reported_together() {
    let misps = misps().await;
    let faulty = json!({ "filters": [
        { "columnName": "x", "type": " ", "text": "" },
        { "columnName": "mispId", "type": "some", "text": "" },
    ] });

    let body = values(&misps, &admin(), faulty).await;

    let mut expected = refused("", "");
    expected["errors"] = json!([
        { "errorCode": "PMS-MSD-322", "message": "Filter Type cannot be empty or null" },
        {
            "errorCode": "PMS-MSD-317",
            "message": "Column x doesn't exist for the searched entity",
        },
        { "errorCode": "PMS-MSD-324", "message": "Received Filter Type not supported" },
    ]);
    assert_eq!(body, expected);
    let date = values(&misps, &admin(), wanted("validToDate", "unique", "")).await;
    assert_eq!(
        date,
        refused("PMS-MSD-324", "Received Filter Type not supported")
    );
    let mut optional = wanted("mispId", "unique", "");
    optional["optionalFilters"] = json!([{ "columnName": "x", "type": "equals", "value": "y" }]);
    assert_eq!(values(&misps, &admin(), optional).await, neutral());
}

#[actix_web::test]
async fn filters_and_columns_must_be_there() {
    let misps = misps().await;
    let cases = [
        (json!({}), "must not be null :request.filters"),
        (
            wanted(" ", "unique", ""),
            "must not be blank :request.filters[0].columnName",
        ),
        (
            json!({ "filters": [{ "columnName": "mispId", "type": null }] }),
            "must not be null :request.filters[0].type",
        ),
    ];
    for (request, rule) in cases {
        let reply = misps.post(&admin(), "/filtervalues", request).await;
        let message = format!("Invalid request parameter - {rule}");
        assert_eq!(
            (reply.status, reply.error()),
            (400, ("PMS_COR_001".to_owned(), message))
        );
    }
}
