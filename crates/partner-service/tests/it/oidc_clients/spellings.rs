//! Keys as people write them, and bodies as clients send them: every spelling that
//! the reference takes passes the whole way.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{
    CLIENT_ID, Clients, MODULUS, change, other_key, owner, request, rsa_key, with, without,
};
use crate::support::{BASE, refused, violation};

/// The modulus of [`rsa_key`] in the spellings that people use, and what they show.
fn moduli() -> Vec<(&'static str, String)> {
    let bytes = URL_SAFE_NO_PAD.decode(MODULUS).unwrap();
    let lines = |text: &str, width: usize, between: &str| {
        let characters: Vec<char> = text.chars().collect();
        let lines: Vec<String> = characters.chunks(width).map(String::from_iter).collect();
        lines.join(between)
    };
    vec![
        ("as the standard has it", MODULUS.to_owned()),
        ("line breaks", lines(MODULUS, 64, "\n")),
        ("line breaks of Windows", lines(MODULUS, 64, "\r\n")),
        ("blanks", lines(MODULUS, 20, " ")),
        ("blanks around", format!("  {MODULUS} \t")),
        ("a stray comma", format!("{MODULUS},")),
        ("commas", lines(MODULUS, 50, ",")),
        ("padded", URL_SAFE.encode(&bytes)),
        ("the standard alphabet", STANDARD_NO_PAD.encode(&bytes)),
        ("the standard alphabet, padded", STANDARD.encode(&bytes)),
        (
            "all of it",
            lines(&STANDARD.encode([&[0], &bytes[..]].concat()), 40, " ,\r\n"),
        ),
        (
            "a leading zero",
            URL_SAFE_NO_PAD.encode([&[0], &bytes[..]].concat()),
        ),
        (
            "leading zeros",
            STANDARD.encode([&[0, 0, 0, 0], &bytes[..]].concat()),
        ),
    ]
}

/// The same key with other metadata.
fn metadata() -> Vec<(&'static str, Value)> {
    vec![
        ("kid", json!("")),
        ("kid", json!("another")),
        ("alg", json!("")),
        ("alg", json!("RS512")),
        ("use", json!("")),
        ("x5t", json!("")),
        ("key_ops", json!(["verify"])),
        ("exp", json!(4_102_444_800_u64)),
    ]
}

fn spelled() -> Vec<(&'static str, Value)> {
    let modulus = |(what, n): (&'static str, String)| {
        (
            what,
            json!({ "kty": "RSA", "n": n, "e": "AQAB", "kid": "key-1" }),
        )
    };
    let exponent = |e: &str| json!({ "kty": "RSA", "n": MODULUS, "e": e });
    let mut all: Vec<(&str, Value)> = moduli().into_iter().map(modulus).collect();
    all.push(("a padded exponent", exponent("AAEAAQ==")));
    all.push(("an exponent with a line feed", exponent("AQAB\n")));
    all.extend(metadata().into_iter().map(|(name, value)| {
        let mut key = rsa_key();
        key[name] = value;
        (name, key)
    }));
    all
}

#[actix_web::test]
async fn every_spelling_of_a_key_makes_the_same_client_at_strict_servers_too() {
    let clients = Clients::of(Release::Strict).await;
    for (what, key) in spelled() {
        let reply = clients
            .create(&owner(), with(request(), "publicKey", key))
            .await;

        assert_eq!(
            reply.json()["response"]["clientId"],
            CLIENT_ID,
            "{what}: {}",
            reply.text
        );
        let requested = clients.requests().pop().unwrap().2;
        assert_eq!(requested["publicKey"]["n"], MODULUS, "{what}");
        assert_eq!(requested["publicKey"]["e"], "AQAB", "{what}");
        let texts = requested["publicKey"].as_object().unwrap().values();
        assert!(
            texts
                .clone()
                .all(|member| member.as_str().is_some_and(|text| !text.is_empty())),
            "{what}: {requested}"
        );
        // And a second client with the same key, in the plainest spelling, is none.
        let again = clients.create(&owner(), request()).await;
        let taken = refused("PMS_ESI_001", "Client public key already exists.");
        assert_eq!(again.timeless(), taken, "{what}");
        clients.stage.sql("DELETE FROM oidc_client");
        clients.esignet.forget();
    }
}

#[actix_web::test]
async fn a_second_client_with_a_key_is_refused_in_every_spelling() {
    let clients = Clients::start().await;
    clients.created().await;
    for (what, key) in spelled() {
        let reply = clients
            .create(&owner(), with(request(), "publicKey", key))
            .await;
        let taken = refused("PMS_ESI_001", "Client public key already exists.");
        assert_eq!(reply.timeless(), taken, "{what}");
    }
    assert_eq!(clients.requests().len(), 1);
}

#[actix_web::test]
async fn private_members_symmetric_keys_and_points_off_the_curve_are_refused() {
    let clients = Clients::start().await;
    let point = |y: &str| {
        json!({
            "kty": "EC", "crv": "P-256", "y": y,
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        })
    };
    let mut keys = vec![
        json!({ "kty": "oct", "k": "AAAA" }),
        json!({ "kty": "oct" }),
        point("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
        json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode([0xff; 255]), "e": "AQAB" }),
    ];
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let mut private = rsa_key();
        private[member] = json!("AQAB");
        keys.push(private);
    }
    for key in keys {
        let reply = clients
            .create(&owner(), with(request(), "publicKey", key.clone()))
            .await;
        let unusable = refused("PMS_ESI_007", "Failed to process the Public Key");
        assert_eq!(reply.timeless(), unusable, "{key}");
    }
    assert_eq!(clients.requests(), []);
    // The point is on its curve with the other coordinate.
    let fine = point("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
    let reply = clients
        .create(&owner(), with(request(), "publicKey", fine))
        .await;
    assert_eq!(reply.response()["status"], "ACTIVE");
}

/// Envelopes around a request: with either spelling of the time or none, with and
/// without what else they may have.
fn envelopes(now: &str, request: &Value) -> Vec<Value> {
    vec![
        json!({ "requesttime": now, "request": request }),
        json!({ "requestTime": now, "request": request }),
        json!({ "id": null, "version": null, "metadata": null, "requesttime": now, "request": request }),
        json!({ "id": "string", "version": "string", "metadata": {}, "requestTime": now, "request": request }),
    ]
}

#[actix_web::test]
async fn a_time_in_either_spelling_passes_without_id_and_version() {
    let clients = Clients::start().await;
    let now = clients.stage.app.now_text();
    let mut number = 0;
    for path in ["/oauth/client", "/oidc/client"] {
        for body in envelopes(&now, &Value::Null) {
            number += 1;
            let wanted = with(request(), "publicKey", other_key(number));
            let body = with(body, "request", wanted);
            let url = format!("{BASE}{path}");
            let reply = clients.stage.app.post(&owner(), &url, &body).await;
            let id = reply.response()["clientId"].as_str().unwrap().to_owned();
            for changed in envelopes(&now, &change()) {
                let url = format!("{url}/{id}");
                let reply = clients.stage.app.put(&owner(), &url, &changed).await;
                assert_eq!(reply.response()["status"], "ACTIVE", "{path} {changed}");
            }
        }
    }
}

#[actix_web::test]
async fn null_for_an_optional_member_means_that_it_is_absent() {
    let clients = Clients::start().await;
    // Names in several languages are an option of the older form.
    let older = with(request(), "clientNameLangMap", json!(null));
    let reply = clients.create_older(&owner(), older).await;
    assert_eq!(reply.response()["clientId"], CLIENT_ID);
    for member in ["publicKey", "additionalConfig", "encPublicKey"] {
        let changed = with(change(), member, json!(null));
        clients.update(&owner(), changed).await.response();
    }
    let path = format!("/oidc/client/{CLIENT_ID}");
    let changed = with(change(), "clientNameLangMap", json!(null));
    let reply = clients.stage.send(&owner(), "PUT", &path, changed).await;
    assert_eq!(reply.response()["status"], "ACTIVE");
}

#[actix_web::test]
async fn a_null_or_a_comma_in_a_list_is_refused_by_every_call() {
    let clients = Clients::start().await;
    clients.created().await;
    let send = async |method: &str, path: &str, body: Value| {
        clients.stage.send(&owner(), method, path, body).await
    };
    for list in ["redirectUris", "grantTypes", "clientAuthMethods"] {
        for (value, index, rule) in [
            (json!([null]), 0, "must not be null"),
            (json!(["a:b", null]), 1, "must not be null"),
            (json!(["a:b", "https://a,b"]), 1, "must not contain a comma"),
        ] {
            let new = with(request(), list, value.clone());
            let changed = with(change(), list, value);
            let (oauth, oidc) = (
                format!("/oauth/client/{CLIENT_ID}"),
                format!("/oidc/client/{CLIENT_ID}"),
            );
            for (method, path, body) in [
                ("POST", "/oauth/client", new.clone()),
                ("POST", "/oidc/client", new),
                ("PUT", oauth.as_str(), changed.clone()),
                ("PUT", oidc.as_str(), changed),
            ] {
                let reply = send(method, path, body).await;
                // A change wants each redirect URI filled
                // (contract clients-users-notifications.md §1.9).
                let rule = match (method, list, rule) {
                    ("PUT", "redirectUris", "must not be null") => "must not be blank",
                    (_, _, rule) => rule,
                };
                let expected = violation(rule, &format!("{list}[{index}]"));
                assert_eq!(
                    (reply.status, reply.timeless()),
                    (400, expected),
                    "{method} {path}"
                );
            }
        }
    }
    assert_eq!(clients.requests().len(), 1, "the client itself");
}

#[actix_web::test]
async fn addresses_of_redirects_and_logos_are_passed_on_unjudged() {
    let clients = Clients::start().await;
    clients.created().await;
    for uris in [
        json!([
            "http://localhost",
            "http://localhost:3000/back",
            "https://127.0.0.1:8443/back"
        ]),
        json!([
            "https://10.0.0.1/back",
            "https://[::1]:9/back",
            "https://bank/back"
        ]),
        json!([
            "io.mosip.residentapp.inji://oauthredirect",
            "app:/back",
            "https://a.example/**"
        ]),
        json!(["https://a.example/back?x=1&y=%20#z"]),
    ] {
        clients
            .update(&owner(), with(change(), "redirectUris", uris.clone()))
            .await
            .response();
        assert_eq!(clients.requests().pop().unwrap().2["redirectUris"], uris);
    }
    for logo in [
        "https://x",
        "http://localhost/logo",
        "https://bank/logo",
        "http://10.0.0.1:8080/a%20logo.svg?x=1#y",
        "https://user@bank.example/logo.png",
        "https://[::1]/logo",
    ] {
        clients
            .update(&owner(), with(change(), "logoUri", json!(logo)))
            .await
            .response();
        assert_eq!(clients.requests().pop().unwrap().2["logoUri"], logo);
    }
}

#[actix_web::test]
async fn one_body_serves_the_newer_addresses_of_esignet_too() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = Clients::of(release).await;
        let mut body = request();
        body["additionalConfig"] = json!({
            "userinfo_response_type": "JWE", "purpose": { "type": "verify" },
            "signup_banner_required": true, "consent_expire_in_mins": 20,
        });
        body["encPublicKey"] = json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB" });
        body["clientId"] = json!("chosen-by-somebody");
        body["relyingPartyId"] = json!("somebody");

        let reply = clients.create(&owner(), body).await;

        assert_eq!(reply.response()["clientId"], CLIENT_ID, "{release:?}");
        let requested = clients.requests().pop().unwrap().2;
        assert_eq!(requested.get("additionalConfig"), None);
        assert_eq!(requested.get("encPublicKey"), None);
        assert_eq!(requested["relyingPartyId"], "acme");
    }
}

#[actix_web::test]
async fn names_that_do_not_fit_together_are_refused_before_esignet_is_called() {
    // Newer servers have a limit of their own for each name.
    let clients = Clients::of(Release::Older).await;
    // {"eng":"…","@none":"…"}: 21 characters beside the names.
    let names = |name: &str| json!({ "eng": name });
    let of = |body: Value, member: &str, plain: usize, english: usize| {
        let body = with(body, member, json!("n".repeat(plain)));
        with(body, "clientNameLangMap", names(&"ü".repeat(english)))
    };
    let too_long = violation("size must be between 0 and 256", "clientNameLangMap");

    let refused = clients
        .create(&owner(), of(request(), "name", 100, 136))
        .await;
    assert_eq!(
        (refused.status, refused.timeless()),
        (400, too_long.clone())
    );
    assert_eq!(clients.requests(), []);
    clients
        .create(&owner(), of(request(), "name", 100, 135))
        .await
        .response();
    let stored = clients.column("name").unwrap();
    assert_eq!(stored.chars().count(), 256, "{stored}");
    let requested = clients.requests().len();
    let refused = clients
        .update(&owner(), of(change(), "clientName", 136, 100))
        .await;
    assert_eq!((refused.status, refused.timeless()), (400, too_long));
    assert_eq!(clients.requests().len(), requested);
    clients
        .update(&owner(), of(change(), "clientName", 135, 100))
        .await
        .response();
}

#[actix_web::test]
async fn claims_are_sent_once_in_any_spelling_of_the_policy() {
    let clients = Clients::of(Release::Strict).await;
    for attributes in [
        r#"[{"attributeName":"FULLNAME"},{"attributeName":"fullName"},{"attributeName":"fullname"}]"#,
        r#"[{"attributeName":"fullName"},{"attributeName":"Gender"},{"attributeName":"GENDER"}]"#,
    ] {
        clients.stage.sql(&format!(
            r#"UPDATE auth_policy SET policy_file_id = '{{"allowedAuthTypes":[{{"authType":"OTP"}},{{"authType":"otp"}}],"allowedKycAttributes":{attributes}}}' WHERE id = 'p-1'"#
        ));
        clients.create(&owner(), request()).await.response();
        let requested = clients.requests().pop().unwrap().2;
        let claims: Vec<&str> = requested["userClaims"]
            .as_array()
            .unwrap()
            .iter()
            .map(|claim| claim.as_str().unwrap())
            .collect();
        let mut distinct = claims.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), claims.len(), "{claims:?}");
        assert!(claims.contains(&"name"), "{claims:?}");
        assert_eq!(
            requested["authContextRefs"],
            json!(["mosip:idp:acr:generated-code"])
        );
        clients.stage.sql("DELETE FROM oidc_client");
        clients.esignet.forget();
    }
    // A member that a form needs is no option.
    let nameless = without(request(), "clientNameLangMap");
    assert_eq!(clients.create(&owner(), nameless).await.status, 400);
}
