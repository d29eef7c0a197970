use serde_json::json;

use crate::answers::*;
use crate::support::*;

const OPERATION: &str = "mosip.pms.deactivate.policy.group.patch";

#[actix_web::test]
async fn a_group_whose_policies_are_out_of_use_can_follow_them() {
    let app = start().await;
    let group_id = app.group("group").await;
    let address = path(&format!("/policies/group/{group_id}"));
    app.draft("p", "group").await;
    app.draft("q", "group").await;
    app.published("p", &group_id).await;
    let wish = v2(&app, OPERATION, &json!({ "status": "De-Activate" }));
    let patch = async || app.patch(&manager(), &address, &wish).await;

    let both = patch().await;
    app.sql("UPDATE auth_policy SET is_deleted = true WHERE id = 'q'");
    let active = patch().await;
    app.sql("UPDATE auth_policy SET is_active = false, is_deleted = false");
    let draft = patch().await;
    app.sql("UPDATE auth_policy SET policy_schema = 's'");
    let done = patch().await;
    let again = patch().await;

    let both_text = "Active or draft policies are associated with the policy group";
    assert_v2_refused(&both, OPERATION, "PMS_POL_069", both_text);
    let active_text = "Active policies exists under the policy group.";
    assert_v2_refused(&active, OPERATION, "PMS_POL_056", active_text);
    let draft_text = "Draft policies exists under the policy group.";
    assert_v2_refused(&draft, OPERATION, "PMS_POL_070", draft_text);
    assert_v2(
        &done,
        OPERATION,
        &json!({ "policyGroupId": group_id, "isActive": false }),
    );
    let again_text = "The policy group has already been deactivated";
    assert_v2_refused(&again, OPERATION, "PMS_POL_067", again_text);
    let row = &app.rows_of("policy_group")[0];
    assert_eq!(row["is_active"], false);
    assert_eq!(
        (&row["upd_by"], &row["upd_dtimes"]),
        (&json!("policy-manager"), &json!("2026-11-24T10:00:00"))
    );
}

#[actix_web::test]
async fn the_owner_stays() {
    let app = start().await;
    let group_id = app.group("group").await;
    let wish = v2(&app, OPERATION, &json!({ "status": "De-Activate" }));
    let admin = pms_testkit::Who::admin();

    app.patch(&admin, &path(&format!("/policies/group/{group_id}")), &wish)
        .await
        .response();

    let row = &app.rows_of("policy_group")[0];
    assert_eq!(
        (&row["user_id"], &row["upd_by"]),
        (&json!("policy-manager"), &json!("admin"))
    );
}

#[actix_web::test]
async fn the_wish_is_checked_before_the_group() {
    let app = start().await;
    let address = path("/policies/group/none");
    for status in [
        json!(null),
        json!(" "),
        json!("de-activate"),
        json!("Activate"),
    ] {
        let body = v2(&app, OPERATION, &json!({ "status": status }));
        let reply = app.patch(&manager(), &address, &body).await;

        let message = "Request status should be De-Activate";
        assert_v2_refused(&reply, OPERATION, "PMS_POL_073", message);
    }
    let body = v2(&app, OPERATION, &json!({ "status": "De-Activate" }));
    let reply = app.patch(&manager(), &address, &body).await;

    let message = "The specified policy group does not exist";
    assert_v2_refused(&reply, OPERATION, "PMS_POL_068", message);
}

#[actix_web::test]
async fn the_envelope_is_checked() {
    let app = start().await;

    assert_v2_checked(&app, &path("/policies/group/x"), OPERATION).await;
}

#[actix_web::test]
async fn only_administrators_deactivate() {
    let app = start().await;
    let body = v2(&app, OPERATION, &json!({ "status": "De-Activate" }));

    assert_guarded(&app, "PATCH", &path("/policies/group/x"), Some(&body)).await;
}
