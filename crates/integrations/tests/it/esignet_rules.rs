//! What eSignet does not accept, with its own words passed through.

use pms_domain::BusinessError;
use pms_domain::oidc_clients::ClientStatus;
use pms_integrations::esignet::{ClientChange, NewClient, Unregistered};
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use crate::esignet::{CLIENT_ID, Place, change, names, new_client, reconcile};
use crate::stage::{client, token};

/// A request with one thing wrong, and what eSignet says about it.
type Case = (fn(&mut NewClient), &'static str, &'static str);

const RULES: [Case; 20] = [
    (
        |c| c.client_id = " ".into(),
        "clientId",
        "invalid_client_id",
    ),
    (
        |c| c.client_id = "a b".into(),
        "clientId",
        "invalid_client_id",
    ),
    (
        |c| c.client_id = "a".repeat(101),
        "clientId",
        "invalid_client_id",
    ),
    (
        |c| c.client_name = " ".into(),
        "clientName",
        "invalid_client_name",
    ),
    (
        |c| c.client_name = "a".repeat(257),
        "clientName",
        "invalid_client_name",
    ),
    (|c| c.public_key.clear(), "publicKey", "invalid_public_key"),
    (|c| key(c, "kty", "OKP"), "publicKey", "invalid_public_key"),
    (|c| key(c, "alg", " "), "publicKey", "invalid_public_key"),
    (|c| key(c, "use", ""), "publicKey", "invalid_public_key"),
    (
        |c| c.relying_party_id = String::new(),
        "relyingPartyId",
        "invalid_rp_id",
    ),
    (
        |c| c.user_claims = vec!["name".into(), "x".into()],
        "userClaims[1]",
        "invalid_claim",
    ),
    (
        |c| c.user_claims = vec!["name".into(); 31],
        "userClaims",
        "invalid_claim",
    ),
    (
        |c| c.auth_context_refs.clear(),
        "authContextRefs",
        "invalid_acr",
    ),
    (
        |c| c.auth_context_refs = vec!["x".into()],
        "authContextRefs[0]",
        "invalid_acr",
    ),
    (|c| c.logo_uri = "https//x".into(), "logoUri", "invalid_uri"),
    (
        |c| c.redirect_uris = vec![" ".into()],
        "redirectUris[0]",
        "invalid_redirect_uri",
    ),
    (
        |c| c.redirect_uris.clear(),
        "redirectUris",
        "invalid_redirect_uri",
    ),
    (
        |c| c.grant_types = vec!["implicit".into()],
        "grantTypes[0]",
        "unsupported_grant_type",
    ),
    (
        |c| c.client_auth_methods.clear(),
        "clientAuthMethods",
        "invalid_client_auth",
    ),
    (
        |c| c.client_auth_methods = vec!["none".into()],
        "clientAuthMethods[0]",
        "invalid_client_auth",
    ),
];

const NAMES: [Case; 4] = [
    (
        |c| name(c, "en", "Bank"),
        "clientNameLangMap[en]",
        "invalid_language_code",
    ),
    (
        |c| name(c, "xyz", "Bank"),
        "clientNameLangMap[xyz]",
        "invalid_language_code",
    ),
    (
        |c| name(c, "ara", " "),
        "clientNameLangMap[ara]",
        "invalid_client_name_value",
    ),
    (
        |c| name(c, "ara", &"a".repeat(51)),
        "clientNameLangMap[ara]",
        "invalid_client_name_length",
    ),
];

fn key(client: &mut NewClient, member: &str, value: &str) {
    client.public_key.insert(member.to_owned(), json!(value));
}

fn name(client: &mut NewClient, language: &str, name: &str) {
    let names = client.client_name_lang_map.get_or_insert_default();
    names.insert(language.to_owned(), name.to_owned());
}

fn said(code: &str, message: &str) -> BusinessError {
    BusinessError::single(code.to_owned(), message.to_owned())
}

async fn assert_refused(place: &Place, client: &NewClient, field: &str, code: &str) {
    let created = place.client().create(client).await;
    let expected = said(code, &format!("request.{field}: {code}"));
    assert_eq!(created, Err(Unregistered::Refused(expected)));
}

#[actix_web::test]
async fn each_rule_for_new_clients_has_its_code() {
    let place = Place::new();
    for (spoil, field, code) in RULES {
        let mut client = new_client();
        spoil(&mut client);
        assert_refused(&place, &client, field, code).await;
    }
    for (spoil, field, code) in NAMES {
        let mut client = new_client();
        client.client_name_lang_map = Some(names());
        spoil(&mut client);
        assert_refused(&place, &client, field, code).await;
    }
    assert!(place.esignet.clients().is_empty());
}

#[actix_web::test]
async fn older_releases_have_other_rules() {
    let place = Place::of(Release::Older);
    assert_refused(&place, &new_client(), "publicKey", "invalid_public_key").await;
    let mut client = new_client();
    let rsa = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });
    client.public_key = rsa.as_object().unwrap().clone();
    client.grant_types = vec!["implicit".into()];
    assert_refused(&place, &client, "grantTypes[0]", "invalid_grant_type").await;
    client.grant_types = new_client().grant_types;
    name(&mut client, "xyz", &"long ".repeat(40));

    place.client().create(&client).await.unwrap();
}

/// A change of a client that does not end.
fn active() -> ClientChange {
    ClientChange {
        status: ClientStatus::Active,
        ..change()
    }
}

#[actix_web::test]
async fn rules_hold_for_updates_too() {
    let place = Place::new();
    let esignet = place.client();
    esignet.create(&new_client()).await.unwrap();
    let wrong = ClientChange {
        redirect_uris: vec!["https://x".into(), "no address".into()],
        ..active()
    };

    let updated = esignet.update(CLIENT_ID, &wrong).await;

    let message = "request.redirectUris[1]: invalid_redirect_uri";
    assert_eq!(updated, Err(said("invalid_redirect_uri", message)));
    assert_eq!(place.esignet.clients()[0].status, "ACTIVE");
    let unknown = esignet.update("nobody", &active()).await;
    assert_eq!(unknown, Err(said("invalid_client_id", "invalid_client_id")));
}

#[actix_web::test]
async fn ids_and_keys_are_registered_once() {
    let place = Place::new();
    let esignet = place.client();
    esignet.create(&new_client()).await.unwrap();
    let mut same_key = new_client();
    same_key.client_id = "another".to_owned();

    for (client, code) in [
        (new_client(), "duplicate_client_id"),
        (same_key, "duplicate_public_key"),
    ] {
        let created = esignet.create(&client).await;
        assert_eq!(created, Err(Unregistered::Refused(said(code, code))));
    }
    assert_eq!(place.esignet.clients().len(), 1);
}

#[actix_web::test]
async fn requests_must_be_of_the_present() {
    for (time, fine) in [
        ("2026-11-24T09:58:00Z", true),
        ("2026-11-24T10:02:00Z", true),
        ("2026-11-24T09:57:59Z", false),
        ("2026-11-24T10:02:01Z", false),
    ] {
        let place = Place::new();
        let clock = pms_database::Clock::fixed(time.parse().unwrap());
        let token = token(&place.identity.token_endpoint());
        let esignet = pms_integrations::Esignet::new(client(), token, place.options(), clock);

        let created = esignet.create(&new_client()).await;

        let off = said("invalid_request", "requestTime: invalid_request");
        let expected = if fine {
            Ok(())
        } else {
            Err(Unregistered::Refused(off))
        };
        assert_eq!(created, expected, "{time}");
    }
}

/// What our own client never sends.
#[actix_web::test]
async fn other_requests_are_refused_as_esignet_does() {
    let place = Place::new();
    place.client().create(&new_client()).await.unwrap();
    let token = token(&place.identity.token_endpoint()).get().await.unwrap();
    let url = format!(
        "{}/v1/esignet/client-mgmt/oidc-client/{CLIENT_ID}",
        place.esignet.url().trim_end_matches('/')
    );
    let send = async |body: Value| {
        use secrecy::ExposeSecret as _;
        let text = token.expose_secret();
        let request = client().put(&url).bearer_auth(text).json(&body);
        let request = request.header("cookie", format!("Authorization={text}"));
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["errors"][0].clone()
    };
    let mut body = json!({
        "requestTime": "2026-11-24T10:00:00.000Z",
        "request": serde_json::to_value(change()).unwrap(),
    });

    body["request"]["status"] = json!("inactive");
    assert_eq!(
        send(body.clone()).await,
        json!({ "errorCode": "invalid_status", "errorMessage": "request.status: invalid_status" })
    );
    body["request"] = json!(null);
    assert_eq!(
        send(body).await,
        json!({ "errorCode": "unknown_error", "errorMessage": "unknown_error" })
    );
    assert_eq!(client().put(&url).send().await.unwrap().status(), 401);
}

#[actix_web::test]
async fn the_servers_of_2026_refuse_what_others_ignore() {
    let place = Place::of(Release::Strict);
    let cases: [Case; 6] = [
        (
            |c| {
                c.public_key.insert("x5c".to_owned(), json!(["AAAA"]));
            },
            "publicKey",
            "invalid_public_key",
        ),
        (
            |c| {
                c.public_key.insert("iat".to_owned(), json!(1));
            },
            "publicKey",
            "invalid_public_key",
        ),
        (
            |c| {
                c.public_key.insert("kid".to_owned(), Value::Null);
            },
            "publicKey",
            "invalid_public_key",
        ),
        (|c| key(c, "use", " "), "publicKey", "invalid_public_key"),
        (
            |c| c.user_claims = vec!["name".into(), "name".into()],
            "userClaims[1]",
            "invalid_claim",
        ),
        (
            |c| c.redirect_uris = vec!["a:b".into(), "a:b".into()],
            "redirectUris[1]",
            "invalid_redirect_uri",
        ),
    ];
    for (spoil, field, code) in cases {
        let mut client = new_client();
        spoil(&mut client);
        assert_refused(&place, &client, field, code).await;
    }
    place.client().create(&new_client()).await.unwrap();
    // A key that a client has is as good as none.
    let again = place.client().create(&new_client()).await;
    let code = "invalid_public_key";
    assert_eq!(again, Err(Unregistered::Refused(said(code, code))));
}

#[actix_web::test]
async fn a_lost_create_is_reconciled_by_each_generation() {
    for release in [Release::Newer, Release::Strict] {
        let place = Place::of(release);
        let esignet = place.client();
        esignet.create(&new_client()).await.unwrap();

        assert_eq!(
            reconcile(&esignet, &new_client()).await,
            Ok(()),
            "{release:?}"
        );

        // A key that is none stays refused.
        let mut client = new_client();
        client.client_id = "another".to_owned();
        key(&mut client, "kty", "OKP");
        let reconciled = reconcile(&esignet, &client).await;
        let message = "request.publicKey: invalid_public_key";
        let refused = said("invalid_public_key", message);
        assert_eq!(reconciled, Err(Unregistered::Refused(refused)));
    }
}

#[actix_web::test]
async fn an_update_with_a_claim_that_is_not_supported_any_more_is_sent_without_it() {
    let place = Place::of(Release::Strict);
    let esignet = place.client();
    esignet.create(&new_client()).await.unwrap();
    place.esignet.support_claims(&["name"]);
    let claims = |claims: &[&str]| ClientChange {
        user_claims: claims.iter().map(|claim| (*claim).to_owned()).collect(),
        ..active()
    };

    let updated = esignet
        .update(CLIENT_ID, &claims(&["individual_id", "name"]))
        .await;

    assert_eq!(updated, Ok(()));
    let held = &place.esignet.clients()[0].client;
    assert_eq!(held["userClaims"], json!(["name"]));
    // Other faults are reported.
    let twice = esignet.update(CLIENT_ID, &claims(&["name", "name"])).await;
    let message = "request.userClaims[1]: invalid_claim";
    assert_eq!(twice, Err(said("invalid_claim", message)));
}

#[actix_web::test]
async fn an_end_is_taken_whatever_the_details_are() {
    type Spoil = fn(&mut ClientChange);
    let spoils: [Spoil; 8] = [
        |change| change.redirect_uris.push("no address".into()),
        |change| change.redirect_uris.clear(),
        |change| change.logo_uri = "https//x".into(),
        |change| change.grant_types.push("implicit".into()),
        |change| change.client_auth_methods.clear(),
        |change| change.user_claims = vec!["gone".into(), "name".into(), "name".into()],
        |change| change.auth_context_refs = vec!["gone".into()],
        |change| {
            let long = "n".repeat(60);
            change.client_name_lang_map =
                Some([("xyz".into(), long.clone()), ("eng".into(), long)].into());
        },
    ];
    for release in Release::ALL {
        for spoil in spoils {
            let place = Place::of(release);
            let esignet = place.client();
            let mut client = new_client();
            if release == Release::Older {
                let rsa = json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" });
                client.public_key = rsa.as_object().unwrap().clone();
            }
            esignet.create(&client).await.unwrap();
            let mut end = change();
            spoil(&mut end);

            esignet.update(CLIENT_ID, &end).await.unwrap();

            let held = &place.esignet.clients()[0];
            assert_eq!(held.status, "INACTIVE", "{release:?} {end:?}");
        }
        // One that is not there has ended.
        let place = Place::of(release);
        assert_eq!(place.client().update("nobody", &change()).await, Ok(()));
    }
}
