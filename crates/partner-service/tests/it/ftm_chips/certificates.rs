//! What answers show of the certificates of chips.

use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, pem, refusal};
use crate::ftm_stage::{provider, stage};
use crate::support::{Stage, plain, refused};

const OPERATION: &str = "mosip.pms.original.ftm.certificate.get";

async fn one(stage: &Stage, who: &Who, id: &str) -> Reply {
    let path = format!("/ftpchipdetail/getPartnerCertificate/{id}");
    stage.get(who, &path).await
}

async fn both(stage: &Stage, who: &Who, id: &str) -> Reply {
    let path = format!("/ftpchipdetail/{id}/certificate-data");
    stage.get(who, &path).await
}

fn no(code: &str, message: &str) -> Value {
    refusal(OPERATION, code, message)
}

#[actix_web::test]
async fn the_made_certificate_is_read_in_any_state() {
    let stage = stage().await;
    for (id, status) in [
        ("1", "approved"),
        ("2", "rejected"),
        ("3", "pending_approval"),
    ] {
        stage.chip(id, "north", (status, false), Some("cert-1"));
        let reply = one(&stage, &provider("north"), id).await;
        assert_eq!(
            reply.timeless(),
            plain(&json!({
                "certificateData": "PEM 1",
                "timestamp": "2026-11-24T10:00:00.123456",
            }))
        );
    }
    let reported = stage.audit_lines();
    assert_eq!(
        reported[..2],
        [
            (
                "AUT-006".to_owned(),
                "ftpChipDetailId=1".to_owned(),
                "GET Certificate API called::FtpChipDetail".to_owned()
            ),
            (
                "AUT-007".to_owned(),
                "ftpChipDetailId=1".to_owned(),
                "Download FtpChipDetail - Success".to_owned()
            ),
        ]
    );
    assert_guarded(&stage, "/ftpchipdetail/getPartnerCertificate/1").await;
}

#[actix_web::test]
async fn reading_the_made_certificate_is_refused_in_order() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    stage.chip("2", "north", ("approved", true), Some("gone"));

    // An unknown chip is no error.
    let unknown = one(&stage, &provider("south"), "9").await;
    assert_eq!(unknown.timeless(), plain(&Value::Null));
    let foreign = one(&stage, &provider("south"), "1").await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_FTM_ERROR_006", "FTM is not associated with user.")
    );
    stage.forget();
    let bare = one(&stage, &Who::admin(), "1").await;
    assert_eq!(
        bare.timeless(),
        refused("PMP_AUT_033", "Certificate is not uploaded.")
    );
    stage.assert_recorded(&[
        (
            "AUT-006",
            "ftpChipDetailId=1",
            "GET Certificate API called::FtpChipDetail",
        ),
        (
            "AUT-003",
            "ftpChipId=1",
            "PMP_AUT_033_Certificate is not uploaded.",
        ),
    ]);
    let lost = one(&stage, &provider("north"), "2").await;
    let text = "Partner Certificate not found for the given ID.";
    assert_eq!(lost.timeless(), refused("KER-PCM-012", text));
    stage
        .keys
        .fail("getPartnerCertificate", PeerFailure::Status(503));
    let down = one(&stage, &provider("north"), "2").await;
    let text = "Error while accessing the API.Please check the logs.";
    assert_eq!(down.timeless(), refused("PMS_KKS_001", text));
}

#[actix_web::test]
async fn both_certificates_are_read_and_an_expired_one_is_empty() {
    let stage = stage().await;
    stage.chip("1", "north", ("approved", true), Some("cert-1"));
    stage.chip("2", "north", ("pending_approval", false), Some("cert-1"));
    let (valid, expired) = (pem(2026, 2030), pem(2020, 2021));
    // Line ends of other systems.
    let windows = valid.replace('\n', "\r\n");
    stage.keys.certify_pair("cert-1", &expired, &windows);

    let reply = both(&stage, &provider("North"), "1").await;

    assert_eq!(
        reply.timeless(),
        answered(
            OPERATION,
            &json!({
                "caSignedCertificateData": "",
                "caSignedCertUploadDateTime": "2020-01-01T00:00:00",
                "caSignedCertExpiryDateTime": "2021-01-01T00:00:00",
                "isCaSignedCertificateExpired": true,
                "mosipSignedCertificateData": windows,
                "mosipSignedCertUploadDateTime": "2026-01-01T00:00:00",
                "mosipSignedCertExpiryDateTime": "2030-01-01T00:00:00",
                "isMosipSignedCertificateExpired": false,
            })
        )
    );
    stage.keys.certify_pair("cert-1", &valid, &expired);
    let other = both(&stage, &Who::admin(), "2").await.response();
    assert_eq!(other["caSignedCertificateData"], json!(valid));
    assert_eq!(other["mosipSignedCertificateData"], "");
    assert_guarded(&stage, "/ftpchipdetail/1/certificate-data").await;
}

#[actix_web::test]
async fn reading_both_is_refused_in_the_contracts_order() {
    let stage = stage().await;
    stage.chip("1", "north", ("rejected", false), None);
    stage.chip("2", "north", ("pending_cert_upload", false), Some("cert-1"));
    stage.chip("3", "north", ("approved", false), None);
    stage.chip("4", "north", ("approved", false), Some("cert-1"));
    stage.chip("5", "north", ("approved", true), Some("gone"));
    let format = refused(
        "PMS_PRT_099",
        "Invalid input for 'ftmId'. Expected: Only digits (0-9), with a maximum length of 36 characters.",
    );
    for id in ["Apple", "1%20", "%20", &"1".repeat(37)] {
        assert_eq!(
            both(&stage, &provider("x"), id).await.timeless(),
            format,
            "{id}"
        );
    }
    let without = no("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
    assert_eq!(both(&stage, &provider("x"), "9").await.timeless(), without);
    let unknown = no("PMS_FTM_ERROR_005", "FTM Details do not exists.");
    assert_eq!(
        both(&stage, &provider("south"), "9").await.timeless(),
        unknown
    );
    let foreign = no("PMS_FTM_ERROR_006", "FTM is not associated with user.");
    assert_eq!(
        both(&stage, &provider("south"), "1").await.timeless(),
        foreign
    );
    for (id, code, message) in [
        (
            "1",
            "PMS_FTM_ERROR_008",
            "Cannot download the certificate for a rejected FTM",
        ),
        (
            "2",
            "PMS_FTM_ERROR_011",
            "The certificate has not been uploaded for the given FTM",
        ),
        (
            "3",
            "PMS_FTM_ERROR_011",
            "The certificate has not been uploaded for the given FTM",
        ),
        (
            "4",
            "PMS_FTM_ERROR_009",
            "Cannot download the certificate for a deactivated FTM",
        ),
        (
            "5",
            "KER-PCM-012",
            "Partner Certificate not found for the given ID.",
        ),
    ] {
        let reply = both(&stage, &provider("north"), id).await;
        assert_eq!(reply.timeless(), no(code, message), "{id}");
    }
    stage
        .keys
        .certify_pair("gone", "nonsense", &pem(2026, 2030));
    let unreadable = no(
        "PMS_CERTIFICATE_ERROR_006",
        "Unable to decode the certificate data",
    );
    assert_eq!(
        both(&stage, &Who::admin(), "5").await.timeless(),
        unreadable
    );
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'north'");
    let inactive = no("PMS_PMP_016", "Partner is not active.");
    assert_eq!(
        both(&stage, &provider("north"), "5").await.timeless(),
        inactive
    );
    stage.sql("DROP TABLE ftp_chip_detail CASCADE");
    let failed = no(
        "PMS_FTM_ERROR_012",
        "Unable to download original FTM certificate",
    );
    assert_eq!(both(&stage, &Who::admin(), "5").await.timeless(), failed);
}

#[actix_web::test]
async fn an_installation_may_have_ids_of_another_form() {
    let stage = Stage::with(|app| app.setting("devices.ftm_id_regex", r"^[A-Z]{2}[\w-]+$")).await;

    let code = async |id: &str| both(&stage, &provider("x"), id).await.error().0;

    assert_eq!(code("FT-1").await, "PMS_CERTIFICATE_ERROR_002");
    for id in ["12", "FT", "FT-1%20"] {
        assert_eq!(code(id).await, "PMS_PRT_099", "{id}");
    }
}

#[actix_web::test]
async fn the_feature_can_be_switched_off() {
    let stage =
        Stage::with(|app| app.setting("features.ca_signed_partner_certificate", "false")).await;

    let off = "Downloading CA signed certificate is not available in the current deployment.";
    assert_eq!(
        both(&stage, &provider("x"), "Apple").await.timeless(),
        refused("PMS_FEATURE_003", off)
    );
}
