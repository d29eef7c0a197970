//! Rules of the fields of a new client.

use pms_testkit::Who;
use serde_json::json;

use super::stage::{Clients, owner, request, with, without};
use crate::support::BASE;

#[actix_web::test]
async fn broken_rules_of_fields_are_reported_one_at_a_time() {
    let clients = Clients::start().await;
    let long = "x".repeat(257);
    for (field, value, path, rule) in [
        ("name", json!(" "), "name", "must not be blank"),
        (
            "name",
            json!(long),
            "name",
            "size must be between 1 and 256",
        ),
        ("name", json!("Bank <b>"), "name", "must not contain < or >"),
        (
            "clientNameLangMap",
            json!({ "eng": "Bank", "fra": "<script>" }),
            "clientNameLangMap[fra]",
            "must not contain < or >",
        ),
        (
            "clientNameLangMap",
            json!({ "<b>": "Bank" }),
            "clientNameLangMap[<b>]",
            "must not contain < or >",
        ),
        ("policyId", json!(null), "policyId", "must not be blank"),
        ("publicKey", json!({}), "publicKey", "must not be empty"),
        ("publicKey", json!(null), "publicKey", "must not be empty"),
        (
            "publicKey",
            json!({ "kid": null }),
            "publicKey[kid]",
            "must not be null",
        ),
        (
            "authPartnerId",
            json!(""),
            "authPartnerId",
            "must not be blank",
        ),
        (
            "logoUri",
            json!("https//x"),
            "logoUri",
            "must be a valid URL",
        ),
        (
            "redirectUris",
            json!([
                "https://acme.org",
                format!("https://acme.org/{}", "x".repeat(2048))
            ]),
            "redirectUris[1]",
            "size must be between 0 and 2048",
        ),
        (
            "redirectUris",
            json!(null),
            "redirectUris",
            "must not be null",
        ),
        (
            "redirectUris",
            json!([]),
            "redirectUris",
            "size must be between 1 and 5",
        ),
        (
            "redirectUris",
            json!([null]),
            "redirectUris[0]",
            "must not be null",
        ),
        (
            "redirectUris",
            json!(["a:b", "https://a,b"]),
            "redirectUris[1]",
            "must not contain a comma",
        ),
        (
            "grantTypes",
            json!(["a", "b", "c", "d"]),
            "grantTypes",
            "size must be between 1 and 3",
        ),
        (
            "grantTypes",
            json!([long]),
            "grantTypes",
            "size must be between 0 and 256",
        ),
        (
            "clientAuthMethods",
            json!(null),
            "clientAuthMethods",
            "must not be null",
        ),
        (
            "clientNameLangMap",
            json!({}),
            "clientNameLangMap",
            "must not be empty",
        ),
        (
            "clientNameLangMap",
            json!(null),
            "clientNameLangMap",
            "must not be empty",
        ),
        (
            "clientNameLangMap",
            json!({ "@none": "x" }),
            "clientNameLangMap[@none]",
            "size must be between 3 and 3",
        ),
        (
            "clientNameLangMap",
            json!({ "eng": " " }),
            "clientNameLangMap[eng]",
            "must not be blank",
        ),
        (
            "clientNameLangMap",
            json!({ "eng": "x".repeat(240) }),
            "clientNameLangMap",
            "size must be between 0 and 256",
        ),
    ] {
        let reply = clients
            .create(&owner(), with(request(), field, value))
            .await;
        let expected = crate::support::violation(rule, path);
        assert_eq!((reply.status, reply.timeless()), (400, expected), "{field}");
    }
    let nothing = json!({ "request": null });
    let path = format!("{BASE}/oauth/client");
    let missing = clients.stage.app.post(&owner(), &path, &nothing).await;
    assert!(
        missing.text.contains("must not be null :request\""),
        "{}",
        missing.text
    );
    let unreadable = with(request(), "redirectUris", json!("https://a.example"));
    assert_eq!(clients.create(&owner(), unreadable).await.status, 400);
    let anonymous = clients.create(&Who::Nobody, request()).await;
    assert_eq!(anonymous.status, 401);
    // The older form has no such names.
    let older = without(request(), "clientNameLangMap");
    clients.create_older(&owner(), older).await.response();
    assert_eq!(clients.count("oidc_client"), "1");
}
