use futures_util::future::join_all;
use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{BASE, Row, Stage, auth_partner, echoed, refused, violation};

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.mapping("m-1", "acme", "p-1", "InProgress");
    stage
}

async fn decide(stage: &Stage, status: &str) -> Value {
    let request = json!({ "status": status });
    let reply = stage
        .send(&Who::admin(), "PUT", "/partners/policy/m-1", request)
        .await;
    assert_eq!(reply.status, 200);
    reply.timeless()
}

const START: (&str, &str, &str) = ("PMS_PRT_181", "NO_ID", "NO_ID_TYPE");

#[actix_web::test]
async fn a_request_is_approved_or_rejected() {
    for (status, code, message) in [
        (
            "Approved",
            "approved",
            "Policy mapping approved successfully",
        ),
        (
            "REJECTED",
            "rejected",
            "Policy mapping rejected successfully",
        ),
    ] {
        let stage = stage().await;

        assert_eq!(decide(&stage, status).await, echoed(&json!(message)));

        let row = "SELECT status_code, request_detail, upd_by, upd_dtimes
            FROM partner_policy_request WHERE id = 'm-1'";
        let expected = json!([{
            "status_code": code,
            "request_detail": "why",
            "upd_by": "admin",
            "upd_dtimes": "2026-11-24T10:00:00",
        }]);
        assert_eq!(stage.rows(row), expected);
        stage.assert_audits(&[START, ("PMS_PRT_281", "m-1", "mappingKey")]);
        assert_eq!((stage.app.events().len(), stage.app.mails().len()), (0, 0));
    }
}

#[actix_web::test]
async fn the_request_time_comes_before_the_audit() {
    let stage = stage().await;
    let mut body = stage.app.v1(&json!({ "status": "Approved" }));
    let path = format!("{BASE}/partners/policy/m-1");

    body["requesttime"] = Value::Null;
    let reply = stage.app.put(&Who::admin(), &path, &body).await;
    assert_eq!(
        reply.timeless(),
        refused("PMS_REQUEST_ERROR_004", "Invalid request time")
    );
    body["requesttime"] = json!("2026-11-25T00:00:00.000Z");
    let reply = stage.app.put(&Who::admin(), &path, &body).await;
    let expected = refused(
        "PMS_REQUEST_ERROR_006",
        "Request date should be current date",
    );
    assert_eq!(reply.timeless(), expected);
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn a_policy_that_is_deactivated_meanwhile_is_not_approved() {
    let stage = stage().await;
    let admin = Who::admin();
    let approved = json!({ "status": "Approved" });

    let reply = stage
        .send_during(
            "UPDATE auth_policy SET is_active = false WHERE id = 'p-1'",
            stage.send(&admin, "PUT", "/partners/policy/m-1", approved),
        )
        .await;

    let inactive = refused("PMS_PMP_019", "Partner policy is not active.");
    assert_eq!((reply.status, reply.timeless()), (200, inactive));
    let status = "SELECT status_code FROM partner_policy_request WHERE id = 'm-1'";
    assert_eq!(stage.text(status).as_deref(), Some("InProgress"));
}

#[actix_web::test]
async fn a_request_is_decided_once() {
    let stage = stage().await;
    for (stored, code, message) in [
        ("Approved", "PMS_PM_034", "Policy request already approved."),
        ("rejected", "PMS_PM_035", "Policy request already rejected."),
    ] {
        stage.forget();
        stage.sql(&format!(
            "UPDATE partner_policy_request SET status_code = '{stored}'"
        ));
        assert_eq!(decide(&stage, "Approved").await, refused(code, message));
        stage.assert_audits(&[START, ("PMS_PRT_781", "NO_ID", "NO_ID_TYPE")]);
    }
}

#[actix_web::test]
async fn an_unknown_request_is_refused() {
    let stage = stage().await;

    let request = json!({ "status": "Approved" });
    let reply = stage
        .send(&Who::admin(), "PUT", "/partners/policy/nothing", request)
        .await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_PMP_007", "Partner api key does not exist")
    );
    stage.assert_audits(&[START, ("PMS_PRT_781", "NO_ID", "NO_ID_TYPE")]);
}

#[actix_web::test]
async fn some_partner_types_need_extractors_first() {
    let stage = stage().await;
    stage.sql("UPDATE partner SET partner_type_code = 'Credential_Partner' WHERE id = 'acme'");

    let message = "Extractors are not present. Please add extractors.";
    assert_eq!(
        decide(&stage, "Rejected").await,
        refused("PMS_PM_051", message)
    );
    stage.assert_audits(&[START, ("PMS_PRT_781", "NO_ID", "NO_ID_TYPE")]);

    stage.sql(
        "INSERT INTO partner_policy_bioextract (id, part_id, policy_id, attribute_name,
           extractor_provider, biometric_modality, cr_by, cr_dtimes)
         VALUES ('b-1', 'acme', 'p-1', 'photo', 'x', 'face', 'u', now())",
    );
    let expected = echoed(&json!("Policy mapping approved successfully"));
    assert_eq!(decide(&stage, "approved").await, expected);
}

#[actix_web::test]
async fn the_policy_is_checked_in_the_contracts_order_before_the_status() {
    let stage = stage().await;
    stage.sql("UPDATE partner_policy_request SET policy_id = 'gone' WHERE id = 'm-1'");
    let about = |id: &'static str| [START, ("PMS_PRT_791", id, "policyId")];
    let steps = [
        (
            "UPDATE partner_policy_request SET policy_id = 'p-1' WHERE id = 'm-1';
             UPDATE auth_policy SET is_active = false, policy_group_id = NULL,
               valid_to_date = '2026-11-24 09:00' WHERE id = 'p-1'",
            "PMS_PMP_017",
            "Partner is not mapped to any policy.",
            "gone",
        ),
        (
            "UPDATE auth_policy SET is_active = true WHERE id = 'p-1'",
            "PMS_PMP_019",
            "Partner policy is not active.",
            "p-1",
        ),
        (
            "UPDATE auth_policy SET policy_group_id = 'g-1' WHERE id = 'p-1';
             UPDATE policy_group SET is_active = false WHERE id = 'g-1'",
            "PMS_PMP_022",
            "Policy group not exists.",
            "p-1",
        ),
        (
            "UPDATE policy_group SET is_active = true WHERE id = 'g-1'",
            "PMS_PMP_023",
            "Policy group is not active.",
            "p-1",
        ),
        (
            "UPDATE auth_policy SET valid_to_date = '2030-01-01' WHERE id = 'p-1'",
            "PMS_PMP_018",
            "Partner policy got expired.",
            "p-1",
        ),
    ];
    for (mend, code, message, policy) in steps {
        stage.forget();
        assert_eq!(decide(&stage, "nonsense").await, refused(code, message));
        stage.assert_audits(&about(policy));
        stage.sql(mend);
    }
    stage.forget();
    let message = "Status should be either Approved or Rejected";
    assert_eq!(
        decide(&stage, "nonsense").await,
        refused("PMS_PM_045", message)
    );
    stage.assert_audits(&[START, ("PMS_PRT_781", "m-1", "mappingKey")]);
}

#[actix_web::test]
async fn of_simultaneous_decisions_one_wins() {
    let stage = stage().await;

    let replies = join_all((0..8).map(|_| decide(&stage, "Approved"))).await;

    let won = echoed(&json!("Policy mapping approved successfully"));
    let lost = refused("PMS_PM_034", "Policy request already approved.");
    assert_eq!(
        replies.iter().filter(|reply| **reply == won).count(),
        1,
        "{replies:#?}"
    );
    assert_eq!(replies.iter().filter(|reply| **reply == lost).count(), 7);
}

#[actix_web::test]
async fn a_blank_status_and_a_partner_are_turned_away() {
    let stage = stage().await;
    let path = "/partners/policy/m-1";

    let blank = stage
        .send(&auth_partner("acme"), "PUT", path, json!({ "status": " " }))
        .await;
    let expected = violation("value is empty or null", "status");
    assert_eq!(
        (blank.status, blank.timeless()),
        (400, expected),
        "400 comes before 403"
    );
    let partner = stage
        .send(
            &auth_partner("acme"),
            "PUT",
            path,
            json!({ "status": "Approved" }),
        )
        .await;
    assert_eq!(partner.status, 403);
}

#[actix_web::test]
async fn a_deactivated_partners_request_is_rejected_and_not_approved() {
    let stage = stage().await;
    stage.sql("UPDATE partner SET is_active = false WHERE id = 'acme'");

    let reply = decide(&stage, "Approved").await;

    assert_eq!(reply, refused("PMS_PMP_016", "Partner is not active."));
    stage.assert_audits(&[START, ("PMS_PRT_781", "m-1", "mappingKey")]);
    let rejected = echoed(&json!("Policy mapping rejected successfully"));
    assert_eq!(decide(&stage, "Rejected").await, rejected);
}

#[actix_web::test]
async fn a_partner_that_is_deactivated_meanwhile_gets_no_policy() {
    let stage = stage().await;
    let (admin, request) = (Who::admin(), json!({ "status": "Approved" }));

    let reply = stage
        .send_during(
            "UPDATE partner SET is_active = false WHERE id = 'acme'",
            stage.send(&admin, "PUT", "/partners/policy/m-1", request),
        )
        .await;

    let inactive = refused("PMS_PMP_016", "Partner is not active.");
    assert_eq!(reply.timeless(), inactive);
}
