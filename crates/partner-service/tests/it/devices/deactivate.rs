use pms_testkit::bodies::{answered, refusal};
use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::devices_stage::{WITHOUT_PARTNERS, nina, providers, sam};
use crate::support::{BASE, Row, Stage};

const OPERATION: &str = "mosip.pms.deactivate.device.patch";

async fn stage() -> Stage {
    let stage = providers().await;
    stage.device("d1", "north", "Make", "approved", true);
    stage
}

async fn end(stage: &Stage, who: &Who, id: &str, status: &str) -> Reply {
    let path = format!("/devicedetail/{id}");
    let request = json!({ "status": status });
    stage
        .send_v2(who, ("PATCH", &path), OPERATION, request)
        .await
}

#[actix_web::test]
async fn a_device_is_no_longer_used() {
    let stage = stage().await;

    let reply = end(&stage, &nina(), "d1", "De-Activate").await;

    let expected = json!({ "deviceId": "d1", "status": "approved", "isActive": false });
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, answered(OPERATION, &expected))
    );
    let row =
        stage.rows("SELECT approval_status, is_active, upd_by, upd_dtimes FROM device_detail");
    let expected = json!([{
        "approval_status": "approved",
        "is_active": false,
        "upd_by": "nina",
        "upd_dtimes": "2026-11-24T10:00:00",
    }]);
    assert_eq!(row, expected);
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
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
    refused(&nobody, "d9", "De-activate", status).await;
    refused(&nobody, "d9", good, WITHOUT_PARTNERS).await;
    refused(&admin, "d9", good, WITHOUT_PARTNERS).await;
    stage.partner(&Row {
        id: "office",
        user: "admin",
        ..Row::default()
    });
    refused(
        &admin,
        "d9",
        good,
        ("PMS_DEVICE_ERROR_006", "Device do not exists."),
    )
    .await;
    let foreign = (
        "PMS_DEVICE_ERROR_016",
        "Device is not associated with user.",
    );
    refused(&sam(), "d1", good, foreign).await;
    stage.device("d2", "closed", "Make", "approved", true);
    refused(
        &nina(),
        "d2",
        good,
        ("PMS_PMP_016", "Partner is not active."),
    )
    .await;
    let not_approved = (
        "PMS_DEVICE_ERROR_023",
        "The selected Device is not in an approved status.",
    );
    for state in ["pending_approval", "rejected", "Activated"] {
        stage.sql(&format!(
            "UPDATE device_detail SET approval_status = '{state}'"
        ));
        refused(&nina(), "d1", good, not_approved).await;
    }
    stage.sql("UPDATE device_detail SET approval_status = 'approved', is_active = false");
    let ended = (
        "PMS_DEVICE_ERROR_014",
        "The selected device has been already deactivated.",
    );
    refused(&nina(), "d1", good, ended).await;
    // An administrator ends what belongs to a deactivated partner.
    stage.sql("UPDATE device_detail SET is_active = true");
    assert_eq!(
        end(&stage, &admin, "d2", good).await.json()["errors"],
        json!([])
    );
    stage.sql("DROP TABLE device_detail CASCADE");
    let fault = (
        "PMS_DEVICE_ERROR_015",
        "Error while deactivating the device",
    );
    refused(&nina(), "d1", good, fault).await;
}

#[actix_web::test]
async fn the_envelope_the_path_and_the_caller_are_checked() {
    let stage = stage().await;
    let good = json!({ "status": "De-Activate" });
    let path = ("PATCH", "/devicedetail/d1");

    let wrong = stage.send_v2(&nina(), path, "other", good.clone()).await;
    let code = ("PMS_REQUEST_ERROR_002", "Invalid Request Id");
    assert_eq!(wrong.timeless(), refusal(OPERATION, code.0, code.1));
    assert_eq!(
        end(&stage, &Who::Nobody, "d1", "De-Activate").await.status,
        401
    );
    let role = Who::user("nina", &["FTM_PROVIDER"]);
    assert_eq!(end(&stage, &role, "d1", "De-Activate").await.status, 403);
    // A blank id comes before the role and the envelope.
    let blank = stage.send_v2(&role, ("PATCH", "/devicedetail/%20"), "other", good);
    let blank = blank.await;
    let text = "Invalid request parameter - must not be blank :deviceId";
    assert_eq!((blank.status, blank.error().1.as_str()), (400, text));
    let url = format!("{BASE}/devicedetail/d1");
    let malformed = stage
        .app
        .send(&nina(), "PATCH", &url, Some("{".to_owned()))
        .await;
    assert_eq!(malformed.status, 400);
}
