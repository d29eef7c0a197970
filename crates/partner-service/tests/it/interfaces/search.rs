use pms_testkit::Who;
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::searching::*;
use crate::support::{Stage, neutral};

const PATH: &str = "/securebiometricinterface/search";
const MAPPINGS: &str = "/securebiometricinterface/devicedetails/map/search";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage.interface("s2", Some("south"), "2", "rejected", false);
    stage.interface("s3", None, "3", "Activated", true);
    stage.device("d1", "north", "One", "approved", true);
    stage.device("d2", "north", "Two", "approved", true);
    stage.device_of("d1", "s1");
    stage.device_of("d2", "s1");
    stage.device_of("gone", "s1");
    stage.device_of("d1", "gone");
    stage.sql("UPDATE secure_biometric_interface SET is_deleted = NULL, sw_cr_dtimes = NULL WHERE id = 's3'");
    stage
}

fn search(filters: Value) -> Value {
    wanted(&filters, &json!([]))
}

#[actix_web::test]
async fn sbis_are_found_in_any_state() {
    let stage = stage().await;

    let reply = stage
        .send(&Who::admin(), "POST", PATH, search(json!([])))
        .await;

    let row = |id: &str, version: &str, provider: Option<&str>, status: &str, active: bool| {
        json!({
            "id": id,
            "swBinaryHash": "aGFzaA==",
            "swVersion": version,
            "deviceDetailId": null,
            "swCreateDateTime": if id == "s3" { Value::Null } else { json!("2025-01-01T00:00:00.000Z") },
            "swExpiryDateTime": "2026-11-24T00:00:00.000Z",
            "isActive": active,
            "approvalStatus": status,
            "providerId": provider,
            "partnerOrganizationName": format!("Org {id}"),
            "crBy": "u",
            "crDtimes": "2026-01-01T00:00:00",
            "delDtimes": null,
            "updBy": null,
            "updDtimes": null,
            "deleted": false,
        })
    };
    let expected = page(&json!([
        row("s1", "1", Some("north"), "approved", true),
        row("s2", "2", Some("south"), "rejected", false),
        row("s3", "3", None, "Activated", true),
    ]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let own = stage.send(&nina(), "POST", PATH, search(json!([]))).await;
    assert_eq!(column(&own.response(), "id"), ["s1"]);
    let by_hash = search(json!([
        filter("swBinaryHash", "equals", "aGFzaA=="),
        filter("partnerOrgName", "contains", "s2"),
    ]));
    let found = stage.send(&Who::admin(), "POST", PATH, by_hash).await;
    assert_eq!(column(&found.response(), "id"), ["s2"]);
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn mappings_are_found_and_orphans_passed_over() {
    let stage = stage().await;

    let reply = stage
        .send(&nina(), "POST", MAPPINGS, search(json!([])))
        .await;

    let row = |device: &str, make: &str| {
        json!({
            "deviceDetailId": device,
            "sbiId": "s1",
            "providerId": "north",
            "providerName": "Org",
            "make": make,
            "model": "Model",
            "deviceTypeCode": "Finger",
            "deviceSubTypeCode": "Slap",
            "swBinaryHash": "aGFzaA==",
            "swVersion": "1",
            "crBy": "u",
            "crDtimes": "2026-01-01T00:00:00.000+00:00",
        })
    };
    let expected = page(&json!([row("d1", "One"), row("d2", "Two")]));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    let one = search(json!([filter("DEVICEDETAILID", "", "d2")]));
    let found = stage.send(&Who::admin(), "POST", MAPPINGS, one).await;
    assert_eq!(column(&found.response(), "deviceDetailId"), ["d2"]);
    let others = stage
        .send(&sam(), "POST", MAPPINGS, search(json!([])))
        .await;
    assert_eq!(others.timeless(), nothing());
    let by_sbi = search(json!([filter("sbiId", "equals", "s1")]));
    let refused = stage.send(&nina(), "POST", MAPPINGS, by_sbi).await;
    assert_eq!(refused.error().0, "PMS-MSD-310");
}

#[actix_web::test]
async fn wrong_searches_are_refused_in_order() {
    let stage = stage().await;
    for path in [PATH, MAPPINGS] {
        assert_refusals(&stage, path, &json!({})).await;
        assert_nulls_pass(&stage, path, &json!({})).await;
        assert_odd_requests(&stage, path, &json!({})).await;
        let nobody = stage
            .send(&Who::Nobody, "POST", path, search(json!([])))
            .await;
        let role = Who::user("nina", &["AUTH_PARTNER"]);
        let wrong = stage.send(&role, "POST", path, search(json!([]))).await;
        assert_eq!((nobody.status, wrong.status), (401, 403));
    }
    for unnamed in [json!({ "type": "equals", "value": "x" }), Value::Null] {
        let ask = async |path: &str| {
            let request = search(json!([unnamed]));
            stage.send(&nina(), "POST", path, request).await
        };
        assert_eq!(ask(MAPPINGS).await.timeless(), neutral());
        assert_eq!(ask(PATH).await.error().0, "PMS-MSD-311");
    }
    for (path, field) in [
        (PATH, "partnerOrgName"),
        (MAPPINGS, "partnerName"),
        (MAPPINGS, "isActive"),
    ] {
        let sort = json!([{ "sortField": field, "sortType": "asc" }]);
        let reply = stage
            .send(&nina(), "POST", path, wanted(&json!([]), &sort))
            .await;
        assert_eq!(reply.error().0, "PMS-MSD-357");
    }
}
