use futures_util::future::join_all;
use pms_testkit::Who;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage, auth_partner, echoed, refused, violation};

const PATH: &str = "/partners/acme/generate/apikey";
const START: (&str, &str, &str) = ("PMS_PRT_179", "acme", "partnerId");
const FAILED: (&str, &str, &str) = ("PMS_PRT_779", "acme", "partnerId");

async fn stage() -> Stage {
    ready(Stage::start().await)
}

fn ready(stage: Stage) -> Stage {
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.mapping("m-1", "acme", "p-1", "approved");
    stage
}

async fn generate(stage: &Stage, policy: &str, label: &str) -> Value {
    let request = json!({ "policyName": policy, "label": label });
    let reply = stage
        .send(&auth_partner("acme"), "PATCH", PATH, request)
        .await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.timeless()
}

#[actix_web::test]
async fn a_key_without_end_is_valid_to_the_last_day_that_consumers_read() {
    const DAYS: (&str, &str) = ("partner.api_key_validity_days", "4000000000");
    let stage = ready(Stage::with(|builder| builder.setting(DAYS.0, DAYS.1)).await);

    generate(&stage, "Policy One", "l-1").await;

    let row = "SELECT valid_to_datetime::text FROM partner_policy WHERE part_id = 'acme'";
    assert_eq!(stage.text(row).as_deref(), Some("9999-12-31 23:59:59"));
}

#[actix_web::test]
async fn a_key_is_generated_and_published() {
    let stage = stage().await;
    let label = "8d2c2d16-9f0f-4a57-b36f-0f7e2bdb4e61";

    let mut reply = generate(&stage, "Policy One", label).await;

    let key = reply["response"]["apiKey"].as_str().unwrap().to_owned();
    assert!(
        key.len() >= 24 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{key}"
    );
    reply["response"]["apiKey"] = json!("<key>");
    let response =
        json!({ "apiKey": "<key>", "label": label, "policyId": "p-1", "partnerId": "acme" });
    assert_eq!(reply, echoed(&response));
    let row = "SELECT policy_api_key, part_id, policy_id, valid_from_datetime,
        valid_to_datetime::text AS valid_to, is_active, label, cr_by, cr_dtimes, upd_by, is_deleted
        FROM partner_policy WHERE part_id = 'acme'";
    let expected = json!([{
        "policy_api_key": key,
        "part_id": "acme",
        "policy_id": "p-1",
        "valid_from_datetime": "2026-11-24T10:00:00",
        "valid_to": "4764-10-20 10:00:00",
        "is_active": true,
        "label": label,
        "cr_by": "acme",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "is_deleted": false,
    }]);
    let mut found = stage.rows(row);
    let days = "SELECT valid_to_datetime - valid_from_datetime FROM partner_policy
        WHERE part_id = 'acme'";
    assert_eq!(stage.text(days).as_deref(), Some("999999 days"));
    let valid_to = found[0]["valid_to"].as_str().unwrap().replace(' ', "T");
    found[0]["valid_to"] = expected[0]["valid_to"].clone();
    assert_eq!(found, expected);
    stage.assert_audits(&[START, ("PMS_PRT_279", "acme", "partnerId")]);
    assert_eq!(stage.app.mails(), []);

    let (topic, mut envelope) = stage.app.events().pop().unwrap();
    assert_eq!(topic, "APIKEY_APPROVED");
    envelope["event"]["id"] = json!("<id>");
    let emitter = "PartnerManagementServiceImpl";
    let namespace = format!("io.mosip.pmp.partner.manager.service.impl.{emitter}");
    let expected = json!({
        "publisher": emitter,
        "topic": "APIKEY_APPROVED",
        "publishedOn": "2026-11-24T10:00:00.000Z",
        "event": {
            "id": "<id>",
            "type": { "namespace": namespace, "name": emitter },
            "timestamp": "2026-11-24T10:00:00.000Z",
            "data": {
                "partnerData": {
                    "partnerId": "acme",
                    "partnerName": "Org acme",
                    "certificateData": "PEM 1",
                    "partnerStatus": "ACTIVE",
                },
                "policyData": {
                    "policyId": "p-1",
                    "policy": { "b": 1, "a": [2] },
                    "policyName": "Policy One",
                    "policyStatus": "ACTIVE",
                    "policyDescription": "About Policy One",
                    "policyCommenceOn": "2026-01-01T00:00:00.000Z",
                    "policyExpiresOn": "2030-01-01T00:00:00.000Z",
                },
                "apiKeyData": {
                    "apiKeyId": key,
                    "apiKeyCommenceOn": "2026-11-24T10:00:00.000Z",
                    "apiKeyExpiresOn": format!("{valid_to}.000Z"),
                    "apiKeyStatus": "ACTIVE",
                },
            },
        },
    });
    assert_eq!(envelope, expected);
}

#[actix_web::test]
async fn the_request_time_comes_before_the_audit() {
    let stage = stage().await;
    let mut body = stage
        .app
        .v1(&json!({ "policyName": "Policy One", "label": "l" }));

    body["requesttime"] = Value::Null;
    let reply = stage
        .app
        .patch(&auth_partner("acme"), &format!("{BASE}{PATH}"), &body)
        .await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_REQUEST_ERROR_004", "Invalid request time")
    );
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn only_the_partner_itself_gets_keys() {
    let stage = stage().await;
    let request = json!({ "policyName": "Policy One", "label": "l" });
    let refusal = refused("PMS_PRT_055", "User not authorized.");

    for who in [
        auth_partner("other"),
        Who::user("boss", &["PARTNER_ADMIN", "AUTH_PARTNER"]),
    ] {
        stage.forget();
        let reply = stage.send(&who, "PATCH", PATH, request.clone()).await;
        assert_eq!(reply.timeless(), refusal);
        stage.assert_audits(&[START]);
    }
    let admin = stage.send(&Who::admin(), "PATCH", PATH, request).await;
    assert_eq!(admin.status, 403);
}

#[actix_web::test]
async fn a_partner_that_does_not_exist_is_told_to_a_caller_of_its_name_alone() {
    let stage = stage().await;
    let request = json!({ "policyName": "Policy One", "label": "l" });
    let path = "/partners/nobody/generate/apikey";

    for (who, code) in [("nobody", "PMS_PMP_005"), ("other", "PMS_PRT_055")] {
        let reply = stage
            .send(&auth_partner(who), "PATCH", path, request.clone())
            .await;
        assert_eq!(reply.error().0, code, "{who}");
    }
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let stage = stage().await;
    stage.sql(
        "DELETE FROM partner_policy_request WHERE id = 'm-1'; DELETE FROM partner WHERE id = 'acme'",
    );
    let steps = [
        ("PMS_PMP_005", "Partner ID does not exist", ""),
        (
            "PMS_PMP_016",
            "Partner is not active.",
            "UPDATE partner SET is_active = true WHERE id = 'acme'",
        ),
        (
            "PMS_PMP_014",
            "Policy does not exist",
            "UPDATE partner SET policy_group_id = 'g-1' WHERE id = 'acme'",
        ),
        (
            "PMS_PRT_109",
            "Given policy is not mapped to partner",
            "INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
               is_active, label, cr_by, cr_dtimes)
             VALUES ('k', 'acme', 'p-1', '2026-01-01', false, 'my label', 'u', now())",
        ),
    ];
    for (code, message, mend) in steps {
        stage.forget();
        assert_eq!(
            generate(&stage, "Policy One", " my  label ").await,
            refused(code, message)
        );
        stage.assert_audits(&[START, FAILED]);
        if mend.is_empty() {
            stage.partner(&Row {
                active: false,
                group: None,
                ..Row::default()
            });
        } else {
            stage.sql(mend);
        }
    }
    // Pending, or approved in another spelling, is not approved.
    stage.mapping("m-2", "acme", "p-1", "InProgress");
    stage.mapping("m-3", "acme", "p-1", "Approved");
    let unmapped = refused("PMS_PRT_109", "Given policy is not mapped to partner");
    assert_eq!(generate(&stage, "Policy One", "my label").await, unmapped);
    stage.mapping("m-4", "acme", "p-1", "approved");
    let taken = refused(
        "PMS_PRT_110",
        "Given label already exists.Provide unique label.",
    );
    assert_eq!(generate(&stage, "Policy One", " my  label ").await, taken);
    let other_name = generate(&stage, "policy one", "new").await;
    assert_eq!(other_name, refused("PMS_PMP_014", "Policy does not exist"));
}

#[actix_web::test]
async fn a_draft_can_have_keys_and_labels_are_stored_without_surplus_blanks() {
    let stage = stage().await;
    stage.sql(
        "UPDATE auth_policy SET is_active = false, valid_to_date = '2026-01-02' WHERE id = 'p-1'",
    );

    let reply = generate(&stage, "Policy One", "  two \t words ").await;

    assert_eq!(reply["response"]["label"], "two words");
    let label = "SELECT label FROM partner_policy WHERE part_id = 'acme'";
    assert_eq!(stage.text(label).as_deref(), Some("two words"));
    let policy = &stage.app.events()[0].1["event"]["data"]["policyData"];
    assert_eq!(policy["policyStatus"], "DEACTIVE");
}

#[actix_web::test]
async fn without_certificate_or_key_manager_there_is_no_key() {
    let stage = stage().await;
    let unreachable = refused(
        "PMS_KKS_001",
        "Error while accessing the API.Please check the logs.",
    );

    stage
        .keys
        .fail("getPartnerCertificate", PeerFailure::Status(500));
    assert_eq!(generate(&stage, "Policy One", "l").await, unreachable);
    let failure = PeerFailure::Error("KER-PCM-012".to_owned(), "gone".to_owned());
    stage.keys.fail("getPartnerCertificate", failure);
    assert_eq!(
        generate(&stage, "Policy One", "l").await,
        refused("KER-PCM-012", "gone")
    );
    stage.keys.recover();
    stage.sql("UPDATE partner SET certificate_alias = NULL WHERE id = 'acme'");
    assert_eq!(generate(&stage, "Policy One", "l").await, unreachable);

    let keys = "SELECT count(*) FROM partner_policy WHERE part_id = 'acme'";
    assert_eq!(stage.text(keys).as_deref(), Some("0"));
    assert_eq!(stage.app.events().len(), 0);
    stage.assert_audits(&[START, START, START]);
}

#[actix_web::test]
async fn a_policy_that_is_not_json_gives_no_key() {
    let stage = stage().await;
    stage.sql("UPDATE auth_policy SET policy_file_id = 'nonsense' WHERE id = 'p-1'");

    let reply = generate(&stage, "Policy One", "l").await;

    let message = "Error occured while parsing policy string to json object";
    assert_eq!(reply, refused("PMS_POL_052", message));
    stage.assert_audits(&[START, ("PMS_PRT_487", "NO_ID", "NO_ID_TYPE")]);
    let keys = "SELECT count(*) FROM partner_policy WHERE part_id = 'acme'";
    assert_eq!(stage.text(keys).as_deref(), Some("0"));

    // Stray commas of older databases are forgiven.
    stage.sql("UPDATE auth_policy SET policy_file_id = '{\"a\":1,,\"b\":2}' WHERE id = 'p-1'");
    assert_eq!(
        generate(&stage, "Policy One", "l").await["errors"],
        json!([])
    );
    let policy = &stage.app.events()[0].1["event"]["data"]["policyData"]["policy"];
    assert_eq!(*policy, json!({ "a": 1, "b": 2 }));
}

#[actix_web::test]
async fn fields_are_checked_in_their_order() {
    let stage = stage().await;
    let cases = [
        (json!({}), "must not be blank", "policyName"),
        (
            json!({ "policyName": "x", "label": " " }),
            "must not be blank",
            "label",
        ),
        (
            json!({ "policyName": "x", "label": "x".repeat(37) }),
            "size must be between 1 and 36",
            "label",
        ),
        (
            json!({ "policyName": "x", "label": "<i>" }),
            "must not contain < or >",
            "label",
        ),
    ];
    for (request, rule, field) in cases {
        let reply = stage
            .send(&auth_partner("acme"), "PATCH", PATH, request)
            .await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
}

#[actix_web::test]
async fn of_simultaneous_keys_with_one_label_one_is_made() {
    let stage = stage().await;

    let replies = join_all((0..8).map(|_| generate(&stage, "Policy One", "same"))).await;

    let winners = replies
        .iter()
        .filter(|reply| reply["errors"] == json!([]))
        .count();
    assert_eq!(winners, 1, "{replies:#?}");
    let taken = refused(
        "PMS_PRT_110",
        "Given label already exists.Provide unique label.",
    );
    assert_eq!(replies.iter().filter(|reply| **reply == taken).count(), 7);
    assert_eq!(stage.app.events().len(), 1);
}

#[actix_web::test]
async fn simultaneous_keys_with_different_labels_are_all_made() {
    let stage = stage().await;
    let labels: Vec<String> = (0..6).map(|number| format!("label {number}")).collect();

    let replies = join_all(
        labels
            .iter()
            .map(|label| generate(&stage, "Policy One", label)),
    )
    .await;

    assert!(
        replies.iter().all(|reply| reply["errors"] == json!([])),
        "{replies:#?}"
    );
    assert_eq!(stage.app.events().len(), 6);
}

#[actix_web::test]
async fn a_partner_that_is_deactivated_meanwhile_gets_no_key() {
    let stage = stage().await;
    let request = json!({ "policyName": "Policy One", "label": "l" });
    let acme = auth_partner("acme");

    let reply = stage
        .send_during(
            "UPDATE partner SET is_active = false WHERE id = 'acme'",
            stage.send(&acme, "PATCH", PATH, request),
        )
        .await;

    let inactive = refused("PMS_PMP_016", "Partner is not active.");
    assert_eq!(reply.timeless(), inactive);
    assert_eq!(stage.app.events().len(), 0);
}

#[actix_web::test]
async fn a_certificate_that_is_replaced_meanwhile_is_not_published() {
    let stage = stage().await;
    let request = json!({ "policyName": "Policy One", "label": "l" });
    let acme = auth_partner("acme");

    let reply = stage
        .send_during(
            "UPDATE partner SET certificate_alias = 'cert-2' WHERE id = 'acme'",
            stage.send(&acme, "PATCH", PATH, request),
        )
        .await;

    assert_eq!(reply.status, 503, "{}", reply.text);
    assert_eq!(stage.app.events().len(), 0);
}

#[actix_web::test]
async fn a_policy_that_is_deactivated_meanwhile_is_not_published_as_active() {
    let stage = stage().await;
    let request = json!({ "policyName": "Policy One", "label": "l" });
    let acme = auth_partner("acme");

    let reply = stage
        .send_during(
            "UPDATE auth_policy SET is_active = false WHERE id = 'p-1'",
            stage.send(&acme, "PATCH", PATH, request),
        )
        .await;

    assert!(reply.response()["apiKey"].is_string());
    let policy = &stage.app.events()[0].1["event"]["data"]["policyData"];
    assert_eq!(policy["policyStatus"], "DEACTIVE");
}
