use pms_testkit::Who;
use serde_json::{Value, json};

use crate::ftm_stage::{assert_write_guarded, provider, stage};
use crate::support::{plain, refused, violation};

const PATH: &str = "/ftpchipdetail";

fn change(id: &str, make: &str, model: &str) -> Value {
    json!({ "ftpChipDetailId": id, "make": make, "model": model })
}

#[actix_web::test]
async fn make_and_model_are_changed() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);

    let reply = stage
        .send(
            &provider("north"),
            "PUT",
            PATH,
            change("1", "New  make", "2"),
        )
        .await;

    assert_eq!(reply.timeless(), plain(&json!({ "id": "1" })));
    assert_eq!(
        stage.rows("SELECT make, model, approval_status, is_active, upd_by, upd_dtimes FROM ftp_chip_detail"),
        json!([{
            "make": "New make",
            "model": "2",
            "approval_status": "pending_cert_upload",
            "is_active": false,
            "upd_by": "north",
            "upd_dtimes": "2026-11-24T10:00:00",
        }])
    );
    stage.assert_recorded(&[
        (
            "AUT-006",
            "ftpChipDetailId=1",
            "Update API called::FtpChipDetail",
        ),
        (
            "AUT-007",
            "ftpChipDetailId=1",
            "Update FtpChipDetail - Success",
        ),
    ]);
}

#[actix_web::test]
async fn a_provider_that_changes_a_chip_in_use_waits_for_approval_again() {
    let stage = stage().await;
    stage.chip("1", "north", ("approved", true), Some("cert-1"));
    let approved =
        json!({ "approval_status": "approved", "is_active": true, "certificate_alias": "cert-1" });

    // The same, and an administrator's change, are no news.
    stage
        .send(&provider("north"), "PUT", PATH, change("1", " Make ", "1"))
        .await
        .response();
    assert_eq!(stage.chip_state("1"), approved);
    stage
        .send(&Who::admin(), "PUT", PATH, change("1", "Make", "2"))
        .await
        .response();
    assert_eq!(stage.chip_state("1"), approved);
    stage
        .send(&provider("north"), "PUT", PATH, change("1", "Make", "3"))
        .await
        .response();

    assert_eq!(
        stage.chip_state("1"),
        json!({ "approval_status": "pending_approval", "is_active": false, "certificate_alias": "cert-1" })
    );
}

#[actix_web::test]
async fn so_does_one_that_is_in_use_in_a_status_of_old_installations() {
    let stage = stage().await;
    stage.chip("1", "north", ("Activated", true), Some("cert-1"));
    stage.chip("2", "north", ("Activated", false), Some("cert-1"));

    for (id, model) in [("1", "3"), ("2", "4")] {
        stage
            .send(&provider("north"), "PUT", PATH, change(id, "Make", model))
            .await
            .response();
    }

    let state = |status: &str| json!({ "approval_status": status, "is_active": false, "certificate_alias": "cert-1" });
    assert_eq!(stage.chip_state("1"), state("pending_approval"));
    assert_eq!(stage.chip_state("2"), state("Activated"));
}

#[actix_web::test]
async fn what_the_reference_stored_with_surplus_blanks_stays_approved_when_it_is_sent_back() {
    let stage = stage().await;
    for (id, make, model) in [("1", "W  W", "x "), ("2", "W W", "x"), ("3", "Make", "3")] {
        stage.chip(id, "north", ("approved", true), Some("cert-1"));
        stage.sql(&format!(
            "UPDATE ftp_chip_detail SET make = '{make}', model = '{model}' WHERE id = '{id}'"
        ));
    }
    let exists = "FTM Chip details already exists for the same make and model";
    for (id, make, model, free) in [
        ("1", "W  W", "x ", true),
        ("2", "W W", "x", true),
        ("1", "W W", "x", false),
        ("3", "W  W", "x ", false),
    ] {
        let reply = stage
            .send(&provider("north"), "PUT", PATH, change(id, make, model))
            .await;
        let expected = if free {
            plain(&json!({ "id": id }))
        } else {
            refused("PMP_AUT_032", exists)
        };
        assert_eq!(reply.timeless(), expected, "{id} {make}");
        assert_eq!(stage.chip_state(id)["approval_status"], "approved");
    }
    stage.sql("DELETE FROM ftp_chip_detail WHERE id = '2'");
    let tidied = stage
        .send(&provider("north"), "PUT", PATH, change("1", "W W", " x"))
        .await;
    assert_eq!(tidied.timeless(), plain(&json!({ "id": "1" })));
    assert_eq!(stage.chip_state("1")["approval_status"], "approved");
    let names = "SELECT make || '|' || model FROM ftp_chip_detail WHERE id = '1'";
    assert_eq!(stage.text(names).as_deref(), Some("W W|x"));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.chip("1", "north", ("approved", true), Some("cert-1"));
    stage.chip("2", "north", ("pending_approval", false), Some("cert-1"));
    let exists = "FTM Chip details already exists for the same make and model";

    let unknown = stage
        .send(&provider("south"), "PUT", PATH, change("9", "Make", "2"))
        .await;
    assert_eq!(
        unknown.timeless(),
        refused("PMP_AUT_031", "ftp chip id not exists.")
    );
    stage.assert_recorded(&[
        (
            "AUT-006",
            "ftpChipDetailId=9",
            "Update API called::FtpChipDetail",
        ),
        (
            "AUT-003",
            "ftpChipId=9",
            "PMP_AUT_031_ftp chip id not exists.",
        ),
    ]);
    let foreign = stage
        .send(&provider("south"), "PUT", PATH, change("1", "Make", "2"))
        .await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_FTM_ERROR_006", "FTM is not associated with user.")
    );
    let taken = stage
        .send(&provider("north"), "PUT", PATH, change("1", "Make", " 2"))
        .await;
    assert_eq!(taken.timeless(), refused("PMP_AUT_032", exists));
    stage.sql("UPDATE ftp_chip_detail SET approval_status = 'rejected' WHERE id = '2'");
    let free = stage
        .send(&provider("north"), "PUT", PATH, change("1", "Make", "2"))
        .await;
    assert_eq!(free.response(), json!({ "id": "1" }));
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let off = stage
        .send(&provider("north"), "PUT", PATH, change("1", "Make", "3"))
        .await;
    let text = "The FTP provider is either inactive or does not exist.";
    assert_eq!(off.timeless(), refused("PMP_AUT_030", text));
}

#[actix_web::test]
async fn fields_have_rules_and_the_call_a_role() {
    let stage = stage().await;
    let good = change("1", "Make", "Model");
    for field in ["ftpChipDetailId", "make", "model"] {
        for (value, rule) in [
            (json!(null), "value is empty or null"),
            (
                json!("a".repeat(37)),
                "Length should be in between 1 and 36 chars",
            ),
        ] {
            let mut wrong = good.clone();
            wrong[field] = value;
            let reply = stage.send(&Who::admin(), "PUT", PATH, wrong).await;
            assert_eq!(
                (reply.status, reply.timeless()),
                (400, violation(rule, field))
            );
        }
    }
    for (field, value) in [("make", "a<b"), ("make", "<i>Make"), ("model", "a>b")] {
        let mut wrong = good.clone();
        wrong[field] = json!(value);
        let reply = stage.send(&Who::admin(), "PUT", PATH, wrong).await;
        let expected = violation("must not contain < or >", field);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    assert_write_guarded(&stage, "PUT", PATH, &good).await;
}
