use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage, auth_partner, echoed, refused, violation};

const PATH: &str = "/partners/acme/apikey/secret-key/policies";
const START: (&str, &str, &str) = ("PMS_PRT_179", "NO_ID", "NO_ID_TYPE");
const OF_PARTNER: (&str, &str, &str) = ("PMS_PRT_779", "acme", "partnerId");

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.policy("p-2", Some("g-1"), "Policy Two", true);
    stage.partner(&Row::default());
    stage.key("secret-key", "acme", "p-1", "one", true);
    stage
}

async fn put(stage: &Stage, old: &str, new: &str) -> Value {
    let request = json!({ "oldPolicyID": old, "newPolicyID": new });
    let manager = Who::user("m", &["PARTNERMANAGER"]);
    let reply = stage.send(&manager, "PUT", PATH, request).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

fn done() -> Value {
    let message = "Given apikey updated with policy successfully. ";
    echoed(&json!({ "message": message }))
}

fn policy_of(stage: &Stage, key: &str) -> String {
    let query = format!("SELECT policy_id FROM partner_policy WHERE policy_api_key = '{key}'");
    stage.text(&query).unwrap()
}

fn topics(stage: &Stage) -> Vec<String> {
    stage
        .app
        .events()
        .into_iter()
        .map(|(topic, _)| topic)
        .collect()
}

#[actix_web::test]
async fn a_key_is_pointed_to_another_policy_and_relying_modules_learn_it() {
    let stage = stage().await;

    assert_eq!(put(&stage, "p-1", "p-2").await, done());

    let row = "SELECT policy_id, valid_from_datetime, upd_by, upd_dtimes FROM partner_policy
        WHERE policy_api_key = 'secret-key'";
    let found = stage.rows(row);
    assert_eq!(found[0]["policy_id"], "p-2");
    assert_eq!(found[0]["upd_by"], "m");
    assert_eq!(found[0]["upd_dtimes"], "2026-11-24T10:00:00");
    stage.assert_audits(&[
        START,
        ("PMS_PRT_279", "acme", "partnerId"),
        ("PMS_PRT_279", "NO_ID", "NO_ID_TYPE"),
    ]);
    assert_eq!(stage.app.audits()[0].1["eventName"], "GET API KEY MAPPING");
    assert_eq!(stage.app.mails(), []);

    assert_eq!(topics(&stage), ["APIKEY_UPDATED", "APIKEY_APPROVED"]);
    let events = stage.app.events();
    let (updated, approved) = (&events[0].1["event"]["data"], &events[1].1["event"]["data"]);
    let commence = found[0]["valid_from_datetime"].as_str().unwrap();
    let key = json!({
        "apiKeyId": "secret-key",
        "apiKeyCommenceOn": format!("{commence}.000Z"),
        "apiKeyExpiresOn": "2027-01-01T00:00:00.000Z",
        "apiKeyStatus": "ACTIVE",
    });
    assert_eq!(*updated, json!({ "apiKeyData": key }));
    let partner = json!({
        "partnerId": "acme",
        "partnerName": "Org acme",
        "certificateData": "PEM 1",
        "partnerStatus": "ACTIVE",
    });
    let policy = json!({
        "policyId": "p-2",
        "policy": { "b": 1, "a": [2] },
        "policyName": "Policy Two",
        "policyStatus": "ACTIVE",
        "policyDescription": "About Policy Two",
        "policyCommenceOn": "2026-01-01T00:00:00.000Z",
        "policyExpiresOn": "2030-01-01T00:00:00.000Z",
    });
    assert_eq!(
        *approved,
        json!({ "partnerData": partner, "policyData": policy, "apiKeyData": key })
    );
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.group("g-2", "Second", true);
    stage.policy("p-far", Some("g-2"), "Far", true);
    stage.policy("p-off", Some("g-1"), "Off", false);

    let unknown = "Given apikey,partner and policy mapping not exists.";
    assert_eq!(
        put(&stage, "p-2", "p-2").await,
        refused("PMS_PMP_50", unknown)
    );
    let request = json!({ "oldPolicyID": "p-1", "newPolicyID": "p-2" });
    let path = "/partners/gone/apikey/secret-key/policies";
    let reply = stage.send(&Who::admin(), "PUT", path, request).await;
    assert_eq!(reply.timeless(), refused("PMS_PMP_50", unknown));
    stage.forget();

    stage.sql("UPDATE partner_policy SET is_active = false WHERE policy_api_key = 'secret-key'");
    let off = "Given Partner api key is not active.";
    assert_eq!(put(&stage, "p-1", "zzz").await, refused("PMS_PMS_022", off));
    stage.sql("UPDATE partner_policy SET is_active = true WHERE policy_api_key = 'secret-key'");
    for id in ["zzz", "", "p-far"] {
        let text = format!("Policy does not exist{id}");
        assert_eq!(put(&stage, "p-1", id).await, refused("PMS_PMP_014", &text));
    }
    stage.sql("UPDATE policy_group SET is_active = false WHERE id = 'g-1'");
    assert_eq!(
        put(&stage, "p-1", "p-off").await,
        refused("PMS_PMP_019", "Policy is not active.p-off")
    );
    assert_eq!(
        put(&stage, "p-1", "p-2").await,
        refused("PMS_PMP_023", "Policy group is not active.p-2")
    );

    let of_policy = |id| [START, ("PMS_PRT_779", id, "policyId")];
    let mut expected = vec![START, OF_PARTNER];
    for id in ["zzz", "NO_ID", "p-far", "p-off", "p-2"] {
        expected.extend(of_policy(id));
    }
    stage.assert_audits(&expected);
    assert_eq!(topics(&stage), [""; 0]);
    assert_eq!(policy_of(&stage, "secret-key"), "p-1");
}

#[actix_web::test]
async fn a_key_is_moved_whatever_labels_the_policy_has() {
    let stage = stage().await;
    stage.key("k-2", "acme", "p-2", "one", false);

    assert_eq!(put(&stage, "p-1", "p-2").await, done());

    assert_eq!(policy_of(&stage, "secret-key"), "p-2");
    assert_eq!(topics(&stage), ["APIKEY_UPDATED", "APIKEY_APPROVED"]);
    let labels = "SELECT count(*) FROM partner_policy WHERE policy_id = 'p-2' AND label = 'one'";
    assert_eq!(stage.text(labels).as_deref(), Some("2"));
}

#[actix_web::test]
async fn a_deactivated_partners_key_stays_where_it_is() {
    let stage = stage().await;
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'acme'");

    let reply = put(&stage, "p-1", "p-2").await;

    assert_eq!(reply, refused("PMS_PMP_016", "Partner is not active."));
    stage.assert_audits(&[START, OF_PARTNER]);
    assert_eq!(policy_of(&stage, "secret-key"), "p-1");
}

#[actix_web::test]
async fn keys_of_the_same_instant_can_share_a_policy() {
    let stage = stage().await;
    stage.key("k-2", "acme", "p-2", "two", true);
    stage.sql("UPDATE partner_policy SET valid_from_datetime = '2026-01-01'");

    assert_eq!(put(&stage, "p-1", "p-2").await, done());

    let start = "SELECT valid_from_datetime FROM partner_policy
        WHERE policy_api_key = 'secret-key'";
    assert_eq!(
        stage.text(start).as_deref(),
        Some("2026-01-01 00:00:00.000001")
    );
}

#[actix_web::test]
async fn a_key_manager_that_is_down_stops_it_and_an_unknown_certificate_does_not() {
    let stage = stage().await;

    stage
        .keys
        .fail("getPartnerCertificate", PeerFailure::Status(500));
    let down = "Error while accessing the API.Please check the logs.";
    assert_eq!(
        put(&stage, "p-1", "p-2").await,
        refused("PMS_KKS_001", down)
    );
    assert_eq!(policy_of(&stage, "secret-key"), "p-1");
    stage.keys.recover();
    stage.sql("UPDATE partner SET certificate_alias = 'unknown' WHERE id = 'acme'");
    assert_eq!(put(&stage, "p-1", "p-2").await, done());
    assert_eq!(topics(&stage), ["APIKEY_UPDATED"]);
    stage.sql("UPDATE partner SET certificate_alias = NULL WHERE id = 'acme'");
    assert_eq!(put(&stage, "p-2", "p-1").await, done());
    let approved = stage.app.events().pop().unwrap();
    assert_eq!(approved.0, "APIKEY_APPROVED");
    assert_eq!(
        approved.1["event"]["data"]["partnerData"]["certificateData"],
        ""
    );
    stage.sql("UPDATE auth_policy SET policy_file_id = 'no JSON' WHERE id = 'p-2'");
    stage.forget();
    assert_eq!(put(&stage, "p-1", "p-2").await, done());
    assert_eq!(topics(&stage), ["APIKEY_UPDATED"]);
}

#[actix_web::test]
async fn a_certificate_that_is_replaced_meanwhile_is_not_published() {
    let stage = stage().await;
    let request = json!({ "oldPolicyID": "p-1", "newPolicyID": "p-2" });
    let admin = Who::admin();

    let reply = stage
        .send_during(
            "UPDATE partner SET certificate_alias = 'cert-2' WHERE id = 'acme'",
            stage.send(&admin, "PUT", PATH, request),
        )
        .await;

    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(topics(&stage), [""; 0]);
    assert_eq!(policy_of(&stage, "secret-key"), "p-1");
}

#[actix_web::test]
async fn fields_and_roles_are_checked() {
    let stage = stage().await;

    for (request, field) in [
        (json!({ "newPolicyID": "p-2" }), "oldPolicyID"),
        (
            json!({ "oldPolicyID": "p-1", "newPolicyID": null }),
            "newPolicyID",
        ),
    ] {
        let reply = stage
            .send(&auth_partner("acme"), "PUT", PATH, request)
            .await;
        let rule = format!("Please provide {field}");
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(&rule, field))
        );
    }
    let request = json!({ "oldPolicyID": "p-1", "newPolicyID": "p-2" });
    let reply = stage
        .send(&auth_partner("acme"), "PUT", PATH, request.clone())
        .await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (403, "KER-ATH-403")
    );
    let reply = stage.send(&Who::Nobody, "PUT", PATH, request).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    let path = format!("{BASE}{PATH}");
    let reply = stage
        .app
        .send(&Who::admin(), "PUT", &path, Some("[".to_owned()))
        .await;
    assert_eq!(
        (reply.status, &reply.json()["detail"]),
        (400, &json!("Failed to read request"))
    );
}
