use futures_util::future::join_all;
use pms_testkit::bodies::{answered, refusal};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::devices_stage::{nina, providers};
use crate::support::{BASE, Stage};

const OPERATION: &str = "mosip.pms.approval.mapping.device.to.sbi.post";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make", "pending_approval", false);
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage.device_of("d1", "s1");
    stage
}

fn wanted(status: &str) -> Value {
    json!({ "partnerId": "north", "sbiId": "s1", "status": status })
}

async fn send(stage: &Stage, request: Value) -> Reply {
    let path = ("POST", "/devicedetail/d1/approval");
    stage.send_v2(&Who::admin(), path, OPERATION, request).await
}

fn mapping(stage: &Stage) -> Value {
    stage.rows("SELECT is_active, upd_by, upd_dtimes FROM device_detail_sbi")
}

#[actix_web::test]
async fn device_and_mapping_are_decided_together() {
    for (status, state, active) in [
        ("approved", "approved true", true),
        ("rejected", "rejected false", false),
    ] {
        let stage = stage().await;

        let reply = send(&stage, wanted(status)).await;

        let expected = answered(OPERATION, &json!(true));
        assert_eq!((reply.status, reply.timeless()), (200, expected));
        assert_eq!(stage.device_state("d1"), state);
        let at = "2026-11-24T10:00:00";
        let expected = json!([{ "is_active": active, "upd_by": "admin", "upd_dtimes": at }]);
        assert_eq!(mapping(&stage), expected);
        stage.assert_audits(&[]);
    }
}

#[actix_web::test]
async fn a_device_that_is_marked_as_deleted_is_not_decided() {
    for status in ["approved", "rejected"] {
        let stage = stage().await;
        stage.sql("UPDATE device_detail SET is_deleted = true");

        let reply = send(&stage, wanted(status)).await;

        let text = "Error while approving or rejecting device for Sbi Mapping.";
        let expected = refusal(OPERATION, "PMS_DEVICE_ERROR_011", text);
        assert_eq!((reply.status, reply.timeless()), (200, expected));
        assert_eq!(stage.device_state("d1"), "pending_approval false");
        assert_eq!(
            stage.descriptions(),
            ["PMS_AUT_005_Device detail for id d1 does not exist"]
        );
        stage.assert_audits(&[("AUT-008", "d1", "deviceDetailId")]);
        // What the contract checks before comes first.
        stage.sql("DELETE FROM device_detail_sbi");
        let unmapped = send(&stage, wanted(status)).await;
        assert_eq!(unmapped.error().0, "PMS_DEVICE_ERROR_012");
    }
}

/// A change of the stage, and the refusal that comes first then.
type Step = (&'static str, &'static str, &'static str);

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let without = |member: &str, status: &str| {
        let mut request = wanted(status);
        request[member] = Value::Null;
        request
    };
    let no_sbi = |what: &str| {
        format!("This device cannot be {what} as it does not have any SBI associated to it.")
    };
    for (request, code, message) in [
        (
            without("partnerId", "x"),
            "PMS_REQUEST_ERROR_001",
            "Invalid request.".to_owned(),
        ),
        (
            without("status", "x"),
            "PMS_REQUEST_ERROR_001",
            "Invalid request.".to_owned(),
        ),
        (
            without("sbiId", "Approved"),
            "PMS_DEVICE_ERROR_027",
            "Request status should be either approved or rejected".to_owned(),
        ),
        (
            without("sbiId", "approved"),
            "PMS_DEVICE_ERROR_024",
            no_sbi("approved"),
        ),
        (
            without("sbiId", "rejected"),
            "PMS_DEVICE_ERROR_025",
            no_sbi("rejected"),
        ),
    ] {
        let reply = send(&stage, request).await;
        assert_eq!(reply.timeless(), refusal(OPERATION, code, &message));
    }
    // From the last check to the first: each change breaks an earlier rule.
    let steps: [Step; 11] = [
        (
            "UPDATE partner SET is_active = false WHERE id = 'north'",
            "PMS_AUT_002",
            "This partner has been inactivated by Partner admin",
        ),
        (
            "DELETE FROM device_detail_sbi",
            "PMS_DEVICE_ERROR_012",
            "SBI and Device mapping does not exists.",
        ),
        (
            "UPDATE device_detail SET approval_status = 'rejected'",
            "PMS_DEVICE_ERROR_010",
            "Given device details are not in pending for approval status.",
        ),
        (
            "UPDATE device_detail SET dprovider_id = 'south'",
            "PMS_DEVICE_ERROR_007",
            "Device is not associated with partner Id.",
        ),
        (
            "DELETE FROM device_detail",
            "PMS_DEVICE_ERROR_006",
            "Device do not exists.",
        ),
        (
            "UPDATE secure_biometric_interface SET sw_expiry_dtimes = '2026-11-23 23:59:59'",
            "PMS_DEVICE_ERROR_021",
            "SBI for which device is being added is expired",
        ),
        (
            "UPDATE secure_biometric_interface SET is_active = false",
            "PMS_DEVICE_ERROR_029",
            "Unable to process the request as the associated SBI is deactivated",
        ),
        (
            "UPDATE secure_biometric_interface SET approval_status = 'rejected'",
            "PMS_DEVICE_ERROR_028",
            "Unable to process the request as the associated SBI is rejected",
        ),
        (
            "UPDATE secure_biometric_interface SET approval_status = 'pending_approval'",
            "PMS_DEVICE_ERROR_009",
            "Unable to process the request as the associated SBI is not approved.",
        ),
        (
            "UPDATE secure_biometric_interface SET provider_id = NULL",
            "PMS_DEVICE_ERROR_002",
            "SBI is not associated with partner Id.",
        ),
        (
            "DELETE FROM secure_biometric_interface",
            "PMS_DEVICE_ERROR_005",
            "SBI do not exists.",
        ),
    ];
    for (change, code, message) in steps {
        stage.sql(change);
        let reply = send(&stage, wanted("approved")).await;
        assert_eq!(reply.timeless(), refusal(OPERATION, code, message));
    }
}

#[actix_web::test]
async fn the_devices_of_a_closed_provider_can_be_rejected() {
    let stage = stage().await;
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");

    assert_eq!(
        send(&stage, wanted("rejected")).await.json()["errors"],
        json!([])
    );
    assert_eq!(stage.device_state("d1"), "rejected false");
}

#[actix_web::test]
async fn callers_envelopes_and_faults_have_answers_of_their_own() {
    let stage = stage().await;
    let path = ("POST", "/devicedetail/d1/approval");

    let (admin, approved) = (Who::admin(), wanted("approved"));
    let send_as = async |who: &Who, path: (&str, &str), operation: &str| {
        let reply = stage.send_v2(who, path, operation, approved.clone());
        reply.await
    };
    assert_eq!(send_as(&Who::Nobody, path, OPERATION).await.status, 401);
    assert_eq!(send_as(&nina(), path, OPERATION).await.status, 403);
    let other = send_as(&admin, path, "other").await;
    assert_eq!(other.error().0, "PMS_REQUEST_ERROR_002");
    // A blank device is an unknown one.
    let blank = send_as(&admin, ("POST", "/devicedetail/%20/approval"), OPERATION).await;
    assert_eq!(blank.error().0, "PMS_DEVICE_ERROR_006");
    let url = format!("{BASE}/devicedetail/d1/approval");
    let malformed = Some("[".to_owned());
    let malformed = stage.app.send(&admin, "POST", &url, malformed).await;
    assert_eq!(malformed.status, 400);
    stage.sql("DROP TABLE secure_biometric_interface CASCADE");
    let fault = send(&stage, wanted("approved")).await;
    let text = "Error while approving or rejecting device for Sbi Mapping.";
    assert_eq!(
        fault.timeless(),
        refusal(OPERATION, "PMS_DEVICE_ERROR_011", text)
    );
}

#[actix_web::test]
async fn of_two_admins_who_decide_at_once_one_wins() {
    let stage = stage().await;
    for _ in 0..50 {
        stage.sql(
            "UPDATE device_detail SET approval_status = 'pending_approval', is_active = false;
             UPDATE device_detail_sbi SET is_active = false",
        );

        let both = ["approved", "rejected"].map(|status| send(&stage, wanted(status)));
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
        assert_eq!(stage.device_state("d1"), state);
        assert_eq!(mapping(&stage)[0]["is_active"], json!(won[0]));
        let loser = replies
            .iter()
            .find(|reply| reply.json()["errors"] != json!([]));
        assert_eq!(loser.unwrap().error().0, "PMS_DEVICE_ERROR_010");
    }
}
