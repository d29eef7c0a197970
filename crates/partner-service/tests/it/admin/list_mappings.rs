use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::administration::{answered, assert_guarded, column, nothing, refusal, wrong_pages};
use crate::support::{Row, Stage, auth_partner};

const OPERATION: &str = "mosip.pms.all.partner.policy.mapping.requests.get";
const PATH: &str = "/partner-policy-requests";

async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.without_seeds();
    stage.group("g-2", "Second", true);
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.policy("p-2", Some("g-2"), "Other", true);
    stage.partner(&Row {
        id: "a",
        user: "anna",
        ..Row::default()
    });
    stage.partner(&Row {
        id: "b",
        user: "bert",
        kind: "Credential_Partner",
        group: None,
        status: "InProgress",
        active: false,
        ..Row::default()
    });
    stage.mapping("m-1", "a", "p-1", "approved");
    stage.mapping("m-2", "b", "p-2", "InProgress");
    stage.mapping("m-3", "b", "gone", "rejected");
    stage.sql(
        "UPDATE partner_policy_request SET cr_dtimes = '2026-01-01 10:00', request_detail = 'use ' || id;
         UPDATE partner_policy_request SET upd_dtimes = '2026-01-03', cr_dtimes = '2026-01-02'
         WHERE id = 'm-1'",
    );
    stage
}

async fn list(stage: &Stage, who: &Who, query: &str) -> Reply {
    let reply = stage.get(who, &format!("{PATH}?{query}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply
}

async fn ids(stage: &Stage, query: &str) -> Vec<String> {
    column(&list(stage, &Who::admin(), query).await, "id")
}

fn first() -> Value {
    json!({
        "id": "m-1",
        "partnerId": "a",
        "partnerStatus": "activated",
        "orgName": "Org a",
        "policyName": "Policy One",
        "policyGroupId": "g-1",
        "policyGroupName": "Group One",
        "partnerComment": "use m-1",
        "status": "approved",
        "createdDateTime": "2026-01-02T00:00:00.000+00:00",
        "partnerType": "Auth_Partner",
        "policyId": "p-1",
        "updatedDateTime": "2026-01-03T00:00:00.000+00:00",
        "policyDescription": "About Policy One",
        "policyGroupDescription": "d",
    })
}

#[actix_web::test]
async fn without_a_page_everything_is_listed() {
    let stage = stage().await;

    let reply = list(&stage, &Who::admin(), "").await;

    let second = json!({
        "id": "m-2",
        "partnerId": "b",
        "partnerStatus": "InProgress",
        "orgName": "Org b",
        "policyName": "Other",
        "policyGroupId": null,
        "policyGroupName": null,
        "partnerComment": "use m-2",
        "status": "InProgress",
        "createdDateTime": "2026-01-01T10:00:00.000+00:00",
        "partnerType": "Credential_Partner",
        "policyId": "p-2",
        "updatedDateTime": null,
        "policyDescription": "About Other",
        "policyGroupDescription": null,
    });
    let mut third = second.clone();
    third["id"] = json!("m-3");
    third["partnerComment"] = json!("use m-3");
    third["status"] = json!("rejected");
    third["policyId"] = json!("gone");
    third["policyName"] = Value::Null;
    third["policyDescription"] = Value::Null;
    let page = json!({
        "pageNo": 0,
        "pageSize": 3,
        "totalResults": 3,
        "data": [first(), second, third],
    });
    assert_eq!(reply.timeless(), answered(OPERATION, &page));
    assert_guarded(&stage, PATH).await;
}

#[actix_web::test]
async fn filters_narrow_and_columns_sort() {
    let stage = stage().await;

    for (query, expected) in [
        ("partnerId=A", &["m-1"][..]),
        ("partnerType=credential", &["m-2", "m-3"]),
        ("orgName=org%20b", &["m-2", "m-3"]),
        ("policyId=P-2", &["m-2"]),
        ("policyName=one", &["m-1"]),
        ("policyGroupName=group", &["m-1"]),
        ("partnerComment=USE%20m-3", &["m-3"]),
        ("status=InProgress", &["m-2"]),
        ("status=approved&partnerId=a", &["m-1"]),
        ("pageNo=1&pageSize=2", &["m-3"]),
    ] {
        assert_eq!(ids(&stage, query).await, expected, "{query}");
    }
    for (field, ascending) in [
        ("partnerId", ["m-1", "m-2", "m-3"]),
        ("partnerType", ["m-1", "m-2", "m-3"]),
        ("orgName", ["m-1", "m-2", "m-3"]),
        ("policyId", ["m-3", "m-1", "m-2"]),
        ("policyGroupName", ["m-1", "m-2", "m-3"]),
        ("policyName", ["m-2", "m-1", "m-3"]),
        ("status", ["m-2", "m-1", "m-3"]),
        ("requestDetail", ["m-1", "m-2", "m-3"]),
        ("createdDateTime", ["m-2", "m-3", "m-1"]),
    ] {
        let query = format!("sortFieldName={field}&sortType=asc&pageNo=0&pageSize=9");
        assert_eq!(ids(&stage, &query).await, ascending, "{field}");
    }
    for query in ["status=APPROVED", "status=", "pageNo=9&pageSize=9"] {
        let none = list(&stage, &Who::admin(), query).await.timeless();
        assert_eq!(none, answered(OPERATION, &nothing()), "{query}");
    }
}

#[actix_web::test]
async fn checks_come_before_the_scope_and_in_their_order() {
    let stage = stage().await;

    for (query, code, message) in wrong_pages(true) {
        let refused = list(&stage, &auth_partner("nobody"), query)
            .await
            .timeless();
        assert_eq!(refused, refusal(OPERATION, code, message), "{query}");
    }
    let reply = list(&stage, &auth_partner("nobody"), "").await.timeless();
    let without = "User Id does not exists.";
    assert_eq!(
        reply,
        refusal(OPERATION, "PMS_CERTIFICATE_ERROR_002", without)
    );
}

#[actix_web::test]
async fn partners_see_their_own_requests_if_their_partners_are_complete() {
    let stage = stage().await;
    let own = |who: &'static str| {
        let stage = &stage;
        async move { list(stage, &auth_partner(who), "").await.timeless() }
    };
    let page = |data: Value| {
        let rows = data.as_array().unwrap().len();
        let page = json!({ "pageNo": 0, "pageSize": rows, "totalResults": rows, "data": data });
        answered(OPERATION, &page)
    };

    assert_eq!(own("anna").await, page(json!([first()])));
    let no_group = refusal(
        OPERATION,
        "PMS_POLICY_ERROR_005",
        "Policy Group Id is empty.",
    );
    assert_eq!(own("bert").await, no_group);
    stage.sql("UPDATE partner SET policy_group_id = 'gone' WHERE id = 'b'");
    let gone = refusal(
        OPERATION,
        "PMS_POLICY_ERROR_001",
        "Policy Group does not exists.",
    );
    assert_eq!(own("bert").await, gone);
    stage.sql("UPDATE partner SET partner_type_code = 'FTM_Provider' WHERE id = 'b'");
    assert_eq!(own("bert").await, answered(OPERATION, &nothing()));
    // A name that only looks like the administrator's role.
    let odd = Who::user("bert", &["AUTH_PARTNER", "X_PARTNER_ADMIN"]);
    let seen = list(&stage, &odd, "").await.timeless();
    assert_eq!(seen, answered(OPERATION, &nothing()));
}

#[actix_web::test]
async fn a_page_far_from_the_beginning_keeps_its_order() {
    let stage = stage().await;
    stage.sql(
        "INSERT INTO partner_policy_request (id, part_id, policy_id, request_datetimes,
           request_detail, status_code, cr_by, cr_dtimes)
         SELECT 'z-' || to_char(n, 'FM0000'), 'a', 'p-1', now(), 'why', 'approved', 'u',
           timestamp '2025-01-01' - n * interval '1 second'
         FROM generate_series(1, 1500) n",
    );

    let found = ids(&stage, "pageNo=300&pageSize=4").await;
    let total = list(&stage, &Who::admin(), "pageNo=300&pageSize=4").await;

    assert_eq!(found, ["z-1198", "z-1199", "z-1200", "z-1201"]);
    assert_eq!(total.response()["totalResults"], 1503);
    assert_eq!(total.response()["data"][0]["policyName"], "Policy One");
}
