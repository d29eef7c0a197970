use pms_testkit::Who;
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const LIST: &str = "/v1/policymanager/policies/active/group/My%20group";

#[actix_web::test]
async fn the_active_policies_of_a_group_are_listed() {
    let app = start().await;
    let group_id = app.group("My group").await;
    for id in ["draft", "deleted", "on"] {
        app.draft(id, "My group").await;
    }
    app.published("on", &group_id).await;
    app.published("deleted", &group_id).await;
    app.sql("UPDATE auth_policy SET is_deleted = true WHERE id = 'deleted'");

    let reply = app.get(&Who::user("anna", &["AUTH_PARTNER"]), LIST).await;

    assert_eq!(
        reply.timeless(),
        unnamed(&json!([{
            "policyGroupId": group_id,
            "policyGroupName": "My group",
            "id": "on",
            "name": "on",
            "descr": "a policy",
            "policyType": "Auth",
        }]))
    );
}

#[actix_web::test]
async fn a_group_may_have_no_active_policy() {
    let app = start().await;
    app.group("My group").await;
    app.draft("draft", "My group").await;

    assert_eq!(app.get(&manager(), LIST).await.response(), json!([]));
}

#[actix_web::test]
async fn the_group_must_exist_under_exactly_this_name_and_be_active() {
    let app = start().await;
    app.group("my group").await;

    let unknown = app.get(&manager(), LIST).await;
    app.sql("UPDATE policy_group SET name = 'My group', is_active = false");
    let inactive = app.get(&manager(), LIST).await;

    assert_refused(&unknown, "PMS_POL_019", "Policy group name does not exist");
    assert_refused(&inactive, "PMS_POL_053", "Policy group is not active.");
}

#[actix_web::test]
async fn strangers_are_kept_out() {
    let app = start().await;
    let stranger = Who::user("x", &["DEVICE_PROVIDER"]);

    assert_eq!(app.get(&stranger, LIST).await.status, 403);
    assert_eq!(app.get(&Who::Nobody, LIST).await.status, 401);
}
