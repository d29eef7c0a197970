//! What a partner has ends when the partner is deactivated.

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, echoed, neutral, refused};

pub(super) const AT: &str = "2026-11-24T10:00:00";

/// Two partners with keys, licences and requests in every state.
pub(super) async fn stage(cascade: bool) -> Stage {
    let cascade = cascade.to_string();
    let stage =
        Stage::with(|builder| builder.setting("partners.cascade_deactivation", &cascade)).await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    for id in ["acme", "other"] {
        let email = format!("info@{id}.org");
        stage.partner(&Row {
            id,
            user: id,
            email: &email,
            ..Row::default()
        });
        stage.sql(&format!(
            "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
               valid_to_datetime, is_active, label, cr_by, cr_dtimes, is_deleted) VALUES
               ('{id}-k1', '{id}', 'p-1', '2026-01-01', '2027-01-01', true, 'one', 'u',
                 '2026-01-02', false),
               ('{id}-k2', '{id}', 'p-1', '2026-01-02', NULL, true, 'two', 'u', '2026-01-01', NULL),
               ('{id}-k3', '{id}', 'p-1', '2026-01-03', '2027-01-01', false, 'three', 'u',
                 '2026-01-01', false);
             INSERT INTO misp_license (misp_id, license_key, valid_from_date, valid_to_date,
               is_active, cr_by, cr_dtimes, is_deleted) VALUES
               ('{id}', '{id}-l1', '2026-01-01', '2027-01-01', true, 'u', '2026-01-01', false),
               ('{id}', '{id}-l2', '2026-01-01', '2027-01-01', false, 'u', '2026-01-01', false)",
        ));
        for (key, status) in [
            ("m1", "InProgress"),
            ("m2", "approved"),
            ("m3", "Rejected"),
            ("m4", "INPROGRESS"),
        ] {
            stage.mapping(&format!("{id}-{key}"), id, "p-1", status);
        }
    }
    stage
}

pub(super) async fn deactivate(stage: &Stage, id: &str) -> Value {
    let request = json!({ "status": "De-active" });
    let path = format!("/partners/{id}");
    let reply = stage.send(&Who::admin(), "PATCH", &path, request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn deactivated() -> Value {
    echoed(&json!({ "message": "Partner de-activated successfully" }))
}

/// Keys, licences and requests of a partner: key, state, author and time of the
/// last change.
fn held(stage: &Stage, id: &str) -> Value {
    stage.rows(&format!(
        "SELECT policy_api_key AS row, is_active::text AS state, upd_by, upd_dtimes
           FROM partner_policy WHERE part_id = '{id}'
         UNION ALL SELECT license_key, is_active::text, upd_by, upd_dtimes
           FROM misp_license WHERE misp_id = '{id}'
         UNION ALL SELECT id, status_code, upd_by, upd_dtimes
           FROM partner_policy_request WHERE part_id = '{id}'
         ORDER BY 1"
    ))
}

pub(super) fn row(id: &str, state: &str, changed: bool) -> Value {
    let (by, at) = if changed {
        (json!("admin"), json!(AT))
    } else {
        (Value::Null, Value::Null)
    };
    json!({ "row": id, "state": state, "upd_by": by, "upd_dtimes": at })
}

/// Topic and data of the queued events, in their order.
pub(super) fn events(stage: &Stage) -> Vec<(String, Value)> {
    let events = stage.app.events().into_iter();
    events
        .map(|(topic, envelope)| (topic, envelope["event"]["data"].clone()))
        .collect()
}

#[actix_web::test]
async fn all_that_a_partner_has_ends_with_it_and_events_say_so() {
    let stage = stage(true).await;
    let others = held(&stage, "other");

    assert_eq!(deactivate(&stage, "acme").await, deactivated());

    let expected = json!([
        row("acme-k1", "false", true),
        row("acme-k2", "false", true),
        row("acme-k3", "false", false),
        row("acme-l1", "false", true),
        row("acme-l2", "false", false),
        row("acme-m1", "rejected", true),
        row("acme-m2", "approved", false),
        row("acme-m3", "Rejected", false),
        row("acme-m4", "rejected", true),
    ]);
    assert_eq!(held(&stage, "acme"), expected);
    assert_eq!(held(&stage, "other"), others);
    let key = |id: &str, from: &str, to: Value| {
        json!({ "apiKeyData": {
            "apiKeyId": id,
            "apiKeyCommenceOn": from,
            "apiKeyExpiresOn": to,
            "apiKeyStatus": "DEACTIVE",
        }})
    };
    let licence = json!({ "mispLicenseData": {
        "mispId": "acme",
        "licenseKey": "acme-l1",
        "mispCommenceOn": "2026-01-01T00:00:00.000Z",
        "mispExpiresOn": "2027-01-01T00:00:00.000Z",
        "mispStatus": "NOT_ACTIVE",
    }});
    let partner = json!({ "partnerData": {
        "partnerId": "acme",
        "partnerName": "Org acme",
        "certificateData": "PEM 1",
        "partnerStatus": "DEACTIVE",
    }});
    let (first, second) = ("2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z");
    let end = json!("2027-01-01T00:00:00.000Z");
    let expected = [
        ("MISP_LICENSE_UPDATED".to_owned(), licence),
        (
            "APIKEY_UPDATED".to_owned(),
            key("acme-k2", second, Value::Null),
        ),
        ("APIKEY_UPDATED".to_owned(), key("acme-k1", first, end)),
        ("PARTNER_UPDATED".to_owned(), partner),
    ];
    assert_eq!(events(&stage), expected);
    // In the order of one partner.
    let keys = "SELECT DISTINCT order_key FROM outbox WHERE lane = 'event'";
    assert_eq!(stage.rows(keys), json!([{ "order_key": "acme" }]));
    // One mail is sent.
    assert_eq!(stage.app.mails().len(), 1);
}

#[actix_web::test]
async fn a_partner_that_waits_for_its_approval_loses_what_it_has_too() {
    let stage = stage(true).await;
    stage.sql("UPDATE partner SET approval_status = 'InProgress' WHERE id = 'acme'");

    assert_eq!(deactivate(&stage, "acme").await, deactivated());

    let active = "SELECT count(*) FROM partner_policy WHERE part_id = 'acme' AND is_active";
    assert_eq!(stage.text(active).as_deref(), Some("0"));
    // Nothing is left to end: nothing is published.
    stage.forget();
    assert_eq!(deactivate(&stage, "acme").await, deactivated());
    assert!(events(&stage).is_empty());
}

#[actix_web::test]
async fn with_the_switch_off_only_licences_of_misps_end() {
    let stage = stage(false).await;
    stage.sql("UPDATE partner SET partner_type_code = 'MISP_Partner' WHERE id = 'other'");
    let before = held(&stage, "acme");

    deactivate(&stage, "acme").await;
    assert_eq!(held(&stage, "acme"), before);

    deactivate(&stage, "other").await;
    let changed = "SELECT license_key FROM misp_license WHERE upd_by = 'admin'";
    assert_eq!(stage.rows(changed), json!([{ "license_key": "other-l1" }]));
    let topics: Vec<String> = events(&stage).into_iter().map(|(topic, _)| topic).collect();
    assert_eq!(
        topics,
        ["PARTNER_UPDATED", "MISP_LICENSE_UPDATED", "PARTNER_UPDATED"]
    );
}

#[actix_web::test]
async fn either_all_of_it_ends_or_nothing() {
    let stage = stage(true).await;
    // The last thing that is written.
    stage.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN RAISE EXCEPTION ''no mail''; END';
         CREATE TRIGGER refuse BEFORE INSERT ON outbox FOR EACH ROW
           WHEN (NEW.lane = 'mail') EXECUTE FUNCTION refuse()",
    );
    let before = held(&stage, "acme");

    let reply = deactivate(&stage, "acme").await;

    assert_eq!(reply, neutral());
    assert_eq!(held(&stage, "acme"), before);
    assert!(events(&stage).is_empty());
    let active = "SELECT is_active FROM partner WHERE id = 'acme'";
    assert_eq!(stage.text(active).as_deref(), Some("true"));
}

/// Ends a key and a request again, as an administrator.
async fn end_again(stage: &Stage) -> [Value; 2] {
    let label = json!({ "label": "one", "status": "De-active" });
    let path = "/partners/acme/policy/p-1/apiKey/status";
    let key = stage.send(&Who::admin(), "PATCH", path, label).await;
    let reject = json!({ "status": "Rejected" });
    let path = "/partners/policy/acme-m1";
    let request = stage.send(&Who::admin(), "PUT", path, reject).await;
    [key.timeless(), request.timeless()]
}

#[actix_web::test]
async fn what_ended_with_its_partner_is_ended_again_without_effect() {
    let stage = stage(true).await;
    deactivate(&stage, "acme").await;
    stage.forget();
    let before = held(&stage, "acme");

    let [key, request] = end_again(&stage).await;

    assert_eq!(
        key,
        echoed(&json!("Partner apikey de-activated successfully."))
    );
    assert_eq!(
        request,
        echoed(&json!("Policy mapping rejected successfully"))
    );
    assert_eq!(held(&stage, "acme"), before);
    assert!(events(&stage).is_empty());
    assert!(stage.app.mails().is_empty());
    // Not what did not end: a request that was approved stays decided.
    let approved = stage
        .send(
            &Who::admin(),
            "PUT",
            "/partners/policy/acme-m2",
            json!({ "status": "Rejected" }),
        )
        .await;
    assert_eq!(approved.error().0, "PMS_PM_034");
    let approve = json!({ "status": "Approved" });
    let path = "/partners/policy/acme-m1";
    let approve = stage.send(&Who::admin(), "PUT", path, approve).await;
    assert_eq!(approve.error().0, "PMS_PM_035");
}

#[actix_web::test]
async fn what_ended_by_itself_or_with_the_switch_off_can_not_be_ended_again() {
    let expected = [
        refused("PMS_PMS_022", "Given Partner api key is not active."),
        refused("PMS_PM_035", "Policy request already rejected."),
    ];
    let end = "UPDATE partner_policy SET is_active = false;
         UPDATE partner_policy_request SET status_code = 'rejected'";
    let stage_of_active = stage(true).await;
    stage_of_active.sql(end);
    assert_eq!(end_again(&stage_of_active).await, expected);

    let stage_without = stage(false).await;
    deactivate(&stage_without, "acme").await;
    stage_without.sql(end);
    assert_eq!(end_again(&stage_without).await, expected);
}

#[actix_web::test]
async fn what_ended_before_its_partner_can_not_be_ended_again() {
    let stage = stage(true).await;
    let ended_before = end_again(&stage).await;
    assert_eq!(ended_before[0]["errors"], json!([]));
    assert_eq!(ended_before[1]["errors"], json!([]));
    // The clock stands still; these were a day earlier.
    stage.sql(
        "UPDATE partner_policy SET upd_dtimes = '2026-11-23' WHERE label = 'one';
         UPDATE partner_policy_request SET upd_dtimes = '2026-11-23' WHERE id = 'acme-m1'",
    );
    deactivate(&stage, "acme").await;
    stage.forget();

    let refusals = end_again(&stage).await;

    let expected = [
        refused("PMS_PMS_022", "Given Partner api key is not active."),
        refused("PMS_PM_035", "Policy request already rejected."),
    ];
    assert_eq!(refusals, expected);
    let audits = stage.audits();
    assert!(audits.iter().all(|(event, _, _)| event != "PMS_PRT_281"));
}

#[actix_web::test]
async fn what_ended_with_its_partner_is_known_after_a_change_of_the_partner() {
    let stage = stage(true).await;
    deactivate(&stage, "acme").await;
    stage.sql("UPDATE partner SET upd_by = 'operator', upd_dtimes = '2027-01-01'");

    let [key, request] = end_again(&stage).await;

    assert_eq!(key["errors"], json!([]));
    assert_eq!(request["errors"], json!([]));
}
