use pms_testkit::bodies::{answered, refusal};
use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::devices_stage::{WITHOUT_PARTNERS, nina, providers, sam};
use crate::support::{Row, Stage};

const OPERATION: &str = "mosip.pms.deactivate.sbi.patch";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.sql("DELETE FROM secure_biometric_interface_h");
    stage.interface("s1", Some("north"), "1", "approved", true);
    stage
}

async fn end(stage: &Stage, who: &Who, id: &str, status: &str) -> Reply {
    let path = format!("/securebiometricinterface/{id}");
    let request = json!({ "status": status });
    stage
        .send_v2(who, ("PATCH", &path), OPERATION, request)
        .await
}

#[actix_web::test]
async fn an_sbi_takes_its_devices_along() {
    let stage = stage().await;
    stage.interface("s2", Some("north"), "2", "approved", true);
    for (id, status, active) in [
        ("live", "approved", true),
        ("waits", "pending_approval", false),
        ("ended", "approved", false),
        ("refused", "rejected", false),
        ("old", "Activated", true),
        ("shared", "approved", true),
        ("apart", "approved", true),
    ] {
        stage.device(id, "north", id, status, active);
        if id != "apart" {
            stage.device_of(id, "s1");
        }
    }
    stage.device_of("shared", "s2");
    stage.device_of("gone", "s1");

    let reply = end(&stage, &nina(), "s1", "De-Activate").await;

    let expected = json!({
        "sbiId": "s1",
        "sbiVersion": "1",
        "status": "approved",
        "isActive": false,
    });
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, answered(OPERATION, &expected))
    );
    let states = stage.rows(
        "SELECT id, approval_status || ' ' || is_active AS state, upd_by FROM device_detail
         ORDER BY id",
    );
    let row =
        |id: &str, state: &str, by: Option<&str>| json!({ "id": id, "state": state, "upd_by": by });
    let by = Some("nina");
    let expected = json!([
        row("apart", "approved true", None),
        row("ended", "approved false", None),
        row("live", "approved false", by),
        row("old", "Activated true", None),
        row("refused", "rejected false", None),
        row("shared", "approved false", by),
        row("waits", "rejected false", by),
    ]);
    assert_eq!(states, expected);
    assert_eq!(stage.interface_state("s1"), "approved false");
    assert_eq!(stage.count("device_detail_sbi", "is_active"), "0");
    let kept = "approval_status = 'approved' AND NOT is_active AND upd_by = 'nina'";
    assert_eq!(stage.count("secure_biometric_interface_h", kept), "1");
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.interface("s2", Some("closed"), "1", "approved", true);
    stage.interface("s3", None, "1", "Activated", true);
    let refused = async |who: &Who, id: &str, status: &str, (code, message): (&str, &str)| {
        let reply = end(&stage, who, id, status).await;
        assert_eq!(
            reply.timeless(),
            refusal(OPERATION, code, message),
            "{code}"
        );
    };
    let nobody = Who::user("nobody", &["DEVICE_PROVIDER"]);
    let (good, admin) = ("De-Activate", Who::admin());

    let status = (
        "PMS_DEVICE_ERROR_026",
        "Request status should be De-Activate",
    );
    refused(&nobody, "s9", "De-activate", status).await;
    refused(&nobody, "s9", good, WITHOUT_PARTNERS).await;
    refused(&admin, "s1", good, WITHOUT_PARTNERS).await;
    refused(
        &nina(),
        "s9",
        good,
        ("PMS_DEVICE_ERROR_005", "SBI do not exists."),
    )
    .await;
    let foreign = ("PMS_DEVICE_ERROR_019", "SBI is not associated with user.");
    refused(&sam(), "s1", good, foreign).await;
    refused(&nina(), "s3", good, foreign).await;
    refused(
        &nina(),
        "s2",
        good,
        ("PMS_PMP_016", "Partner is not active."),
    )
    .await;
    let not_approved = (
        "PMS_DEVICE_ERROR_022",
        "The selected SBI is not in an approved status.",
    );
    stage.partner(&Row {
        id: "office",
        user: "admin",
        ..Row::default()
    });
    refused(&admin, "s3", good, not_approved).await;
    assert_eq!(
        end(&stage, &admin, "s2", good).await.json()["errors"],
        json!([])
    );
    let ended = (
        "PMS_DEVICE_ERROR_020",
        "The selected SBI is already deactivated.",
    );
    refused(&admin, "s2", good, ended).await;
    stage.sql("DROP TABLE device_detail_sbi CASCADE");
    let fault = ("PMS_DEVICE_ERROR_018", "Error while deactivating the SBI");
    refused(&nina(), "s1", good, fault).await;
    assert_eq!(stage.interface_state("s1"), "approved true");
}

#[actix_web::test]
async fn the_envelope_the_path_and_the_caller_are_checked() {
    let stage = stage().await;
    let good = json!({ "status": "De-Activate" });
    let path = ("PATCH", "/securebiometricinterface/s1");

    let wrong = stage.send_v2(&nina(), path, "other", good.clone()).await;
    assert_eq!(wrong.error().0, "PMS_REQUEST_ERROR_002");
    assert_eq!(
        end(&stage, &Who::Nobody, "s1", "De-Activate").await.status,
        401
    );
    let role = Who::user("nina", &["FTM_PROVIDER"]);
    assert_eq!(end(&stage, &role, "s1", "De-Activate").await.status, 403);
    let blank = ("PATCH", "/securebiometricinterface/%20");
    assert_eq!(
        stage.send_v2(&nina(), blank, OPERATION, good).await.status,
        400
    );
}
