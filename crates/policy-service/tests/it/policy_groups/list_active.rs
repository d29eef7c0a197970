use pms_testkit::Who;
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const OPERATION: &str = "mosip.pms.policy.groups.get";
const LIST: &str = "/v1/policymanager/policies/policy-groups";

#[actix_web::test]
async fn the_active_groups_are_listed() {
    let app = start().await;
    let id = app.group("open").await;
    app.group("closed").await;
    app.sql(
        "UPDATE policy_group SET is_deleted = true;
         UPDATE policy_group SET is_active = false WHERE name = 'closed'",
    );

    let reply = app.get(&Who::user("anna", &["AUTH_PARTNER"]), LIST).await;

    let rows = json!([{ "id": id, "description": "a group", "name": "open" }]);
    assert_v2(&reply, OPERATION, &rows);
}

/// The portal asks before the registration (contract portal.md §8).
#[actix_web::test]
async fn partners_of_every_type_that_needs_a_group_see_the_groups() {
    let app = start().await;
    app.group("open").await;

    for role in [
        "MANUAL_ADJUDICATION",
        "PRINT_PARTNER",
        "INTERNAL_PARTNER",
        "BINDING_PARTNER",
    ] {
        let reply = app.get(&Who::user("anna", &[role]), LIST).await;
        assert_eq!(reply.status, 200, "{role}");
    }
}

#[actix_web::test]
async fn no_active_group_is_an_error() {
    let app = start().await;

    let reply = app.get(&manager(), LIST).await;

    assert_v2_refused(
        &reply,
        OPERATION,
        "PMS_POL_059",
        "There are no active policy groups.",
    );
}

#[actix_web::test]
async fn a_broken_database_is_reported_in_the_operations_words() {
    let app = start().await;
    app.sql("ALTER TABLE policy_group RENAME TO gone");

    let reply = app.get(&manager(), LIST).await;

    assert_v2_refused(
        &reply,
        OPERATION,
        "PMS_POL_060",
        "Error while fetching policy groups.",
    );
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let app = start().await;
    let stranger = Who::user("x", &["DEVICE_PROVIDER"]);

    assert_eq!(app.get(&stranger, LIST).await.status, 403);
    assert_eq!(app.get(&Who::Nobody, LIST).await.status, 401);
}
