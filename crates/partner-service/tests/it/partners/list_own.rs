use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner};

const PATH: &str = "/partners/v3";

fn given(stage: &Stage) {
    for (id, kind, group, status, active) in [
        ("p-1", "Auth_Partner", Some("g-1"), "approved", true),
        ("p-2", "Credential_Partner", None, "approved", false),
        ("p-3", "Auth_Partner", Some("g-1"), "InProgress", false),
        ("p-4", "Auth_Partner", Some("g-1"), "approved", false),
    ] {
        stage.partner(&Row {
            id,
            user: "anna",
            kind,
            group,
            status,
            active,
            ..Row::default()
        });
    }
    stage.partner(&Row {
        id: "other",
        user: "bert",
        ..Row::default()
    });
    stage.sql("UPDATE partner SET cr_dtimes = '2026-01-01' WHERE user_id = 'anna'");
}

fn answer(response: &Value, errors: &Value) -> Value {
    json!({
        "id": "mosip.pms.partners.v3.get",
        "version": "1.0",
        "responseTime": "<time>",
        "metadata": null,
        "response": response,
        "errors": errors,
    })
}

fn refused(code: &str, message: &str) -> Value {
    answer(
        &Value::Null,
        &json!([{ "errorCode": code, "message": message }]),
    )
}

fn item(id: &str, kind: &str) -> Value {
    json!({
        "partnerId": id,
        "partnerType": kind,
        "policyGroupId": null,
        "policyGroupName": null,
        "policyGroupDescription": null,
    })
}

#[actix_web::test]
async fn own_partners_are_listed_by_status_type_and_group() {
    let stage = Stage::start().await;
    given(&stage);
    let ask = async |query: &str| {
        let path = format!("{PATH}?{query}");
        let reply = stage.get(&auth_partner("Anna"), &path).await;
        assert_eq!(reply.status, 200);
        reply.timeless()
    };
    let listed = |items: Value| answer(&items, &json!([]));
    let (first, second) = (
        item("p-1", "Auth_Partner"),
        item("p-2", "Credential_Partner"),
    );
    let mut grouped = first.clone();
    grouped["policyGroupId"] = json!("g-1");
    grouped["policyGroupName"] = json!("Group One");
    grouped["policyGroupDescription"] = json!("d");

    let off = item("p-4", "Auth_Partner");
    assert_eq!(
        ask("status=approved").await,
        listed(json!([first, second, off]))
    );
    // The portal asks so for who may request a policy.
    assert_eq!(
        ask("status=approved&policyGroupAvailable=true").await,
        listed(json!([grouped]))
    );
    assert_eq!(
        ask("status=approved&policyGroupAvailable=false").await,
        listed(json!([second]))
    );
    assert_eq!(
        ask("status=approved&policyGroupAvailable=&partnerType=Auth_Partner").await,
        listed(json!([first, off]))
    );
    assert_eq!(
        ask("status=approved&partnerType=auth_partner").await,
        listed(json!([]))
    );
    assert_eq!(ask("status=Approved").await, listed(json!([])));
    assert_eq!(ask("status=").await, listed(json!([])));
    stage.assert_audits(&[]);
}

#[actix_web::test]
async fn a_user_without_partners_is_unknown() {
    let stage = Stage::start().await;
    given(&stage);

    for who in [auth_partner("nobody"), Who::admin()] {
        let reply = stage.get(&who, "/partners/v3?status=approved").await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (
                200,
                refused("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.")
            )
        );
    }
}

#[actix_web::test]
async fn a_group_that_is_gone_or_nameless_spoils_the_list_that_shows_groups() {
    let stage = Stage::start().await;
    given(&stage);
    let anna = auth_partner("anna");
    let path = format!("{PATH}?status=approved&policyGroupAvailable=true");
    let gone = refused("PMS_POLICY_ERROR_001", "Policy Group does not exists.");

    stage.sql("UPDATE policy_group SET name = '' WHERE id = 'g-1'");
    assert_eq!(stage.get(&anna, &path).await.timeless(), gone);
    stage.sql("UPDATE partner SET policy_group_id = 'gone' WHERE id = 'p-1'");
    assert_eq!(stage.get(&anna, &path).await.timeless(), gone);
    let without = stage.get(&anna, "/partners/v3?status=approved").await;
    assert_eq!(without.response().as_array().unwrap().len(), 3);
}

#[actix_web::test]
async fn more_than_the_limit_is_not_listed() {
    let stage = Stage::with(|builder| builder.setting("limits.unpaged_rows", "2")).await;
    given(&stage);

    let reply = stage
        .get(&auth_partner("anna"), "/partners/v3?status=approved")
        .await;

    assert_eq!(
        reply.timeless(),
        refused("PMS_PS_ERROR_001", "Error while fetching partners list")
    );
}

#[actix_web::test]
async fn parameters_are_checked() {
    let stage = Stage::start().await;
    let anna = auth_partner("anna");

    let missing = stage.get(&anna, PATH).await;
    let wrong = stage
        .get(&anna, "/partners/v3?status=x&policyGroupAvailable=maybe")
        .await;

    let missing_and_wrong = stage
        .get(&anna, "/partners/v3?policyGroupAvailable=maybe")
        .await;

    let problem = |detail: &str| {
        json!({
            "type": "about:blank",
            "title": "Bad Request",
            "status": 400,
            "detail": detail,
            "instance": "/v1/partnermanager/partners/v3",
        })
    };
    assert_eq!(missing_and_wrong.json(), missing.json());
    assert_eq!(
        (missing.status, missing.json()),
        (400, problem("Required parameter 'status' is not present."))
    );
    assert_eq!(
        (wrong.status, wrong.json()),
        (
            400,
            problem("Failed to convert 'policyGroupAvailable' with value: 'maybe'")
        )
    );
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let stage = Stage::start().await;
    let path = "/partners/v3?status=approved";

    let unlisted = Who::user("x", &["PARTNER"]);
    assert_eq!(stage.get(&unlisted, path).await.status, 403);
    assert_eq!(stage.get(&Who::Nobody, path).await.status, 401);
}

/// Each place where rows are shown knows their owner by one rule.
#[actix_web::test]
async fn lists_searches_and_single_reads_know_the_same_owner() {
    let stage = Stage::start().await;
    for (id, user) in [("İxa", "İxa"), ("École", "École"), ("third", "IXA")] {
        stage.partner(&Row {
            id,
            user,
            kind: "Device_Provider",
            ..Row::default()
        });
    }
    let wanted = json!({ "partnerType": "all", "filters": [], "sort": [], "pagination": null });

    for (user, own) in [("ixa", "third"), ("école", "École")] {
        let who = Who::user(user, &["DEVICE_PROVIDER", "AUTH_PARTNER"]);

        let approved = format!("{PATH}?status=approved");
        let listed = stage.get(&who, &approved).await.response();
        let search = stage.send(&who, "POST", "/partners/search", wanted.clone());
        let found = search.await.response();

        assert_eq!(listed[0]["partnerId"], own, "{user} {listed}");
        assert_eq!(listed.as_array().unwrap().len(), 1, "{user} {listed}");
        assert_eq!(found["data"][0]["id"], own, "{user} {found}");
        assert_eq!(found["totalRecord"], 1, "{user} {found}");
        for id in ["İxa", "École", "third"] {
            let path = format!("/partners/{}", pms_domain::path::spelled(id));
            let errors = stage.get(&who, &path).await.json()["errors"].clone();
            if id == own {
                assert_eq!(errors, json!([]), "{user} {id}");
            } else {
                assert_eq!(errors[0]["errorCode"], "PMS_PRT_055", "{user} {id}");
            }
        }
    }
}
