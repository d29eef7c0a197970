use serde_json::json;

use crate::answers::*;
use crate::support::*;

const LIST: &str = "/v1/policymanager/policies/group/all";

#[actix_web::test]
async fn every_group_is_listed_with_its_policies() {
    let app = start().await;
    assert_eq!(app.get(&manager(), LIST).await.response(), json!([]));
    let full = given_group(&app, "full").await;
    app.clock.set("2026-11-24T10:00:01Z".parse().unwrap());
    let empty = given_group(&app, "empty").await;
    execute(
        &app,
        "UPDATE policy_group SET is_active = false WHERE name = 'empty'",
    );
    given_draft(&app, "p", "full").await;
    given_draft(&app, "q", "full").await;

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
async fn only_administrators_list() {
    let app = start().await;

    assert_guarded(&app, "GET", LIST, None).await;
}
