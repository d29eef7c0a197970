use std::collections::HashSet;

use pms_testkit::peers::key_manager::PeerFailure;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::pem;
use crate::ftm_stage::{assert_write_guarded, provider, stage};
use crate::support::{Stage, plain, refused, violation};

const PATH: &str = "/ftpchipdetail/uploadcertificate";

fn upload_of(chip: &str, pem: &str) -> Value {
    json!({
        "ftpProviderId": "north",
        "ftpChipDeatilId": chip,
        "isItForRegistrationDevice": true,
        "certificateData": pem,
        "organizationName": "Org in the certificate",
        "partnerDomain": "FTM",
    })
}

async fn upload(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage.send(who, "POST", PATH, request).await
}

fn pending(alias: &str) -> Value {
    json!({ "approval_status": "pending_approval", "is_active": false, "certificate_alias": alias })
}

#[actix_web::test]
async fn a_chip_gets_its_certificate_and_waits_for_approval() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    let (uploaded, issued) = (pem(2026, 2031), pem(2026, 2030));
    stage.keys.prepare(vec![issued.clone()]);

    let reply = upload(&stage, &provider("North"), upload_of("1", &uploaded)).await;

    assert_eq!(
        reply.timeless(),
        plain(&json!({
            "signedCertificateData": issued,
            "certificateId": issued.trim_end(),
            "timestamp": "2026-11-24T10:00:00.123456",
        }))
    );
    assert_eq!(stage.chip_state("1"), pending("issued-1"));
    assert_eq!(
        stage.rows("SELECT upd_by, upd_dtimes FROM ftp_chip_detail"),
        json!([{ "upd_by": "North", "upd_dtimes": "2026-11-24T10:00:00" }])
    );
    let requested = stage.keys.recorded().pop().unwrap().json();
    assert_eq!(
        requested["request"],
        json!({
            "partnerId": "1",
            "certificateData": uploaded,
            "organizationName": "Org in the certificate",
            "partnerType": "FTM_Provider",
            "partnerDomain": "FTM",
        })
    );
    // Nothing is encrypted for chips.
    assert_eq!(stage.keys.calls("uploadOtherDomainCertificate"), 0);
    assert_eq!(
        stage.rows(
            "SELECT certificate_id, uploaded_not_after, issued_not_before FROM ftm_certificate"
        ),
        json!([{
            "certificate_id": "issued-1",
            "uploaded_not_after": "2031-01-01T00:00:00",
            "issued_not_before": null,
        }])
    );
    stage.assert_recorded(&[
        (
            "AUT-006",
            "ftpChipDetailId=1",
            "Certificate upload API called::FtpChipDetail",
        ),
        (
            "AUT-007",
            "ftpChipDetailId=1",
            "Upload FtpChipDetail - Success",
        ),
    ]);
}

#[actix_web::test]
async fn others_get_the_chain_when_it_is_stored() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    let issued = pem(2026, 2030);
    stage.keys.prepare(vec![issued.clone()]);

    upload(&stage, &provider("north"), upload_of("1", &pem(2026, 2031)))
        .await
        .response();

    let queued = stage.app.database.queued("trust-chain");
    assert_eq!(queued.len(), 1);
    let (topic, payload) = &queued[0];
    assert_eq!(topic, "CA_CERTIFICATE_UPLOADED");
    assert_eq!(payload["certsChain"], json!(issued));
    let envelope = &payload["envelope"];
    assert_eq!(envelope["publisher"], "PartnerServiceImpl");
    assert_eq!(envelope["event"]["data"], json!({ "partnerDomain": "FTM" }));
    assert_eq!(
        envelope["event"]["type"],
        json!({
            "namespace": "io.mosip.pms.device.authdevice.service.impl.FTPChipDetailServiceImpl",
            "name": "PartnerServiceImpl",
        })
    );
    assert_eq!(stage.app.events().len(), 1);
    assert_eq!(stage.app.mails(), []);
}

#[actix_web::test]
async fn another_certificate_takes_a_chip_out_of_use_until_it_is_approved_again() {
    let stage = stage().await;
    stage.chip("1", "north", ("approved", true), Some("cert-1"));
    stage.keys.prepare(vec![pem(2026, 2030), pem(2026, 2030)]);

    upload(&stage, &provider("north"), upload_of("1", &pem(2026, 2031)))
        .await
        .response();

    assert_eq!(stage.chip_state("1"), pending("issued-1"));
    // The key manager gets the certificate that the chip had.
    let requested = stage.keys.recorded().pop().unwrap().json();
    assert_eq!(requested["request"]["certificateId"], "cert-1");
    let waiting = upload(&stage, &provider("north"), upload_of("1", &pem(2026, 2031))).await;
    assert_eq!(waiting.error().0, "PMP_AUT_038");
    let decision = json!({ "ftpChipDetailId": "1", "approvalStatus": true });
    stage
        .send(&Who::admin(), "PATCH", "/ftpchipdetail", decision)
        .await
        .response();
    assert_eq!(stage.chip_state("1")["is_active"], true);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    for (id, state) in [
        ("1", ("approved", false)),
        ("2", ("pending_approval", false)),
        ("3", ("rejected", false)),
        ("4", ("Activated", true)),
    ] {
        stage.chip(id, "north", state, Some("cert-1"));
    }
    let inactive = "The FTP provider is either inactive or does not exist.";
    let mut request = upload_of("9", "PEM");
    request["ftpProviderId"] = json!("nobody");

    let gone = upload(&stage, &provider("south"), request.clone()).await;
    assert_eq!(gone.timeless(), refused("PMP_AUT_030", inactive));
    request["ftpProviderId"] = json!("south");
    let unknown = upload(&stage, &provider("north"), request.clone()).await;
    assert_eq!(
        unknown.timeless(),
        refused("PMP_AUT_031", "ftp chip id not exists.")
    );
    request["ftpChipDeatilId"] = json!("1");
    let other = upload(&stage, &provider("north"), request).await;
    let text = "Ftp chip detail id and ftp provider id not mappped. ";
    assert_eq!(other.timeless(), refused("PMP_AUT_034", text));
    let foreign = upload(&stage, &provider("south"), upload_of("1", "PEM")).await;
    let text = "FTM is not associated with user.";
    assert_eq!(foreign.timeless(), refused("PMS_FTM_ERROR_006", text));
    stage.forget();
    let text = "The certificate can only be uploaded for FTM that is either pending certificate upload or has an approved status.";
    for id in ["2", "3", "4"] {
        let reply = upload(&stage, &provider("north"), upload_of(id, "PEM")).await;
        assert_eq!(reply.timeless(), refused("PMP_AUT_038", text), "{id}");
    }
    let off = upload(&stage, &Who::admin(), upload_of("1", "PEM")).await;
    assert_eq!(
        off.timeless(),
        refused("PMP_AUT_039", "FTM chip is deactivated.")
    );
    // These have no record of their own.
    let noted = stage.audit_lines();
    let noted: Vec<&str> = noted.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(noted, ["AUT-006"; 4]);
    assert_eq!(stage.keys.calls("uploadPartnerCertificate"), 0);
}

#[actix_web::test]
async fn the_key_managers_answers_are_passed_on_and_nothing_is_stored() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    let body = |response: Value, errors: Value| {
        PeerFailure::Body(json!({ "response": response, "errors": errors }))
    };
    let unreadable = json!({
        "signedCertificateData": "bm90aGluZw==", "certificateId": "c", "timestamp": null,
    });
    for (failure, code, message) in [
        (
            PeerFailure::Error(
                "KER-PCM-008".into(),
                "Partner Organization Name not Matched.".into(),
            ),
            "KER-PCM-008",
            "Partner Organization Name not Matched.",
        ),
        (
            PeerFailure::Status(500),
            "PMS_KKS_001",
            "Error while accessing the API.Please check the logs.",
        ),
        (
            body(Value::Null, Value::Null),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            PeerFailure::Status(200),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            PeerFailure::Body(Value::Null),
            "PMS_PRT_107",
            "Responese from the api is null",
        ),
        (
            body(Value::Null, json!([])),
            "PMS_PRT_500",
            "Unable to process the request.",
        ),
        // Errors count, whatever stands beside them.
        (
            body(
                json!({ "signedCertificateData": pem(2026, 2030), "certificateId": "c", "timestamp": null }),
                json!([{ "errorCode": "X-1", "message": "No." }]),
            ),
            "X-1",
            "No.",
        ),
        (
            body(json!({}), json!([{ "errorCode": "X-1", "message": "No." }])),
            "X-1",
            "No.",
        ),
        (
            body(json!({}), Value::Null),
            "PMS_KKS_001",
            "Error while accessing the API.Please check the logs.",
        ),
        (
            body(unreadable, Value::Null),
            "PMS_PRT_046",
            "Error occured while extracting the leaf cert.",
        ),
    ] {
        stage.keys.fail("uploadPartnerCertificate", failure);
        let reply = upload(&stage, &provider("north"), upload_of("1", "PEM")).await;
        assert_eq!(reply.timeless(), refused(code, message));
    }
    assert_eq!(
        stage.chip_state("1"),
        json!({ "approval_status": "pending_cert_upload", "is_active": false, "certificate_alias": null })
    );
    assert_eq!(stage.app.database.queued("trust-chain"), []);
    // An empty list of errors beside a response is no error.
    stage.keys.fail(
        "uploadPartnerCertificate",
        body(
            json!({ "signedCertificateData": pem(2026, 2030), "certificateId": "c", "timestamp": null }),
            json!([]),
        ),
    );
    upload(&stage, &provider("north"), upload_of("1", "PEM"))
        .await
        .response();
    assert_eq!(stage.chip_state("1"), pending("c"));
}

#[actix_web::test]
async fn of_uploads_at_once_one_is_the_chips() {
    let stage = stage().await;
    stage.chip("1", "north", ("pending_cert_upload", false), None);
    stage
        .keys
        .prepare((0..8).map(|_| pem(2026, 2030)).collect());
    let (north, uploaded) = (provider("north"), pem(2026, 2031));

    let calls = (0..8).map(|_| upload(&stage, &north, upload_of("1", &uploaded)));
    let replies = futures_util::future::join_all(calls).await;

    let (stored, others): (Vec<_>, Vec<_>) = replies
        .iter()
        .partition(|reply| reply.json()["response"].is_object());
    assert_eq!(stored.len(), 1);
    let codes: HashSet<String> = others.iter().map(|reply| reply.error().0).collect();
    assert_eq!(codes, HashSet::from(["PMP_AUT_038".to_owned()]));
    assert_eq!(stage.app.database.queued("trust-chain").len(), 1);
    assert_eq!(stage.chip_state("1")["approval_status"], "pending_approval");
}

#[actix_web::test]
async fn a_chip_that_ends_while_the_key_manager_works_stays_as_it_is() {
    let stage = stage().await;
    stage.chip("1", "north", ("approved", true), Some("cert-1"));
    stage.keys.prepare(vec![pem(2026, 2030)]);
    let change = "UPDATE ftp_chip_detail SET is_active = false WHERE id = '1'";
    let north = provider("north");

    let reply = stage
        .send_during(
            change,
            upload(&stage, &north, upload_of("1", &pem(2026, 2031))),
        )
        .await;

    assert_eq!(
        reply.timeless(),
        refused("PMP_AUT_039", "FTM chip is deactivated.")
    );
    assert_eq!(stage.chip_state("1")["certificate_alias"], "cert-1");
    assert_eq!(stage.app.database.queued("trust-chain"), []);
}

#[actix_web::test]
async fn fields_have_rules_and_the_call_a_role() {
    let stage = stage().await;
    let good = upload_of("1", "PEM");
    for field in [
        "ftpProviderId",
        "ftpChipDeatilId",
        "isItForRegistrationDevice",
        "certificateData",
        "organizationName",
        "partnerDomain",
    ] {
        let mut wrong = good.clone();
        wrong[field] = Value::Null;
        let reply = upload(&stage, &provider("north"), wrong).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation("value is empty or null", field))
        );
    }
    assert_write_guarded(&stage, "POST", PATH, &good).await;
}
