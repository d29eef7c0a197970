use pms_testkit::statements;
use serde_json::json;

use crate::answers::*;
use crate::support::*;

const GET: &str = "/v1/policymanager/policies/p/partner/partner-1";

/// A draft `p` and an API key of `partner-1` for it.
async fn prepare(app: &Stage) {
    app.group("group").await;
    app.draft("p", "group").await;
    app.partner("partner-1");
    app.partner("partner-2");
    app.key("partner-1", "p");
}

#[actix_web::test]
async fn a_partner_with_an_active_key_gets_the_policy_whatever_its_dates() {
    let app = start().await;
    prepare(&app).await;

    let reply = app.get(&manager(), GET).await;

    let whole = app.get(&manager(), &path("/policies/p")).await;
    assert_eq!(reply.timeless(), whole.timeless());
    assert_eq!(reply.response()["policies"], auth_document());
}

#[actix_web::test]
async fn the_document_goes_out_as_it_is_stored() {
    let app = start().await;
    prepare(&app).await;
    let stored = r#"{"z" : "a\/b", "a":[1.0,1e2],"é":"\u00e9"}"#;
    app.sql(&format!(
        "UPDATE auth_policy SET policy_file_id = '{stored}'"
    ));

    let reply = app.get(&manager(), GET).await;

    assert!(
        reply.text.contains(&format!(r#""policies":{stored}}}"#)),
        "{}",
        reply.text
    );
}

#[actix_web::test]
async fn it_costs_one_statement() {
    statements::watch();
    let app = start().await;
    prepare(&app).await;
    let url = app.database.url();
    // The first request of a connection also sets its session up.
    app.get(&manager(), GET).await.response();
    let before = statements::of_service(&url).len();

    app.get(&manager(), GET).await.response();

    let new = statements::of_service(&url).split_off(before);
    assert_eq!(new.len(), 1, "{new:#?}");
    assert!(new[0].starts_with("SELECT"), "{}", new[0]);
}

/// Asks with `If-None-Match`.
async fn ask_with(app: &Stage, tag: &str) -> reqwest::Response {
    let token = app.token("policy-manager", &["POLICYMANAGER"]);
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(30));
    client
        .build()
        .unwrap()
        .get(app.url(GET))
        .header("cookie", format!("Authorization={token}"))
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap()
}

#[actix_web::test]
async fn a_client_that_has_the_policy_already_can_say_so() {
    let app = start().await;
    prepare(&app).await;
    let first = app.get(&manager(), GET).await;
    let tag = first.header("etag").unwrap();

    let same = ask_with(&app, tag).await;
    let other = ask_with(&app, "\"other\"").await;

    assert_eq!(same.status().as_u16(), 304);
    assert_eq!(same.headers()["etag"], tag);
    assert_eq!(same.text().await.unwrap(), "");
    assert_eq!(other.status().as_u16(), 200);
    assert_eq!(other.headers()["etag"], tag);
    assert_eq!(other.text().await.unwrap(), first.text);
}

#[actix_web::test]
async fn an_unchanged_policy_costs_one_statement_without_its_document() {
    statements::watch();
    let app = start().await;
    prepare(&app).await;
    let url = app.database.url();
    let first = app.get(&manager(), GET).await;
    let tag = first.header("etag").unwrap();
    let before = statements::of_service(&url).len();

    let same = ask_with(&app, tag).await;

    let new = statements::of_service(&url).split_off(before);
    assert_eq!(same.status().as_u16(), 304);
    assert_eq!(new.len(), 1, "{new:#?}");
    assert!(!new[0].contains("policy_file_id"), "{}", new[0]);
}

#[actix_web::test]
async fn a_changed_policy_or_group_is_sent_again() {
    let app = start().await;
    prepare(&app).await;
    for change in [
        "UPDATE auth_policy SET policy_file_id = '{}'",
        "UPDATE auth_policy SET upd_by = 'x'",
        "UPDATE auth_policy SET cr_by = cr_by",
        "UPDATE policy_group SET is_active = false",
        "UPDATE policy_group SET upd_dtimes = upd_dtimes",
    ] {
        let tag = app.get(&manager(), GET).await;
        let tag = tag.header("etag").unwrap().to_owned();
        assert_eq!(ask_with(&app, &tag).await.status().as_u16(), 304);

        app.sql(change);

        assert_eq!(
            ask_with(&app, &tag).await.status().as_u16(),
            200,
            "{change}"
        );
    }
}

#[actix_web::test]
async fn a_refusal_is_never_an_old_answer() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE partner_policy SET is_active = false");

    let reply = app.get(&manager(), GET).await;
    let any = ask_with(&app, "*").await;

    assert_eq!(reply.header("etag"), None);
    assert_eq!(any.status().as_u16(), 200);
    assert!(any.text().await.unwrap().contains("PMS_POL_017"));
}

#[actix_web::test]
async fn without_an_active_key_there_is_no_policy() {
    let app = start().await;
    prepare(&app).await;
    let ask = async |path: &str| app.get(&manager(), path).await;

    let stranger = ask("/v1/policymanager/policies/p/partner/partner-2").await;
    let unknown_partner = ask("/v1/policymanager/policies/p/partner/nobody").await;
    let unknown_policy = ask("/v1/policymanager/policies/nothing/partner/partner-1").await;
    app.sql("UPDATE partner_policy SET is_active = false");
    let inactive = ask(GET).await;
    app.sql("UPDATE partner_policy SET is_active = true, is_deleted = true");
    let deleted = ask(GET).await;
    app.sql("UPDATE partner_policy SET is_deleted = false");
    let live = ask(GET).await;

    for reply in [stranger, unknown_partner, unknown_policy, inactive, deleted] {
        assert_refused(
            &reply,
            "PMS_POL_017",
            "No policy available for given partner",
        );
    }
    live.response();
}

#[actix_web::test]
async fn an_unreadable_document_is_noted_and_refused() {
    let app = start().await;
    prepare(&app).await;
    app.sql("UPDATE auth_policy SET policy_file_id = ''");

    let reply = app.get(&manager(), GET).await;

    let message = "Error occured while parsing policy string to json objectnull";
    assert_refused(&reply, "PMS_POL_052", message);
    assert_eq!(
        app.noted().last(),
        Some(&audit("PMS_PRT_487", "NO_ID", "NO_ID_TYPE"))
    );
}

#[actix_web::test]
async fn partners_do_not_ask_themselves() {
    let app = start().await;

    assert_guarded(&app, "GET", GET, None).await;
}

#[actix_web::test]
async fn the_api_document_calls_the_policy_document_an_object() {
    let app = start().await;

    let document = app.get(&manager(), &path("/v3/api-docs")).await.json();

    let get =
        &document["paths"]["/v1/policymanager/policies/{policyId}/partner/{partnerId}"]["get"];
    let answer = &get["responses"]["200"]["content"]["application/json"]["schema"];
    let policy = &answer["properties"]["response"];
    assert_eq!(
        policy["properties"]["policyGroup_cr_by"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(
        document["components"]["schemas"]["Document"]["type"],
        "object"
    );
}
