use pms_testkit::Who;
use serde_json::{Value, json};

use crate::ftm_stage::{provider, stage};
use crate::searching::*;
use crate::support::{Stage, plain};

const PATH: &str = "/ftpchipdetail/search";

fn given(stage: &Stage) {
    stage.chip("11", "north", ("approved", true), Some("cert-1"));
    stage.chip("12", "north", ("rejected", false), None);
    stage.chip("21", "south", ("pending_cert_upload", false), None);
    stage.sql(
        "UPDATE ftp_chip_detail SET upd_by = 'w', upd_dtimes = '2026-02-03' WHERE id = '12';
         UPDATE ftp_chip_detail SET make = NULL, model = NULL, partner_org_name = NULL,
           is_deleted = NULL WHERE id = '21'",
    );
}

/// The body of an answer with these rows: there are no pages.
fn whole(rows: &Value) -> Value {
    let count = rows.as_array().unwrap().len();
    plain(&json!({ "fromRecord": 0, "toRecord": count, "totalRecord": count, "data": rows }))
}

async fn ids(stage: &Stage, who: &Who, filters: Value, sort: Value) -> Vec<String> {
    let reply = stage.send(who, "POST", PATH, wanted(&filters, &sort)).await;
    column(&reply.response(), "ftpChipDetailId")
}

#[actix_web::test]
async fn all_chips_come_at_once_whatever_the_page() {
    let stage = stage().await;
    given(&stage);
    let mut request = wanted(&json!([filter("make", "contains", "ak")]), &json!([]));
    request["pagination"] = json!({ "pageStart": 7, "pageFetch": 1 });

    let reply = stage.send(&Who::admin(), "POST", PATH, request).await;

    let rows = json!([
        {
            "ftpChipDetailId": "11",
            "ftpProviderId": "north",
            "make": "Make",
            "model": "11",
            "certificateAlias": "cert-1",
            "partnerOrganizationName": "Org north",
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.5",
            "delDtimes": null,
            "updBy": null,
            "updDtimes": null,
            "approvalStatus": "approved",
            "active": true,
            "deleted": false,
        },
        {
            "ftpChipDetailId": "12",
            "ftpProviderId": "north",
            "make": "Make",
            "model": "12",
            "certificateAlias": null,
            "partnerOrganizationName": "Org north",
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.5",
            "delDtimes": null,
            "updBy": "w",
            "updDtimes": "2026-02-03T00:00:00",
            "approvalStatus": "rejected",
            "active": false,
            "deleted": false,
        },
    ]);
    assert_eq!(reply.timeless(), whole(&rows));
    let none = wanted(&json!([filter("make", "equals", "zzz")]), &json!([]));
    let none = stage.send(&Who::admin(), "POST", PATH, none).await;
    assert_eq!(none.timeless(), whole(&json!([])));
}

#[actix_web::test]
async fn columns_filter_and_sort() {
    let stage = stage().await;
    given(&stage);
    let admin = Who::admin();
    for (filters, expected) in [
        (
            json!([filter("ftpProviderId", "equals", "SOUTH")]),
            &["21"][..],
        ),
        (json!([filter("isActive", "equals", "true")]), &["11"]),
        (
            json!([filter("approvalStatus", "startsWith", "pending")]),
            &["21"],
        ),
        (
            json!([filter("certificateAlias", "contains", "ERT")]),
            &["11"],
        ),
        (
            json!([{ "columnName": "ftpChipDetailId", "type": "in", "values": ["12", "21"] }]),
            &["12", "21"],
        ),
        (
            json!([{ "columnName": "updDtimes", "type": "between", "fromValue": "2026-02-01T00:00:00",
                     "toValue": "2026-03-01T00:00:00.000Z" }]),
            &["12"],
        ),
    ] {
        assert_eq!(
            ids(&stage, &admin, filters.clone(), json!([])).await,
            expected,
            "{filters}"
        );
    }
    let sort = json!([{ "sortField": "ftpChipDetailId", "sortType": "DESC" }]);
    assert_eq!(
        ids(&stage, &admin, json!([]), sort).await,
        ["21", "12", "11"]
    );
}

#[actix_web::test]
async fn a_provider_finds_its_own_chips_alone() {
    let stage = stage().await;
    given(&stage);

    assert_eq!(
        ids(&stage, &provider("North"), json!([]), json!([])).await,
        ["11", "12"]
    );
    let foreign = json!([filter("ftpProviderId", "equals", "north")]);
    assert_eq!(
        ids(&stage, &provider("south"), foreign, json!([])).await,
        <[&str; 0]>::default()
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    given(&stage);

    assert_refusals(&stage, PATH, &json!({})).await;
    let wrong = Who::user("x", &["AUTH_PARTNER"]);
    let request = wanted(&json!([]), &json!([]));
    assert_eq!(
        stage
            .send(&wrong, "POST", PATH, request.clone())
            .await
            .status,
        403
    );
    assert_eq!(
        stage.send(&Who::Nobody, "POST", PATH, request).await.status,
        401
    );
}
