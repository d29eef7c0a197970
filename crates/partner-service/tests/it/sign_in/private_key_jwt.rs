//! A client that shows a signed token instead of a secret (RFC 7523).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_testkit::peers::KeyManagerPeer;
use pms_testkit::peers::key_manager::PeerFailure;
use serde_json::{Value, json};

use super::support::Login;

const DASHBOARD: &str = "https://portal.example.org/#/partnermanagement/dashboard";
const SIGNED: &str = "head.claims.seal";

async fn start(keys: &KeyManagerPeer) -> Login {
    let login = Login::with(|builder| {
        builder
            .setting("auth.private_key_jwt", "true")
            .setting("key_manager.url", &keys.url())
    })
    .await;
    login.provider.expect_assertion(SIGNED);
    login
}

#[actix_web::test]
async fn the_key_manager_signs_who_the_client_is() {
    let keys = KeyManagerPeer::start();
    let answer = json!({ "response": { "jwtSignedData": SIGNED }, "errors": null });
    keys.fail("jwtSign", PeerFailure::Body(answer));
    let login = start(&keys).await;
    let mut browser = login.browser();
    let address = browser.log_in_at_provider(DASHBOARD).await;

    let seen = browser.open(&address).await;

    assert_eq!(seen.location.as_deref(), Some(DASHBOARD), "{}", seen.text);
    let requested = keys.recorded()[0].json()["request"].clone();
    let claims = requested["dataToSign"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(claims).unwrap();
    let mut claims: Value = serde_json::from_slice(&claims).unwrap();
    let id = claims["jti"].take();
    assert!(uuid::Uuid::try_parse(id.as_str().unwrap()).is_ok());
    let now = login.app.clock.now().timestamp();
    assert_eq!(
        claims,
        json!({
            "sub": "mosip-pms-client",
            "iss": "mosip-pms-client",
            "aud": login.provider.url("/token"),
            "exp": now + 60,
            "iat": now,
            "jti": null,
        })
    );
    assert_eq!(
        (&requested["applicationId"], &requested["referenceId"]),
        (&json!("KERNEL"), &json!("SIGN"))
    );
    assert_eq!(requested["includePayload"], true);

    // Each login has an assertion of its own.
    let address = browser.log_in_at_provider(DASHBOARD).await;
    assert_eq!(browser.open(&address).await.status, 302);
    assert_eq!(keys.calls("jwtSign"), 2);
    assert_ne!(
        keys.recorded()[0].json()["request"]["dataToSign"],
        keys.recorded()[1].json()["request"]["dataToSign"]
    );
}

#[actix_web::test]
async fn without_a_signature_no_user_is_logged_in() {
    let keys = KeyManagerPeer::start();
    let login = start(&keys).await;
    for failure in [
        PeerFailure::Status(503),
        PeerFailure::Error("KER-JWS-108".to_owned(), "not allowed".to_owned()),
        PeerFailure::Body(json!({ "response": {}, "errors": null })),
    ] {
        keys.fail("jwtSign", failure);
        let mut browser = login.browser();
        let address = browser.log_in_at_provider(DASHBOARD).await;
        let seen = browser.open(&address).await;
        seen.assert_refused(200, "KER-ACP-013", "Failed to sign jwt");
    }
    assert!(login.provider.recorded().is_empty());
}
