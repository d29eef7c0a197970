use diesel::connection::SimpleConnection as _;
use pms_testkit::{Reply, TestApp};
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const OPERATION: &str = "mosip.pms.deactivate.policy.patch";
const PATCH: &str = "/v1/policymanager/policies/p";

/// A published policy `p`.
async fn prepare(app: &Stage) {
    let group_id = app.group("group").await;
    app.draft("p", "group").await;
    app.published("p", &group_id).await;
}

fn wish(app: &Stage) -> Value {
    v2(app, OPERATION, &json!({ "status": "De-Activate" }))
}

fn mapping_request(app: &Stage, status: &str) {
    app.sql(&format!(
        "INSERT INTO partner_policy_request
                (id, part_id, policy_id, request_datetimes, request_detail, status_code,
                 cr_by, cr_dtimes, is_deleted)
             VALUES ('r', 'partner', 'p', now(), 'x', '{status}', 'x', now(), true)"
    ));
}

#[actix_web::test]
async fn a_policy_is_taken_out_of_use_and_an_event_says_so() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE policy_group SET is_active = false");

    let reply = app.patch(&manager(), PATCH, &wish(&app)).await;

    assert_v2(
        &reply,
        OPERATION,
        &json!({ "policyId": "p", "isActive": false }),
    );
    let policy = &app.rows_of("auth_policy")[0];
    assert_eq!(
        (&policy["is_active"], &policy["upd_by"]),
        (&json!(false), &json!("policy-manager"))
    );
    assert_eq!(
        policy["policy_schema"],
        "https://schemas.mosip.io/v1/auth-policy"
    );
    assert_eq!(app.rows_of("auth_policy_h").len(), 3);
    let (topic, event) = app.events().pop().unwrap();
    let data = &event["event"]["data"]["policyData"];
    assert_eq!(
        (topic.as_str(), &data["policyId"]),
        ("POLICY_UPDATED", &json!("p"))
    );
    assert_eq!(
        (&data["policyStatus"], &data["policy"]),
        (&json!("DEACTIVE"), &auth_document())
    );
    let noted = app.noted();
    assert_eq!(
        noted[noted.len() - 2..],
        [
            audit("PMS_PRT_184", "p", "policyId"),
            audit("PMS_PRT_284", "p", "policyId")
        ]
    );
}

#[actix_web::test]
async fn a_policy_with_an_unreadable_document_can_be_taken_out_of_use() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE auth_policy SET policy_file_id = '{'");

    let reply = app.patch(&manager(), PATCH, &wish(&app)).await;

    assert_v2(
        &reply,
        OPERATION,
        &json!({ "policyId": "p", "isActive": false }),
    );
    let (_, event) = app.events().pop().unwrap();
    assert_eq!(event["event"]["data"]["policyData"]["policy"], json!({}));
}

#[actix_web::test]
async fn business_errors_come_in_their_order() {
    let app = start().await;
    app.group("group").await;
    let reply = |text: &'static str, request: Value| {
        let (app, body) = (&app, v2(&app, OPERATION, &request));
        async move {
            let reply = app.patch(&manager(), PATCH, &body).await;
            let (code, message) = text.split_once(' ').unwrap();
            assert_v2_refused(&reply, OPERATION, code, message);
        }
    };
    let good = json!({ "status": "De-Activate" });

    for wrong in [
        json!({}),
        json!({ "status": "de-activate" }),
        json!({ "status": " " }),
    ] {
        reply("PMS_POL_073 Request status should be De-Activate", wrong).await;
    }
    reply(
        "PMS_POL_065 The specified policy does not exist.",
        good.clone(),
    )
    .await;
    app.draft("p", "group").await;
    reply(
        "PMS_POL_072 The selected policy is not in activated status",
        good.clone(),
    )
    .await;
    app.sql("UPDATE auth_policy SET policy_schema = 's'");
    reply(
        "PMS_POL_062 The policy has already been deactivated.",
        good.clone(),
    )
    .await;
    app.sql("UPDATE auth_policy SET is_active = true");
    app.partner("partner");
    mapping_request(&app, "approved");
    let approved = "PMS_POL_063 An approved partner policy request is associated with this policy.";
    reply(approved, good.clone()).await;
    app.sql("UPDATE partner_policy_request SET status_code = 'InProgress'");
    let pending = "PMS_POL_064 A pending partner policy request is associated with this policy.";
    reply(pending, good.clone()).await;

    assert_eq!(app.events(), []);
    let noted = app.noted();
    assert_eq!(noted.last(), Some(&audit("PMS_PRT_484", "p", "policyId")));
    app.sql("UPDATE partner_policy_request SET status_code = 'rejected'");
    app.patch(&manager(), PATCH, &wish(&app)).await.response();
}

/// What the trail says of a deactivation that broke off, and that nothing
/// changed.
fn assert_broken_off(app: &Stage, reply: &Reply, noted_before: usize) {
    assert!(reply.json()["errors"][0].is_object(), "{}", reply.text);
    assert_eq!(app.rows_of("auth_policy")[0]["is_active"], json!(true));
    let noted = app.noted();
    assert_eq!(
        noted[noted_before..],
        [
            audit("PMS_PRT_184", "p", "policyId"),
            audit("PMS_PRT_484", "p", "policyId")
        ]
    );
}

#[actix_web::test]
async fn a_last_statement_that_times_out_leaves_no_success_in_the_trail() {
    let app = Stage(
        TestApp::builder()
            .setting("database.statement_timeout_ms", "1500")
            .start(pms_policy_service::module)
            .await,
    );
    prepare(&app).await;
    let before = app.noted().len();
    // The event is the last thing that is written; its lock is held elsewhere.
    let mut holder = app.database.conn();
    holder
        .batch_execute("BEGIN; CREATE TABLE held (id int); COMMIT; BEGIN; LOCK TABLE held")
        .unwrap();
    app.sql(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM * FROM pms.held; RETURN NEW; END';
         CREATE TRIGGER wait BEFORE INSERT ON outbox FOR EACH ROW
           WHEN (NEW.lane = 'event') EXECUTE FUNCTION wait()",
    );

    let reply = app.patch(&manager(), PATCH, &wish(&app)).await;

    assert_broken_off(&app, &reply, before);
}

#[actix_web::test]
async fn a_commit_that_fails_leaves_no_success_in_the_trail() {
    let app = start().await;
    prepare(&app).await;
    let before = app.noted().len();
    app.sql(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN RAISE EXCEPTION ''not at the commit''; END';
         CREATE CONSTRAINT TRIGGER at_commit AFTER UPDATE ON auth_policy
           DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
    );

    let reply = app.patch(&manager(), PATCH, &wish(&app)).await;

    assert_broken_off(&app, &reply, before);
}

#[actix_web::test]
async fn the_envelope_is_checked() {
    let app = start().await;

    assert_v2_checked(&app, PATCH, OPERATION).await;
}

#[actix_web::test]
async fn only_administrators_deactivate() {
    let app = start().await;

    assert_guarded(&app, "PATCH", PATCH, Some(&wish(&app))).await;
}
