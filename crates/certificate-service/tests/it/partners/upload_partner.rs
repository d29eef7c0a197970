//! POST /v1/partnermanager/partners/certificate/upload

use std::rc::Rc;

use pms_pki::{pack, reading};
use pms_testkit::bodies::plain;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::ca::Authority;
use crate::support::service::{KM, PARTNERS, Replica, Stage, error, zonal};

const STATE: &str = "SELECT concat_ws('|', certificate_alias, approval_status, is_active, upd_by, \
                     upd_dtimes) FROM pms.partner WHERE id = 'devices'";

/// A device provider whose authority is trusted.
async fn stage() -> (Rc<Stage>, Replica, Authority) {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "DEVICE").await;
    replica.trust(&root.pem(), "FTM").await;
    stage.partner("devices", "Devices Ltd", "Device_Provider");
    (stage, replica, root)
}

async fn upload(replica: &Replica, user: &str, role: &str, request: Value) -> Reply {
    let path = format!("{PARTNERS}/certificate/upload");
    replica
        .post(&Who::user(user, &[role]), &path, request)
        .await
}

fn request(partner: &str, pem: &str, domain: &str) -> Value {
    json!({ "partnerId": partner, "certificateData": pem, "partnerDomain": domain })
}

#[actix_web::test]
async fn an_upload_approves_the_partner_and_events_say_so() {
    let (stage, replica, root) = stage().await;

    let sent = request("devices", &root.leaf("Devices Ltd"), "DEVICE");
    let reply = upload(&replica, "Devices", "DEVICE_PROVIDER", sent).await;

    let mut body = reply.timeless();
    let id = body["response"]["certificateId"]
        .as_str()
        .unwrap()
        .to_owned();
    let leaf = body["response"]["signedCertificateData"]
        .as_str()
        .unwrap()
        .to_owned();
    body["response"]["signedCertificateData"] = json!("<leaf>");
    let expected = plain(&json!({
        "signedCertificateData": "<leaf>",
        "certificateId": id,
        "timestamp": "2026-11-24T10:00:00",
        "validTill": "2027-11-24T10:00:00",
    }));
    assert_eq!(body, expected);
    assert!(leaf.ends_with("-----END CERTIFICATE-----"));
    assert_eq!(
        stage.text(STATE),
        format!("{id}|approved|t|Devices|2026-11-24 10:00:00")
    );
    assert_eq!(
        stage.text("SELECT count(*) FROM pms.partner_h WHERE id = 'devices'"),
        "1"
    );
    assert_eq!(
        replica.certificate("PARTNER", "devices").await.trim_end(),
        leaf
    );
    let kept = replica
        .get(&zonal(), &format!("{KM}/getPartnerCertificate/{id}"))
        .await
        .response();
    assert_eq!(kept["certificateData"].as_str().unwrap().trim_end(), leaf);

    let events = stage.queued("event");
    let topics: Vec<_> = events.iter().map(|(topic, _)| topic.as_str()).collect();
    assert_eq!(topics, ["PARTNER_UPDATED", "CA_CERTIFICATE_UPLOADED"]);
    let expected = json!({ "partnerData": {
        "partnerId": "devices", "partnerName": "Devices Ltd", "certificateData": leaf,
        "partnerStatus": "ACTIVE",
    } });
    assert_eq!(events[0].1["event"]["data"], expected);
    let chain = events[1].1["certsChain"].as_str().unwrap();
    let chain = reading::read_chain(chain).unwrap();
    assert_eq!(
        (chain.len(), pack::certificate_pem(&chain[0]).trim_end()),
        (3, leaf.as_str())
    );
    let data = &events[1].1["envelope"]["event"]["data"];
    assert_eq!(*data, json!({ "partnerDomain": "DEVICE" }));
    assert_eq!(stage.audits(), ["PMS_PRT_103", "PMS_PRT_203"]);
}

#[actix_web::test]
async fn an_upload_can_be_repeated_and_the_last_one_counts() {
    let (stage, replica, root) = stage().await;
    let pem = root.leaf("Devices Ltd");
    // As if a process had died after the key manager's two steps.
    let orphan = replica
        .upload_partner(&pem, "Devices Ltd", "DEVICE")
        .await
        .response();
    let leaf = &reading::read_chain(orphan["signedCertificateData"].as_str().unwrap()).unwrap()[0];
    let other = json!({
        "applicationId": "PARTNER", "referenceId": "devices",
        "certificateData": pack::certificate_pem(leaf),
    });
    replica
        .km("uploadOtherDomainCertificate", other)
        .await
        .response();

    let mut last = Value::Null;
    for _ in 0..2 {
        let sent = request("devices", &pem, "DEVICE");
        last = upload(&replica, "devices", "DEVICE_PROVIDER", sent)
            .await
            .response();
    }

    let alias = stage.text("SELECT certificate_alias FROM pms.partner WHERE id = 'devices'");
    assert_eq!(alias, last["certificateId"].as_str().unwrap());
    let current = replica.certificate("PARTNER", "devices").await;
    assert_eq!(
        current.trim_end(),
        last["signedCertificateData"].as_str().unwrap()
    );
    assert_eq!(stage.queued("event").len(), 4);
}

#[actix_web::test]
async fn an_ftm_partner_gets_no_key_to_encrypt_for() {
    let (stage, replica, root) = stage().await;
    stage.partner("chips", "Chips Ltd", "FTM_Provider");
    let pem = root.leaf("Chips Ltd");
    let own = pack::certificate_pem(&reading::read_certificate(&pem).unwrap());

    for (nth, domain) in ["FTM", "ftm", "Ftm"].into_iter().enumerate() {
        let sent = request("chips", &pem, domain);
        let response = upload(&replica, "chips", "FTM_PROVIDER", sent)
            .await
            .response();

        assert_eq!(
            response["signedCertificateData"].as_str().unwrap(),
            own.trim_end()
        );
        assert_eq!(response["validTill"], "2035-01-01T00:00:00");
        assert_eq!(
            stage.text("SELECT count(*) FROM keymgr.key_alias WHERE app_id = 'PARTNER'"),
            "0",
            "{domain}"
        );
        assert_eq!(
            stage.queued("event")[2 * nth + 1].1["envelope"]["event"]["data"]["partnerDomain"],
            domain
        );
    }
}

#[actix_web::test]
async fn each_check_has_its_error_and_its_audit_records() {
    let (stage, replica, root) = stage().await;
    stage.partner("auth", "Auth Ltd", "Auth_Partner");
    stage.partner("off", "Off Ltd", "Device_Provider");
    stage.sql("UPDATE pms.partner SET approval_status = 'approved' WHERE id = 'off'");
    let leaf = root.leaf("Devices Ltd");
    let wrong = root.leaf("Somebody else");
    let cases = [
        (
            "nobody",
            "nobody",
            &leaf,
            "PMS_PRT_005",
            "Partner does not exist",
            "PMS_PRT_419",
        ),
        (
            "off",
            "off",
            &leaf,
            "PMS_PMP_016",
            "Partner is not active.",
            "PMS_PRT_419",
        ),
        (
            "auth",
            "auth",
            &leaf,
            "PMS_PRT_054",
            "Policy group not mapped for given partner",
            "PMS_PRT_403",
        ),
        (
            "devices",
            "devices",
            &wrong,
            "KER-PCM-008",
            "Partner Organization Name not Matched.",
            "PMS_PRT_403",
        ),
    ];
    let mut audits: Vec<String> = Vec::new();
    for (partner, user, pem, code, message, audit) in cases {
        let sent = request(partner, pem, "DEVICE");
        let reply = upload(&replica, user, "DEVICE_PROVIDER", sent).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
        audits.extend(["PMS_PRT_103".to_owned(), audit.to_owned()]);
        assert_eq!(stage.audits(), audits);
    }
    assert_eq!(stage.text(STATE), "InProgress|f");
    assert!(stage.queued("event").is_empty());
}

#[actix_web::test]
async fn a_user_can_not_upload_for_another_users_partner() {
    let (stage, replica, root) = stage().await;
    let sent = || request("devices", &root.leaf("Devices Ltd"), "DEVICE");

    // Roles of other modules read for others alone: an upload approves its partner.
    for role in [
        "DEVICE_PROVIDER",
        "PARTNER",
        "PMS_USER",
        "CREDENTIAL_ISSUANCE",
        "ID_AUTHENTICATION",
    ] {
        let stranger = upload(&replica, "stranger", role, sent()).await;
        assert_eq!(
            stranger.error(),
            error("PMS_PRT_055", "User not authorized."),
            "{role}"
        );
    }
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.partner_cert_store"),
        "0"
    );

    upload(&replica, "boss", "PARTNER_ADMIN", sent())
        .await
        .response();
}

/// A key manager that switches the partner off while it is asked.
#[actix_web::test]
async fn a_partner_that_is_switched_off_meanwhile_stays_off() {
    let (stage, replica, root) = stage().await;
    stage.sql(
        "CREATE FUNCTION pms.switch_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
           UPDATE pms.partner SET is_active = false, approval_status = 'approved' \
           WHERE id = 'devices'; RETURN NEW; END $$; \
         CREATE TRIGGER switch_off AFTER INSERT ON keymgr.partner_cert_store \
           FOR EACH ROW EXECUTE FUNCTION pms.switch_off()",
    );

    let sent = request("devices", &root.leaf("Devices Ltd"), "DEVICE");
    let reply = upload(&replica, "devices", "DEVICE_PROVIDER", sent).await;

    assert_eq!(
        reply.error(),
        error("PMS_PMP_016", "Partner is not active.")
    );
    assert_eq!(stage.text(STATE), "approved|f");
    assert!(stage.queued("event").is_empty());
    assert_eq!(stage.audits(), ["PMS_PRT_103", "PMS_PRT_419"]);
}

/// A remote key manager that answers with this.
async fn remote(answer: Value) -> (Rc<Stage>, Replica, MockServer) {
    let peer = MockServer::start().await;
    Mock::given(path("/v1/keymanager/uploadPartnerCertificate"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .mount(&peer)
        .await;
    let stage = Stage::new();
    stage.partner("devices", "Devices Ltd", "Device_Provider");
    let url = format!("{}/v1/keymanager", peer.uri());
    let settings = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", url.as_str()),
    ];
    let replica = stage.start(&settings).await;
    (stage, replica, peer)
}

#[actix_web::test]
async fn unusable_answers_of_a_remote_key_manager_have_their_codes() {
    let chain = |text: &str| json!({ "response": { "signedCertificateData": text, "certificateId": "1" }, "errors": null });
    let leaf = "Error occured while extracting the leaf cert.";
    let cases = [
        (chain("no chain"), "PMS_PRT_046", leaf),
        (chain("aGVsbG8="), "PMS_PRT_046", leaf),
        (
            json!({ "response": null, "errors": [] }),
            "PMS_PRT_500",
            "Unable to process the request.",
        ),
        (
            json!({ "id": null }),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            json!({ "response": null, "errors": [{ "errorCode": "KER-X", "message": "why" }] }),
            "KER-X",
            "why",
        ),
    ];
    for (answer, code, message) in cases {
        let (stage, replica, peer) = remote(answer).await;
        let sent = request("devices", "a certificate", "DEVICE");
        let reply = upload(&replica, "devices", "DEVICE_PROVIDER", sent).await;
        assert_eq!((reply.status, reply.error()), (200, error(code, message)));
        assert_eq!(stage.audits(), ["PMS_PRT_103", "PMS_PRT_403"]);
        assert_eq!(stage.text(STATE), "InProgress|f");
        let requested = peer.received_requests().await.unwrap();
        let requested: Value = serde_json::from_slice(&requested[0].body).unwrap();
        let expected = json!({
            "partnerId": "devices",
            "certificateData": "a certificate",
            "organizationName": "Devices Ltd",
            "partnerType": "Device_Provider",
            "partnerDomain": "DEVICE",
        });
        assert_eq!(requested["request"], expected);
    }
}
