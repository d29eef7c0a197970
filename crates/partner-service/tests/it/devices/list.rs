use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::Stage;

const OPERATION: &str = "mosip.pms.get.all.device.details.get";
const PATH: &str = "/devicedetail";

/// Devices of two providers: `d1` works with two SBIs, `d2` with one that is
/// gone, the others with none.
async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_devices();
    for (id, make, status, active) in [
        ("d1", "Make_1", "approved", true),
        ("d2", "Make-2", "approved", false),
        ("d3", "Make-3", "pending_approval", false),
        ("d4", "Make-4", "rejected", false),
        ("d5", "Make-5", "Activated", true),
    ] {
        stage.device(id, "north", make, status, active);
    }
    stage.interface("s1", Some("north"), "v1", "approved", true);
    stage.interface("s2", Some("north"), "v2", "approved", true);
    for (device, sbi) in [("d1", "s1"), ("d1", "s2"), ("d2", "gone")] {
        stage.device_of(device, sbi);
    }
    stage.sql(
        "UPDATE device_detail SET cr_dtimes = '2026-01-01 10:00:00.12' WHERE id < 'd3';
         UPDATE device_detail SET cr_dtimes = '2026-01-02', dprovider_id = 'south',
           partner_org_name = NULL, dtype_code = 'Iris', dstype_code = 'Double', model = 'Other'
         WHERE id = 'd3'",
    );
    stage
}

async fn list(stage: &Stage, query: &str) -> Reply {
    let reply = stage.get(&Who::admin(), &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn ids(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, query).await, "deviceId")
}

fn row(id: &str, make: &str, status: &Value, sbi: Option<(&str, &str)>) -> Value {
    let (sbi_id, version) = sbi.unzip();
    json!({
        "deviceId": id,
        "partnerId": "north",
        "orgName": "Org north",
        "deviceType": "Finger",
        "deviceSubType": "Slap",
        "status": status,
        "make": make,
        "model": "Model",
        "createdDateTime": "2026-01-01T00:00:00",
        "sbiId": sbi_id,
        "sbiVersion": version,
    })
}

#[actix_web::test]
async fn a_device_has_a_row_for_each_sbi() {
    let stage = stage().await;

    let reply = list(&stage, "").await;

    let early = |mut row: Value| {
        row["createdDateTime"] = json!("2026-01-01T10:00:00.12");
        row
    };
    let mut first = row("d3", "Make-3", &json!("pending_approval"), None);
    first["partnerId"] = json!("south");
    first["orgName"] = Value::Null;
    first["deviceType"] = json!("Iris");
    first["deviceSubType"] = json!("Double");
    first["model"] = json!("Other");
    first["createdDateTime"] = json!("2026-01-02T00:00:00");
    let approved = json!("approved");
    let page = json!({
        "pageNo": 0,
        "pageSize": 8,
        "totalResults": 6,
        "data": [
            first,
            early(row("d1", "Make_1", &approved, Some(("s1", "v1")))),
            early(row("d1", "Make_1", &approved, Some(("s2", "v2")))),
            early(row("d2", "Make-2", &json!("deactivated"), None)),
            row("d4", "Make-4", &json!("rejected"), None),
            row("d5", "Make-5", &Value::Null, None),
        ],
    });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn filters_narrow_and_wildcards_mean_themselves() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=SOU", &["d3"][..]),
        ("orgName=org%20n", &["d1", "d1", "d2", "d4", "d5"]),
        ("orgName=", &["d1", "d1", "d2", "d4", "d5"]),
        ("deviceType=iris", &["d3"]),
        ("deviceSubType=doub", &["d3"]),
        ("make=e_", &["d1", "d1"]),
        ("model=OTHER", &["d3"]),
        ("sbiId=S2", &["d1"]),
        ("sbiId=", &["d1", "d1"]),
        ("sbiVersion=v1&sbiId=s1", &["d1"]),
        ("deviceId=D4", &["d4"]),
        ("status=approved", &["d1", "d1"]),
        ("status=deactivated", &["d2"]),
        ("status=pending_approval", &["d3"]),
        ("status=rejected", &["d4"]),
        ("status=approved&pageSize=1", &["d1"]),
    ] {
        assert_eq!(ids(&stage, query).await, expected, "{query}");
    }
    for query in [
        "status=Approved",
        "status=Activated",
        "status=",
        "make=zzz",
        "pageNo=1",
        "pageNo=2147483647&pageSize=2147483647",
    ] {
        let none = list(&stage, query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
    let counted = list(&stage, "status=approved&pageSize=1").await.response();
    assert_eq!(counted["totalResults"], 2);
}

#[actix_web::test]
async fn every_column_sorts() {
    let stage = stage().await;

    for (field, ascending) in [
        ("deviceId", ["d1", "d1", "d2", "d3", "d4", "d5"]),
        ("sbiId", ["d1", "d1", "d3", "d2", "d4", "d5"]),
        ("sbiVersion", ["d1", "d1", "d3", "d2", "d4", "d5"]),
        ("partnerId", ["d1", "d1", "d2", "d4", "d5", "d3"]),
        ("orgName", ["d1", "d1", "d2", "d4", "d5", "d3"]),
        ("deviceType", ["d1", "d1", "d2", "d4", "d5", "d3"]),
        ("deviceSubType", ["d3", "d1", "d1", "d2", "d4", "d5"]),
        ("model", ["d1", "d1", "d2", "d4", "d5", "d3"]),
        ("status", ["d1", "d1", "d2", "d3", "d4", "d5"]),
        ("createdDateTime", ["d4", "d5", "d1", "d1", "d2", "d3"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=ASC");
        assert_eq!(ids(&stage, &query).await, ascending, "{field}");
    }
    let page = "sortFieldName=status&sortType=desc&pageNo=0&pageSize=2";
    assert_eq!(ids(&stage, page).await, ["d5", "d4"]);
    let page = "sortFieldName=make&sortType=desc&pageNo=1&pageSize=4";
    assert_eq!(ids(&stage, page).await.len(), 2);
}

#[actix_web::test]
async fn checks_come_in_the_contracts_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(false) {
        let refused = list(&stage, query).await.timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let reply = stage.get(&Who::admin(), "/devicedetail?pageNo=x").await;
    assert_eq!(
        (reply.status, &reply.json()["detail"]),
        (400, &json!("Failed to convert 'pageNo' with value: 'x'"))
    );
    stage.sql("DROP TABLE device_detail CASCADE");
    let text = "Error occurred while retrieving all device details";
    assert_eq!(
        list(&stage, "").await.timeless(),
        refusal(OPERATION, "PMS_FTM_ERROR_024", text)
    );
}
