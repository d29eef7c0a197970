use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, pem, refusal};
use crate::support::{Row, Stage, auth_partner, refused};

const OPERATION: &str = "mosip.pms.original.partner.certificate.get";
const PATH: &str = "/partners/acme/certificate-data";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.partner(&Row::default());
    stage.partner(&Row {
        id: "boss",
        user: "admin",
        ..Row::default()
    });
    stage
}

async fn read(stage: &Stage, who: &Who) -> Value {
    let reply = stage.get(who, PATH).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn no(code: &str, message: &str) -> Value {
    refusal(OPERATION, code, message)
}

#[actix_web::test]
async fn both_certificates_are_read_and_an_expired_one_is_empty() {
    let stage = stage().await;
    let (valid, expired) = (pem(2026, 2030), pem(2020, 2021));
    let expect = |ca: &str, mosip: &str| {
        answered(
            OPERATION,
            &json!({
                "caSignedCertificateData": ca,
                "isCaSignedCertificateExpired": ca.is_empty(),
                "mosipSignedCertificateData": mosip,
                "isMosipSignedCertificateExpired": mosip.is_empty(),
            }),
        )
    };

    stage.keys.certify_pair("cert-1", &expired, &valid);
    assert_eq!(
        read(&stage, &auth_partner("ACME")).await,
        expect("", &valid)
    );
    stage.keys.certify_pair("cert-1", &valid, &expired);
    assert_eq!(read(&stage, &Who::admin()).await, expect(&valid, ""));
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let without = no("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
    let admin = Who::user("root", &["PARTNER_ADMIN"]);

    assert_eq!(read(&stage, &auth_partner("nobody")).await, without);
    assert_eq!(read(&stage, &admin).await, without);
    let text = "The given partner ID does not belong to the user.So unable to get the original partner certificates";
    assert_eq!(
        read(&stage, &Who::user("admin", &["AUTH_PARTNER"])).await,
        no("PMS_CERTIFICATE_ERROR_007", text)
    );
    let unknown = stage
        .get(&Who::admin(), "/partners/gone/certificate-data")
        .await;
    assert_eq!(
        unknown.timeless(),
        no("PMS_PRT_005", "Partner does not exist")
    );
    stage.sql("UPDATE partner SET certificate_alias = NULL, is_active = false WHERE id = 'acme'");
    let text = "Certficate is not uploaded for the selected partner.";
    assert_eq!(read(&stage, &Who::admin()).await, no("PMS_PRT_108", text));
    stage.sql("UPDATE partner SET certificate_alias = 'cert-1' WHERE id = 'acme'");
    let text = "Unable to download the certificate for a deactivated partner";
    assert_eq!(
        read(&stage, &Who::admin()).await,
        no("PMS_CERTIFICATE_ERROR_009", text)
    );
}

#[actix_web::test]
async fn the_key_managers_errors_are_passed_on() {
    let stage = stage().await;
    let admin = Who::admin();

    let unknown = "Partner Certificate not found for the given ID.";
    assert_eq!(read(&stage, &admin).await, no("KER-PCM-012", unknown));
    stage
        .keys
        .certify_pair("cert-1", "nonsense", &pem(2026, 2030));
    let unreadable = "Unable to decode the certificate data";
    assert_eq!(
        read(&stage, &admin).await,
        no("PMS_CERTIFICATE_ERROR_006", unreadable)
    );
    stage
        .keys
        .fail("getPartnerSignedCertificate", PeerFailure::Status(500));
    let down = "Error while accessing the API.Please check the logs.";
    assert_eq!(read(&stage, &admin).await, no("PMS_KKS_001", down));
}

#[actix_web::test]
async fn the_feature_can_be_switched_off() {
    let stage =
        Stage::with(|app| app.setting("features.ca_signed_partner_certificate", "false")).await;

    let off = "Downloading CA signed certificate is not available in the current deployment.";
    assert_eq!(
        read(&stage, &auth_partner("nobody")).await,
        refused("PMS_FEATURE_003", off)
    );
}
