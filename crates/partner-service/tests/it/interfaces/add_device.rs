use futures_util::future::join;
use pms_testkit::bodies::{answered, refusal};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{OLDER_UNIQUE, WITHOUT_PARTNERS, nina, providers};
use crate::support::{Stage, violation};

const OPERATION: &str = "mosip.pms.add.device.to.sbi.id.post";

fn device() -> Value {
    json!({
        "id": null,
        "deviceProviderId": "north",
        "deviceTypeCode": "Iris",
        "deviceSubTypeCode": "Double",
        "make": " Make  One ",
        "model": "Model",
    })
}

async fn stage() -> Stage {
    let stage = providers().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage
}

async fn add(stage: &Stage, who: &Who, request: Value) -> Reply {
    let path = ("POST", "/securebiometricinterface/s1/devices");
    stage.send_v2(who, path, OPERATION, request).await
}

#[actix_web::test]
async fn a_device_waits_for_approval_with_its_mapping() {
    let stage = stage().await;

    let reply = add(&stage, &nina(), device()).await;

    let id = reply.response()["id"].as_str().unwrap().to_owned();
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()));
    let expected = answered(OPERATION, &json!({ "id": id }));
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(stage.device_state(&id), "pending_approval false");
    assert_eq!(
        stage.text("SELECT make FROM device_detail").as_deref(),
        Some("Make One")
    );
    let expected = json!([{
        "dprovider_id": "north",
        "partner_org_name": "Org north",
        "device_detail_id": id,
        "sbi_id": "s1",
        "is_active": false,
        "cr_by": "nina",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
        "del_dtimes": null,
    }]);
    assert_eq!(stage.rows("SELECT * FROM device_detail_sbi"), expected);
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order_and_store_nothing() {
    let stage = stage().await;
    stage.device("d1", "north", "Make One", "approved", true);
    stage.sql("UPDATE device_detail SET dtype_code = 'Iris', dstype_code = 'Double'");
    let refused = async |who: &Who, request: Value, (code, message): (&str, &str)| {
        let reply = add(&stage, who, request).await;
        assert_eq!(
            reply.timeless(),
            refusal(OPERATION, code, message),
            "{code}"
        );
        assert_eq!(stage.count("device_detail", "id <> 'd1'"), "0");
    };
    let with = |members: &[(&str, &str)]| {
        let mut request = device();
        for (member, value) in members {
            request[*member] = json!(value);
        }
        request
    };
    let no_type = ("deviceTypeCode", "x");
    stage.sql("UPDATE secure_biometric_interface SET provider_id = 'south'");
    refused(&Who::admin(), device(), WITHOUT_PARTNERS).await;
    let foreign = (
        "PMS_DEVICE_ERROR_001",
        "Partner id is not associated with user.",
    );
    refused(
        &nina(),
        with(&[("deviceProviderId", "south"), no_type]),
        foreign,
    )
    .await;
    let text = "Reg Device Sub Type Code not found in the list of Reg Device Sub Types";
    let closed = ("deviceProviderId", "closed");
    refused(&nina(), with(&[closed, no_type]), ("PMS_AUT_001", text)).await;
    let text = "This partner has been inactivated by Partner admin";
    refused(&nina(), with(&[closed]), ("PMS_AUT_002", text)).await;
    refused(
        &nina(),
        device(),
        ("PMS_AUT_003", "Device Details already exists"),
    )
    .await;
    let taken = with(&[("id", "d1"), ("make", "New")]);
    refused(
        &nina(),
        taken,
        ("PMS_AUT_003", "Device Details already exists"),
    )
    .await;
    stage.device_of("d7", "s1");
    let mapped = (
        "PMS_DEVICE_ERROR_004",
        "SBI and Device mapping already exists.",
    );
    refused(&nina(), with(&[("id", "d7"), ("make", "New")]), mapped).await;
    let new = with(&[("make", "New")]);
    let other = (
        "PMS_DEVICE_ERROR_002",
        "SBI is not associated with partner Id.",
    );
    refused(&nina(), new.clone(), other).await;
    for (change, code, message) in [
        (
            "provider_id = 'north', approval_status = 'pending_approval'",
            "PMS_DEVICE_ERROR_009",
            "Unable to process the request as the associated SBI is not approved.",
        ),
        (
            "approval_status = 'rejected'",
            "PMS_DEVICE_ERROR_028",
            "Unable to process the request as the associated SBI is rejected",
        ),
        (
            "approval_status = 'approved', is_active = false",
            "PMS_DEVICE_ERROR_029",
            "Unable to process the request as the associated SBI is deactivated",
        ),
        (
            "is_active = true, sw_expiry_dtimes = '2026-11-23'",
            "PMS_DEVICE_ERROR_021",
            "SBI for which device is being added is expired",
        ),
    ] {
        stage.sql(&format!("UPDATE secure_biometric_interface SET {change}"));
        refused(&nina(), new.clone(), (code, message)).await;
    }
    stage.sql("DELETE FROM secure_biometric_interface");
    refused(&nina(), new, ("PMS_DEVICE_ERROR_005", "SBI do not exists.")).await;
}

#[actix_web::test]
async fn an_id_that_is_mapped_to_the_sbi_already_says_so_whatever_the_model() {
    let stage = stage().await;
    stage.interface("s2", Some("north"), "2", "approved", true);
    let chosen = |make: &str| {
        let mut request = device();
        request["id"] = json!("device-id-123");
        request["make"] = json!(make);
        request
    };
    let first = add(&stage, &nina(), chosen("One")).await;
    assert_eq!(first.response(), json!({ "id": "device-id-123" }));
    let exists = ("PMS_AUT_003", "Device Details already exists");
    let mapped = (
        "PMS_DEVICE_ERROR_004",
        "SBI and Device mapping already exists.",
    );

    for (make, sbi, (code, message)) in [
        ("One", "s1", exists),
        ("Other", "s1", mapped),
        ("Other", "s2", exists),
    ] {
        let path = format!("/securebiometricinterface/{sbi}/devices");
        let path = ("POST", path.as_str());
        let reply = stage.send_v2(&nina(), path, OPERATION, chosen(make)).await;
        let expected = refusal(OPERATION, code, message);
        assert_eq!(reply.timeless(), expected, "{make} {sbi}");
        // The mapping's SBI comes behind.
        stage.sql("UPDATE secure_biometric_interface SET approval_status = 'rejected'");
        let reply = stage.send_v2(&nina(), path, OPERATION, chosen(make)).await;
        assert_eq!(reply.timeless(), expected, "{make} {sbi}");
        stage.sql("UPDATE secure_biometric_interface SET approval_status = 'approved'");
    }
    let makes = "SELECT string_agg(make, ' ') FROM device_detail";
    assert_eq!(stage.text(makes).as_deref(), Some("One"));
    assert_eq!(stage.count("device_detail_sbi", "true"), "1");
}

#[actix_web::test]
async fn the_constraint_of_an_older_layout_means_a_device_that_exists() {
    let stage = stage().await;
    stage.sql(OLDER_UNIQUE);
    stage.device("d1", "north", "Make One", "rejected", false);
    stage.sql("UPDATE device_detail SET dtype_code = 'Iris', dstype_code = 'Double'");

    let reply = add(&stage, &nina(), device()).await;

    let expected = refusal(OPERATION, "PMS_AUT_003", "Device Details already exists");
    assert_eq!((reply.status, reply.timeless()), (200, expected));
    assert_eq!(stage.count("device_detail", "true"), "1");
}

#[actix_web::test]
async fn an_id_that_a_mapping_of_another_provider_still_names_is_taken() {
    for index in ["SELECT 1", "DROP INDEX uk_ddsbi_device_sbi"] {
        let stage = stage().await;
        stage.sql(index);
        stage.device_of("d7", "s1");
        stage.sql("UPDATE device_detail_sbi SET dprovider_id = 'south'");
        let mut request = device();
        request["id"] = json!("d7");

        let reply = add(&stage, &nina(), request).await;

        let expected = refusal(OPERATION, "PMS_AUT_003", "Device Details already exists");
        assert_eq!((reply.status, reply.timeless()), (200, expected));
        assert_eq!(stage.count("device_detail", "true"), "0");
        assert_eq!(stage.count("device_detail_sbi", "true"), "1");
    }
}

#[actix_web::test]
async fn a_model_returns_with_the_next_version() {
    let stage = stage().await;
    stage.interface("s2", Some("north"), "2", "approved", true);
    let first = add(&stage, &nina(), device()).await.response()["id"].clone();
    let next = ("POST", "/securebiometricinterface/s2/devices");

    let twice = stage.send_v2(&nina(), next, OPERATION, device()).await;
    assert_eq!(twice.error().0, "PMS_AUT_003");
    let end = json!({ "status": "De-Activate" });
    let path = ("PATCH", "/securebiometricinterface/s1");
    stage
        .send_v2(&nina(), path, "mosip.pms.deactivate.sbi.patch", end)
        .await;
    let again = stage.send_v2(&nina(), next, OPERATION, device()).await;

    assert_eq!(again.json()["errors"], json!([]));
    assert_ne!(again.response()["id"], first);
    assert_eq!(
        stage.device_state(first.as_str().unwrap()),
        "rejected false"
    );
}

#[actix_web::test]
async fn an_sbi_that_ends_meanwhile_leaves_no_device_behind() {
    let stage = stage().await;
    for _ in 0..20 {
        stage.sql(
            "DELETE FROM device_detail_sbi; DELETE FROM device_detail;
             UPDATE secure_biometric_interface SET is_active = true",
        );
        let who = nina();
        let end = json!({ "status": "De-Activate" });
        let path = ("PATCH", "/securebiometricinterface/s1");
        let ended = stage.send_v2(&who, path, "mosip.pms.deactivate.sbi.patch", end);

        let (_, ended) = join(add(&stage, &who, device()), ended).await;

        assert_eq!(ended.json()["errors"], json!([]));
        let live = "approval_status = 'pending_approval'";
        assert_eq!(stage.count("device_detail", live), "0");
    }
}

#[actix_web::test]
async fn the_envelope_the_path_the_fields_and_the_caller_are_checked() {
    let stage = stage().await;
    let path = ("POST", "/securebiometricinterface/s1/devices");

    let wrong = stage.send_v2(&nina(), path, "other", device()).await;
    assert_eq!(wrong.error().0, "PMS_REQUEST_ERROR_002");
    assert_eq!(add(&stage, &Who::Nobody, device()).await.status, 401);
    let role = Who::user("nina", &["FTM_PROVIDER"]);
    assert_eq!(add(&stage, &role, device()).await.status, 403);
    let blank = ("POST", "/securebiometricinterface/%20/devices");
    assert_eq!(
        stage
            .send_v2(&nina(), blank, OPERATION, device())
            .await
            .status,
        400
    );
    let mut empty = device();
    empty["make"] = json!(" ");
    let empty = add(&stage, &nina(), empty).await;
    let expected = violation("value is empty or null", "make");
    assert_eq!((empty.status, empty.timeless()), (400, expected));
    stage.sql("DROP TABLE device_detail_sbi CASCADE");
    let fault = add(&stage, &nina(), device()).await;
    let text = "Error while adding device for sbi.";
    assert_eq!(
        fault.timeless(),
        refusal(OPERATION, "PMS_DEVICE_ERROR_008", text)
    );
}
