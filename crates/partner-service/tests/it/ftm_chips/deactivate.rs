use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, refusal};
use crate::ftm_stage::{provider, stage};
use crate::support::{BASE, Stage};

const OPERATION: &str = "mosip.pms.deactivate.ftm.patch";

async fn deactivate(stage: &Stage, who: &Who, id: &str) -> Reply {
    let request = json!({ "status": "De-Activate" });
    stage
        .send_v2(
            who,
            ("PATCH", &format!("/ftpchipdetail/{id}")),
            OPERATION,
            request,
        )
        .await
}

fn no(code: &str, message: &str) -> Value {
    refusal(OPERATION, code, message)
}

#[actix_web::test]
async fn a_chip_in_use_is_deactivated_by_its_provider_or_an_administrator() {
    let stage = stage().await;
    for (id, who) in [("1", provider("North")), ("2", Who::admin())] {
        stage.chip(id, "north", ("approved", true), Some("cert-1"));

        let reply = deactivate(&stage, &who, id).await;

        let expected = json!({ "ftmId": id, "status": "approved", "isActive": false });
        assert_eq!(reply.timeless(), answered(OPERATION, &expected));
    }
    assert_eq!(
        stage.rows("SELECT approval_status, is_active, upd_by, upd_dtimes FROM ftp_chip_detail WHERE id = '1'"),
        json!([{
            "approval_status": "approved",
            "is_active": false,
            "upd_by": "North",
            "upd_dtimes": "2026-11-24T10:00:00",
        }])
    );
    assert_eq!(stage.audit_lines(), []);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_approval", true), Some("cert-1"));
    stage.chip("2", "north", ("approved", false), Some("cert-1"));
    stage.chip("3", "north", ("Activated", true), Some("cert-1"));

    for request in [
        json!({}),
        json!({ "status": "de-activate" }),
        json!({ "status": null }),
    ] {
        let wrong = stage
            .send_v2(
                &Who::user("x", &["FTM_PROVIDER"]),
                ("PATCH", "/ftpchipdetail/9"),
                OPERATION,
                request,
            )
            .await;
        let text = "Request status should be De-Activate";
        assert_eq!(wrong.timeless(), no("PMS_DEVICE_ERROR_026", text));
    }
    let without = no("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
    for who in [provider("x"), Who::user("root", &["PARTNER_ADMIN"])] {
        assert_eq!(deactivate(&stage, &who, "9").await.timeless(), without);
    }
    let unknown = no("PMS_FTM_ERROR_005", "FTM Details do not exists.");
    assert_eq!(
        deactivate(&stage, &provider("south"), "Apple0192938838")
            .await
            .timeless(),
        unknown
    );
    let foreign = no("PMS_FTM_ERROR_006", "FTM is not associated with user.");
    assert_eq!(
        deactivate(&stage, &provider("south"), "1").await.timeless(),
        foreign
    );
    let not_approved = no(
        "PMS_FTM_ERROR_010",
        "The selected FTM is not in an approved status.",
    );
    for id in ["1", "3"] {
        assert_eq!(
            deactivate(&stage, &provider("north"), id).await.timeless(),
            not_approved
        );
    }
    let already = no(
        "PMS_FTM_ERROR_007",
        "The selected FTM is already deactivated.",
    );
    assert_eq!(
        deactivate(&stage, &Who::admin(), "2").await.timeless(),
        already
    );
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let inactive = no("PMS_PMP_016", "Partner is not active.");
    assert_eq!(
        deactivate(&stage, &provider("north"), "1").await.timeless(),
        inactive
    );
    stage.sql("DROP TABLE ftp_chip_detail CASCADE");
    let failed = no("PMS_FTM_ERROR_003", "Error while deactivating the FTM");
    assert_eq!(
        deactivate(&stage, &Who::admin(), "1").await.timeless(),
        failed
    );
}

#[actix_web::test]
async fn the_envelope_and_the_path_are_checked() {
    let stage = stage().await;
    let request = json!({ "status": "De-Activate" });
    let other = stage
        .send_v2(
            &provider("north"),
            ("PATCH", "/ftpchipdetail/1"),
            "other",
            request.clone(),
        )
        .await;
    assert_eq!(
        other.timeless(),
        no("PMS_REQUEST_ERROR_002", "Invalid Request Id")
    );
    let blank = deactivate(&stage, &provider("north"), "%20").await;
    assert_eq!(blank.status, 400);
    let empty = deactivate(&stage, &provider("north"), "").await;
    assert_eq!(empty.status, 404);
    let broken = stage
        .app
        .send(
            &Who::admin(),
            "PATCH",
            &format!("{BASE}/ftpchipdetail/1"),
            Some("[".to_owned()),
        )
        .await;
    assert_eq!(broken.status, 400);
    assert_eq!(deactivate(&stage, &Who::Nobody, "1").await.status, 401);
    assert_eq!(
        deactivate(&stage, &Who::user("x", &["DEVICE_PROVIDER"]), "1")
            .await
            .status,
        403
    );
}
