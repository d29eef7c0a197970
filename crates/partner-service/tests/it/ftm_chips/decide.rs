use pms_testkit::Who;
use serde_json::{Value, json};

use crate::ftm_stage::{assert_write_guarded, provider, stage};
use crate::support::{plain, refused, violation};

const PATH: &str = "/ftpchipdetail";

fn decision(id: &str, approve: impl Into<Value>) -> Value {
    json!({ "ftpChipDetailId": id, "approvalStatus": approve.into() })
}

#[actix_web::test]
async fn a_chip_is_approved_and_rejected() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_approval", false), Some("cert-1"));

    let approved = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", true))
        .await;
    assert_eq!(
        approved.timeless(),
        plain(&json!("Status updated successfully."))
    );
    assert_eq!(
        stage.rows("SELECT approval_status, is_active, upd_by, upd_dtimes FROM ftp_chip_detail"),
        json!([{
            "approval_status": "approved",
            "is_active": true,
            "upd_by": "admin",
            "upd_dtimes": "2026-11-24T10:00:00",
        }])
    );
    // Clients send the flag as text, too.
    let rejected = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", "false"))
        .await;
    assert_eq!(
        rejected.timeless(),
        plain(&json!("Status updated successfully."))
    );
    assert_eq!(
        stage.chip_state("1"),
        json!({ "approval_status": "rejected", "is_active": false, "certificate_alias": "cert-1" })
    );
    let once = [
        (
            "AUT-006",
            "ftpChipDetailId=1",
            "Status update API called::FtpChipDetail",
        ),
        (
            "AUT-007",
            "ftpChipDetailId=1",
            "Update FtpChipDetail - Success",
        ),
    ];
    stage.assert_recorded(&[once[0], once[1], once[0], once[1]]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);

    let unknown = stage
        .send(&Who::admin(), "PATCH", PATH, decision("9", true))
        .await;
    assert_eq!(
        unknown.timeless(),
        refused("PMP_AUT_031", "ftp chip id not exists.")
    );
    stage.forget();
    let bare = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", true))
        .await;
    assert_eq!(
        bare.timeless(),
        refused("PMP_AUT_033", "Certificate is not uploaded.")
    );
    stage.assert_recorded(&[
        (
            "AUT-006",
            "ftpChipDetailId=1",
            "Status update API called::FtpChipDetail",
        ),
        (
            "AUT-003",
            "ftpChipId=1",
            "PMP_AUT_033_Certificate is not uploaded.",
        ),
    ]);
    let rejected = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", false))
        .await;
    assert_eq!(rejected.response(), json!("Status updated successfully."));
}

#[actix_web::test]
async fn a_deactivated_providers_chip_is_rejected_but_not_approved() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_approval", false), Some("cert-1"));
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");

    let approved = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", true))
        .await;
    let text = "The FTP provider is either inactive or does not exist.";
    assert_eq!(approved.timeless(), refused("PMP_AUT_030", text));
    let rejected = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", false))
        .await;
    assert_eq!(rejected.response(), json!("Status updated successfully."));
    assert_eq!(stage.chip_state("1")["approval_status"], "rejected");
}

#[actix_web::test]
async fn a_chip_that_ended_is_approved_again_unless_it_has_a_successor() {
    let stage = stage().await;
    for without_index in [false, true] {
        for status in ["rejected", "approved"] {
            stage.sql("DELETE FROM ftp_chip_detail");
            stage.chip("1", "north", (status, false), Some("cert-1"));
            stage.chip("2", "north", ("pending_approval", false), None);
            stage.sql("UPDATE ftp_chip_detail SET model = '1'");

            let taken = stage
                .send(&Who::admin(), "PATCH", PATH, decision("1", true))
                .await;
            assert_eq!(taken.error().0, "PMP_AUT_032", "{status} {without_index}");
            stage.sql("DELETE FROM ftp_chip_detail WHERE id = '2'");
            let free = stage
                .send(&Who::admin(), "PATCH", PATH, decision("1", true))
                .await;
            assert_eq!(free.response(), json!("Status updated successfully."));
        }
        stage.sql("DROP INDEX IF EXISTS uk_fcdtl_make_model_approval_status");
    }
}

#[actix_web::test]
async fn decisions_at_once_leave_a_declared_state() {
    let stage = stage().await;
    for round in 0..50 {
        stage.sql("DELETE FROM ftp_chip_detail; DELETE FROM outbox");
        stage.chip("1", "north", ("pending_approval", false), Some("cert-1"));
        let admin = Who::admin();

        let calls =
            [true, false].map(|approve| stage.send(&admin, "PATCH", PATH, decision("1", approve)));
        let replies = futures_util::future::join_all(calls).await;

        assert!(
            replies
                .iter()
                .all(|reply| reply.json()["response"].is_string())
        );
        let state = stage.chip_state("1");
        let fine = [("approved", true), ("rejected", false)]
            .iter()
            .any(|(status, active)| {
                state["approval_status"] == *status && state["is_active"] == *active
            });
        assert!(fine, "round {round}: {state}");
        assert_eq!(stage.audit_lines().len(), 4);
    }
}

#[actix_web::test]
async fn fields_have_rules_and_the_call_a_role() {
    let stage = stage().await;
    for (request, rule, field) in [
        (
            decision(" ", true),
            "value is empty or null",
            "ftpChipDetailId",
        ),
        (
            decision(&"1".repeat(37), true),
            "Length should be in between 1 and 36 chars",
            "ftpChipDetailId",
        ),
        (
            decision("1", Value::Null),
            "value is empty or null",
            "approvalStatus",
        ),
    ] {
        let reply = stage.send(&Who::admin(), "PATCH", PATH, request).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
    let odd = stage
        .send(&Who::admin(), "PATCH", PATH, decision("1", "maybe"))
        .await;
    assert_eq!(odd.status, 400);
    assert_write_guarded(&stage, "PATCH", PATH, &decision("1", true)).await;
    // A provider doesn't decide.
    let own = stage
        .send(&provider("north"), "PATCH", PATH, decision("1", true))
        .await;
    assert_eq!(own.status, 403);
}
