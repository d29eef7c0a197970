use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, refused, violation};

const PATH: &str = "/partners/acme/policy/p-1/apiKey/status";
const START: (&str, &str, &str) = ("PMS_PRT_199", "NO_ID", "NO_ID_TYPE");
const FAILED: (&str, &str, &str) = ("PMS_PRT_799", "acme", "partnerId");

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.key("secret-key", "acme", "p-1", "one", true);
    stage
}

async fn patch(stage: &Stage, who: &Who, status: &str) -> Value {
    let request = json!({ "label": "one", "status": status });
    let reply = stage.send(who, "PATCH", PATH, request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn done(what: &str) -> Value {
    echoed(&json!(format!("Partner apikey {what} successfully.")))
}

fn is_active(stage: &Stage) -> Option<String> {
    stage.text("SELECT is_active FROM partner_policy WHERE policy_api_key = 'secret-key'")
}

#[actix_web::test]
async fn a_partner_switches_its_key_off_and_an_event_says_so() {
    let stage = stage().await;

    let reply = patch(&stage, &auth_partner("ACME"), "De-Active").await;

    assert_eq!(reply, done("de-activated"));
    let row = "SELECT is_active, upd_by, upd_dtimes FROM partner_policy
        WHERE policy_api_key = 'secret-key'";
    let expected = json!([{
        "is_active": false,
        "upd_by": "ACME",
        "upd_dtimes": "2026-11-24T10:00:00",
    }]);
    assert_eq!(stage.rows(row), expected);
    stage.assert_audits(&[
        START,
        ("PMS_PRT_299", "acme", "partnerId"),
        ("PMS_PRT_299", "NO_ID", "NO_ID_TYPE"),
    ]);
    let record = &stage.app.audits()[0].1;
    assert_eq!(record["eventName"], "API KYC Partners");
    assert_eq!(
        record["description"],
        "Activating/Deactivating api partners"
    );

    let events = stage.app.events();
    assert_eq!(events.len(), 1);
    let (topic, envelope) = &events[0];
    assert_eq!(topic, "APIKEY_UPDATED");
    assert_eq!(envelope["publisher"], "PartnerManagementServiceImpl");
    let data = json!({ "apiKeyData": {
        "apiKeyId": "secret-key",
        "apiKeyCommenceOn": envelope["event"]["data"]["apiKeyData"]["apiKeyCommenceOn"],
        "apiKeyExpiresOn": "2027-01-01T00:00:00.000Z",
        "apiKeyStatus": "DEACTIVE",
    }});
    assert_eq!(envelope["event"]["data"], data);

    let mails = stage.app.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "APIKEY_STATUS_UPDATED");
    let expected = json!({
        "mailTo": "info@acme.org",
        "langCode": "eng",
        "subjectTemplate": "partner-apikey-status-sub-template",
        "contentTemplate": "apikey-status-content-template",
        "variables": {
            "partnerName": "Org acme",
            "partnerId": "acme",
            "partnerStatus": "active",
            "status": "active",
            "Date": "2026-11-24T10:00:00.000Z",
            "policyId": "p-1",
            "policyName": "Policy One",
            "PolicyName": "Policy One",
            "policyStatus": "active",
            "policyExpiresOn": "2030-01-01T00:00:00.000Z",
            "apiKey": "********",
            "apiKeyLabel": "one",
            "apiKeyStatus": "De-active",
            "apiKeyExpiresOn": "2027-01-01T00:00:00.000Z",
        },
    });
    assert_eq!(mails[0].1, expected);
}

#[actix_web::test]
async fn activation_can_be_repeated_and_a_key_may_have_no_end() {
    let stage = stage().await;
    stage.sql("UPDATE partner_policy SET valid_to_datetime = NULL");
    let admin = Who::admin();

    assert_eq!(patch(&stage, &admin, "ACTIVE").await, done("activated"));
    assert_eq!(patch(&stage, &admin, "active").await, done("activated"));

    let events = stage.app.events();
    assert_eq!((events.len(), stage.app.mails().len()), (2, 2));
    let data = &events[0].1["event"]["data"]["apiKeyData"];
    assert_eq!(data["apiKeyExpiresOn"], Value::Null);
    assert_eq!(data["apiKeyStatus"], "ACTIVE");
    let variables = &stage.app.mails()[0].1["variables"];
    assert_eq!(variables["apiKeyExpiresOn"], Value::Null);
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    let (owner, other) = (auth_partner("acme"), auth_partner("other"));
    let refuse = |code: &'static str, text: &'static str| refused(code, text);
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'acme'");
    stage.sql("UPDATE partner_policy SET is_active = false");

    for (path, label) in [
        ("/partners/acme/policy/p-1/apiKey/status", "One"),
        ("/partners/acme/policy/p-2/apiKey/status", "one"),
        ("/partners/gone/policy/p-1/apiKey/status", "one"),
    ] {
        let request = json!({ "label": label, "status": "x" });
        let reply = stage.send(&other, "PATCH", path, request).await;
        let text = "API key not exists for the given combination";
        assert_eq!(reply.timeless(), refuse("PMS_PRT_111", text), "{path}");
    }
    stage.forget();
    let foreign = refuse("PMS_PRT_055", "User not authorized.");
    assert_eq!(patch(&stage, &other, "x").await, foreign);
    let inactive = refuse("PMS_PMP_016", "Partner is not active.");
    assert_eq!(patch(&stage, &owner, "x").await, inactive);
    stage.sql("UPDATE partner SET is_active = true WHERE id = 'acme'");
    let off = refuse("PMS_PMS_022", "Given Partner api key is not active.");
    assert_eq!(patch(&stage, &Who::admin(), "De-active").await, off);
    let status = refuse("PMS_PM_058", "Status should be either Active or De-Active");
    assert_eq!(patch(&stage, &Who::admin(), "on").await, status);

    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
    stage.assert_audits(&[START, FAILED, START, FAILED, START, FAILED, START, FAILED]);
    assert_eq!(is_active(&stage).as_deref(), Some("false"));
}

#[actix_web::test]
async fn only_exact_roles_are_unrestricted() {
    let stage = stage().await;
    let manager = Who::user("m", &["PARTNERMANAGER"]);
    let odd = Who::user("x", &["AUTH_PARTNER", "X_PARTNER_ADMIN_Y"]);

    let foreign = refused("PMS_PRT_055", "User not authorized.");
    assert_eq!(patch(&stage, &odd, "De-active").await, foreign);
    assert_eq!(
        patch(&stage, &manager, "De-active").await,
        done("de-activated")
    );
    let request = json!({ "label": "one", "status": "Active" });
    let wrong = Who::user("acme", &["ABIS_PARTNER"]);
    let reply = stage.send(&wrong, "PATCH", PATH, request.clone()).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (403, "KER-ATH-403")
    );
    let reply = stage.send(&Who::Nobody, "PATCH", PATH, request).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (401, "KER-ATH-401")
    );
}

#[actix_web::test]
async fn fields_must_say_something() {
    let stage = stage().await;
    let wrong_role = Who::user("x", &["POLICYMANAGER"]);

    for (request, rule, field) in [
        (
            json!({ "label": " ", "status": "Active" }),
            "must not be blank",
            "label",
        ),
        (
            json!({ "label": "one" }),
            "value is empty or null",
            "status",
        ),
        (
            json!({ "label": "one", "status": "" }),
            "value is empty or null",
            "status",
        ),
    ] {
        let reply = stage.send(&wrong_role, "PATCH", PATH, request).await;
        assert_eq!(reply.status, 400);
        assert_eq!(reply.timeless(), violation(rule, field));
    }
    let path = format!("{}{PATH}", crate::support::BASE);
    let broken = Some("{".to_owned());
    let reply = stage.app.send(&Who::admin(), "PATCH", &path, broken).await;
    assert_eq!(
        (reply.status, &reply.json()["detail"]),
        (400, &json!("Failed to read request"))
    );
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn a_label_with_nul_is_refused_by_its_field() {
    let stage = stage().await;
    let request = json!({ "label": "one\0", "status": "De-Active" });

    let reply = stage.send(&Who::admin(), "PATCH", PATH, request).await;

    let expected = violation("must not hold the character NUL", "label");
    assert_eq!((reply.status, reply.timeless()), (400, expected));
    assert_eq!(is_active(&stage).as_deref(), Some("true"));
}

#[actix_web::test]
async fn simultaneous_deactivations_happen_once() {
    let stage = stage().await;
    let admin = Who::admin();

    let replies = join_all((0..6).map(|_| patch(&stage, &admin, "De-active"))).await;

    let done = done("de-activated");
    assert_eq!(replies.iter().filter(|reply| **reply == done).count(), 1);
    let off = refused("PMS_PMS_022", "Given Partner api key is not active.");
    assert_eq!(replies.iter().filter(|reply| **reply == off).count(), 5);
    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (1, 1));
}

#[actix_web::test]
async fn keys_of_one_label_are_switched_off_together_and_the_newest_on() {
    let stage = stage().await;
    stage.key("k-2", "acme", "p-1", "one", false);
    stage.key("k-3", "acme", "p-1", "one", true);
    stage.key("k-4", "acme", "p-1", "two", true);
    stage.sql(
        "UPDATE partner_policy SET cr_dtimes = '2026-01-02' WHERE policy_api_key IN ('k-2', 'k-3');
         UPDATE partner_policy SET cr_dtimes = '2026-01-01' WHERE policy_api_key = 'secret-key'",
    );
    let active = "SELECT string_agg(policy_api_key, ' ' ORDER BY policy_api_key)
        FROM partner_policy WHERE is_active AND part_id = 'acme'";
    let reported = || -> Vec<String> {
        let events = stage.app.events();
        let key = |event: &Value| event["event"]["data"]["apiKeyData"]["apiKeyId"].to_string();
        events.iter().map(|(_, event)| key(event)).collect()
    };
    let who = auth_partner("acme");

    assert_eq!(patch(&stage, &who, "De-Active").await, done("de-activated"));

    assert_eq!(stage.text(active).as_deref(), Some("k-4"));
    assert_eq!(reported(), ["\"k-3\"", "\"secret-key\""]);
    assert_eq!(stage.app.mails().len(), 1);
    let off = refused("PMS_PMS_022", "Given Partner api key is not active.");
    let again = patch(&stage, &who, "De-Active").await;
    assert_eq!(
        again["errors"][0]["errorCode"],
        off["errors"][0]["errorCode"]
    );
    stage.forget();
    assert_eq!(patch(&stage, &who, "Active").await, done("activated"));
    assert_eq!(stage.text(active).as_deref(), Some("k-3 k-4"));
    assert_eq!(reported(), ["\"k-3\""]);
}

#[actix_web::test]
async fn a_deactivated_partners_key_is_switched_off_and_not_on() {
    let stage = stage().await;
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'acme'");
    let admin = Who::admin();

    let inactive = refused("PMS_PMP_016", "Partner is not active.");
    assert_eq!(patch(&stage, &admin, "Active").await, inactive);
    assert_eq!(
        patch(&stage, &admin, "De-active").await,
        done("de-activated")
    );
    assert_eq!(is_active(&stage).as_deref(), Some("false"));
}
