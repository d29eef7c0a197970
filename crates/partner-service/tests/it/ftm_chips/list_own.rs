use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, pem, refusal};
use crate::ftm_stage::{provider, stage};
use crate::support::{Row, Stage};

const OPERATION: &str = "mosip.pms.ftm.chip.details.get";
const PATH: &str = "/ftpchipdetail";

async fn list(stage: &Stage, who: &Who) -> Value {
    let reply = stage.get(who, PATH).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn row(id: &str, status: &str, active: bool, certificate: (bool, Value, Value, Value)) -> Value {
    let (available, uploaded, expires, expired) = certificate;
    json!({
        "ftmId": id,
        "partnerId": "north",
        "partnerStatus": "approved",
        "make": "Make",
        "model": id,
        "status": status,
        "isActive": active,
        "isCertificateAvailable": available,
        "certificateUploadDateTime": uploaded,
        "certificateExpiryDateTime": expires,
        "isCertificateExpired": expired,
        "createdDateTime": "2026-01-01T10:00:00.5",
    })
}

fn bare() -> (bool, Value, Value, Value) {
    (false, Value::Null, Value::Null, json!(false))
}

fn known(uploaded: &str, expires: &str, expired: bool) -> (bool, Value, Value, Value) {
    (true, json!(uploaded), json!(expires), json!(expired))
}

fn unknown() -> (bool, Value, Value, Value) {
    (true, Value::Null, Value::Null, Value::Null)
}

#[actix_web::test]
async fn the_callers_chips_are_listed_with_their_certificates() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    stage.chip("2", "north", ("approved", true), Some("good"));
    stage.chip("3", "north", ("approved", false), Some("old"));
    stage.chip("4", "north", ("rejected", false), Some("lost"));
    stage.chip("5", "north", ("pending_approval", false), Some("odd"));
    stage.chip("6", "south", ("approved", true), Some("good"));
    stage.chip("7", "north", ("approved", true), Some("good"));
    stage.sql("UPDATE ftp_chip_detail SET is_deleted = true WHERE id = '7'");
    stage
        .keys
        .certify_pair("good", &pem(2025, 2030), &pem(2026, 2028));
    stage
        .keys
        .certify_pair("old", &pem(2020, 2022), &pem(2021, 2028));
    stage.keys.certify_pair("odd", "nonsense", &pem(2026, 2028));
    let expected = json!([
        row("1", "pending_cert_upload", false, bare()),
        row(
            "2",
            "approved",
            true,
            known("2026-01-01T00:00:00", "2030-01-01T00:00:00", false)
        ),
        row(
            "3",
            "approved",
            false,
            known("2021-01-01T00:00:00", "2022-01-01T00:00:00", true)
        ),
        // One that can't be read doesn't hide the others.
        row("4", "rejected", false, unknown()),
        row("5", "pending_approval", false, unknown()),
    ]);

    assert_eq!(
        list(&stage, &provider("NORTH")).await,
        answered(OPERATION, &expected)
    );
    assert_eq!(stage.keys.calls("getPartnerSignedCertificate"), 4);

    // What was answered is kept: the key manager is called for the rest alone.
    stage
        .keys
        .certify_pair("lost", &pem(2025, 2030), &pem(2026, 2028));
    let again = list(&stage, &provider("north")).await;
    assert_eq!(
        again["response"][3]["certificateExpiryDateTime"],
        "2030-01-01T00:00:00"
    );
    assert_eq!(again["response"][1], expected[1]);
    assert_eq!(stage.keys.calls("getPartnerSignedCertificate"), 6);
    stage
        .keys
        .fail("getPartnerSignedCertificate", PeerFailure::Status(500));
    let down = list(&stage, &provider("north")).await;
    assert_eq!(down["response"][1], expected[1]);
}

#[actix_web::test]
async fn the_status_of_the_provider_is_shown() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    for (status, active, shown) in [
        ("approved", true, "approved"),
        ("approved", false, "deactivated"),
        ("InProgress", false, "InProgress"),
    ] {
        stage.sql(&format!(
            "UPDATE partner SET approval_status = '{status}', is_active = {active} WHERE id = 'north'"
        ));
        let found = list(&stage, &provider("north")).await;
        assert_eq!(found["response"][0]["partnerStatus"], shown);
    }
}

#[actix_web::test]
async fn only_ftm_providers_have_chips() {
    let stage = stage().await;
    stage.partner(&Row {
        id: "devices",
        user: "north",
        kind: "Device_Provider",
        ..Row::default()
    });
    stage.chip("1", "devices", ("approved", true), None);

    // An administrator has no more to see here than others.
    for who in [provider("north"), provider("nobody"), Who::admin()] {
        assert_eq!(list(&stage, &who).await, answered(OPERATION, &json!([])));
    }
    assert_guarded(&stage, PATH).await;
    stage.sql("DROP TABLE ftp_chip_detail CASCADE");
    let text = "Error while fetching the FTM chip details";
    assert_eq!(
        list(&stage, &provider("north")).await,
        refusal(OPERATION, "PMS_FTM_ERROR_001", text)
    );
}

#[actix_web::test]
async fn without_signed_certificates_only_the_upload_is_shown() {
    let stage =
        Stage::with(|app| app.setting("features.ca_signed_partner_certificate", "false")).await;
    stage.providers();
    stage.chip("1", "north", ("approved", true), Some("good"));
    stage.keys.certify("good", &pem(2026, 2028));

    let found = list(&stage, &provider("north")).await;

    let reported = (true, json!("2026-01-01T00:00:00"), Value::Null, Value::Null);
    let expected = json!([row("1", "approved", true, reported)]);
    assert_eq!(found, answered(OPERATION, &expected));
    assert_eq!(stage.keys.calls("getPartnerCertificate"), 1);
    assert_eq!(stage.keys.calls("getPartnerSignedCertificate"), 0);
}
