use pms_testkit::Who;
use serde_json::json;

use crate::support::{Row, Stage, auth_partner, neutral, refused};

const PATH: &str = "/partners/acme/apikey/request";

#[actix_web::test]
async fn requests_are_listed_with_the_keys_of_older_releases() {
    let stage = Stage::start().await;
    stage.policy("p-1", Some("g-1"), "Policy One", true);
    stage.partner(&Row::default());
    stage.mapping("m-1", "acme", "p-1", "InProgress");
    stage.mapping("m-2", "acme", "p-1", "Approved");
    stage.mapping("m-3", "acme", "p-1", "approved");
    stage.sql(
        "UPDATE partner_policy_request SET cr_dtimes = '2026-01-01' WHERE part_id = 'acme';
         INSERT INTO partner_policy (policy_api_key, part_id, policy_id, valid_from_datetime,
           valid_to_datetime, is_active, label, cr_by, cr_dtimes)
         VALUES ('m-2', 'acme', 'p-1', '2026-01-01', '2027-01-01', true, 'l', 'u', now())",
    );

    let reply = stage.get(&auth_partner("acme"), PATH).await;

    let item = |id: &str, status: &str| {
        json!({
            "apiKeyReqID": id,
            "apiKeyRequestStatus": status,
            "partnerApiKey": null,
            "apikeyStatus": false,
            "validityTill": null,
        })
    };
    let mut old = item("m-2", "Approved");
    old["partnerApiKey"] = json!("m-2");
    old["apikeyStatus"] = json!(true);
    old["validityTill"] = json!("2027-01-01T00:00:00.000Z");
    let expected = json!({
        "id": "mosip.partnermanagement.partners.retrieve",
        "version": "1.0",
        "responsetime": "<time>",
        "metadata": null,
        "response": [item("m-1", "InProgress"), old, item("m-3", "approved")],
        "errors": [],
    });
    assert_eq!((reply.status, reply.timeless()), (200, expected));
}

#[actix_web::test]
async fn no_partner_and_another_users_are_refused() {
    let stage = Stage::start().await;
    let none = refused("PMS_PRT_006", "No api key req exist");

    assert_eq!(
        stage.get(&auth_partner("acme"), PATH).await.timeless(),
        none
    );
    stage.partner(&Row::default());
    assert_eq!(stage.get(&Who::admin(), PATH).await.timeless(), none);
    let foreign = stage.get(&auth_partner("x"), PATH).await;
    assert_eq!(
        foreign.timeless(),
        refused("PMS_PRT_055", "User not authorized.")
    );
}

#[actix_web::test]
async fn more_than_the_limit_is_not_listed() {
    let stage = Stage::with(|builder| builder.setting("limits.unpaged_rows", "1")).await;
    stage.partner(&Row::default());
    stage.mapping("m-1", "acme", "p-1", "rejected");
    assert_eq!(
        stage.get(&Who::admin(), PATH).await.response()[0]["apiKeyReqID"],
        "m-1"
    );

    stage.mapping("m-2", "acme", "p-1", "rejected");
    assert_eq!(stage.get(&Who::admin(), PATH).await.timeless(), neutral());
}
