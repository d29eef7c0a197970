use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::support::{Stage, plain, refused, violation};

fn edit(make: &str) -> Value {
    json!({
        "id": "d1",
        "deviceTypeCode": "Iris",
        "deviceSubTypeCode": "Double",
        "make": make,
        "model": " New  Model ",
    })
}

async fn stage(status: &str, active: bool) -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make", status, active);
    stage
}

async fn update(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage.send(who, "PUT", "/devicedetail", request).await
}

#[actix_web::test]
async fn a_device_becomes_another_and_keeps_its_provider() {
    let stage = stage("pending_approval", false).await;

    let reply = update(&stage, &nina(), edit("Other")).await;

    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!({ "id": "d1" })))
    );
    let columns = "dprovider_id, dtype_code, dstype_code, make, model, approval_status, is_active,
        cr_by, upd_by, upd_dtimes";
    let expected = json!([{
        "dprovider_id": "north",
        "dtype_code": "Iris",
        "dstype_code": "Double",
        "make": "Other",
        "model": "New Model",
        "approval_status": "pending_approval",
        "is_active": false,
        "cr_by": "u",
        "upd_by": "nina",
        "upd_dtimes": "2026-11-24T10:00:00",
    }]);
    assert_eq!(
        stage.rows(&format!("SELECT {columns} FROM device_detail")),
        expected
    );
    let about = ("d1", "deviceDetailId");
    stage.assert_audits(&[("AUT-006", about.0, about.1), ("AUT-007", about.0, about.1)]);
}

#[actix_web::test]
async fn a_provider_who_changes_an_approved_device_waits_for_approval_again() {
    let same = json!({
        "id": "d1",
        "deviceTypeCode": "Finger",
        "deviceSubTypeCode": "Slap",
        "make": "Make",
        "model": "Model ",
    });
    for (who, request, status, active, after) in [
        (
            nina(),
            edit("Other"),
            "approved",
            true,
            "pending_approval false",
        ),
        (nina(), same, "approved", true, "approved true"),
        (
            Who::admin(),
            edit("Other"),
            "approved",
            true,
            "approved true",
        ),
        (nina(), edit("Other"), "approved", false, "approved false"),
        (nina(), edit("Other"), "rejected", false, "rejected false"),
        (
            nina(),
            edit("Other"),
            "Activated",
            true,
            "pending_approval false",
        ),
    ] {
        let stage = stage(status, active).await;
        let reply = update(&stage, &who, request).await;
        assert_eq!(reply.json()["errors"], json!([]));
        assert_eq!(stage.device_state("d1"), after, "{status} {active}");
    }
}

/// What the reference stored of `make` and `model`, as they were sent.
async fn of_reference(make: &str, model: &str) -> Stage {
    let stage = stage("approved", true).await;
    stage.sql(&format!(
        "UPDATE device_detail SET make = '{make}', model = '{model}'"
    ));
    stage
}

fn finger(id: &str, make: &str, model: &str) -> Value {
    json!({
        "id": id,
        "deviceTypeCode": "Finger",
        "deviceSubTypeCode": "Slap",
        "make": make,
        "model": model,
    })
}

#[actix_web::test]
async fn what_the_reference_stored_with_surplus_blanks_stays_approved_when_it_is_sent_back() {
    let stage = of_reference("M  a", "x ").await;
    let names = "SELECT make || '|' || model FROM device_detail WHERE id = 'd1'";
    for (make, model, stored) in [
        ("M  a", "x ", "M  a|x "),
        ("M a ", "x", "M a|x"),
        (" M   a", "x", "M a|x"),
    ] {
        let reply = update(&stage, &nina(), finger("d1", make, model)).await;
        assert_eq!(reply.timeless(), plain(&json!({ "id": "d1" })));
        assert_eq!(stage.device_state("d1"), "approved true", "{make}");
        assert_eq!(stage.text(names).as_deref(), Some(stored));
    }
    update(&stage, &nina(), finger("d1", "Ma", "x")).await;
    assert_eq!(stage.device_state("d1"), "pending_approval false");
}

#[actix_web::test]
async fn a_spelling_that_the_reference_stored_is_taken_for_others_and_free_for_its_own() {
    let stage = of_reference("M  a", "x ").await;
    for (id, make, model) in [("d2", "M a", "x"), ("d3", "Other", "x")] {
        stage.device(id, "north", make, "approved", true);
        stage.sql(&format!(
            "UPDATE device_detail SET model = '{model}' WHERE id = '{id}'"
        ));
    }
    let exists = refused("PMS_AUT_003", "Device Details already exists");

    for (id, make, model, free) in [
        ("d1", "M  a", "x ", true),
        ("d2", "M a", "x", true),
        ("d1", "M a", "x", false),
        ("d3", "M  a", "x ", false),
        ("d3", "M a", "x", false),
    ] {
        let reply = update(&stage, &nina(), finger(id, make, model)).await;
        let expected = if free {
            plain(&json!({ "id": id }))
        } else {
            exists.clone()
        };
        assert_eq!(reply.timeless(), expected, "{id} {make}");
    }
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage("pending_approval", false).await;
    stage.device("d2", "north", "Other", "approved", true);
    stage.sql(
        "UPDATE device_detail SET model = 'New Model', dtype_code = 'Iris', dstype_code = 'Double'
         WHERE id = 'd2'",
    );
    let unknown = "Device detail for id d9 does not exist";
    let no_type = "Reg Device Sub Type Code not found in the list of Reg Device Sub Types";
    let with = |member: &str, value: &str| {
        let mut request = edit("Other");
        request[member] = json!(value);
        request
    };
    for (who, request, code, message, record) in [
        (
            sam(),
            with("id", "d9"),
            "PMS_AUT_005",
            unknown,
            Some("AUT-008"),
        ),
        (
            sam(),
            with("deviceTypeCode", "x"),
            "PMS_DEVICE_ERROR_016",
            "Device is not associated with user.",
            None,
        ),
        (
            nina(),
            with("deviceTypeCode", "x"),
            "PMS_AUT_001",
            no_type,
            Some("AUT-009"),
        ),
        (
            nina(),
            edit("Other"),
            "PMS_AUT_003",
            "Device Details already exists",
            None,
        ),
    ] {
        stage.forget();
        let reply = update(&stage, &who, request).await;
        assert_eq!(reply.timeless(), refused(code, message));
        let records: Vec<String> = stage.audits().into_iter().map(|audit| audit.0).collect();
        let expected: Vec<&str> = ["AUT-006"].into_iter().chain(record).collect();
        assert_eq!(records, expected);
    }
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let closed = update(&stage, &Who::admin(), edit("New")).await;
    assert_eq!(closed.error().0, "PMS_AUT_002");
    stage.sql("UPDATE device_detail SET is_deleted = true");
    assert_eq!(
        update(&stage, &nina(), edit("x")).await.error().0,
        "PMS_AUT_005"
    );
}

#[actix_web::test]
async fn callers_are_checked_and_fields_too() {
    let stage = stage("pending_approval", false).await;

    let nobody = update(&stage, &Who::Nobody, edit("x")).await;
    let wrong = update(&stage, &Who::user("nina", &["AUTH_PARTNER"]), edit("x")).await;
    assert_eq!((nobody.status, wrong.status), (401, 403));
    for member in ["id", "deviceTypeCode", "deviceSubTypeCode", "make", "model"] {
        let mut request = edit("x");
        request[member] = json!(" ");
        let reply = update(&stage, &nina(), request).await;
        let expected = violation("value is empty or null", member);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    for member in ["make", "model"] {
        let mut request = edit("x");
        request[member] = json!("<i>x");
        let reply = update(&stage, &nina(), request).await;
        let expected = violation("must not contain < or >", member);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    assert_eq!(update(&stage, &nina(), json!([])).await.status, 400);
}
