use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::{Row, Stage};

const OPERATION: &str = "mosip.pms.all.sbi.details.get";
const PATH: &str = "/securebiometricinterface";

/// Four SBIs: one of `north` with devices in every state, one of `south`, and
/// two of nobody.
async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_devices();
    for (id, user, kind) in [
        ("north", "nora", "Device_Provider"),
        ("south", "sam", "FTM_Provider"),
    ] {
        let email = format!("{id}@acme.org");
        stage.partner(&Row {
            id,
            user,
            kind,
            active: false,
            email: &email,
            ..Row::default()
        });
    }
    stage.interface("s1", Some("north"), "v_1", "approved", true);
    stage.interface("s2", Some("south"), "v-2", "pending_approval", false);
    stage.interface("s3", None, "v-3", "Activated", true);
    stage.interface("s4", None, "v-4", "approved", false);
    for (id, status, active) in [
        ("d1", "approved", true),
        ("d2", "approved", false),
        ("d3", "pending_approval", false),
        ("d4", "rejected", false),
    ] {
        stage.device(id, "north", id, status, active);
        stage.device_of(id, "s1");
    }
    stage.device_of("gone", "s1");
    stage.device_of("d1", "s4");
    stage.sql(
        "UPDATE secure_biometric_interface SET sw_expiry_dtimes = '2026-11-23 23:59:59'
         WHERE id = 's2';
         UPDATE secure_biometric_interface SET sw_cr_dtimes = NULL, sw_expiry_dtimes = NULL,
           partner_org_name = NULL, cr_dtimes = '2026-01-02' WHERE id = 's3';
         UPDATE secure_biometric_interface SET sw_cr_dtimes = '2024-01-01' WHERE id = 's4'",
    );
    stage
}

async fn ask(stage: &Stage, who: &Who, query: &str) -> Reply {
    let reply = stage.get(who, &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn list(stage: &Stage, query: &str) -> Reply {
    ask(stage, &Who::admin(), query).await
}

async fn ids(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, query).await, "sbiId")
}

fn provider(user: &str) -> Who {
    Who::user(user, &["DEVICE_PROVIDER"])
}

fn first() -> Value {
    json!({
        "partnerId": "north",
        "orgName": "Org s1",
        "sbiId": "s1",
        "sbiVersion": "v_1",
        "status": "approved",
        "isActive": true,
        "sbiCreatedDateTime": "2025-01-01T00:00:00",
        "sbiExpiryDateTime": "2026-11-24T00:00:00",
        "sbiExpiryStatus": "valid",
        "countOfAssociatedDevices": 5,
        "countOfApprovedDevices": 1,
        "countOfPendingDevices": 1,
        "createdDateTime": "2026-01-01T00:00:00",
    })
}

fn second() -> Value {
    json!({
        "partnerId": "south",
        "orgName": "Org s2",
        "sbiId": "s2",
        "sbiVersion": "v-2",
        "status": "pending_approval",
        "isActive": false,
        "sbiCreatedDateTime": "2025-01-01T00:00:00",
        "sbiExpiryDateTime": "2026-11-23T23:59:59",
        "sbiExpiryStatus": "expired",
        "countOfAssociatedDevices": 0,
        "countOfApprovedDevices": 0,
        "countOfPendingDevices": 0,
        "createdDateTime": "2026-01-01T00:00:00",
    })
}

fn third() -> Value {
    json!({
        "partnerId": null,
        "orgName": null,
        "sbiId": "s3",
        "sbiVersion": "v-3",
        "status": null,
        "isActive": true,
        "sbiCreatedDateTime": null,
        "sbiExpiryDateTime": null,
        "sbiExpiryStatus": "valid",
        "countOfAssociatedDevices": 0,
        "countOfApprovedDevices": 0,
        "countOfPendingDevices": 0,
        "createdDateTime": "2026-01-02T00:00:00",
    })
}

fn all_of(rows: &[Value]) -> Value {
    let count = rows.len();
    let page = json!({ "pageNo": 0, "pageSize": count, "totalResults": count, "data": rows });
    answered(OPERATION, &page)
}

#[actix_web::test]
async fn administrators_see_everything_without_a_page() {
    let stage = stage().await;

    let reply = list(&stage, "").await;

    let mut fourth = first();
    fourth["partnerId"] = Value::Null;
    fourth["orgName"] = json!("Org s4");
    fourth["sbiId"] = json!("s4");
    fourth["sbiVersion"] = json!("v-4");
    fourth["status"] = json!("deactivated");
    fourth["isActive"] = json!(false);
    fourth["sbiCreatedDateTime"] = json!("2024-01-01T00:00:00");
    fourth["countOfAssociatedDevices"] = json!(1);
    fourth["countOfPendingDevices"] = json!(0);
    assert_eq!(
        reply.timeless(),
        all_of(&[third(), first(), second(), fourth])
    );
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn providers_see_the_sbis_of_their_own_partners() {
    let stage = stage().await;

    let of_nora = ask(&stage, &provider("nora"), "").await.timeless();
    let of_sam = ask(&stage, &provider("Sam"), "pageNo=0&pageSize=1").await;
    let others = ask(&stage, &provider("nora"), "partnerId=south").await;
    let odd = Who::user("nora", &["DEVICE_PROVIDER", "X_PARTNER_ADMIN"]);

    assert_eq!(of_nora, all_of(&[first()]));
    assert_eq!(of_sam.timeless(), all_of(&[second()]));
    assert_eq!(others.timeless(), answered(OPERATION, &nothing()));
    assert_eq!(ask(&stage, &odd, "").await.timeless(), all_of(&[first()]));
}

#[actix_web::test]
async fn a_single_sbi_counts_once_whatever_its_mappings() {
    let stage = stage().await;

    let reply = list(&stage, "sbiId=s1&pageNo=0&pageSize=1").await;

    assert_eq!(reply.timeless(), all_of(&[first()]));
}

#[actix_web::test]
async fn filters_narrow_and_columns_sort() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=NOR", &["s1"][..]),
        ("partnerId=", &["s1", "s2"]),
        ("orgName=org%20s2", &["s2"]),
        ("sbiId=S4", &["s4"]),
        ("sbiVersion=v_", &["s1"]),
        ("status=approved", &["s1"]),
        ("status=deactivated", &["s4"]),
        ("status=pending_approval&pageSize=1&pageNo=0", &["s2"]),
        ("sbiExpiryStatus=expired", &["s2"]),
        ("sbiExpiryStatus=valid", &["s1", "s4"]),
        ("pageNo=1&pageSize=3", &["s4"]),
    ] {
        assert_eq!(ids(&stage, query).await, expected, "{query}");
    }
    for query in [
        "status=rejected",
        "status=Approved",
        "status=",
        "sbiExpiryStatus=Valid",
        "sbiExpiryStatus=",
        "pageNo=2&pageSize=3",
    ] {
        let none = list(&stage, query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
    for (field, ascending) in [
        ("partnerId", ["s1", "s2", "s3", "s4"]),
        ("orgName", ["s1", "s2", "s4", "s3"]),
        ("partnerType", ["s1", "s2", "s3", "s4"]),
        ("sbiId", ["s1", "s2", "s3", "s4"]),
        ("sbiCreatedDateTime", ["s4", "s1", "s2", "s3"]),
        ("sbiExpiryDateTime", ["s2", "s1", "s4", "s3"]),
        ("status", ["s1", "s4", "s2", "s3"]),
        ("createdDateTime", ["s1", "s2", "s4", "s3"]),
        ("sbiExpiryStatus", ["s2", "s1", "s4", "s3"]),
        ("countOfAssociatedDevices", ["s3", "s2", "s4", "s1"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=ASC&pageNo=0&pageSize=9");
        assert_eq!(ids(&stage, &query).await, ascending, "{field}");
    }
    for (query, expected) in [
        ("sortFieldName=countOfAssociatedDevices&sortType=DESC", "s1"),
        ("sortFieldName=sbiId&sortType=DESC", "s4"),
        ("sortFieldName=sbiExpiryStatus&sortType=DESC", "s3"),
    ] {
        let page = format!("{query}&pageNo=0&pageSize=1");
        assert_eq!(ids(&stage, &page).await, [expected], "{query}");
    }
}

#[actix_web::test]
async fn checks_come_before_the_scope_and_in_their_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(true) {
        let refused = ask(&stage, &provider("nobody"), query).await.timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let text = "User Id does not exists.";
    assert_eq!(
        ask(&stage, &provider("nobody"), "").await.timeless(),
        refusal(OPERATION, "PMS_CERTIFICATE_ERROR_002", text)
    );
    stage.sql("DROP TABLE secure_biometric_interface CASCADE");
    let text = "Unable to fetch SBI details.";
    assert_eq!(
        list(&stage, "").await.timeless(),
        refusal(OPERATION, "PMS_SBI_ERROR_001", text)
    );
}

#[actix_web::test]
async fn more_than_the_limit_is_not_listed() {
    let stage = Stage::with(|builder| builder.setting("limits.unpaged_rows", "2")).await;

    // The default rows are three.
    let refused = list(&stage, "").await.timeless();
    let paged = list(&stage, "pageNo=0&pageSize=9").await.response();

    let text = "Unable to fetch SBI details.";
    assert_eq!(refused, refusal(OPERATION, "PMS_SBI_ERROR_001", text));
    assert_eq!(paged["totalResults"], 3);
}
