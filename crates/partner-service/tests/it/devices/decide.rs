use futures_util::future::join;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers};
use crate::support::{Stage, plain, refused, violation};

async fn stage() -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make", "pending_approval", false);
    stage
}

async fn decide(stage: &Stage, status: &str) -> Reply {
    let request = json!({ "id": "d1", "approvalStatus": status });
    let admin = Who::admin();
    stage.send(&admin, "PATCH", "/devicedetail", request).await
}

const APPROVED: &str = "Device details approved successfully.";
const REJECTED: &str = "Device details rejected successfully.";
const NOT_PENDING: &str = "Given device details are not in pending for approval status.";

fn set(stage: &Stage, status: &str, active: bool) {
    stage.sql(&format!(
        "UPDATE device_detail SET approval_status = '{status}', is_active = {active}"
    ));
}

#[actix_web::test]
async fn a_device_is_approved_or_rejected() {
    for (wanted, message, state) in [
        ("Activate", APPROVED, "approved true"),
        ("De-activate", REJECTED, "rejected false"),
    ] {
        let stage = stage().await;

        let reply = decide(&stage, wanted).await;

        assert_eq!(
            (reply.status, reply.timeless()),
            (200, plain(&json!(message)))
        );
        assert_eq!(stage.device_state("d1"), state);
        let change = stage.rows("SELECT upd_by, upd_dtimes FROM device_detail");
        let expected = json!([{ "upd_by": "admin", "upd_dtimes": "2026-11-24T10:00:00" }]);
        assert_eq!(change, expected);
        let about = ("d1", "deviceDetailId");
        stage.assert_audits(&[("AUT-006", about.0, about.1), ("AUT-007", about.0, about.1)]);
    }
}

#[actix_web::test]
async fn what_was_rejected_stays_so_and_a_decision_can_be_repeated() {
    let stage = stage().await;
    for (status, active, wanted, after, error) in [
        (
            "rejected",
            false,
            "Activate",
            "rejected false",
            Some("PMS_DEVICE_ERROR_010"),
        ),
        ("rejected", false, "De-activate", "rejected false", None),
        ("approved", true, "Activate", "approved true", None),
        ("approved", true, "De-activate", "rejected false", None),
        ("approved", false, "Activate", "approved true", None),
        ("Activated", true, "Activate", "approved true", None),
    ] {
        set(&stage, status, active);
        let reply = decide(&stage, wanted).await;
        match error {
            Some(code) => assert_eq!(reply.timeless(), refused(code, NOT_PENDING)),
            None => assert_eq!(reply.json()["errors"], json!([]), "{status} {active}"),
        }
        assert_eq!(stage.device_state("d1"), after, "{status} {active}");
    }
}

#[actix_web::test]
async fn no_device_is_approved_whose_sbi_can_not_be_used() {
    let stage = stage().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage.interface("s2", Some("north"), "2", "approved", true);
    stage.device_of("d1", "s1");
    stage.device_of("d1", "s2");
    stage.device_of("d1", "gone");
    for (status, active, expiry, error) in [
        (
            "pending_approval",
            false,
            "2027-01-01",
            (
                "PMS_DEVICE_ERROR_009",
                "Unable to process the request as the associated SBI is not approved.",
            ),
        ),
        (
            "rejected",
            false,
            "2027-01-01",
            (
                "PMS_DEVICE_ERROR_028",
                "Unable to process the request as the associated SBI is rejected",
            ),
        ),
        (
            "approved",
            false,
            "2027-01-01",
            (
                "PMS_DEVICE_ERROR_029",
                "Unable to process the request as the associated SBI is deactivated",
            ),
        ),
        (
            "approved",
            true,
            "2026-11-23 23:59:59",
            (
                "PMS_DEVICE_ERROR_021",
                "SBI for which device is being added is expired",
            ),
        ),
    ] {
        stage.sql(&format!(
            "UPDATE secure_biometric_interface SET approval_status = '{status}',
               is_active = {active}, sw_expiry_dtimes = '{expiry}' WHERE id = 's2'"
        ));
        assert_eq!(
            decide(&stage, "Activate").await.timeless(),
            refused(error.0, error.1)
        );
    }
    stage.sql("UPDATE secure_biometric_interface SET sw_expiry_dtimes = NULL");
    assert_eq!(
        decide(&stage, "Activate").await.timeless(),
        plain(&json!(APPROVED))
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let start = ("AUT-006", "d1", "deviceDetailId");

    let wrong = decide(&stage, "activate").await;
    let message = "ApprovalStatus should be Activate / De-activate";
    assert_eq!(wrong.timeless(), refused("PMS_AUT_025", message));
    stage.assert_audits(&[start, ("AUT-008", "d1", "deviceDetailId")]);
    assert_eq!(stage.descriptions()[1], format!("PMS_AUT_025_{message}"));

    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let closed = "This partner has been inactivated by Partner admin";
    let reply = decide(&stage, "Activate").await;
    assert_eq!(reply.timeless(), refused("PMS_AUT_002", closed));
    assert_eq!(
        decide(&stage, "De-activate").await.timeless(),
        plain(&json!(REJECTED))
    );

    stage.forget();
    stage.sql("UPDATE device_detail SET is_deleted = true");
    let unknown = "Device detail for id d1 does not exist";
    let reply = decide(&stage, "nonsense").await;
    assert_eq!(reply.timeless(), refused("PMS_AUT_005", unknown));
    stage.assert_audits(&[start, ("AUT-008", "d1", "deviceDetailId")]);
}

#[actix_web::test]
async fn a_model_that_came_back_under_another_id_is_in_the_way() {
    let stage = stage().await;
    set(&stage, "approved", false);
    stage.device("d2", "north", "Make", "pending_approval", false);

    let reply = decide(&stage, "Activate").await;

    let message = "Device Details already exists";
    assert_eq!(reply.timeless(), refused("PMS_AUT_003", message));
    assert_eq!(stage.device_state("d1"), "approved false");
}

#[actix_web::test]
async fn callers_are_checked_and_fields_too() {
    let stage = stage().await;
    let send =
        async |who: Who, request: Value| stage.send(&who, "PATCH", "/devicedetail", request).await;
    let good = json!({ "id": "d1", "approvalStatus": "Activate" });

    assert_eq!(send(Who::Nobody, good.clone()).await.status, 401);
    assert_eq!(send(nina(), good).await.status, 403);
    for (request, rule, field) in [
        (
            json!({ "approvalStatus": "Activate" }),
            "value is empty or null",
            "id",
        ),
        (
            json!({ "id": "d1", "approvalStatus": "x".repeat(37) }),
            "Length should be in between 1 and 36 chars",
            "approvalStatus",
        ),
    ] {
        let reply = send(Who::admin(), request).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
    assert_eq!(send(Who::admin(), json!("x")).await.status, 400);
}

#[actix_web::test]
async fn an_sbi_that_ends_meanwhile_takes_the_device_along() {
    let stage = stage().await;
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage.device_of("d1", "s1");
    stage.sql("UPDATE secure_biometric_interface SET sw_expiry_dtimes = NULL");
    let end = stage.v2(
        "mosip.pms.deactivate.sbi.patch",
        json!({ "status": "De-Activate" }),
    );
    let end = end.to_string();
    let path = "/v1/partnermanager/securebiometricinterface/s1";
    for _ in 0..20 {
        set(&stage, "approved", false);
        stage.sql("UPDATE secure_biometric_interface SET is_active = true");

        let owner = nina();
        let ended = stage.app.send(&owner, "PATCH", path, Some(end.clone()));
        let (decided, ended) = join(decide(&stage, "Activate"), ended).await;

        assert_eq!(ended.json()["errors"], json!([]), "{}", decided.text);
        assert_eq!(stage.device_state("d1"), "approved false");
    }
}

#[actix_web::test]
async fn of_two_admins_who_decide_at_once_the_rejection_lasts() {
    let stage = stage().await;
    for round in 0..50 {
        set(&stage, "pending_approval", false);
        stage.forget();

        let (approved, rejected) =
            join(decide(&stage, "Activate"), decide(&stage, "De-activate")).await;

        // Either the approval came first and was taken back, or it came too late.
        assert_eq!(rejected.timeless(), plain(&json!(REJECTED)), "{round}");
        let late = refused("PMS_DEVICE_ERROR_010", NOT_PENDING);
        let in_time = approved.timeless() == plain(&json!(APPROVED));
        assert!(in_time || approved.timeless() == late, "{}", approved.text);
        assert_eq!(stage.device_state("d1"), "rejected false", "{round}");
        let noted = stage.audits();
        let successes = noted.iter().filter(|record| record.0 == "AUT-007").count();
        assert_eq!(successes, 1 + usize::from(in_time), "{round}");
    }
}
