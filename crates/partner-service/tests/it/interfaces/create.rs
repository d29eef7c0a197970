use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers, sam};
use crate::support::{Stage, plain, refused, violation};

fn software() -> Value {
    json!({
        "swBinaryHash": " c3VtbQ== ",
        "swVersion": " 1.0  beta ",
        "swCreateDateTime": "2026-11-24T23:59:59.999Z",
        "swExpiryDateTime": "2026-11-25T00:00:00.000Z",
        "providerId": "north",
    })
}

fn with(member: &str, value: Value) -> Value {
    let mut request = software();
    request[member] = value;
    request
}

async fn create(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage
        .send(who, "POST", "/securebiometricinterface", request)
        .await
}

#[actix_web::test]
async fn an_sbi_waits_for_approval_and_has_a_history() {
    let stage = providers().await;
    stage.sql("DELETE FROM secure_biometric_interface_h");

    let reply = create(&stage, &nina(), software()).await;

    let id = reply.response()["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 36);
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, plain(&json!({ "id": id })))
    );
    let mut row = json!({
        "id": id,
        "hash": " c3VtbQ== ",
        "sw_version": "1.0 beta",
        "sw_cr_dtimes": "2026-11-24T23:59:59.999",
        "sw_expiry_dtimes": "2026-11-25T00:00:00",
        "approval_status": "pending_approval",
        "is_active": false,
        "provider_id": "north",
        "partner_org_name": "Org north",
        "cr_by": "nina",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "upd_dtimes": null,
        "is_deleted": false,
    });
    let columns = "id, convert_from(sw_binary_hash, 'UTF8') AS hash, sw_version, sw_cr_dtimes,
        sw_expiry_dtimes, approval_status, is_active, provider_id, partner_org_name, cr_by,
        cr_dtimes, upd_by, upd_dtimes, is_deleted";
    let rows = stage.rows(&format!("SELECT {columns} FROM secure_biometric_interface"));
    assert_eq!(rows, json!([row]));
    row["eff_dtimes"] = json!("2026-11-24T10:00:00");
    let table = "secure_biometric_interface_h";
    let rows = stage.rows(&format!("SELECT {columns}, eff_dtimes FROM {table}"));
    assert_eq!(rows, json!([row]));
    let about = ("north", "partnerId");
    stage.assert_audits(&[("AUT-011", about.0, about.1), ("AUT-012", about.0, about.1)]);
    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = providers().await;
    stage.interface("s1", Some("north"), "1.0 beta", "rejected", false);
    let mut request = software();
    request["providerId"] = json!("closed");
    let started = ("AUT-011", "closed", "partnerId");
    for (created, expiry, code, message) in [
        (
            "2026-11-25T00:00:00.000Z",
            "2026-11-24T23:59:59.999Z",
            "PMS_AUT_514",
            "The created date should be less than or equal to the current date.",
        ),
        (
            "2000-01-01T00:00:00.000Z",
            "2026-11-24T23:59:59.999Z",
            "PMS_AUT_508",
            "ExpiryDate should be greaterthan/equal Today.",
        ),
        (
            "2016-11-23T00:00:00.000Z",
            "2036-11-25T00:00:00.000Z",
            "PMS_AUT_516",
            "Created date should not be less than 10 years from today",
        ),
        (
            "2016-11-24T00:00:00.000Z",
            "2036-11-25T00:00:00.000Z",
            "PMS_AUT_515",
            "Expiry date should not be greater than 10 years from today",
        ),
    ] {
        stage.forget();
        request["swCreateDateTime"] = json!(created);
        request["swExpiryDateTime"] = json!(expiry);
        let reply = create(&stage, &nina(), request.clone()).await;
        assert_eq!(reply.timeless(), refused(code, message));
        stage.assert_audits(&[started, ("AUT-015", "NO_ID", "NO_ID_TYPE")]);
        assert_eq!(stage.descriptions()[1], format!("{code}_{message}"));
    }
    let exists = "SBI details exists for given SBI Version. Multiple SBI with same SBI Version \
                  cannot be added.";
    let closed = "This partner has been inactivated by Partner admin";
    let foreign = "Partner id is not associated with user.";
    for (provider, code, message, record) in [
        ("closed", "PMS_AUT_002", closed, Some("AUT-003")),
        ("south", "PMS_DEVICE_ERROR_001", foreign, None),
        ("north", "PMS_AUT_512", exists, Some("AUT-005")),
    ] {
        stage.forget();
        let reply = create(&stage, &nina(), with("providerId", json!(provider))).await;
        assert_eq!(reply.timeless(), refused(code, message));
        let records: Vec<String> = stage.audits().into_iter().map(|audit| audit.0).collect();
        let expected: Vec<&str> = ["AUT-011"].into_iter().chain(record).collect();
        assert_eq!(records, expected);
    }
    // Another provider may have the same version.
    let other = create(&stage, &sam(), with("providerId", json!("south"))).await;
    assert_eq!(other.json()["errors"], json!([]));
}

#[actix_web::test]
async fn fields_bodies_and_callers_are_checked() {
    let stage = providers().await;
    let empty = "value is empty or null";
    for (member, value, rule) in [
        ("swBinaryHash", json!(" "), empty),
        (
            "swBinaryHash",
            json!("x".repeat(37)),
            "Length should be in between 1 and 36 chars",
        ),
        ("swVersion", Value::Null, empty),
        (
            "swVersion",
            json!("x".repeat(65)),
            "Length should be in between 1 and 64 chars",
        ),
        (
            "swVersion",
            json!("1\u{202e}"),
            "must not contain control characters",
        ),
        ("swVersion", json!("1<2"), "must not contain < or >"),
        ("swCreateDateTime", json!(" "), empty),
        ("swExpiryDateTime", Value::Null, empty),
        ("providerId", json!(""), empty),
    ] {
        let reply = create(&stage, &nina(), with(member, value)).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, member))
        );
    }
    for date in [
        "2026-11-24",
        "2026-11-24T00:00:00Z",
        "2026-02-30T00:00:00.000Z",
    ] {
        let reply = create(&stage, &nina(), with("swCreateDateTime", json!(date))).await;
        assert_eq!(
            (reply.status, &reply.json()["title"]),
            (400, &json!("Bad Request"))
        );
    }
    assert_eq!(create(&stage, &Who::Nobody, software()).await.status, 401);
    let role = Who::user("nina", &["AUTH_PARTNER"]);
    assert_eq!(create(&stage, &role, software()).await.status, 403);
}

#[actix_web::test]
async fn of_many_at_once_one_is_registered() {
    let stage = providers().await;
    let who = nina();

    let spellings =
        ["1.0 beta", " 1.0 beta", "1.0  beta"].map(|text| with("swVersion", json!(text)));
    let calls = spellings.into_iter().cycle().take(9);
    let replies = join_all(calls.map(|request| create(&stage, &who, request))).await;

    let made = replies
        .iter()
        .filter(|reply| reply.json()["errors"] == json!([]));
    assert_eq!(made.count(), 1);
    assert_eq!(stage.count("secure_biometric_interface", "true"), "1");
}
