// The page begins here.
use pms_testkit::{TestApp, Who};
use serde_json::json;

const PATH: &str = "/v1/partnermanager/partners/mpartner-default-auth/api-key-count";

async fn start() -> TestApp {
    let builder = TestApp::builder().seeded();
    builder.start(super::module).await
}

#[actix_web::test]
async fn the_active_keys_of_a_partner_are_counted() {
    let app = start().await;

    let reply = app.get(&Who::admin(), PATH).await;

    assert_eq!(
        (reply.status, reply.timeless()),
        (
            200,
            json!({
                "id": null,
                "version": null,
                "responsetime": "<time>",
                "metadata": null,
                "response": { "partnerId": "mpartner-default-auth", "active": 1 },
                "errors": [],
            })
        )
    );
}

#[actix_web::test]
async fn an_unknown_partner_and_other_callers_are_refused() {
    let app = start().await;
    let unknown = "/v1/partnermanager/partners/nobody/api-key-count";
    let manager = Who::user("anna", &["PARTNERMANAGER"]);

    let missing = app.get(&Who::admin(), unknown).await;
    let without_role = app.get(&Who::user("anna", &["AUTH_PARTNER"]), PATH).await;
    let without_token = app.get(&Who::Nobody, PATH).await;

    assert_eq!(missing.error().0, "PMS_PRT_005");
    assert_eq!(without_role.status, 403);
    assert_eq!(without_token.status, 401);
    // This role may read the rows of all partners.
    assert_eq!(app.get(&manager, PATH).await.status, 200);
}
