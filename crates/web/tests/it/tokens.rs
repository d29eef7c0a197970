//! Which tokens are let in.

use jsonwebtoken::{Algorithm, EncodingKey, Header};
use pms_testkit::{TestApp, Who, tokens};
use serde_json::{Value, json};

use crate::sample::{partner, policy, start};

const PATH: &str = "/v1/policymanager/things/x";

async fn status(app: &TestApp, claims: &Value) -> u16 {
    app.get(&Who::Token(tokens::sign(claims)), PATH)
        .await
        .status
}

fn good(app: &TestApp) -> Value {
    tokens::claims("anna", &["A"], app.clock.now().timestamp() + 60)
}

#[actix_web::test]
async fn without_a_token_there_is_one_body_and_401() {
    let app = policy().await;

    let reply = app.get(&Who::Nobody, PATH).await;

    assert_eq!(reply.status, 401);
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(
        reply.timeless(),
        json!({ "id": null, "version": null, "responsetime": "<time>", "metadata": null,
                "response": null,
                "errors": [{ "errorCode": "KER-ATH-401", "message": "Authentication Failed" }] })
    );
}

#[actix_web::test]
async fn tokens_must_be_of_the_realm_for_us_and_not_expired() {
    let app = policy().await;
    let with = |name: &str, value: Value| {
        let mut claims = good(&app);
        claims[name] = value;
        claims
    };

    assert_eq!(status(&app, &good(&app)).await, 200);
    assert_eq!(
        status(&app, &with("exp", json!(app.clock.now().timestamp()))).await,
        401
    );
    assert_eq!(
        status(
            &app,
            &with("iss", json!("http://iam.test/auth/realms/other"))
        )
        .await,
        401
    );
    assert_eq!(
        status(
            &app,
            &with("iss", json!("http://evil.test/auth/realms/mosip"))
        )
        .await,
        401
    );
    assert_eq!(
        status(&app, &with("preferred_username", Value::Null)).await,
        401
    );
    let mut foreign = with("aud", json!(["somebody", "else"]));
    assert_eq!(status(&app, &foreign).await, 200, "azp is enough");
    foreign["azp"] = json!("else");
    assert_eq!(status(&app, &foreign).await, 401);
    foreign["azp"] = json!("MOSIP-PMS-CLIENT");
    assert_eq!(
        status(&app, &foreign).await,
        200,
        "azp is compared ignoring case"
    );
}

#[actix_web::test]
async fn tokens_that_were_not_issued_for_calls_are_refused() {
    let app = policy().await;

    for (typ, expected) in [("ID", 401), ("Logout", 401), ("Bearer", 200), ("JWT", 200)] {
        let mut claims = good(&app);
        claims["typ"] = json!(typ);

        assert_eq!(status(&app, &claims).await, expected, "{typ}");
    }
}

#[actix_web::test]
async fn a_token_that_expires_while_it_is_remembered_is_refused() {
    let app = policy().await;
    let claims = good(&app);

    assert_eq!(status(&app, &claims).await, 200);
    app.clock
        .set(app.clock.now() + chrono::Duration::seconds(61));
    assert_eq!(status(&app, &claims).await, 401);
}

#[actix_web::test]
async fn only_rsa_signatures_by_known_keys_count() {
    let app = policy().await;
    let claims = good(&app);
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(tokens::KEY_ID.to_owned());
    let secret = EncodingKey::from_secret(b"public key text");
    let symmetric = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
    let fine = tokens::sign(&claims);
    let (signed, _) = fine.rsplit_once('.').unwrap();

    for token in [
        symmetric,
        format!("{signed}.AAAA"),
        "a.b.c".to_owned(),
        "no".to_owned(),
    ] {
        assert_eq!(
            app.get(&Who::Token(token.clone()), PATH).await.status,
            401,
            "{token}"
        );
    }
}

#[actix_web::test]
async fn a_bearer_header_serves_when_there_is_no_cookie() {
    let app = policy().await;
    let token = tokens::sign(&good(&app));

    let reply = reqwest::Client::new()
        .get(app.url(PATH))
        .bearer_auth(token)
        .send()
        .await
        .unwrap();

    assert_eq!(reply.status(), 200);
}

#[actix_web::test]
async fn the_last_well_formed_cookie_counts() {
    let app = policy().await;
    let token = tokens::sign(&good(&app));
    let cookie = format!("Authorization=a.b.c; x=y; Authorization={token}; Authorization=broken");

    let reply = reqwest::Client::new()
        .get(app.url(PATH))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap();

    assert_eq!(reply.status(), 200);
}

#[actix_web::test]
async fn a_missing_role_is_403_and_the_partner_service_echoes() {
    let (policy, partner) = (policy().await, partner().await);
    let bert = Who::user("bert", &["policymanager", "NOT_PARTNER_ADMIN"]);
    let body = json!({ "id": "i", "request": { "name": "n" } });

    let there = policy.post(&bert, "/v1/policymanager/things", &body).await;
    let here = partner
        .post(&bert, "/v1/partnermanager/things", &body)
        .await;

    let errors = json!([{ "errorCode": "KER-ATH-403", "message": "Forbidden" }]);
    assert_eq!((there.status, here.status), (403, 403));
    assert_eq!(there.json()["errors"], errors);
    assert_eq!(
        (&there.json()["id"], &there.json()["version"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        (&here.json()["id"], &here.json()["version"]),
        (&json!("i"), &json!(""))
    );
    let nulls = json!({ "id": null, "version": 2, "request": { "name": "n" } });
    let nulls = partner
        .post(&bert, "/v1/partnermanager/things", &nulls)
        .await
        .json();
    assert_eq!(
        (&nulls["id"], &nulls["version"]),
        (&json!("null"), &json!("2"))
    );
}

#[actix_web::test]
async fn an_operator_can_change_who_may_call() {
    let builder = TestApp::builder().setting("roles.postpolicies", "CLERK");
    let app = start(builder, &pms_web::service::POLICY).await;
    let body = json!({ "request": { "name": "n" } });
    let path = "/v1/policymanager/things";

    assert_eq!(
        app.post(&Who::user("c", &["CLERK"]), path, &body)
            .await
            .status,
        200
    );
    assert_eq!(
        app.post(&Who::policy_manager(), path, &body).await.status,
        403
    );
}

#[actix_web::test]
async fn without_the_providers_keys_no_token_is_accepted_and_nothing_breaks() {
    let builder = TestApp::builder().setting("auth.jwks_url", "http://127.0.0.1:9/certs");
    let app = start(builder, &pms_web::service::POLICY).await;

    assert_eq!(status(&app, &good(&app)).await, 401);
}
