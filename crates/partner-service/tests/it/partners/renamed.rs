//! An operator renames a partner by SQL: everything sees it with the next call.

use pms_testkit::Who;
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner};

/// The partner's names in every answer that tells one.
async fn names(stage: &Stage, wanted: &str) -> Vec<Value> {
    let admin = Who::admin();
    let owner = auth_partner("acme");
    let by_id = json!([{ "columnName": "id", "type": "equals", "value": "acme" }]);
    let by_name = json!([{ "columnName": "name", "type": "contains", "value": wanted }]);
    let search = async |filters: Value| {
        let request = json!({
            "filters": filters,
            "sort": [],
            "pagination": { "pageStart": 0, "pageFetch": 10 },
            "partnerType": "all",
        });
        let reply = stage
            .send(&admin, "POST", "/partners/search", request)
            .await;
        reply.response()["data"][0]["name"].clone()
    };
    let list = format!("/admin-partners?orgName={wanted}");
    let values = json!({
        "filters": [{ "columnName": "name", "type": "all", "text": wanted }],
        "optionalFilters": [],
    });
    let values = stage
        .send(&admin, "POST", "/partners/filtervalues", values)
        .await;
    vec![
        stage.get(&owner, "/partners/acme").await.response()["organizationName"].clone(),
        stage.get(&admin, "/admin-partners/acme").await.response()["organizationName"].clone(),
        stage.get(&admin, &list).await.response()["data"][0]["orgName"].clone(),
        search(by_id).await,
        search(by_name).await,
        values.response()["filters"][0]["fieldValue"].clone(),
    ]
}

#[actix_web::test]
async fn a_new_name_is_seen_at_once_and_the_old_one_no_more() {
    let stage = Stage::start().await;
    stage.partner(&Row {
        alias: None,
        ..Row::default()
    });
    stage.partner(&Row {
        id: "boss",
        user: "admin",
        email: "boss@acme.org",
        ..Row::default()
    });
    stage.sql("UPDATE partner SET name = 'Former' WHERE id = 'acme'");
    assert_eq!(names(&stage, "Former").await, vec![json!("Former"); 6]);

    stage.sql("UPDATE partner SET name = 'Latter' WHERE id = 'acme'");

    assert_eq!(names(&stage, "Latter").await, vec![json!("Latter"); 6]);
    let gone = stage
        .get(&Who::admin(), "/admin-partners?orgName=Former")
        .await;
    assert_eq!(gone.response()["totalResults"], 0);
}
