use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::devices_stage::{nina, providers};
use crate::support::{Stage, plain, refused, violation};

async fn stage() -> Stage {
    let stage = providers().await;
    stage.sql("DELETE FROM secure_biometric_interface_h");
    stage.interface("s1", Some("north"), "1", "pending_approval", false);
    stage
}

async fn decide(stage: &Stage, status: &str) -> Reply {
    let request = json!({ "id": "s1", "approvalStatus": status });
    let admin = Who::admin();
    stage
        .send(&admin, "PATCH", "/securebiometricinterface", request)
        .await
}

const APPROVED: &str = "Secure biometric details approved successfully.";
const REJECTED: &str = "Secure biometric details rejected successfully.";

fn set(stage: &Stage, status: &str, active: bool) {
    stage.sql(&format!(
        "UPDATE secure_biometric_interface SET approval_status = '{status}', is_active = {active}"
    ));
}

#[actix_web::test]
async fn an_sbi_is_approved_or_rejected() {
    for (wanted, message, status, active) in [
        ("Activate", APPROVED, "approved", true),
        ("De-activate", REJECTED, "rejected", false),
    ] {
        let stage = stage().await;

        let reply = decide(&stage, wanted).await;

        assert_eq!(
            (reply.status, reply.timeless()),
            (200, plain(&json!(message)))
        );
        assert_eq!(stage.interface_state("s1"), format!("{status} {active}"));
        let kept = stage.rows(
            "SELECT approval_status, is_active, cr_by, upd_by, upd_dtimes, eff_dtimes
             FROM secure_biometric_interface_h",
        );
        let at = "2026-11-24T10:00:00";
        let expected = json!([{
            "approval_status": status,
            "is_active": active,
            "cr_by": "admin",
            "upd_by": "admin",
            "upd_dtimes": at,
            "eff_dtimes": at,
        }]);
        assert_eq!(kept, expected);
        stage.assert_audits(&[("AUT-006", "s1", "sbiId"), ("AUT-007", "s1", "sbiId")]);
    }
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let start = ("AUT-006", "s1", "sbiId");
    let status = "ApprovalStatus should be Activate / De-activate";
    for (stored, active, wanted, code, message, record) in [
        (
            "approved",
            true,
            "nonsense",
            "PMS_AUT_517",
            "The selected SBI has been already approved",
            "AUT-016",
        ),
        (
            "rejected",
            false,
            "nonsense",
            "PMS_AUT_518",
            "The selected SBI has been already rejected",
            "AUT-016",
        ),
        (
            "approved",
            false,
            "De-Activate",
            "PMS_AUT_026",
            status,
            "AUT-008",
        ),
    ] {
        stage.forget();
        set(&stage, stored, active);
        assert_eq!(
            decide(&stage, wanted).await.timeless(),
            refused(code, message)
        );
        stage.assert_audits(&[start, (record, "s1", "sbiId")]);
    }
    stage.sql("UPDATE secure_biometric_interface SET sw_expiry_dtimes = '2026-11-23 23:59:59'");
    let expired = "ExpiryDate should be greaterthan/equal Today.";
    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        refused("PMS_AUT_508", expired)
    );
    // Expired or not, it can be used again when it has an end ahead, or none.
    stage.sql("UPDATE secure_biometric_interface SET sw_expiry_dtimes = NULL");
    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        plain(&json!(APPROVED))
    );
    set(&stage, "approved", false);
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let closed = "This partner has been inactivated by Partner admin";
    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        refused("PMS_AUT_002", closed)
    );
    assert_eq!(
        decide(&stage, "De-activate").await.timeless(),
        plain(&json!(REJECTED))
    );
    stage.sql("UPDATE secure_biometric_interface SET is_deleted = true");
    let unknown = "Secure Biometric Interface not found for the id s1";
    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        refused("PMS_AUT_007", unknown)
    );
}

#[actix_web::test]
async fn old_sbis_without_provider_are_decided_too() {
    let stage = stage().await;
    stage.sql("UPDATE secure_biometric_interface SET provider_id = NULL, is_deleted = NULL");
    set(&stage, "Activated", true);

    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        plain(&json!(APPROVED))
    );
}

#[actix_web::test]
async fn devices_of_an_sbi_that_waits_again_and_is_rejected_go_with_it() {
    let stage = stage().await;
    stage.device("d1", "north", "One", "approved", true);
    stage.device("d2", "north", "Two", "pending_approval", false);
    stage.device_of("d1", "s1");
    stage.device_of("d2", "s1");

    assert_eq!(
        decide(&stage, "De-activate").await.timeless(),
        plain(&json!(REJECTED))
    );

    assert_eq!(stage.device_state("d1"), "approved false");
    assert_eq!(stage.device_state("d2"), "rejected false");
}

#[actix_web::test]
async fn the_rejection_of_an_sbi_in_another_state_leaves_devices_as_they_are() {
    let stage = stage().await;
    stage.device("d1", "north", "One", "approved", true);
    stage.device("d2", "north", "Two", "pending_approval", false);
    stage.device_of("d1", "s1");
    stage.device_of("d2", "s1");
    for (status, active) in [("Activated", true), ("approved", false)] {
        set(&stage, status, active);

        assert_eq!(
            decide(&stage, "De-activate").await.timeless(),
            plain(&json!(REJECTED))
        );

        assert_eq!(stage.device_state("d1"), "approved true", "{status}");
        assert_eq!(
            stage.device_state("d2"),
            "pending_approval false",
            "{status}"
        );
    }
}

#[actix_web::test]
async fn of_two_admins_who_decide_at_once_one_wins() {
    let stage = stage().await;
    for _ in 0..50 {
        set(&stage, "pending_approval", false);
        stage.sql("DELETE FROM secure_biometric_interface_h");

        let both = ["Activate", "De-activate"].map(|status| decide(&stage, status));
        let replies = join_all(both).await;

        let won: Vec<bool> = replies
            .iter()
            .map(|reply| reply.json()["errors"] == json!([]))
            .collect();
        assert_eq!(won.iter().filter(|won| **won).count(), 1);
        let state = if won[0] {
            "approved true"
        } else {
            "rejected false"
        };
        assert_eq!(stage.interface_state("s1"), state);
        let kept = "SELECT string_agg(approval_status || ' ' || is_active, ',')
            FROM secure_biometric_interface_h";
        assert_eq!(stage.text(kept).as_deref(), Some(state));
    }
}

#[actix_web::test]
async fn callers_and_fields_are_checked() {
    let stage = stage().await;
    let path = "/securebiometricinterface";
    let good = json!({ "id": "s1", "approvalStatus": "Activate" });

    let nobody = stage.send(&Who::Nobody, "PATCH", path, good.clone()).await;
    let provider = stage.send(&nina(), "PATCH", path, good).await;
    let blank = json!({ "id": " ", "approvalStatus": "Activate" });
    let blank = stage.send(&Who::admin(), "PATCH", path, blank).await;

    assert_eq!((nobody.status, provider.status), (401, 403));
    let expected = violation("value is empty or null", "id");
    assert_eq!((blank.status, blank.timeless()), (400, expected));
}
