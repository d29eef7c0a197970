use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::Stage;

const OPERATION: &str = "mosip.pms.partners.ftm.chip.details.get";
const PATH: &str = "/ftpchipdetail/v2";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.sql(
        "INSERT INTO ftp_chip_detail (id, foundational_trust_provider_id, make, model,
           certificate_alias, partner_org_name, is_active, cr_by, cr_dtimes, approval_status,
           is_deleted)
         VALUES ('11', 'north', 'Make_1', 'M1', 'cert', 'North', true, 'u', '2026-01-01 10:00:00.5', 'approved', false),
                ('12', 'north', 'Make-2', 'M2', 'cert', 'North', false, 'u', '2026-01-02', 'approved', true),
                ('13', 'south', NULL, NULL, NULL, NULL, false, 'u', '2026-01-03', 'pending_cert_upload', NULL),
                ('14', 'south', 'Make-4', 'M4', 'cert', 'South', false, 'u', '2026-01-03', 'pending_approval', NULL),
                ('15', 'south', 'Make-5', 'M5', 'cert', 'South', false, 'u', '2026-01-01', 'rejected', NULL)",
    );
    stage
}

async fn list(stage: &Stage, query: &str) -> Reply {
    let reply = stage.get(&Who::admin(), &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn ids(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, query).await, "ftmId")
}

fn row(id: &str, status: &str, active: bool, at: &str) -> Value {
    let number = id.strip_prefix('1').unwrap();
    json!({
        "ftmId": id,
        "partnerId": "south",
        "orgName": "South",
        "make": format!("Make-{number}"),
        "model": format!("M{number}"),
        "status": status,
        "isActive": active,
        "isCertificateAvailable": true,
        "createdDateTime": at,
    })
}

#[actix_web::test]
async fn the_newest_come_first() {
    let stage = stage().await;

    let reply = list(&stage, "").await;

    let north = |mut row: Value| {
        row["partnerId"] = json!("north");
        row["orgName"] = json!("North");
        row
    };
    let mut bare = row("13", "pending_cert_upload", false, "2026-01-03T00:00:00");
    bare["orgName"] = Value::Null;
    bare["make"] = Value::Null;
    bare["model"] = Value::Null;
    bare["isCertificateAvailable"] = json!(false);
    let mut first = north(row("11", "approved", true, "2026-01-01T10:00:00.5"));
    first["make"] = json!("Make_1");
    let page = json!({
        "pageNo": 0,
        "pageSize": 8,
        "totalResults": 5,
        "data": [
            bare,
            row("14", "pending_approval", false, "2026-01-03T00:00:00"),
            north(row("12", "deactivated", false, "2026-01-02T00:00:00")),
            first,
            row("15", "rejected", false, "2026-01-01T00:00:00"),
        ],
    });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    assert_guarded(&stage, PATH).await;
    assert_eq!(stage.keys.calls("getPartnerCertificate"), 0);
}

#[actix_web::test]
async fn filters_narrow_and_columns_sort() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=NOR", &["12", "11"][..]),
        ("orgName=south", &["14", "15"]),
        ("ftmId=4", &["14"]),
        ("make=e_", &["11"]),
        ("model=m5", &["15"]),
        ("make=", &["14", "12", "11", "15"]),
        ("status=approved", &["11"]),
        ("status=deactivated", &["12"]),
        ("status=pending_cert_upload", &["13"]),
        ("status=pending_approval&pageSize=1", &["14"]),
        ("status=rejected", &["15"]),
        ("pageNo=2&pageSize=2", &["15"]),
    ] {
        assert_eq!(ids(&stage, query).await, expected, "{query}");
    }
    for query in [
        "status=APPROVED",
        "status=",
        "ftmId=%25",
        "pageNo=3&pageSize=2",
    ] {
        let none = list(&stage, query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
    for (field, ascending) in [
        ("partnerId", ["12", "11", "13", "14", "15"]),
        ("orgName", ["12", "11", "14", "15", "13"]),
        ("ftmId", ["11", "12", "13", "14", "15"]),
        ("model", ["11", "12", "14", "15", "13"]),
        ("status", ["11", "12", "14", "13", "15"]),
        ("createdDateTime", ["15", "11", "12", "13", "14"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=asc");
        assert_eq!(ids(&stage, &query).await, ascending, "{field}");
    }
    let page = "sortFieldName=make&sortType=Desc&pageNo=0&pageSize=1";
    assert_eq!(ids(&stage, page).await, ["13"]);
}

#[actix_web::test]
async fn checks_come_in_the_contracts_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(false) {
        let refused = list(&stage, query).await.timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let reply = stage
        .get(&Who::admin(), "/ftpchipdetail/v2?pageSize=x")
        .await;
    assert_eq!(
        (reply.status, &reply.json()["detail"]),
        (400, &json!("Failed to convert 'pageSize' with value: 'x'"))
    );
    stage.sql("DROP TABLE ftp_chip_detail CASCADE");
    let text = "Error while fetching the FTM chip details";
    assert_eq!(
        list(&stage, "").await.timeless(),
        refusal(OPERATION, "PMS_FTM_ERROR_001", text)
    );
}
