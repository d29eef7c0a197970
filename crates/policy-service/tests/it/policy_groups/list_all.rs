use pms_testkit::TestApp;
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const LIST: &str = "/v1/policymanager/policies/group/all";

#[actix_web::test]
async fn every_group_is_listed_with_its_policies() {
    let app = start().await;
    assert_eq!(app.get(&manager(), LIST).await.response(), json!([]));
    let full = app.group("full").await;
    app.clock.set("2026-11-24T10:00:01Z".parse().unwrap());
    let empty = app.group("empty").await;
    app.sql("UPDATE policy_group SET is_active = false WHERE name = 'empty'");
    app.draft("p", "full").await;
    app.draft("q", "full").await;

    let listed = app.get(&manager(), LIST).await.response();

    let mut single = Vec::new();
    for id in [full, empty] {
        single.push(
            app.get(&manager(), &path(&format!("/policies/group/{id}")))
                .await
                .response(),
        );
    }
    assert_eq!(listed, json!(single));
}

#[actix_web::test]
async fn many_groups_are_whole_and_in_order() {
    let app = start().await;
    let first = app.group("group").await;
    app.draft("p", "group").await;
    app.sql("INSERT INTO policy_group SELECT (json_populate_record(g, json_build_object(
                 'id', 'g' || n, 'name', 'g' || n, 'cr_dtimes', g.cr_dtimes + n / 7 * interval '1 s'))).*
             FROM policy_group g, generate_series(100, 150) n;
             INSERT INTO auth_policy SELECT (json_populate_record(p, json_build_object(
                 'id', 'p' || n, 'name', 'p' || n,
                 'policy_group_id', 'g' || n / 10))).*
             FROM auth_policy p, generate_series(1000, 1500) n",
    );

    let listed = app.get(&manager(), LIST).await.response();

    let listed = listed.as_array().unwrap();
    assert_eq!(listed.len(), 52);
    assert_eq!(listed[0]["policyGroup"]["id"], json!(first));
    assert_eq!(listed[0]["policies"].as_array().unwrap().len(), 1);
    for (group, n) in listed[1..].iter().zip(100..) {
        assert_eq!(group["policyGroup"]["id"], format!("g{n}"));
        let policies = group["policies"].as_array().unwrap();
        let expected = if n == 150 { 1 } else { 10 };
        assert_eq!(policies.len(), expected, "{n}");
        assert_eq!(policies[0]["policyId"], format!("p{n}0"));
    }
}

#[actix_web::test]
async fn too_many_groups_or_policies_are_refused() {
    let app = Stage(
        TestApp::builder()
            .setting("limits.unpaged_rows", "1")
            .start(pms_policy_service::module)
            .await,
    );
    let neutral = async || {
        let reply = app.get(&manager(), LIST).await;
        assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    };
    app.group("group").await;
    app.draft("a", "group").await;
    app.get(&manager(), LIST).await.response();
    app.draft("b", "group").await;
    neutral().await;
    app.sql("DELETE FROM auth_policy WHERE id = 'b'");
    app.group("other").await;
    neutral().await;
}

#[actix_web::test]
async fn only_administrators_list() {
    let app = start().await;

    assert_guarded(&app, "GET", LIST, None).await;
}
