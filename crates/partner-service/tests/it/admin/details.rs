use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::peers::{Behaviour, RecordingPeer};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, pem, refusal};
use crate::support::{Row, Stage};

const OPERATION: &str = "mosip.pms.partner.details.get";
const PATH: &str = "/admin-partners/acme";

async fn read(stage: &Stage) -> Value {
    let reply = stage.get(&Who::admin(), PATH).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn no(code: &str, message: &str) -> Value {
    refusal(OPERATION, code, message)
}

fn given(stage: &Stage) {
    let email = stage.keys.seal("info@acme.org");
    stage.partner(&Row {
        user: "anna",
        email: &email,
        email_hash: Some("h"),
        ..Row::default()
    });
    stage.sql("UPDATE partner SET cr_dtimes = '2026-02-03 04:05:06.7' WHERE id = 'acme'");
    stage.partner(&Row {
        id: "boss",
        user: "admin",
        ..Row::default()
    });
}

fn users(behaviour: &Value) -> RecordingPeer {
    RecordingPeer::start(Behaviour::Answer(200, behaviour.to_string()))
}

async fn stage_with(users: &RecordingPeer) -> Stage {
    let stage = Stage::with(|app| app.setting("keycloak.users_url", &users.url())).await;
    given(&stage);
    stage
}

#[actix_web::test]
async fn a_partner_is_read_in_full() {
    let similar = json!({ "username": "annabel", "firstName": "X", "lastName": "Y" });
    let exact = json!({ "username": "anna", "firstName": "Anna", "lastName": "Smith" });
    let users = users(&json!([similar, exact]));
    let stage = stage_with(&users).await;
    stage.keys.certify("cert-1", &pem(2026, 2030));

    let found = read(&stage).await;

    let expected = json!({
        "partnerId": "acme",
        "firstName": "Anna",
        "lastName": "Smith",
        "approvalStatus": "approved",
        "createdDateTime": "2026-02-03T04:05:06.7",
        "partnerType": "Auth_Partner",
        "organizationName": "Org acme",
        "contactNumber": "700-1",
        "policyGroupName": "Group One",
        "policyGroupDescription": "d",
        "emailId": "info@acme.org",
        "certificateUploadDateTime": "2026-01-01T00:00:00.000+00:00",
        "certificateExpiryDateTime": "2030-01-01T00:00:00.000+00:00",
        "isCertificateAvailable": true,
        "certificateUploadStatus": "uploaded",
        "isActive": true,
    });
    assert_eq!(found, answered(OPERATION, &expected));
    let requested = users.recorded();
    assert_eq!(requested.len(), 1);
    assert_eq!(requested[0].uri, "/?username=anna&exact=true");
    assert!(
        requested[0]
            .cookie
            .as_deref()
            .unwrap()
            .starts_with("Authorization=")
    );
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn names_fall_back_to_the_partner_id_and_then_to_nothing() {
    let by_id = json!({ "username": "Acme", "firstName": "A", "lastName": null });
    let users = users(&json!([by_id]));
    let stage = stage_with(&users).await;
    stage.sql("UPDATE partner SET certificate_alias = NULL WHERE id = 'acme'");

    let response = read(&stage).await["response"].clone();
    assert_eq!(
        (&response["firstName"], &response["lastName"]),
        (&json!("A"), &Value::Null)
    );
    assert_eq!(users.recorded().len(), 2);
    assert_eq!(response["isCertificateAvailable"], false);
    assert_eq!(response["certificateUploadDateTime"], Value::Null);
    assert_eq!(response["certificateExpiryDateTime"], Value::Null);

    for behaviour in [
        Behaviour::Answer(403, "{}".to_owned()),
        Behaviour::Answer(200, "no JSON".to_owned()),
        Behaviour::Answer(200, "[]".to_owned()),
        Behaviour::Drop,
        Behaviour::Hang,
    ] {
        users.behave(behaviour.clone());
        let response = read(&stage).await["response"].clone();
        assert_eq!(response["firstName"], Value::Null, "{behaviour:?}");
        assert_eq!(response["partnerId"], "acme", "{behaviour:?}");
    }
}

#[actix_web::test]
async fn a_partner_without_group_and_certificate_is_shown_without() {
    let stage = Stage::start().await;
    given(&stage);

    for group in ["NULL", "''"] {
        stage.sql(&format!(
            "UPDATE partner SET policy_group_id = {group}, certificate_alias = NULL
             WHERE id = 'acme'"
        ));
        let response = read(&stage).await["response"].clone();
        assert_eq!(response["partnerId"], "acme");
        assert_eq!(response["policyGroupName"], Value::Null);
        assert_eq!(response["policyGroupDescription"], Value::Null);
        assert_eq!(response["certificateUploadStatus"], "not_uploaded");
    }
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    given(&stage);

    let stranger = Who::user("stranger", &["PARTNER_ADMIN"]);
    let without = no("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.");
    let reply = stage.get(&stranger, "/admin-partners/gone").await;
    assert_eq!((reply.status, reply.timeless()), (200, without));
    let reply = stage.get(&Who::admin(), "/admin-partners/gone").await;
    let unknown = no("PMS_PRT_005", "Partner does not exist");
    assert_eq!(reply.timeless(), unknown);

    stage.sql("UPDATE partner SET policy_group_id = NULL WHERE id = 'acme'");
    stage.sql("UPDATE partner SET policy_group_id = 'gone' WHERE id = 'acme'");
    let text = "No matching policy group was found for the provided partner";
    assert_eq!(read(&stage).await, no("PMS_POLICY_ERROR_008", text));

    stage.sql("UPDATE partner SET policy_group_id = NULL WHERE id = 'acme'");
    stage.keys.certify("cert-1", "nonsense");
    let unreadable = "Unable to decode the certificate data";
    assert_eq!(
        read(&stage).await,
        no("PMS_CERTIFICATE_ERROR_006", unreadable)
    );
    stage
        .keys
        .fail("getPartnerCertificate", PeerFailure::Status(500));
    let down = "Error while accessing the API.Please check the logs.";
    assert_eq!(read(&stage).await, no("PMS_KKS_001", down));
    stage.keys.recover();
    stage.keys.certify("cert-1", &pem(2026, 2030));
    let sealed = stage.keys.seal("anna@acme.org");
    stage.sql(&format!(
        "UPDATE partner SET email_id = '{sealed}', email_id_hash = 'x' WHERE id = 'acme'"
    ));
    stage.keys.fail("decrypt", PeerFailure::Status(500));
    let failed = "Error while fetching partner details.";
    assert_eq!(read(&stage).await, no("PMS_PM_059", failed));
}
