use futures_util::future::join_all;
use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, refused, violation};

const WAITING: Row<'_> = Row {
    id: "acme",
    user: "acme",
    name: None,
    kind: "Auth_Partner",
    group: Some("g-1"),
    status: "InProgress",
    active: false,
    alias: Some("cert-1"),
    email: "info@acme.org",
    email_hash: None,
    phone: "1",
    address: "x",
};

async fn patch(stage: &Stage, status: &str) -> Value {
    let request = json!({ "status": status });
    let reply = stage
        .send(&Who::admin(), "PATCH", "/partners/acme", request)
        .await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

fn done(what: &str) -> Value {
    echoed(&json!({ "message": format!("Partner {what} successfully") }))
}

fn event(topic: &str, data: &Value) -> Value {
    let emitter = "PartnerManagementServiceImpl";
    let namespace = format!("io.mosip.pmp.partner.manager.service.impl.{emitter}");
    json!({
        "publisher": emitter,
        "topic": topic,
        "publishedOn": "2026-11-24T10:00:00.000Z",
        "event": {
            "id": "<id>",
            "type": { "namespace": namespace, "name": emitter },
            "timestamp": "2026-11-24T10:00:00.000Z",
            "data": data,
        },
    })
}

fn events(stage: &Stage) -> Vec<Value> {
    let mut events: Vec<Value> = stage
        .app
        .events()
        .into_iter()
        .map(|(_, envelope)| envelope)
        .collect();
    for envelope in &mut events {
        envelope["event"]["id"] = json!("<id>");
    }
    events
}

#[actix_web::test]
async fn activation_publishes_an_event() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);

    assert_eq!(patch(&stage, "ACTIVE").await, done("activated"));

    let row = "SELECT is_active, approval_status, upd_by, upd_dtimes FROM partner WHERE id='acme'";
    let expected = json!([{
        "is_active": true,
        "approval_status": "InProgress",
        "upd_by": "admin",
        "upd_dtimes": "2026-11-24T10:00:00",
    }]);
    assert_eq!(stage.rows(row), expected);
    let partner = json!({
        "partnerId": "acme",
        "partnerName": "Org acme",
        "certificateData": "PEM 1",
        "partnerStatus": "ACTIVE",
    });
    assert_eq!(
        events(&stage),
        [event("PARTNER_UPDATED", &json!({ "partnerData": partner }))]
    );
    let key = "SELECT order_key FROM outbox WHERE lane = 'event'";
    assert_eq!(stage.text(key).as_deref(), Some("acme"));
    stage.assert_audits(&[
        ("PMS_PRT_189", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_289", "acme", "partnerId"),
        ("PMS_PRT_289", "NO_ID", "NO_ID_TYPE"),
    ]);
    let mails = stage.app.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "PARTNER_UPDATED");
    let expected = json!({
        "mailTo": "info@acme.org",
        "langCode": "eng",
        "subjectTemplate": "partner-status-sub-template",
        "contentTemplate": "partner-status-content-template",
        "variables": {
            "partnerName": "Org acme",
            "partnerId": "acme",
            "partnerStatus": "active",
            "status": "active",
            "Date": "2026-11-24T10:00:00.000Z",
        },
    });
    assert_eq!(mails[0].1, expected);
}

#[actix_web::test]
async fn deactivation_is_final_for_an_approved_partner() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());

    assert_eq!(patch(&stage, "De-Active").await, done("de-activated"));

    let sent = events(&stage);
    assert_eq!(
        sent[0]["event"]["data"]["partnerData"]["partnerStatus"],
        "DEACTIVE"
    );
    assert_eq!(stage.app.mails()[0].1["variables"]["status"], "De-active");
    let over = refused(
        "PMS_PM_063",
        "The selected partner has already been deactivated.",
    );
    for status in ["Active", "De-active", "nonsense"] {
        assert_eq!(patch(&stage, status).await, over, "{status}");
    }
    assert_eq!(events(&stage).len(), 1);
}

#[actix_web::test]
async fn a_status_that_holds_already_is_stamped_but_not_published() {
    let stage = Stage::start().await;
    stage.partner(&Row::default());

    assert_eq!(patch(&stage, "Active").await, done("activated"));

    assert_eq!(
        stage
            .text("SELECT upd_by FROM partner WHERE id='acme'")
            .as_deref(),
        Some("admin")
    );
    assert_eq!((events(&stage).len(), stage.app.mails().len()), (0, 0));
    assert_eq!(stage.keys.recorded().len(), 0);
    assert_eq!(stage.audits().len(), 3);

    stage
        .sql("UPDATE partner SET approval_status = 'InProgress', is_active = false, upd_by = NULL");
    assert_eq!(patch(&stage, "De-active").await, done("de-activated"));
    assert_eq!(
        stage
            .text("SELECT upd_by FROM partner WHERE id='acme'")
            .as_deref(),
        Some("admin")
    );
    assert_eq!(events(&stage).len(), 0);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = Stage::start().await;
    let unknown = refused("PMS_PMP_005", "Partner ID does not exist");
    assert_eq!(patch(&stage, "Active").await, unknown);
    stage.assert_audits(&[
        ("PMS_PRT_189", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_789", "acme", "partnerId"),
    ]);

    stage.forget();
    stage.partner(&Row {
        alias: None,
        ..WAITING
    });
    let message = "Certficate is not uploaded for the given partner.Cannot activate the same.";
    assert_eq!(
        patch(&stage, "active").await,
        refused("PMS_PRT_108", message)
    );
    stage.assert_audits(&[("PMS_PRT_189", "NO_ID", "NO_ID_TYPE")]);

    stage.forget();
    let message = "Status should be either Active or De-Active";
    assert_eq!(
        patch(&stage, "Deactive").await,
        refused("PMS_PM_058", message)
    );
    stage.assert_audits(&[
        ("PMS_PRT_189", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_789", "acme", "partnerId"),
    ]);

    let blank = stage
        .send(&Who::admin(), "PATCH", "/partners/acme", json!({}))
        .await;
    let expected = violation("value is empty or null", "status");
    assert_eq!((blank.status, blank.timeless()), (400, expected));
}

#[actix_web::test]
async fn a_seeded_partner_without_certificate_can_be_deactivated() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        alias: None,
        ..Row::default()
    });

    assert_eq!(patch(&stage, "De-active").await, done("de-activated"));

    assert_eq!(
        events(&stage)[0]["event"]["data"]["partnerData"]["certificateData"],
        ""
    );
    assert_eq!(stage.keys.recorded().len(), 0);
}

#[actix_web::test]
async fn a_key_manager_that_is_down_changes_nothing() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);
    stage
        .keys
        .fail("getPartnerCertificate", PeerFailure::Status(500));

    let reply = patch(&stage, "Active").await;

    let message = "Error while accessing the API.Please check the logs.";
    assert_eq!(reply, refused("PMS_KKS_001", message));
    assert_eq!(
        stage
            .text("SELECT is_active FROM partner WHERE id='acme'")
            .as_deref(),
        Some("false")
    );
    assert_eq!((events(&stage).len(), stage.app.mails().len()), (0, 0));
}

#[actix_web::test]
async fn the_licences_of_a_misp_end_with_it() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        kind: "MISP_Partner",
        ..Row::default()
    });
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.sql(
        "INSERT INTO misp_license (misp_id, license_key, policy_id, valid_from_date, valid_to_date,
           is_active, cr_by, cr_dtimes, is_deleted) VALUES
           ('acme', 'k-old', NULL, '2026-01-01', '2027-01-01', false, 'u', '2026-01-01', false),
           ('acme', 'k-1', NULL, '2026-01-01', '2027-01-01', true, 'u', '2026-01-02', NULL),
           ('acme', 'k-2', 'p-1', '2026-02-01', '2027-02-01', true, 'u', '2026-01-03', false),
           ('acme', 'k-del', NULL, '2026-01-01', '2027-01-01', true, 'u', '2026-01-04', true)",
    );

    assert_eq!(patch(&stage, "De-active").await, done("de-activated"));

    let licence = |key: &str, month: &str| {
        json!({
            "mispId": "acme",
            "licenseKey": key,
            "mispCommenceOn": format!("2026-{month}-01T00:00:00.000Z"),
            "mispExpiresOn": format!("2027-{month}-01T00:00:00.000Z"),
            "mispStatus": "NOT_ACTIVE",
        })
    };
    let policy = json!({
        "policyId": "p-1",
        "policy": { "b": 1, "a": [2] },
        "policyName": "Policy One",
        "policyStatus": "ACTIVE",
        "policyDescription": "About Policy One",
        "policyCommenceOn": "2026-01-01T00:00:00.000Z",
        "policyExpiresOn": "2030-01-01T00:00:00.000Z",
    });
    let sent = events(&stage);
    assert_eq!(sent.len(), 3);
    let first = json!({ "mispLicenseData": licence("k-1", "01") });
    assert_eq!(sent[0], event("MISP_LICENSE_UPDATED", &first));
    let second = json!({ "policyData": policy, "mispLicenseData": licence("k-2", "02") });
    assert_eq!(sent[1], event("MISP_LICENSE_UPDATED", &second));
    assert_eq!(sent[2]["topic"], "PARTNER_UPDATED");
    let left = "SELECT license_key FROM misp_license WHERE is_active AND misp_id = 'acme'";
    assert_eq!(stage.rows(left), json!([{ "license_key": "k-del" }]));
    let stamps = "SELECT count(*) FROM misp_license WHERE upd_by = 'admin'";
    assert_eq!(stage.text(stamps).as_deref(), Some("2"));
}

#[actix_web::test]
async fn simultaneous_activations_are_published_once() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);

    let replies = join_all((0..6).map(|_| patch(&stage, "Active"))).await;

    assert!(
        replies.iter().all(|reply| *reply == done("activated")),
        "{replies:#?}"
    );
    assert_eq!((events(&stage).len(), stage.app.mails().len()), (1, 1));
}

/// The certificate was not asked for, since there was nothing to tell.
#[actix_web::test]
async fn a_partner_that_is_activated_meanwhile_is_not_published_without_its_certificate() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);
    let request = json!({ "status": "De-active" });
    let admin = Who::admin();

    let reply = stage
        .send_during(
            "UPDATE partner SET is_active = true WHERE id = 'acme'",
            stage.send(&admin, "PATCH", "/partners/acme", request),
        )
        .await;

    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(events(&stage).len(), 0);
    // The attempt of the first step, and how the second one ended it.
    stage.assert_audits(&[
        ("PMS_PRT_189", "NO_ID", "NO_ID_TYPE"),
        ("PMS_PRT_789", "NO_ID", "NO_ID_TYPE"),
    ]);
    assert_eq!(patch(&stage, "De-active").await, done("de-activated"));
    let partner = &events(&stage)[0]["event"]["data"]["partnerData"];
    assert_eq!(partner["certificateData"], "PEM 1");
}

#[actix_web::test]
async fn partners_do_not_switch_themselves_on() {
    let stage = Stage::start().await;
    stage.partner(&WAITING);

    let request = json!({ "status": "Active" });
    let reply = stage
        .send(&auth_partner("acme"), "PATCH", "/partners/acme", request)
        .await;

    assert_eq!(reply.status, 403);
    assert_eq!(
        reply.error(),
        ("KER-ATH-403".to_owned(), "Forbidden".to_owned())
    );
}
