use std::collections::HashSet;

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::devices_stage::OLDER_UNIQUE;
use crate::ftm_stage::{assert_write_guarded, provider, stage};
use crate::support::{plain, refused, violation};

const PATH: &str = "/ftpchipdetail";

fn chip(provider: &str, make: &str, model: &str) -> Value {
    json!({ "ftpProviderId": provider, "make": make, "model": model })
}

#[actix_web::test]
async fn what_an_adopted_database_has_exists() {
    let stage = stage().await;
    let exists = "FTM Chip details already exists for the same make and model";
    let register = async |make: &str| {
        let request = chip("north", make, "Model");
        stage.send(&provider("north"), "POST", PATH, request).await
    };
    // With surplus blanks, as the reference stored it.
    stage.chip("1", "north", ("approved", true), None);
    stage.sql("UPDATE ftp_chip_detail SET make = 'W  W', model = 'Model'");
    let raw = register("W  W").await;
    assert_eq!(raw.timeless(), refused("PMP_AUT_032", exists));
    // Rejected, under the constraint of an older layout.
    stage.chip("2", "north", ("rejected", false), None);
    stage.sql("UPDATE ftp_chip_detail SET model = 'Model' WHERE id = '2'");
    stage.sql(OLDER_UNIQUE);
    let rejected = register("Make").await;
    assert_eq!(rejected.timeless(), refused("PMP_AUT_032", exists));
    assert_eq!(stage.count("ftp_chip_detail", "true"), "2");
}

#[actix_web::test]
async fn a_chip_is_registered_and_waits_for_its_certificate() {
    let stage = stage().await;

    let reply = stage
        .send(
            &provider("NORTH"),
            "POST",
            PATH,
            chip("north", "  Make \t 1", "M  1 "),
        )
        .await;

    let id = reply.response()["id"].as_str().unwrap().to_owned();
    assert_eq!(reply.timeless(), plain(&json!({ "id": id })));
    assert!(id.bytes().all(|byte| byte.is_ascii_digit()) && (6..=36).contains(&id.len()));
    assert_eq!(
        stage.rows(
            "SELECT id, foundational_trust_provider_id, make, model, certificate_alias,
               partner_org_name, is_active, approval_status, is_deleted, cr_by, cr_dtimes,
               upd_by, upd_dtimes
             FROM ftp_chip_detail"
        ),
        json!([{
            "id": id,
            "foundational_trust_provider_id": "north",
            "make": "Make 1",
            "model": "M 1",
            "certificate_alias": null,
            "partner_org_name": "Org north",
            "is_active": false,
            "approval_status": "pending_cert_upload",
            "is_deleted": false,
            "cr_by": "NORTH",
            "cr_dtimes": "2026-11-24T10:00:00",
            "upd_by": null,
            "upd_dtimes": null,
        }])
    );
    stage.assert_recorded(&[
        (
            "AUT-001",
            "partnerId=north",
            "Create API called::FtpChipDetail",
        ),
        (
            "AUT-005",
            "partnerId=north",
            "Create FtpChipDetail - Success",
        ),
    ]);
    let record = stage.app.audits()[0].1.clone();
    assert_eq!(
        (&record["moduleName"], &record["moduleId"]),
        (&json!("partner service"), &json!("PMP-AUT"))
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order_and_are_recorded() {
    let stage = stage().await;
    let inactive = "The FTP provider is either inactive or does not exist.";
    let exists = "FTM Chip details already exists for the same make and model";
    stage.chip("77", "north", ("approved", true), Some("cert-1"));
    let same = chip("north", "Make ", " 77");

    for gone in ["nobody", "South"] {
        let reply = stage
            .send(&Who::admin(), "POST", PATH, chip(gone, "a", "b"))
            .await;
        assert_eq!(reply.timeless(), refused("PMP_AUT_030", inactive), "{gone}");
    }
    let foreign = stage
        .send(&provider("south"), "POST", PATH, same.clone())
        .await;
    assert_eq!(
        foreign.timeless(),
        refused(
            "PMS_DEVICE_ERROR_001",
            "Partner id is not associated with user."
        )
    );
    stage.forget();
    let taken = stage
        .send(&provider("north"), "POST", PATH, same.clone())
        .await;
    assert_eq!(taken.timeless(), refused("PMP_AUT_032", exists));
    stage.assert_recorded(&[
        (
            "AUT-001",
            "partnerId=north",
            "Create API called::FtpChipDetail",
        ),
        (
            "AUT-003",
            "partnerId=north",
            &format!("PMP_AUT_032_{exists}"),
        ),
    ]);
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let off = stage.send(&provider("south"), "POST", PATH, same).await;
    assert_eq!(off.timeless(), refused("PMP_AUT_030", inactive));
    assert_eq!(
        stage
            .text("SELECT count(*) FROM ftp_chip_detail")
            .as_deref(),
        Some("1")
    );
}

#[actix_web::test]
async fn a_make_and_model_is_free_again_after_rejection_and_deactivation() {
    let stage = stage().await;
    let taken = ["pending_cert_upload", "pending_approval"];
    for status in taken {
        stage.sql("DELETE FROM ftp_chip_detail");
        stage.chip("7", "north", (status, false), None);
        let reply = stage
            .send(&provider("north"), "POST", PATH, chip("north", "Make", "7"))
            .await;
        assert_eq!(reply.error().0, "PMP_AUT_032", "{status}");
    }
    for status in ["rejected", "approved"] {
        stage.sql("DELETE FROM ftp_chip_detail");
        stage.chip("7", "north", (status, false), None);
        let reply = stage
            .send(&provider("north"), "POST", PATH, chip("north", "Make", "7"))
            .await;
        assert!(reply.response()["id"].is_string(), "{status}");
    }
    // Other providers may have the same.
    let other = stage
        .send(&Who::admin(), "POST", PATH, chip("south", "Make", "7"))
        .await;
    assert!(other.response()["id"].is_string());
}

#[actix_web::test]
async fn of_the_same_chip_at_once_one_is_registered() {
    let stage = stage().await;
    // Also where an adopted database's rows forbid the index.
    stage.sql("DROP INDEX uk_fcdtl_make_model_approval_status");
    let north = provider("north");

    let calls = (0..12).map(|_| stage.send(&north, "POST", PATH, chip("north", "Make", "1")));
    let replies = futures_util::future::join_all(calls).await;

    let made = replies
        .iter()
        .filter(|reply| reply.json()["response"].is_object());
    assert_eq!(made.count(), 1);
    let others = replies
        .iter()
        .filter(|reply| !reply.json()["response"].is_object());
    let codes: HashSet<String> = others.map(|reply| reply.error().0).collect();
    assert_eq!(codes, HashSet::from(["PMP_AUT_032".to_owned()]));
    assert_eq!(
        stage
            .text("SELECT count(*) FROM ftp_chip_detail")
            .as_deref(),
        Some("1")
    );
}

#[actix_web::test]
async fn fields_have_rules_and_the_call_a_role() {
    let stage = stage().await;
    let good = chip("north", "Make", "Model");
    let blank = "value is empty or null";
    let length = "Length should be in between 1 and 36 chars";
    for (field, value, rule) in [
        ("ftpProviderId", json!(null), blank),
        ("ftpProviderId", json!("  "), blank),
        ("ftpProviderId", json!("a".repeat(37)), length),
        ("make", json!(""), blank),
        ("make", json!("a".repeat(37)), length),
        ("make", json!("a<b"), "must not contain < or >"),
        ("model", json!("a>b"), "must not contain < or >"),
        ("model", json!(" \t"), blank),
        ("model", json!("a".repeat(37)), length),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let reply = stage.send(&provider("north"), "POST", PATH, wrong).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field)),
            "{field}"
        );
    }
    assert_write_guarded(&stage, "POST", PATH, &good).await;
    assert_eq!(
        stage
            .text("SELECT count(*) FROM ftp_chip_detail")
            .as_deref(),
        Some("0")
    );
}
