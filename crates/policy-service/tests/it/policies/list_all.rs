use pms_testkit::TestApp;
use serde_json::{Value, json};

use crate::answers::*;
use crate::support::*;

const LIST: &str = "/v1/policymanager/policies";

#[actix_web::test]
async fn every_policy_is_listed_in_full() {
    let app = start().await;
    assert_eq!(app.get(&manager(), LIST).await.response(), json!([]));
    let group_id = app.group("group").await;
    for id in ["a", "b", "c"] {
        app.draft(id, "group").await;
    }
    app.published("b", &group_id).await;
    app.sql("UPDATE auth_policy SET is_deleted = true WHERE id = 'a'");

    let listed = app.get(&manager(), LIST).await.response();

    let mut single = Vec::new();
    for id in ["a", "b", "c"] {
        single.push(
            app.get(&manager(), &path(&format!("/policies/{id}")))
                .await
                .response(),
        );
    }
    assert_eq!(listed, Value::Array(single));
}

#[actix_web::test]
async fn one_unreadable_document_hides_no_other() {
    let app = start().await;
    app.group("group").await;
    app.draft("a", "group").await;
    app.draft("b", "group").await;
    app.sql("UPDATE auth_policy SET policy_file_id = '{' WHERE id = 'a'");

    let listed = app.get(&manager(), LIST).await.response();

    assert_eq!(listed[0]["policies"], Value::Null);
    assert_eq!(listed[1]["policies"], auth_document());
}

#[actix_web::test]
async fn a_list_without_pages_has_an_end() {
    let app = Stage(
        TestApp::builder()
            .setting("limits.unpaged_rows", "2")
            .start(pms_policy_service::module)
            .await,
    );
    app.group("group").await;
    app.draft("a", "group").await;
    app.draft("b", "group").await;
    assert_eq!(
        app.get(&manager(), LIST)
            .await
            .response()
            .as_array()
            .unwrap()
            .len(),
        2
    );
    app.draft("c", "group").await;

    let reply = app.get(&manager(), LIST).await;

    assert_refused(&reply, "PMS_COR_003", "Could not process the request");
    let page = app.runtime.edge.metrics().page(&app.runtime.db).unwrap();
    let page = String::from_utf8(page).unwrap();
    let counted = page
        .lines()
        .find(|line| line.starts_with("policy_unpaged_lists_refused_total"));
    assert!(counted.unwrap().ends_with(" 1"), "{counted:?}");
}

#[actix_web::test]
async fn a_long_list_is_whole_and_in_order() {
    let app = start().await;
    app.group("group").await;
    app.draft("p", "group").await;
    // Three runs and a bit; five of each share their time.
    app.sql(
        "INSERT INTO auth_policy SELECT (json_populate_record(p, json_build_object(
             'id', 'p' || n, 'name', 'p' || n,
             'cr_dtimes', timestamp '2027-01-01' + n / 5 * interval '1 second'))).*
         FROM auth_policy p, generate_series(1000, 2502) n",
    );

    let listed = app.get(&manager(), LIST).await.response();

    let ids = listed.as_array().unwrap().iter();
    let ids: Vec<&str> = ids.map(|row| row["policyId"].as_str().unwrap()).collect();
    let expected = (1000..=2502).map(|n| format!("p{n}"));
    let expected: Vec<String> = std::iter::once("p".to_owned()).chain(expected).collect();
    assert_eq!(ids, expected);
}

#[actix_web::test]
async fn a_list_that_ends_with_a_run_is_whole() {
    let app = start().await;
    app.group("group").await;
    app.draft("p", "group").await;
    app.sql(
        "INSERT INTO auth_policy SELECT (json_populate_record(p, json_build_object(
             'id', 'p' || n, 'name', 'p' || n))).*
         FROM auth_policy p, generate_series(1, 999) n",
    );

    let reply = app.get(&manager(), LIST).await;

    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.response().as_array().unwrap().len(), 1000);
}

#[actix_web::test]
async fn only_administrators_list() {
    let app = start().await;

    assert_guarded(&app, "GET", LIST, None).await;
}
