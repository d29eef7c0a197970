use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, echoed, refused, violation};

fn wanted(policy: &str) -> Value {
    json!({ "policyName": policy, "useCaseDescription": "mapping partner to policy name" })
}

async fn ask(stage: &Stage, who: &Who, partner: &str, policy: &str) -> Value {
    let path = format!("/partners/{partner}/policy/map");
    let reply = stage.send(who, "POST", &path, wanted(policy)).await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage
}

#[actix_web::test]
async fn a_partner_asks_for_a_policy() {
    let stage = stage().await;

    let mut reply = ask(&stage, &auth_partner("acme"), "acme", "Policy One").await;

    let key = reply["response"]["mappingkey"].as_str().unwrap().to_owned();
    assert!(
        key.len() >= 18 && key.bytes().all(|byte| byte.is_ascii_digit()),
        "{key}"
    );
    reply["response"]["mappingkey"] = json!("<key>");
    let message = "Policy mapping request submitted successfully.";
    assert_eq!(
        reply,
        echoed(&json!({ "mappingkey": "<key>", "message": message }))
    );
    let row = "SELECT id, part_id, policy_id, request_datetimes, request_detail, status_code,
        cr_by, cr_dtimes, upd_by, is_deleted FROM partner_policy_request WHERE part_id = 'acme'";
    let expected = json!([{
        "id": key,
        "part_id": "acme",
        "policy_id": "p-1",
        "request_datetimes": "2026-11-24T10:00:00",
        "request_detail": "mapping partner to policy name",
        "status_code": "InProgress",
        "cr_by": "acme",
        "cr_dtimes": "2026-11-24T10:00:00",
        "upd_by": null,
        "is_deleted": false,
    }]);
    assert_eq!(stage.rows(row), expected);
    stage.assert_audits(&[
        ("PMS_PRT_122", "acme", "partnerId"),
        ("PMS_PRT_204", "acme", "partnerId"),
    ]);
    assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
}

#[actix_web::test]
async fn the_partner_must_exist_belong_to_the_caller_and_be_active() {
    let stage = stage().await;
    stage.partner(&Row {
        id: "off",
        user: "off",
        active: false,
        ..Row::default()
    });
    let acme = auth_partner("acme");

    let unknown = ask(&stage, &acme, "nobody", "Policy One").await;
    assert_eq!(unknown, refused("PMS_PRT_005", "Partner does not exist"));
    stage.assert_audits(&[
        ("PMS_PRT_122", "nobody", "partnerId"),
        ("PMS_PRT_419", "nobody", "partnerId"),
    ]);
    let foreign = ask(&stage, &acme, "off", "Policy One").await;
    assert_eq!(foreign, refused("PMS_PRT_055", "User not authorized."));
    stage.forget();
    let inactive = ask(&stage, &auth_partner("off"), "off", "Policy One").await;
    assert_eq!(inactive, refused("PMS_PMP_016", "Partner is not active."));
    stage.assert_audits(&[
        ("PMS_PRT_122", "off", "partnerId"),
        ("PMS_PRT_419", "off", "partnerId"),
    ]);
}

#[actix_web::test]
async fn ownership_can_be_switched_off_for_this_operation() {
    let stage =
        Stage::with(|builder| builder.setting("security.ownership_legacy_for[0]", "policy-map"))
            .await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());

    let reply = ask(&stage, &auth_partner("pms-111999"), "acme", "Policy One").await;

    assert_eq!(reply["errors"], json!([]));
}

#[actix_web::test]
async fn policies_are_refused_in_the_contracts_order() {
    let stage = stage().await;
    stage.group("g-2", "Group Two", true);
    stage.policy("p-2", Some("g-2"), "Elsewhere", true);
    stage.policy("p-3", Some("g-1"), "Draft", false);
    stage.policy("p-4", Some("g-1"), "Both", false);
    stage.policy("p-5", Some("g-2"), "Both", true);
    stage.policy("p-6", Some("g-1"), "Expired", true);
    stage.sql("UPDATE auth_policy SET valid_to_date = '2026-11-24 09:59:59' WHERE id = 'p-6'");
    let cases = [
        ("nonsense", "PMS_PRT_073", "Policy not exists."),
        ("policy one", "PMS_PRT_073", "Policy not exists."),
        ("Draft", "PMS_PRT_073", "Policy not exists."),
        (
            "Elsewhere",
            "PMS_PRT_098",
            "Given policy doesn't exists under partner's policy group.",
        ),
        ("Both", "PMS_PMP_019", "Policy is not active."),
        ("Expired", "PMS_PMP_018", "Policy expired."),
    ];
    for (name, code, message) in cases {
        stage.forget();
        let reply = ask(&stage, &Who::admin(), "acme", name).await;
        assert_eq!(reply, refused(code, message), "{name}");
        stage.assert_audits(&[
            ("PMS_PRT_122", "acme", "partnerId"),
            ("PMS_PRT_404", name, "policyName"),
        ]);
    }
    stage.sql("UPDATE policy_group SET is_active = false WHERE id = 'g-1'");
    let reply = ask(&stage, &Who::admin(), "acme", "Policy One").await;
    assert_eq!(reply, refused("PMS_PMP_023", "Policy group is not active."));

    stage.sql("UPDATE partner SET policy_group_id = NULL WHERE id = 'acme'");
    let reply = ask(&stage, &Who::admin(), "acme", "Policy One").await;
    let message = "Given policy doesn't exists under partner's policy group.";
    assert_eq!(reply, refused("PMS_PRT_098", message));
}

#[actix_web::test]
async fn a_policy_is_requested_again_only_after_a_rejection() {
    let stage = stage().await;
    stage.mapping("m-0", "acme", "p-1", "Rejected");
    let acme = auth_partner("acme");

    assert_eq!(
        ask(&stage, &acme, "acme", "Policy One").await["errors"],
        json!([])
    );

    stage.forget();
    let pending = ask(&stage, &acme, "acme", "Policy One").await;
    let message = "This policy is already pending for approval against your partner ID.";
    assert_eq!(pending, refused("PMS_PRT_053", message));
    stage.assert_audits(&[
        ("PMS_PRT_122", "acme", "partnerId"),
        ("PMS_PRT_404", "Policy One", "policyName"),
    ]);
    stage.sql("UPDATE partner_policy_request SET status_code = 'Approved' WHERE id <> 'm-0'");
    let approved = ask(&stage, &acme, "acme", "Policy One").await;
    let message = "This policy has already been approved against your partner ID.";
    assert_eq!(approved, refused("PMS_PRT_060", message));
}

#[actix_web::test]
async fn of_simultaneous_requests_for_one_policy_one_wins() {
    let stage = stage().await;
    let acme = auth_partner("acme");

    let replies = join_all((0..8).map(|_| ask(&stage, &acme, "acme", "Policy One"))).await;

    let winners = replies
        .iter()
        .filter(|reply| reply["errors"] == json!([]))
        .count();
    assert_eq!(winners, 1, "{replies:#?}");
    let message = "This policy is already pending for approval against your partner ID.";
    let losers = replies
        .iter()
        .filter(|reply| **reply == refused("PMS_PRT_053", message));
    assert_eq!(losers.count(), 7);
}

/// The deactivation of a policy looks for requests that await their decision.
#[actix_web::test]
async fn a_policy_that_is_deactivated_meanwhile_can_not_be_requested() {
    let stage = stage().await;
    let path = "/partners/acme/policy/map";
    let acme = auth_partner("acme");

    let reply = stage
        .send_during(
            "UPDATE auth_policy SET is_active = false WHERE id = 'p-1'",
            stage.send(&acme, "POST", path, wanted("Policy One")),
        )
        .await;

    let gone = refused("PMS_PRT_073", "Policy not exists.");
    assert_eq!((reply.status, reply.timeless()), (200, gone));
    let requests = "SELECT count(*) FROM partner_policy_request WHERE part_id = 'acme'";
    assert_eq!(stage.text(requests).as_deref(), Some("0"));
}

#[actix_web::test]
async fn fields_must_be_there_but_may_be_empty() {
    let stage = stage().await;
    let path = "/partners/acme/policy/map";
    let cases = [
        (json!({}), "must not be null", "policyName"),
        (
            json!({ "policyName": "" }),
            "must not be null",
            "useCaseDescription",
        ),
        (
            json!({ "policyName": "x", "useCaseDescription": "x".repeat(4001) }),
            "size must be between 0 and 4000",
            "useCaseDescription",
        ),
    ];
    for (request, rule, field) in cases {
        let reply = stage.send(&Who::admin(), "POST", path, request).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, field))
        );
    }
    let empty = json!({ "policyName": "Policy One", "useCaseDescription": "" });
    let reply = stage.send(&Who::admin(), "POST", path, empty).await;
    assert!(reply.response()["mappingkey"].is_string());
}
