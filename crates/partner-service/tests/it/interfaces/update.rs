use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::support::{Stage, plain, refused, violation};

fn edit() -> Value {
    json!({
        "id": "s1",
        "swBinaryHash": "other",
        "swVersion": "2",
        "swCreateDateTime": "2026-01-01T00:00:00.000Z",
        "swExpiryDateTime": "2027-01-01T00:00:00.000Z",
        "isActive": true,
    })
}

/// The SBI `s1` with an approved device and one that waits.
async fn stage(status: &str, active: bool) -> Stage {
    let stage = providers().await;
    stage.sql("DELETE FROM secure_biometric_interface_h");
    stage.interface("s1", Some("north"), "1", status, active);
    stage.device("d1", "north", "One", "approved", true);
    stage.device("d2", "north", "Two", "pending_approval", false);
    stage.device_of("d1", "s1");
    stage.device_of("d2", "s1");
    stage
}

async fn update(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage
        .send(who, "PUT", "/securebiometricinterface", request)
        .await
}

#[actix_web::test]
async fn an_sbi_is_changed_and_every_change_is_kept() {
    let stage = stage("pending_approval", false).await;

    let reply = update(&stage, &nina(), edit()).await;

    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!({ "id": "s1" })))
    );
    let about = ("s1", "sbiId");
    stage.assert_audits(&[("AUT-013", about.0, about.1), ("AUT-012", about.0, about.1)]);
    let again = update(&stage, &nina(), edit()).await;
    assert_eq!(again.json()["errors"], json!([]));
    let rows = stage.rows(
        "SELECT convert_from(sw_binary_hash, 'UTF8') AS hash, sw_version, approval_status,
           is_active, cr_by, cr_dtimes, upd_by, is_deleted, eff_dtimes
         FROM secure_biometric_interface_h ORDER BY eff_dtimes",
    );
    let row = |at: &str| {
        json!({
            "hash": "other",
            "sw_version": "2",
            "approval_status": "pending_approval",
            "is_active": false,
            "cr_by": "nina",
            "cr_dtimes": "2026-11-24T10:00:00",
            "upd_by": "nina",
            "is_deleted": false,
            "eff_dtimes": at,
        })
    };
    let expected = json!([
        row("2026-11-24T10:00:00"),
        row("2026-11-24T10:00:00.000001")
    ]);
    assert_eq!(rows, expected);
}

#[actix_web::test]
async fn no_provider_takes_an_sbi_into_use() {
    let admin = Who::admin;
    let (live, ended) = ("approved true", "approved false");
    let waits = "pending_approval false";
    for (who, status, active, wanted, after, devices) in [
        (
            nina(),
            "pending_approval",
            false,
            true,
            waits,
            (live, waits),
        ),
        (
            admin(),
            "pending_approval",
            false,
            true,
            waits,
            (live, waits),
        ),
        (
            nina(),
            "rejected",
            false,
            true,
            "rejected false",
            (live, waits),
        ),
        (nina(), "approved", false, true, ended, (live, waits)),
        (admin(), "approved", false, true, live, (live, waits)),
        (nina(), "approved", true, true, waits, (live, waits)),
        (admin(), "approved", true, true, live, (live, waits)),
        // In use, in a status of old installations.
        (nina(), "Activated", true, true, waits, (live, waits)),
        (
            admin(),
            "Activated",
            true,
            true,
            "Activated true",
            (live, waits),
        ),
        (
            nina(),
            "Activated",
            false,
            true,
            "Activated false",
            (live, waits),
        ),
        // Its devices go with it.
        (
            nina(),
            "Activated",
            true,
            false,
            ended,
            (ended, "rejected false"),
        ),
        (
            nina(),
            "approved",
            true,
            false,
            ended,
            (ended, "rejected false"),
        ),
        (
            admin(),
            "approved",
            true,
            false,
            ended,
            (ended, "rejected false"),
        ),
    ] {
        let stage = stage(status, active).await;
        let mut request = edit();
        request["isActive"] = json!(wanted);
        let reply = update(&stage, &who, request).await;
        assert_eq!(reply.json()["errors"], json!([]));
        assert_eq!(
            stage.interface_state("s1"),
            after,
            "{status} {active} {wanted}"
        );
        assert_eq!(stage.device_state("d1"), devices.0);
        assert_eq!(stage.device_state("d2"), devices.1);
    }
}

#[actix_web::test]
async fn an_edit_that_changes_nothing_keeps_the_approval() {
    let stage = stage("approved", true).await;
    let mut request = edit();
    request["swBinaryHash"] = json!("hash");
    request["swVersion"] = json!(" 1 ");
    stage.sql(
        "UPDATE secure_biometric_interface SET sw_cr_dtimes = '2026-01-01',
           sw_expiry_dtimes = '2027-01-01'",
    );

    assert_eq!(
        update(&stage, &nina(), request).await.json()["errors"],
        json!([])
    );
    assert_eq!(stage.interface_state("s1"), "approved true");
}

#[actix_web::test]
async fn what_the_reference_stored_stays_approved_when_it_is_sent_back() {
    let stage = stage("approved", true).await;
    stage.interface("s2", Some("north"), "Y1", "approved", true);
    stage.sql(
        "UPDATE secure_biometric_interface SET sw_version = 'Y1 ',
           sw_cr_dtimes = '2026-01-01 00:00:00.000999',
           sw_expiry_dtimes = '2027-01-01 00:00:00.000001' WHERE id = 's1'",
    );
    let versions = "SELECT string_agg(id || sw_version, '|' ORDER BY id) \
                    FROM secure_biometric_interface";
    let mut request = edit();
    request["swBinaryHash"] = json!("hash");
    request["swVersion"] = json!("Y1 ");

    let same = update(&stage, &nina(), request.clone()).await;
    assert_eq!(same.timeless(), plain(&json!({ "id": "s1" })));
    assert_eq!(stage.interface_state("s1"), "approved true");
    assert_eq!(stage.text(versions).as_deref(), Some("s1Y1 |s2Y1"));
    // Another spelling of its own version is free unless another SBI has it.
    request["swVersion"] = json!("Y1");
    let taken = update(&stage, &nina(), request.clone()).await;
    assert_eq!(taken.error().0, "PMS_AUT_512");
    stage.sql("DELETE FROM secure_biometric_interface WHERE id = 's2'");
    let free = update(&stage, &nina(), request).await;
    assert_eq!(free.timeless(), plain(&json!({ "id": "s1" })));
    assert_eq!(stage.interface_state("s1"), "approved true");
    assert_eq!(stage.text(versions).as_deref(), Some("s1Y1"));
}

#[actix_web::test]
async fn a_version_that_the_reference_stored_with_blanks_is_taken() {
    let stage = stage("pending_approval", false).await;
    stage.interface("s2", Some("north"), "2 ", "rejected", false);
    let mut request = edit();
    request["swVersion"] = json!("2 ");

    let reply = update(&stage, &nina(), request).await;

    assert_eq!(reply.error().0, "PMS_AUT_512");
    let mut new = edit();
    new["providerId"] = json!("north");
    new["swVersion"] = json!("2 ");
    let path = "/securebiometricinterface";
    let created = stage.send(&nina(), "POST", path, new).await;
    assert_eq!(created.error().0, "PMS_AUT_512");
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage("pending_approval", false).await;
    stage.interface("s2", Some("north"), "2", "rejected", false);
    stage.interface("s3", None, "3", "Activated", true);
    let with = |members: &[(&str, &str)]| {
        let mut request = edit();
        for (member, value) in members {
            request[*member] = json!(value);
        }
        request
    };
    let expired = "ExpiryDate should be greaterthan/equal Today.";
    let early = ("swExpiryDateTime", "2026-11-24T23:00:00.000Z");
    let unknown = "Secure Biometric Interface not found for the id s9";
    let foreign = "SBI is not associated with user.";
    let exists = "SBI details exists for given SBI Version. Multiple SBI with same SBI Version \
                  cannot be added.";
    for (who, request, code, message, record) in [
        (
            sam(),
            with(&[("id", "s9"), early]),
            "PMS_AUT_508",
            expired,
            Some("AUT-015"),
        ),
        (
            sam(),
            with(&[("id", "s9")]),
            "PMS_AUT_007",
            unknown,
            Some("AUT-016"),
        ),
        (sam(), edit(), "PMS_DEVICE_ERROR_019", foreign, None),
        (
            nina(),
            with(&[("id", "s3")]),
            "PMS_DEVICE_ERROR_019",
            foreign,
            None,
        ),
        (nina(), edit(), "PMS_AUT_512", exists, Some("AUT-005")),
    ] {
        stage.forget();
        let reply = update(&stage, &who, request).await;
        assert_eq!(reply.timeless(), refused(code, message));
        let records: Vec<String> = stage.audits().into_iter().map(|audit| audit.0).collect();
        let expected: Vec<&str> = ["AUT-013"].into_iter().chain(record).collect();
        assert_eq!(records, expected);
    }
    // An SBI without provider is an administrator's.
    let nobodys = update(&stage, &Who::admin(), with(&[("id", "s3")])).await;
    assert_eq!(nobodys.json()["errors"], json!([]));
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let closed = update(&stage, &Who::admin(), edit()).await;
    assert_eq!(closed.error().0, "PMS_AUT_002");
}

#[actix_web::test]
async fn fields_and_callers_are_checked() {
    let stage = stage("pending_approval", false).await;
    for member in [
        "id",
        "swBinaryHash",
        "swVersion",
        "swCreateDateTime",
        "isActive",
    ] {
        let mut request = edit();
        request[member] = Value::Null;
        let reply = update(&stage, &nina(), request).await;
        let expected = violation("value is empty or null", member);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    for version in ["1<2", "<i>1", "1>"] {
        let mut request = edit();
        request["swVersion"] = json!(version);
        let reply = update(&stage, &nina(), request).await;
        let expected = violation("must not contain < or >", "swVersion");
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    assert_eq!(update(&stage, &Who::Nobody, edit()).await.status, 401);
    let role = Who::user("nina", &["AUTH_PARTNER"]);
    assert_eq!(update(&stage, &role, edit()).await.status, 403);
    assert_eq!(update(&stage, &nina(), json!([7])).await.status, 400);
}
