//! Clients in pages.

use pms_testkit::Who;
use pms_testkit::bodies::{answered, refusal};
use serde_json::{Value, json};

use super::stage::{Clients, owner};
use crate::support::Row;

const OPERATION: &str = "mosip.pms.oauth.partners.clients.get";

/// Three clients of two partners.
async fn given() -> Clients {
    let clients = Clients::start().await;
    clients.stage.partner(&Row {
        id: "beta",
        user: "beta",
        email: "beta@example.org",
        group: None,
        ..Row::default()
    });
    for (id, name, partner, policy, status, at, changed) in [
        (
            "c-1",
            r#"{"eng":"Bank","@none":"Bank"}"#,
            "acme",
            "p-1",
            "ACTIVE",
            1,
            "NULL",
        ),
        (
            "c-2",
            "Shop",
            "acme",
            "gone",
            "INACTIVE",
            2,
            "'2026-11-03T10:00:00.1234'",
        ),
        ("c-3", "School", "beta", "p-1", "ACTIVE", 3, "NULL"),
    ] {
        clients.stage.sql(&format!(
            "INSERT INTO oidc_client (id, name, rp_id, policy_id, logo_uri, redirect_uris, claims,
               acr_values, public_key, grant_types, auth_methods, status, cr_by, cr_dtimes,
               upd_dtimes)
             VALUES ('{id}', '{name}', '{partner}', '{policy}', 'l', 'r', 'c', 'a', '{id}', 'g',
               'm', '{status}', 'u', '2026-11-0{at}T10:00:00', {changed})"
        ));
    }
    clients
}

fn ids(response: &Value) -> Vec<String> {
    let rows = response["data"].as_array().unwrap().iter();
    rows.map(|row| row["clientId"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_partner_lists_its_own_clients_with_their_policies_and_its_group() {
    let clients = given().await;

    let reply = clients.stage.get(&owner(), "/oauth/client").await;

    let row = |changes: Value| {
        let mut row = json!({
            "partnerId": "acme",
            "orgName": "Org acme",
            "policyGroupId": "g-1",
            "policyGroupName": "Group One",
            "policyGroupDescription": "d",
            "policyName": null,
            "policyDescription": null,
        });
        for (name, value) in changes.as_object().unwrap() {
            row[name] = value.clone();
        }
        row
    };
    let expected = json!({
        "pageNo": 0, "pageSize": 2, "totalResults": 2,
        "data": [
            row(json!({
                "clientId": "c-2", "clientName": "Shop", "status": "INACTIVE",
                "updatedDateTime": "2026-11-03T10:00:00.123+00:00",
                "createdDateTime": "2026-11-02T10:00:00.000+00:00",
            })),
            row(json!({
                "policyName": "Policy One", "policyDescription": "About Policy One",
                "clientId": "c-1", "clientName": r#"{"eng":"Bank","@none":"Bank"}"#,
                "status": "ACTIVE", "updatedDateTime": null,
                "createdDateTime": "2026-11-01T10:00:00.000+00:00",
            })),
        ],
    });
    assert_eq!(
        (reply.status, reply.timeless()),
        (200, answered(OPERATION, &expected))
    );
}

#[actix_web::test]
async fn administrators_filter_and_order_all_clients() {
    let clients = given().await;
    let list = async |query: &str| {
        let path = format!("/oauth/client?{query}");
        ids(&clients.stage.get(&Who::admin(), &path).await.response())
    };

    for (query, expected) in [
        ("", vec!["c-3", "c-2", "c-1"]),
        ("partnerId=ACM", vec!["c-2", "c-1"]),
        ("orgName=org%20b", vec!["c-3"]),
        ("policyGroupName=one", vec!["c-2", "c-1"]),
        ("policyName=policy", vec!["c-3", "c-1"]),
        ("clientName=sh", vec!["c-2"]),
        ("clientName=%25", vec![]),
        ("status=ACTIVE", vec!["c-3", "c-1"]),
        ("status=active", vec![]),
        (
            "sortFieldName=clientName&sortType=ASC&pageNo=0&pageSize=2",
            vec!["c-3", "c-2"],
        ),
        (
            "sortFieldName=createdDateTime&sortType=asc&pageNo=1&pageSize=2",
            vec!["c-3"],
        ),
        ("pageNo=7&pageSize=2", vec![]),
    ] {
        assert_eq!(list(query).await, expected, "{query}");
    }
    for field in [
        "partnerId",
        "orgName",
        "policyGroupName",
        "policyName",
        "clientId",
        "status",
    ] {
        let query = format!("sortFieldName={field}&sortType=desc&pageNo=0&pageSize=8");
        assert_eq!(list(&query).await.len(), 3, "{field}");
    }
}

#[actix_web::test]
async fn lists_are_refused_in_the_contracts_order() {
    let clients = given().await;
    let error = async |who: &Who, query: &str| {
        let reply = clients
            .stage
            .get(who, &format!("/oauth/client{query}"))
            .await;
        (reply.status, reply.error().0)
    };
    let admin = Who::admin();
    for (query, code) in [
        ("?sortType=asc", "PMS_PS_ERROR_007"),
        ("?pageNo=0", "PMS_PS_ERROR_006"),
        ("?sortFieldName=clientId&sortType=asc", "PMS_PS_ERROR_008"),
        (
            "?sortFieldName=logo&sortType=asc&pageNo=0&pageSize=1",
            "PMS_PRT_357",
        ),
        (
            "?sortFieldName=clientId&sortType=up&pageNo=0&pageSize=1",
            "PMS_PRT_358",
        ),
        ("?pageNo=-1&pageSize=1", "PMS_PRT_360"),
        ("?pageNo=0&pageSize=0", "PMS_PRT_361"),
    ] {
        assert_eq!(
            error(&admin, query).await,
            (200, code.to_owned()),
            "{query}"
        );
    }
    let stranger = Who::user("stranger", &["AUTH_PARTNER"]);
    let expected = refusal(
        OPERATION,
        "PMS_CERTIFICATE_ERROR_002",
        "User Id does not exists.",
    );
    assert_eq!(
        clients
            .stage
            .get(&stranger, "/oauth/client")
            .await
            .timeless(),
        expected
    );
    // One partner without a group breaks the list of its user.
    let beta = Who::user("beta", &["AUTH_PARTNER"]);
    assert_eq!(error(&beta, "").await.1, "PMS_POLICY_ERROR_005");
    assert_eq!(error(&Who::policy_manager(), "").await.0, 403);
    assert_eq!(error(&Who::Nobody, "").await.0, 401);
    let path = "/oauth/client?pageNo=x&pageSize=1";
    assert_eq!(clients.stage.get(&admin, path).await.status, 400);
}
