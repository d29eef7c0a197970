use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, refusal};
use crate::support::{BASE, Row, Stage};

const OPERATION: &str = "mosip.pms.device.registry.get";
const PATH: &str = "/devices/registry";

fn module() -> Who {
    Who::user("regproc", &["REGISTRATION_PROCESSOR"])
}

/// The providers `north` and `south`; SBIs `s-1` with two devices and `s-2` without,
/// chips `11` and `12`.
async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_devices();
    for id in ["north", "south"] {
        stage.partner(&Row {
            id,
            user: id,
            kind: "Device_Provider",
            group: None,
            ..Row::default()
        });
    }
    stage.interface("s-1", Some("north"), "1.0", "approved", true);
    stage.interface("s-2", Some("south"), "2.0", "approved", true);
    for id in ["d-1", "d-2"] {
        stage.device(id, "north", id, "approved", true);
        stage.device_of(id, "s-1");
    }
    stage.chip("11", "north", ("approved", true), Some("cert-1"));
    stage.chip("12", "south", ("approved", true), None);
    stage.sql(
        "INSERT INTO ftm_certificate (certificate_id, uploaded_not_after)
         VALUES ('cert-1', '2027-01-01')",
    );
    stage
}

async fn read(stage: &Stage, query: &str) -> Reply {
    let reply = stage.get(&module(), &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

/// Asks with `If-None-Match`.
async fn read_with(stage: &Stage, tag: &str) -> reqwest::Response {
    let token = stage.app.token("regproc", &["REGISTRATION_PROCESSOR"]);
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(30));
    client
        .build()
        .unwrap()
        .get(stage.app.url(&format!("{BASE}{PATH}")))
        .header("cookie", format!("Authorization={token}"))
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap()
}

fn device(id: &str) -> Value {
    json!({
        "deviceId": id,
        "deviceType": "Finger",
        "deviceSubType": "Slap",
        "make": id,
        "model": "Model",
    })
}

fn sbi(id: &str, provider: &str, version: &str, devices: &[&str]) -> Value {
    json!({
        "sbiId": id,
        "partnerId": provider,
        "orgName": format!("Org {id}"),
        "sbiVersion": version,
        "sbiBinaryHash": "hash",
        "sbiCreatedDateTime": "2025-01-01T00:00:00",
        "sbiExpiryDateTime": "2026-11-24T00:00:00",
        "devices": devices.iter().map(|id| device(id)).collect::<Vec<_>>(),
    })
}

fn chip(id: &str, provider: &str, expires: Value) -> Value {
    json!({
        "ftmId": id,
        "partnerId": provider,
        "orgName": format!("Org {provider}"),
        "make": "Make",
        "model": id,
        "certificateExpiryDateTime": expires,
    })
}

/// What the registry shows: ids of SBIs, of devices below their SBI, and of chips.
async fn shown(stage: &Stage) -> BTreeSet<String> {
    let found = read(stage, "").await.response();
    let mut ids = BTreeSet::new();
    for sbi in found["sbis"].as_array().unwrap() {
        let id = sbi["sbiId"].as_str().unwrap();
        ids.insert(id.to_owned());
        for device in sbi["devices"].as_array().unwrap() {
            ids.insert(format!("{id}/{}", device["deviceId"].as_str().unwrap()));
        }
    }
    for chip in found["ftmChips"].as_array().unwrap() {
        ids.insert(chip["ftmId"].as_str().unwrap().to_owned());
    }
    ids
}

async fn tag(stage: &Stage) -> String {
    read(stage, "").await.header("etag").unwrap().to_owned()
}

#[actix_web::test]
async fn what_may_be_used_is_shown() {
    let stage = stage().await;

    let reply = read(&stage, "").await;

    let state = reply.response()["state"].as_str().unwrap().to_owned();
    assert_eq!(
        reply.header("etag"),
        Some(format!("W/\"{state}\"").as_str())
    );
    assert_eq!(
        reply.timeless(),
        answered(
            OPERATION,
            &json!({
                "state": state,
                "sbis": [
                    sbi("s-1", "north", "1.0", &["d-1", "d-2"]),
                    sbi("s-2", "south", "2.0", &[]),
                ],
                "ftmChips": [
                    chip("11", "north", json!("2027-01-01T00:00:00")),
                    chip("12", "south", Value::Null),
                ],
                "nextCursor": null,
            })
        )
    );
}

#[actix_web::test]
async fn a_hash_that_is_no_text_is_shown_in_base64() {
    let stage = stage().await;
    let hash = async |id: usize| {
        let found = read(&stage, "").await.response();
        found["sbis"][id]["sbiBinaryHash"].clone()
    };
    stage.sql(
        "UPDATE secure_biometric_interface SET sw_binary_hash = '\\xff00' WHERE id = 's-1';
         UPDATE secure_biometric_interface SET sw_binary_hash = convert_to('hâsh', 'UTF8')
         WHERE id = 's-2'",
    );

    assert_eq!(hash(0).await, "/wA=");
    assert_eq!(hash(1).await, "hâsh");
}

#[actix_web::test]
async fn what_may_not_be_used_is_not_shown() {
    let everything = ["11", "12", "s-1", "s-1/d-1", "s-1/d-2", "s-2"];
    let all: BTreeSet<String> = everything.into_iter().map(str::to_owned).collect();
    for (change, gone) in [
        (
            "UPDATE secure_biometric_interface SET approval_status = 'pending_approval' WHERE id = 's-2'",
            &["s-2"][..],
        ),
        (
            "UPDATE secure_biometric_interface SET approval_status = 'rejected', is_active = false WHERE id = 's-2'",
            &["s-2"],
        ),
        (
            "UPDATE secure_biometric_interface SET is_active = false WHERE id = 's-1'",
            &["s-1", "s-1/d-1", "s-1/d-2"],
        ),
        (
            "UPDATE secure_biometric_interface SET sw_expiry_dtimes = '2026-11-23 23:59:59' WHERE id = 's-2'",
            &["s-2"],
        ),
        (
            "UPDATE secure_biometric_interface SET provider_id = NULL WHERE id = 's-2'",
            &["s-2"],
        ),
        (
            "UPDATE secure_biometric_interface SET is_deleted = true WHERE id = 's-2'",
            &["s-2"],
        ),
        (
            "UPDATE partner SET is_active = false WHERE id = 'south'",
            &["s-2", "12"],
        ),
        ("DELETE FROM partner WHERE id = 'south'", &["s-2", "12"]),
        ("TRUNCATE partner CASCADE", &everything),
        ("TRUNCATE partner_type CASCADE", &everything),
        (
            "UPDATE device_detail SET is_active = false WHERE id = 'd-1'",
            &["s-1/d-1"],
        ),
        (
            "UPDATE device_detail SET approval_status = 'Activated' WHERE id = 'd-1'",
            &["s-1/d-1"],
        ),
        (
            "UPDATE device_detail SET dprovider_id = 'south' WHERE id = 'd-1'",
            &["s-1/d-1"],
        ),
        ("DELETE FROM device_detail WHERE id = 'd-1'", &["s-1/d-1"]),
        (
            "DELETE FROM device_detail_sbi WHERE device_detail_id = 'd-2'",
            &["s-1/d-2"],
        ),
        (
            "UPDATE ftp_chip_detail SET is_active = false WHERE id = '11'",
            &["11"],
        ),
        (
            "UPDATE ftp_chip_detail SET approval_status = 'pending_approval', is_active = false WHERE id = '12'",
            &["12"],
        ),
        (
            "UPDATE ftm_certificate SET uploaded_not_after = '2026-11-24 09:59:59'",
            &["11"],
        ),
        ("TRUNCATE ftp_chip_detail", &["11", "12"]),
    ] {
        // Each change on rows as they were.
        let fresh = stage().await;
        let unchanged = tag(&fresh).await;
        fresh.sql(change);
        let left: BTreeSet<String> = all
            .iter()
            .filter(|id| !gone.contains(&id.as_str()))
            .cloned()
            .collect();
        assert_eq!(shown(&fresh).await, left, "{change}");
        assert_ne!(tag(&fresh).await, unchanged, "{change}");
    }
}

#[actix_web::test]
async fn the_state_stays_while_nothing_that_is_shown_changes() {
    let stage = stage().await;
    let before = tag(&stage).await;

    stage.device("d-9", "north", "d-9", "pending_approval", false);
    stage.device_of("d-9", "s-1");
    stage.interface("s-9", Some("north"), "9", "pending_approval", false);
    stage.chip("19", "north", ("pending_cert_upload", false), None);
    stage.sql(
        "UPDATE device_detail SET make = 'other' WHERE id = 'd-9';
         UPDATE partner SET address = 'elsewhere', is_active = true WHERE id = 'south';
         DELETE FROM ftp_chip_detail WHERE id = '19'",
    );
    stage.partner(&Row {
        id: "newcomer",
        user: "newcomer",
        ..Row::default()
    });

    assert_eq!(tag(&stage).await, before);
    stage.sql(
        "UPDATE device_detail SET approval_status = 'approved', is_active = true WHERE id = 'd-9'",
    );
    assert_ne!(tag(&stage).await, before);
}

#[actix_web::test]
async fn a_client_that_has_the_state_gets_304() {
    let stage = stage().await;
    let tag = tag(&stage).await;

    let same = read_with(&stage, &tag).await;
    assert_eq!(same.status().as_u16(), 304);
    assert_eq!(same.headers()["etag"], tag);
    assert_eq!(same.text().await.unwrap(), "");
    stage.sql("UPDATE ftp_chip_detail SET is_active = false WHERE id = '12'");
    let other = read_with(&stage, &tag).await;
    assert_eq!(other.status().as_u16(), 200);
    assert_ne!(other.headers()["etag"], tag);
}

#[actix_web::test]
async fn what_ends_makes_another_state() {
    let stage = stage().await;
    let set = |at: &str| {
        let at = DateTime::parse_from_rfc3339(at).unwrap();
        stage.app.clock.set(at.with_timezone(&Utc));
    };
    let first = tag(&stage).await;
    set("2026-11-24T23:59:59Z");
    assert_eq!(tag(&stage).await, first);
    // Both SBIs end with their last day.
    set("2026-11-25T00:00:00Z");
    let second = tag(&stage).await;
    assert_ne!(second, first);
    assert_eq!(
        shown(&stage).await,
        BTreeSet::from(["11".to_owned(), "12".to_owned()])
    );
    set("2027-01-01T00:00:00Z");
    assert_eq!(tag(&stage).await, second);
    // The chip ends with the second of its certificate.
    set("2027-01-01T00:00:01Z");
    assert_ne!(tag(&stage).await, second);
    assert_eq!(shown(&stage).await, BTreeSet::from(["12".to_owned()]));
}

#[actix_web::test]
async fn pages_follow_each_other_over_one_state() {
    let stage = stage().await;
    for number in 3..=7 {
        let id = format!("d-{number}");
        stage.device(&id, "north", &id, "approved", true);
        stage.device_of(&id, "s-1");
    }
    let whole = read(&stage, "").await.response();
    for size in 1..=11 {
        let (mut sbis, mut chips, mut query) = (Vec::<Value>::new(), Vec::new(), String::new());
        let mut pages = 0;
        loop {
            let page = read(&stage, &format!("pageSize={size}{query}")).await;
            let found = page.response();
            assert_eq!(found["state"], whole["state"]);
            let mut lines = found["ftmChips"].as_array().unwrap().len();
            for sbi in found["sbis"].as_array().unwrap() {
                let devices = sbi["devices"].as_array().unwrap();
                lines += devices.len().max(1);
                match sbis.last_mut().filter(|last| last["sbiId"] == sbi["sbiId"]) {
                    Some(last) => last["devices"]
                        .as_array_mut()
                        .unwrap()
                        .extend(devices.clone()),
                    None => sbis.push(sbi.clone()),
                }
            }
            assert!(lines <= size, "{lines} lines of {size}");
            chips.extend(found["ftmChips"].as_array().unwrap().clone());
            pages += 1;
            let Some(next) = found["nextCursor"].as_str() else {
                break;
            };
            query = format!("&cursor={next}");
        }
        assert_eq!(json!(sbis), whole["sbis"], "{size}");
        assert_eq!(json!(chips), whole["ftmChips"], "{size}");
        assert_eq!(pages, 10_usize.div_ceil(size), "{size}");
    }
}

#[actix_web::test]
async fn a_page_of_a_state_that_has_passed_says_so() {
    let stage = stage().await;
    let first = read(&stage, "pageSize=1").await.response();
    let cursor = first["nextCursor"].as_str().unwrap().to_owned();

    stage.sql("UPDATE ftp_chip_detail SET is_active = false WHERE id = '12'");

    let later = read(&stage, &format!("pageSize=1&cursor={cursor}")).await;
    assert_eq!(
        later.timeless(),
        refusal(
            OPERATION,
            "PMS_REGISTRY_ERROR_002",
            "The device registry has changed since its first page was read. Read it again from the first page.",
        )
    );
}

#[actix_web::test]
async fn changes_of_one_time_make_states_of_their_own_whenever_they_are_committed() {
    use diesel::connection::SimpleConnection as _;
    let stage = stage().await;
    let mut early = stage.app.database.conn();
    early
        .batch_execute("BEGIN; UPDATE pms.device_detail SET is_active = false WHERE id = 'd-1'")
        .unwrap();
    stage.sql("UPDATE device_detail SET is_active = false WHERE id = 'd-2'");
    let between = tag(&stage).await;
    assert!(shown(&stage).await.contains("s-1/d-1"));

    early.batch_execute("COMMIT").unwrap();

    assert_ne!(tag(&stage).await, between);
    assert!(!shown(&stage).await.contains("s-1/d-1"));
}

#[actix_web::test]
async fn many_changes_leave_few_rows_and_new_states() {
    let stage = stage().await;
    let flip = "UPDATE ftp_chip_detail SET is_active = NOT is_active WHERE id = '12'";
    let mut seen = BTreeSet::from([tag(&stage).await]);
    for _ in 0..12 {
        stage.sql(&[flip; 51].join(";"));
        assert!(seen.insert(tag(&stage).await));
    }
    let rows = stage
        .text("SELECT count(*) FROM device_registry_change")
        .unwrap();
    assert!(rows.parse::<u32>().unwrap() < 300, "{rows}");
}

#[actix_web::test]
async fn wrong_questions_are_refused() {
    let stage = stage().await;
    let no = |code: &str, message: &str| refusal(OPERATION, code, message);

    for query in ["pageSize=0", "pageSize=-5"] {
        let reply = read(&stage, query).await;
        assert_eq!(reply.timeless(), no("PMS_PRT_361", "Invalid page size"));
    }
    for query in ["cursor=x", "cursor=W10"] {
        let reply = read(&stage, query).await;
        let text = "Invalid cursor of the device registry.";
        assert_eq!(
            reply.timeless(),
            no("PMS_REGISTRY_ERROR_003", text),
            "{query}"
        );
    }
    let odd = stage.get(&module(), &format!("{PATH}?pageSize=x")).await;
    assert_eq!(odd.status, 400);
    assert_guarded(&stage, PATH).await;
    for role in [
        "REGISTRATION_OFFICER",
        "REGISTRATION_SUPERVISOR",
        "ID_AUTHENTICATION",
        "PARTNER_ADMIN",
    ] {
        assert_eq!(
            stage.get(&Who::user("x", &[role]), PATH).await.status,
            200,
            "{role}"
        );
    }
    stage.sql("DROP TABLE ftm_certificate CASCADE");
    let failed = no(
        "PMS_REGISTRY_ERROR_001",
        "Error while fetching the device registry.",
    );
    assert_eq!(read(&stage, "").await.timeless(), failed);
}
