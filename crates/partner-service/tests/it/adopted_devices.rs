//! Devices, SBIs and FTM chips that the reference wrote, in all states that are
//! found in the field: taken over by the migrations and served.

use pms_database::migrations::{self, Origin};
use pms_testkit::{Reply, TestDatabase, Who};
use serde_json::{Value, json};

use crate::devices_stage::nina;
use crate::searching::{column as member, wanted};
use crate::support::Stage;

/// A row per state, and what old releases left: `Activated` and other statuses that
/// nothing writes today, deletion marks that are null, SBIs and chips that lack what
/// may be null, a mapping twice, mappings whose device or SBI is gone.
const ROWS: &str = "
    INSERT INTO partner_type (code, partner_description, is_policy_required, is_active, cr_by,
      cr_dtimes)
    VALUES ('FTM_Provider', 'FTM Provider', false, true, 'superadmin', '2020-11-10');
    INSERT INTO partner (id, name, address, contact_no, email_id, user_id, partner_type_code,
      approval_status, is_active, cr_by, cr_dtimes)
    VALUES ('north', 'North', 'a', '1', 'n@x.org', 'nina', 'Device_Provider', 'approved', true,
        'u', '2021-01-01'),
      ('trust', 'Trust', 'a', '1', 't@x.org', 'nina', 'FTM_Provider', 'approved', true,
        'u', '2021-01-01'),
      ('boss', 'Boss', 'a', '1', 'b@x.org', 'admin', 'Device_Provider', 'approved', true,
        'u', '2021-01-01');
    INSERT INTO reg_device_type (code, name, is_active, cr_by, cr_dtimes)
    VALUES ('Finger', 'Finger', true, 'now()', '2021-01-01');
    INSERT INTO reg_device_sub_type (code, dtyp_code, name, is_active, cr_by, cr_dtimes)
    VALUES ('Slap', 'Finger', 'Slap', true, 'now()', '2021-01-01');
    INSERT INTO device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
      approval_status, is_active, cr_by, cr_dtimes, is_deleted)
    SELECT id, 'north', 'Finger', 'Slap', 'Make', id, status, active, 'u', '2021-01-01', deleted
    FROM (VALUES ('e1', 'pending_approval', false, false), ('e2', 'approved', true, NULL),
      ('e3', 'approved', false, false), ('e4', 'rejected', false, NULL),
      ('e5', 'Activated', true, NULL), ('e6', 'Registered', false, false),
      ('e7', 'approved', true, false)) AS x (id, status, active, deleted);
    INSERT INTO secure_biometric_interface (id, sw_binary_hash, sw_version, sw_cr_dtimes,
      sw_expiry_dtimes, approval_status, is_active, provider_id, cr_by, cr_dtimes, is_deleted)
    SELECT id, 'hash', id, made::timestamp, ends::timestamp, status, active, provider, 'u',
      '2021-01-01', deleted
    FROM (VALUES
      ('i1', '2021-01-01', '2030-01-01', 'approved', true, 'north', false),
      ('i2', '2021-01-01', '2030-01-01', 'pending_approval', false, 'north', NULL),
      ('i3', '2021-01-01', '2025-01-01', 'approved', true, 'north', false),
      ('i4', NULL, NULL, 'approved', false, 'north', NULL),
      ('i5', '2021-01-01', '2030-01-01', 'rejected', false, 'north', false),
      ('i6', NULL, NULL, 'Activated', true, NULL, NULL))
      AS x (id, made, ends, status, active, provider, deleted);
    INSERT INTO device_detail_sbi (dprovider_id, device_detail_id, sbi_id, is_active, cr_by,
      cr_dtimes)
    VALUES ('north', 'e1', 'i1', false, 'u', '2021-01-01'),
      ('north', 'e2', 'i1', true, 'u', '2021-01-01'),
      ('north', 'e2', 'i1', true, 'u', '2021-01-02'),
      ('north', 'e7', 'i6', true, 'u', '2021-01-02');
    INSERT INTO ftp_chip_detail (id, foundational_trust_provider_id, make, model,
      certificate_alias, approval_status, is_active, cr_by, cr_dtimes, is_deleted)
    VALUES ('1', 'trust', 'Make', '1', NULL, 'pending_cert_upload', false, 'u', '2021-01-01', false),
      ('2', 'trust', 'Make', '2', 'cert-1', 'pending_approval', false, 'u', '2021-01-01', NULL),
      ('3', 'trust', 'Make', '3', 'cert-1', 'approved', true, 'u', '2021-01-01', NULL),
      ('4', 'trust', 'Make', '4', 'cert-1', 'approved', false, 'u', '2021-01-01', false),
      ('5', 'trust', 'Make', '5', NULL, 'rejected', false, 'u', '2021-01-01', false),
      ('6', 'trust', NULL, NULL, NULL, 'Activated', true, 'u', '2021-01-01', NULL)";

/// The service on such a database, after `pms migrate`.
async fn adopted(database: TestDatabase) -> Stage {
    database.sql(ROWS);
    let report = migrations::migrate(&database.url()).unwrap();
    assert_eq!(report.origin, Origin::Adopted);
    let left_out: Vec<&str> = report
        .left_out
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(left_out, ["uk_ddsbi_device_sbi"]);
    Stage::with(|builder| builder.on(database)).await
}

/// Two members of the rows of a page.
fn pairs(reply: &Reply, id: &str, other: &str) -> Vec<(String, Value)> {
    let rows = reply.response()["data"].clone();
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row[id].as_str().unwrap().to_owned(), row[other].clone()))
        .collect()
}

fn expected(rows: &[(&str, Value)]) -> Vec<(String, Value)> {
    rows.iter()
        .map(|(id, value)| ((*id).to_owned(), value.clone()))
        .collect()
}

const PAGE: &str = "pageNo=0&pageSize=50&sortType=asc&sortFieldName";

#[actix_web::test]
async fn lists_show_every_adopted_row_and_null_for_statuses_of_old() {
    for database in [
        TestDatabase::of_reference(),
        TestDatabase::of_reference_1_2_2(),
    ] {
        let stage = adopted(database).await;
        let list = async |path: String| stage.get(&Who::admin(), &path).await;
        let ended = json!("deactivated");

        let devices = list(format!("/devicedetail?{PAGE}=deviceId")).await;
        assert_eq!(
            pairs(&devices, "deviceId", "status"),
            expected(&[
                ("e1", json!("pending_approval")),
                ("e2", json!("approved")),
                ("e2", json!("approved")),
                ("e3", ended.clone()),
                ("e4", json!("rejected")),
                ("e5", Value::Null),
                ("e6", Value::Null),
                ("e7", json!("approved")),
            ])
        );
        let sbis = list(format!("/securebiometricinterface?{PAGE}=sbiId")).await;
        assert_eq!(
            pairs(&sbis, "sbiId", "status"),
            expected(&[
                ("i1", json!("approved")),
                ("i2", json!("pending_approval")),
                ("i3", json!("approved")),
                ("i4", ended.clone()),
                ("i5", json!("rejected")),
                ("i6", Value::Null),
                ("s1", Value::Null),
            ])
        );
        assert_eq!(
            pairs(&sbis, "sbiId", "partnerId")[4..],
            expected(&[
                ("i5", json!("north")),
                ("i6", Value::Null),
                ("s1", Value::Null)
            ])
        );
        let chips = list(format!("/ftpchipdetail/v2?{PAGE}=ftmId")).await;
        assert_eq!(
            pairs(&chips, "ftmId", "status"),
            expected(&[
                ("1", json!("pending_cert_upload")),
                ("2", json!("pending_approval")),
                ("3", json!("approved")),
                ("4", ended.clone()),
                ("5", json!("rejected")),
                ("6", Value::Null),
            ])
        );
        // The provider's own pages.
        let own = stage.get(&nina(), "/securebiometricinterface").await;
        assert_eq!(own.response()["totalResults"], 5);
        let provider = Who::user("nina", &["FTM_PROVIDER"]);
        let own = stage.get(&provider, "/ftpchipdetail").await;
        assert_eq!(own.response().as_array().unwrap().len(), 6);
        let linked = stage
            .get(&nina(), "/securebiometricinterface/i1/devices")
            .await;
        assert_eq!(linked.response().as_array().unwrap().len(), 2);
    }
}

#[actix_web::test]
async fn searches_find_every_adopted_row_with_its_status_as_stored() {
    let stage = adopted(TestDatabase::of_reference_1_2_2()).await;
    let find = async |path: &str, id: &str, filters: Value| {
        let order = json!([{ "sortField": id, "sortType": "asc" }]);
        let mut request = wanted(&filters, &order);
        request["pagination"] = json!({ "pageStart": 0, "pageFetch": 50 });
        stage.send(&Who::admin(), "POST", path, request).await
    };
    let old = json!([{ "columnName": "approvalStatus", "type": "equals", "value": "activated" }]);

    for (path, id, all, of_old) in [
        (
            "/devicedetail/search",
            "id",
            &["e1", "e2", "e3", "e4", "e5", "e6", "e7"][..],
            &["e5"][..],
        ),
        (
            "/securebiometricinterface/search",
            "id",
            &["i1", "i2", "i3", "i4", "i5", "i6", "s1"],
            &["i6", "s1"],
        ),
        (
            "/ftpchipdetail/search",
            "ftpChipDetailId",
            &["1", "2", "3", "4", "5", "6"],
            &["6"],
        ),
    ] {
        let found = find(path, id, json!([])).await;
        assert_eq!(member(&found.response(), id), all, "{path}");
        let found = find(path, id, old.clone()).await;
        assert_eq!(member(&found.response(), id), of_old, "{path}");
        let status = &found.response()["data"][0]["approvalStatus"];
        assert_eq!(*status, "Activated", "{path}");
    }
    // Each pair once per row that stands for it; those whose device or SBI is gone
    // are passed over.
    let path = "/securebiometricinterface/devicedetails/map/search";
    let found = find(path, "providerId", json!([])).await;
    let mut devices = member(&found.response(), "deviceDetailId");
    devices.sort();
    assert_eq!(devices, ["e1", "e2", "e2", "e7"]);
}

/// The error's code, or nothing.
fn code(reply: &Reply) -> Option<String> {
    let errors = reply.json()["errors"].clone();
    errors[0]["errorCode"].as_str().map(str::to_owned)
}

#[actix_web::test]
async fn adopted_rows_are_approved_and_rejected_in_the_older_way() {
    let stage = adopted(TestDatabase::of_reference_1_2_2()).await;
    let decide = async |path: &str, id: &str, approve: bool| {
        let word = if approve { "Activate" } else { "De-activate" };
        let request = match path {
            "/ftpchipdetail" => json!({ "ftpChipDetailId": id, "approvalStatus": approve }),
            _ => json!({ "id": id, "approvalStatus": word }),
        };
        stage.send(&Who::admin(), "PATCH", path, request).await
    };
    let devices = ("/devicedetail", "device_detail");
    let sbis = ("/securebiometricinterface", "secure_biometric_interface");
    let chips = ("/ftpchipdetail", "ftp_chip_detail");

    for ((path, table), id, approve, error, after) in [
        (devices, "e1", true, None, "approved true"),
        (devices, "e3", true, None, "approved true"),
        (
            devices,
            "e4",
            true,
            Some("PMS_DEVICE_ERROR_010"),
            "rejected false",
        ),
        (devices, "e5", true, None, "approved true"),
        (devices, "e6", false, None, "rejected false"),
        // Approved before, though its SBI is none that could be approved for.
        (devices, "e7", true, None, "approved true"),
        (sbis, "i2", true, None, "approved true"),
        (sbis, "i3", true, Some("PMS_AUT_517"), "approved true"),
        (sbis, "i4", true, None, "approved true"),
        (sbis, "i5", false, Some("PMS_AUT_518"), "rejected false"),
        // It belongs to no provider; a rejection leaves its devices as they are.
        (sbis, "i6", false, None, "rejected false"),
        (sbis, "s1", true, None, "approved true"),
        (
            chips,
            "1",
            true,
            Some("PMP_AUT_033"),
            "pending_cert_upload false",
        ),
        (chips, "2", true, None, "approved true"),
        (chips, "4", true, None, "approved true"),
        (chips, "5", false, None, "rejected false"),
        (chips, "6", true, Some("PMP_AUT_033"), "Activated true"),
        (chips, "6", false, None, "rejected false"),
    ] {
        let reply = decide(path, id, approve).await;
        assert_eq!(code(&reply).as_deref(), error, "{id}: {}", reply.text);
        assert_eq!(stage.state_of(table, id), after, "{id}");
    }
    assert_eq!(stage.state_of("device_detail", "e7"), "approved true");
    let kept = "SELECT string_agg(id, ' ' ORDER BY id) FROM secure_biometric_interface_h";
    assert_eq!(stage.text(kept).as_deref(), Some("i2 i4 i6 s1"));
}

#[actix_web::test]
async fn adopted_rows_are_deactivated_and_devices_decided_for_their_sbi() {
    let stage = adopted(TestDatabase::of_reference_1_2_2()).await;
    let deactivate = async |path: &str, operation: &str| {
        let operation = format!("mosip.pms.deactivate.{operation}.patch");
        let request = json!({ "status": "De-Activate" });
        stage
            .send_v2(&Who::admin(), ("PATCH", path), &operation, request)
            .await
    };
    let approval = async |id: &str, sbi: &str| {
        let path = format!("/devicedetail/{id}/approval");
        let operation = "mosip.pms.approval.mapping.device.to.sbi.post";
        let request = json!({ "partnerId": "north", "sbiId": sbi, "status": "approved" });
        stage
            .send_v2(&Who::admin(), ("POST", &path), operation, request)
            .await
    };

    for (device, sbi, error) in [
        ("e1", "i6", Some("PMS_DEVICE_ERROR_002")),
        ("e1", "i3", Some("PMS_DEVICE_ERROR_021")),
        ("e5", "i1", Some("PMS_DEVICE_ERROR_010")),
        ("e1", "i1", None),
    ] {
        let reply = approval(device, sbi).await;
        assert_eq!(code(&reply).as_deref(), error, "{device}: {}", reply.text);
    }
    assert_eq!(stage.state_of("device_detail", "e1"), "approved true");
    for (path, operation, error) in [
        ("/devicedetail/e5", "device", Some("PMS_DEVICE_ERROR_023")),
        ("/devicedetail/e3", "device", Some("PMS_DEVICE_ERROR_014")),
        ("/devicedetail/e7", "device", None),
        (
            "/securebiometricinterface/i6",
            "sbi",
            Some("PMS_DEVICE_ERROR_022"),
        ),
        (
            "/securebiometricinterface/i4",
            "sbi",
            Some("PMS_DEVICE_ERROR_020"),
        ),
        ("/securebiometricinterface/i1", "sbi", None),
        ("/ftpchipdetail/6", "ftm", Some("PMS_FTM_ERROR_010")),
        ("/ftpchipdetail/4", "ftm", Some("PMS_FTM_ERROR_007")),
        ("/ftpchipdetail/3", "ftm", None),
    ] {
        let reply = deactivate(path, operation).await;
        assert_eq!(code(&reply).as_deref(), error, "{path}: {}", reply.text);
    }
    // Those of the SBI went with it, that of the doubled mapping too.
    for id in ["e1", "e2", "e7"] {
        assert_eq!(
            stage.state_of("device_detail", id),
            "approved false",
            "{id}"
        );
    }
    assert_eq!(
        stage.state_of("secure_biometric_interface", "i1"),
        "approved false"
    );
    assert_eq!(stage.state_of("ftp_chip_detail", "3"), "approved false");
}
