//! POST /v1/partnermanager/misps

use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use super::support::{FOREIGN, MISPS, Misps, NOW, admin, nameless, owner, plain, refused};

fn provider(id: &str) -> Value {
    json!({ "providerId": id })
}

async fn issue(misps: &Misps, who: &Who, id: &str) -> Value {
    let reply = misps.post(who, "", provider(id)).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

#[actix_web::test]
async fn a_misp_gets_its_first_licence_and_an_event_says_so() {
    let misps = Misps::start().await;
    misps.misp("m");

    let body = issue(&misps, &admin(), "m").await;

    let key = body["response"]["licenseKey"].as_str().unwrap().to_owned();
    assert!(key.len() == 50 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let end = "4764-10-20T10:00:00";
    let licence = json!({
        "providerId": "m", "licenseKey": key, "licenseKeyStatus": "Active",
        "licenseKeyExpiry": end,
    });
    assert_eq!(body, plain(&licence));
    let row = misps
        .stage
        .text("SELECT row_to_json(l) FROM (SELECT * FROM pms.misp_license WHERE misp_id = 'm') l");
    let expected = json!({
        "misp_id": "m", "license_key": key, "policy_id": null, "valid_from_date": NOW,
        "valid_to_date": end, "is_active": true, "cr_by": "admin", "cr_dtimes": NOW,
        "upd_by": null, "upd_dtimes": null, "is_deleted": false, "del_dtimes": null,
    });
    assert_eq!(serde_json::from_str::<Value>(&row).unwrap(), expected);
    let (topic, mut event) = misps.stage.queued("event").pop().unwrap();
    event["event"]["id"] = json!("<id>");
    let expected = json!({
        "publisher": "InfraProviderServiceImpl",
        "topic": "MISP_LICENSE_GENERATED",
        "publishedOn": "2026-11-24T10:00:00.000Z",
        "event": {
            "id": "<id>",
            "type": {
                "namespace": "io.mosip.pmp.partner.service.impl.InfraProviderServiceImpl",
                "name": "InfraProviderServiceImpl",
            },
            "timestamp": "2026-11-24T10:00:00.000Z",
            "data": { "mispLicenseData": {
                "mispId": "m", "licenseKey": key,
                "mispCommenceOn": "2026-11-24T10:00:00.000Z",
                "mispExpiresOn": "4764-10-20T10:00:00.000Z",
                "mispStatus": "ACTIVE",
            } },
        },
    });
    assert_eq!(
        (topic.as_str(), event),
        ("MISP_LICENSE_GENERATED", expected)
    );
    let order = "SELECT string_agg(lane || '/' || order_key, ' ') FROM pms.outbox";
    assert_eq!(misps.stage.text(order), "event/m");
}

#[actix_web::test]
async fn each_refusal_comes_in_its_turn() {
    let misps = Misps::start().await;
    let is_refused = async |code, message| {
        assert_eq!(issue(&misps, &admin(), "m").await, refused(code, message));
        assert_eq!((misps.licences("m"), misps.events()), (vec![], vec![]));
    };
    // Repaired one by one, from the first to the last.
    is_refused("PMS_MSP_005", "MISP Partner does not exist").await;
    misps.partner("m", "Auth_Partner", false);
    is_refused("PMS_MSP_009", "Given provider is not valid").await;
    misps
        .stage
        .sql("UPDATE pms.partner SET partner_type_code = 'MISP_Partner'");
    is_refused("PMS_MSP_405", "MISP partner is not active.").await;
    misps.stage.sql("UPDATE pms.partner SET is_active = true");
    misps.mapping("m", "p", "InProgress", 10);
    is_refused("PMS_MSP_418", "Policy not approved.").await;
    misps
        .stage
        .sql("UPDATE pms.partner_policy_request SET status_code = 'approved'");
    is_refused("PMS_MSP_419", "Policy not exists.").await;
    misps.policy("p", "no document");
    let text = "Error occured while parsing policy string to json object";
    is_refused("PMS_PRT_071", text).await;

    misps
        .stage
        .sql("UPDATE pms.auth_policy SET policy_file_id = '{\"a\":1}'");
    let body = issue(&misps, &admin(), "m").await;
    assert_eq!(body["response"]["licenseKeyStatus"], "Active");

    let again = ("PMS_MSP_416", "License key exists for the given provider.");
    for change in [
        "is_active = false",
        "valid_to_date = '2020-01-01'",
        "is_deleted = true",
    ] {
        misps
            .stage
            .sql(&format!("UPDATE pms.misp_license SET {change}"));
        let body = issue(&misps, &admin(), "m").await;
        assert_eq!(body, refused(again.0, again.1), "{change}");
    }
    misps.stage.sql(
        "DELETE FROM pms.partner_policy_request WHERE part_id = 'm'; \
         DELETE FROM pms.partner WHERE id = 'm'",
    );
    assert_eq!(
        issue(&misps, &admin(), "m").await,
        refused(again.0, again.1)
    );
}

#[actix_web::test]
async fn the_newest_approved_policy_goes_with_the_licence() {
    let misps = Misps::start().await;
    misps.misp("m");
    for id in ["old", "new", "bad"] {
        misps.policy(id, r#"{"b":1,"a":[2]}"#);
    }
    misps.mapping("m", "old", "approved", 10);
    misps.mapping("m", "new", "Approved", 12);
    misps.mapping("m", "bad", "rejected", 9);
    misps.mapping("m", "bad", "InProgress", 14);

    issue(&misps, &admin(), "m").await;

    assert_eq!(misps.licences("m"), ["new|t|new|admin|-"]);
    let (_, event) = misps.stage.queued("event").pop().unwrap();
    let expected = json!({
        "policyId": "new", "policy": { "b": 1, "a": [2] }, "policyName": "new",
        "policyStatus": "ACTIVE", "policyDescription": "About new",
        "policyCommenceOn": "2026-01-01T00:00:00.000Z",
        "policyExpiresOn": "2030-01-01T00:00:00.000Z",
    });
    assert_eq!(event["event"]["data"]["policyData"], expected);
}

#[actix_web::test]
async fn a_misp_issues_for_itself_alone() {
    let misps = Misps::start().await;
    misps.misp("m");
    misps.misp("n");
    let foreign = refused(FOREIGN.0, FOREIGN.1);

    assert_eq!(issue(&misps, &owner("n"), "m").await, foreign);
    misps.licence("m", "k", ("", "2030-01-01"), true);
    assert_eq!(
        issue(&misps, &owner("n"), "m").await,
        foreign,
        "nor learns of one"
    );
    let unknown = refused("PMS_MSP_005", "MISP Partner does not exist");
    assert_eq!(issue(&misps, &owner("n"), "x").await, unknown);
    assert!(misps.events().is_empty());

    let own = issue(&misps, &owner("n"), "n").await;
    assert_eq!(own["response"]["providerId"], "n");
    // A partner that names no user belongs to the user of its id; the role's other name will do.
    misps.misp("o");
    let named_like_it = Who::user("O", &["MISP"]);
    assert_eq!(issue(&misps, &named_like_it, "o").await, foreign);
    misps.of_nobody("o");
    assert_eq!(
        issue(&misps, &named_like_it, "o").await["errors"],
        json!([])
    );
    misps.misp("p");
    let manager = Who::user("boss", &["PARTNERMANAGER"]);
    assert_eq!(issue(&misps, &manager, "p").await["errors"], json!([]));
}

#[actix_web::test]
async fn malformed_requests_and_strangers_get_nothing() {
    let misps = Misps::start().await;
    let blank = "Invalid request parameter - must not be blank :request.providerId";

    for request in [json!({}), json!({ "providerId": null }), provider(" ")] {
        let reply = misps.post(&admin(), "", request).await;
        let body = reply.timeless();
        let expected = nameless("PMS_COR_001", blank);
        assert_eq!((reply.status, body), (400, expected));
    }
    let reply = misps.post(&admin(), "", provider("m\0")).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (400, "PMS_COR_001")
    );
    let malformed = Some("{\"request\": ".to_owned());
    let reply = misps.replica.send(&admin(), "POST", MISPS, malformed).await;
    let expected = json!({
        "type": "about:blank", "title": "Bad Request", "status": 400,
        "detail": "Failed to read request", "instance": MISPS,
    });
    assert_eq!((reply.status, reply.json()), (400, expected));

    let reply = misps.post(&Who::Nobody, "", provider("m")).await;
    assert_eq!(
        (reply.status, reply.error().0.as_str()),
        (401, "KER-ATH-401")
    );
    let stranger = Who::user("m", &["AUTH_PARTNER"]);
    let reply = misps.post(&stranger, "", provider("m")).await;
    let expected = json!({
        "id": "an id", "version": "1.0", "responsetime": "<time>", "metadata": null,
        "response": null, "errors": [{ "errorCode": "KER-ATH-403", "message": "Forbidden" }],
    });
    assert_eq!((reply.status, reply.timeless()), (403, expected));
}

#[actix_web::test]
async fn of_calls_at_once_one_wins() {
    let misps = Misps::start().await;
    misps.misp("m");

    let admin = admin();
    let bodies = join_all((0..8).map(|_| issue(&misps, &admin, "m"))).await;

    let taken = refused("PMS_MSP_416", "License key exists for the given provider.");
    assert_eq!(bodies.iter().filter(|body| **body == taken).count(), 7);
    assert_eq!(misps.licences("m"), ["new|t|-|admin|-"]);
    assert_eq!(misps.events(), ["MISP_LICENSE_GENERATED|new|ACTIVE|-"]);
}

#[actix_web::test]
async fn the_operator_decides_about_length_and_validity() {
    let misps = Misps::with(&[
        ("partner.misp_licence_key_length", "128"),
        ("partner.misp_licence_validity_days", "4000000000"),
        ("partner.misp_type", "Infra_Provider"),
    ])
    .await;
    misps.stage.sql(
        "INSERT INTO pms.partner_type (code, partner_description, is_active, cr_by, cr_dtimes, \
           is_policy_required) VALUES ('INFRA_PROVIDER', 'd', true, 'u', '2026-01-01', false)",
    );
    misps.partner("m", "INFRA_PROVIDER", true);

    let body = issue(&misps, &admin(), "m").await;

    assert_eq!(body["response"]["licenseKey"].as_str().unwrap().len(), 128);
    assert_eq!(body["response"]["licenseKeyExpiry"], "9999-12-31T23:59:59");
}
