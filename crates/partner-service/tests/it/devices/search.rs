use pms_testkit::Who;
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::searching::*;
use crate::support::{Stage, neutral, refused};

const PATH: &str = "/devicedetail/search";
const TYPES: &str = "/devicedetail/deviceType/search";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make-1", "approved", true);
    stage.device("d2", "north", "Make-2", "Activated", true);
    stage.device("d3", "south", "Make-3", "rejected", false);
    stage.sql(
        "UPDATE device_detail SET partner_org_name = NULL, is_deleted = NULL WHERE id = 'd2';
         UPDATE device_detail SET cr_dtimes = '2026-01-02' WHERE id = 'd1'",
    );
    stage
}

fn search(filters: Value) -> Value {
    wanted(&filters, &json!([]))
}

async fn found(stage: &Stage, who: &Who, request: Value) -> Vec<String> {
    let reply = stage.send(who, "POST", PATH, request).await;
    column(&reply.response(), "id")
}

#[actix_web::test]
async fn devices_are_found_in_any_state_oldest_first() {
    let stage = stage().await;

    let reply = stage.send(&nina(), "POST", PATH, search(json!([]))).await;

    let row = |id: &str, make: &str, org: Value, status: &str| {
        json!({
            "id": id,
            "deviceProviderId": "north",
            "deviceTypeCode": "Finger",
            "deviceSubTypeCode": "Slap",
            "make": make,
            "model": "Model",
            "partnerOrganizationName": org,
            "isActive": true,
            "approvalStatus": status,
        })
    };
    let expected = page(&json!([
        row("d2", "Make-2", Value::Null, "Activated"),
        row("d1", "Make-1", json!("Org north"), "approved"),
    ]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn providers_find_their_own_and_administrators_all() {
    let stage = stage().await;
    let admin = Who::admin();

    assert_eq!(
        found(&stage, &admin, search(json!([]))).await,
        ["d2", "d3", "d1"]
    );
    assert_eq!(found(&stage, &sam(), search(json!([]))).await, ["d3"]);
    let theirs = search(json!([filter("deviceProviderId", "equals", "NORTH")]));
    assert_eq!(found(&stage, &admin, theirs.clone()).await, ["d2", "d1"]);
    assert!(found(&stage, &sam(), theirs).await.is_empty());
}

#[actix_web::test]
async fn a_filter_on_the_organisation_is_about_the_partners_name() {
    let stage = stage().await;
    let admin = Who::admin();
    let named = |name: &str, more: Value| {
        search(json!([
            filter("PARTNERORGANIZATIONNAME", "whatever", name),
            more
        ]))
    };
    let alive = filter("isActive", "equals", "true");

    assert_eq!(
        found(&stage, &admin, named("oRG n", alive.clone())).await,
        ["d2", "d1"]
    );
    // No such partner: then nothing else counts.
    let none = named("%", filter("nonsense", "", ""));
    let reply = stage.send(&admin, "POST", PATH, none).await;
    assert_eq!(reply.timeless(), nothing());
    let unnamed = named("Org", json!({ "type": "equals", "value": "x" }));
    let reply = stage.send(&admin, "POST", PATH, unnamed).await;
    assert_eq!(reply.timeless(), neutral());
    let unheld = named("\u{0}", alive);
    let reply = stage.send(&admin, "POST", PATH, unheld).await;
    let failed = refused("PMS-MSD-394", "Unable to process the request.");
    assert_eq!(reply.timeless(), failed);
    let sorted = json!([{ "sortField": "partnerOrganizationName", "sortType": "desc" }]);
    let ids = found(&stage, &admin, wanted(&json!([]), &sorted)).await;
    assert_eq!(ids, ["d3", "d1", "d2"]);
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = stage().await;
    for path in [PATH, TYPES] {
        let stage = Stage::start().await;
        assert_nulls_pass(&stage, path, &json!({})).await;
        assert_odd_requests(&stage, path, &json!({})).await;
    }
    assert_refusals(&stage, TYPES, &json!({})).await;
    for unnamed in [json!({ "type": "equals", "value": "x" }), Value::Null] {
        let reply = stage
            .send(&Who::admin(), "POST", PATH, search(json!([unnamed])))
            .await;
        assert_eq!(reply.timeless(), neutral());
        let reply = stage
            .send(&Who::admin(), "POST", TYPES, search(json!([unnamed])))
            .await;
        assert_eq!(reply.error().0, "PMS-MSD-311");
    }
    let sort = json!([{ "sortField": "crBy", "sortType": "asc" }]);
    let reply = stage
        .send(&Who::admin(), "POST", PATH, wanted(&json!([]), &sort))
        .await;
    assert_eq!(reply.error().0, "PMS-MSD-357");
    for (who, status) in [
        (Who::Nobody, 401),
        (Who::user("nina", &["AUTH_PARTNER"]), 403),
    ] {
        for path in [PATH, TYPES] {
            assert_eq!(
                stage
                    .send(&who, "POST", path, search(json!([])))
                    .await
                    .status,
                status
            );
        }
    }
}

#[actix_web::test]
async fn sub_types_of_one_code_are_two_rows() {
    let stage = Stage::start().await;
    stage.sql("UPDATE reg_device_sub_type SET cr_by = 'u', cr_dtimes = '2026-01-01 10:00:00.5'");
    let single = search(json!([filter("code", "equals", "single")]));

    let reply = stage.send(&nina(), "POST", TYPES, single).await;

    let row = |kind: &str, text: &str| {
        json!({
            "code": "Single",
            "deviceType": kind,
            "name": "Single",
            "desciption": text,
            "active": true,
            "isDeleted": false,
            "crBy": "u",
            "crDtimes": "2026-01-01T10:00:00.5",
            "delDtimes": null,
            "updBy": null,
            "updDtimes": null,
        })
    };
    let expected = page(&json!([
        row("Finger", "Fingerprint Single Finger"),
        row("Iris", "Single"),
    ]));
    assert_eq!(reply.timeless(), expected);
}
