//! A client is changed, and ended.

use pms_testkit::Who;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, MODULUS, change, other_key, owner, rsa_key, with, without};
use crate::support::{BASE, plain, refused, violation};

const UPDATED: (&str, &str, &str) = ("PMS_PRT_304", CLIENT_ID, "clientID");

fn state(status: &str) -> Value {
    plain(&json!({ "clientId": CLIENT_ID, "status": status }))
}

#[actix_web::test]
async fn details_are_changed_here_and_at_esignet_and_relying_modules_hear_of_it() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = Clients::of(release).await;
        clients.created().await;

        let reply = clients.update(&owner(), change()).await;

        assert_eq!((reply.status, reply.timeless()), (200, state("ACTIVE")));
        let row = clients.stage.rows(
            "SELECT name, logo_uri, redirect_uris, claims, acr_values, grant_types, auth_methods,
               status, upd_by, upd_dtimes FROM oidc_client",
        );
        assert_eq!(
            row[0],
            json!({
                "name": r#"{"eng":"New Bank","@none":"New Bank"}"#,
                "logo_uri": "https://acme.example/new.png",
                "redirect_uris": "https://acme.example/elsewhere",
                "claims": "name,gender",
                "acr_values": "mosip:idp:acr:generated-code,mosip:idp:acr:biometrics",
                "grant_types": "authorization_code",
                "auth_methods": "private_key_jwt",
                "status": "ACTIVE",
                "upd_by": "acme",
                "upd_dtimes": "2026-11-24T10:00:00",
            })
        );
        let (method, path, requested) = clients.requests().pop().unwrap();
        let expected = format!("/oauth-client/{CLIENT_ID}");
        assert_eq!((method.as_str(), path), ("PUT", expected));
        assert_eq!(
            requested,
            json!({
                "logoUri": "https://acme.example/new.png",
                "redirectUris": ["https://acme.example/elsewhere"],
                "status": "ACTIVE",
                "grantTypes": ["authorization_code"],
                "clientName": "New Bank",
                "userClaims": ["name", "gender"],
                "authContextRefs": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                "clientAuthMethods": ["private_key_jwt"],
                "clientNameLangMap": { "eng": "New Bank" },
            })
        );
        let events = clients.stage.app.events();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].0, "OIDC_CLIENT_UPDATED");
        assert_eq!(
            events[0].1["event"]["data"],
            json!({ "clientData": {
                "clientId": CLIENT_ID,
                "clientName": r#"{"eng":"New Bank","@none":"New Bank"}"#,
                "clientStatus": "ACTIVE",
                "userClaims": ["name", "gender"],
                "authContextRefs": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                "clientAuthMethods": ["private_key_jwt"],
            }})
        );
        clients.stage.assert_audits(&[UPDATED]);
    }
}

#[actix_web::test]
async fn a_deactivation_changes_the_status_and_the_names_alone_and_is_final() {
    let clients = Clients::of(Release::Strict).await;
    clients.created().await;

    let ended = clients
        .update(&owner(), with(change(), "status", json!("inactive")))
        .await;

    assert_eq!(ended.timeless(), state("INACTIVE"));
    let logo = "https://acme.example/logo.png";
    assert_eq!(clients.column("logo_uri").as_deref(), Some(logo));
    let names = r#"{"eng":"New Bank","@none":"New Bank"}"#;
    assert_eq!(clients.column("name").as_deref(), Some(names));
    let held = &clients.esignet.clients()[0];
    assert_eq!(held.status, "INACTIVE");
    // The plain name, never the stored object.
    assert_eq!(held.client["clientName"], "New Bank");
    assert_eq!(held.client["logoUri"], logo);
    let reported = &clients.stage.app.events()[0].1["event"]["data"]["clientData"];
    assert_eq!(reported["clientStatus"], "INACTIVE");

    clients.stage.forget();
    for status in ["ACTIVE", "INACTIVE"] {
        let again = clients
            .update(&Who::admin(), with(change(), "status", json!(status)))
            .await;
        let expected = refused("PMS_ESI_008", "Client already deactivated.");
        assert_eq!(again.timeless(), expected);
    }
    let refusal = ("PMS_PRT_305", CLIENT_ID, "INACTIVE");
    clients.stage.assert_audits(&[refusal, refusal]);
}

#[actix_web::test]
async fn a_client_that_another_release_named_with_markup_can_be_ended() {
    let clients = Clients::start().await;
    clients.created().await;
    clients
        .stage
        .sql(r#"UPDATE oidc_client SET name = '{"@none":"A<B","eng":"A<B"}'"#);
    let named = |plain: &str, english: &str| {
        let ended = with(change(), "status", json!("INACTIVE"));
        let ended = with(ended, "clientName", json!(plain));
        with(ended, "clientNameLangMap", json!({ "eng": english }))
    };

    for (plain, english, field) in [
        ("A<C", "A<B", "clientName"),
        ("A<B", "A<C", "clientNameLangMap[eng]"),
    ] {
        let other = clients.update(&owner(), named(plain, english)).await;
        assert_eq!(
            other.timeless(),
            violation("must not contain < or >", field)
        );
    }
    let ended = clients.update(&owner(), named("A<B", "A<B")).await;

    assert_eq!(ended.timeless(), state("INACTIVE"));
}

#[actix_web::test]
async fn the_older_form_stores_one_name_and_asks_its_own_address() {
    let clients = Clients::of(Release::Strict).await;
    clients.created().await;
    let path = format!("/oidc/client/{CLIENT_ID}");
    let body = json!({ "request": without(change(), "clientNameLangMap") });

    // Without any time.
    let reply = clients
        .stage
        .app
        .put(&owner(), &format!("{BASE}{path}"), &body)
        .await;

    assert_eq!(reply.timeless(), state("ACTIVE"));
    assert_eq!(clients.column("name").as_deref(), Some("New Bank"));
    let (_, requested_path, requested) = clients.requests().pop().unwrap();
    assert_eq!(requested_path, format!("/oidc-client/{CLIENT_ID}"));
    assert_eq!(requested.get("clientNameLangMap"), None);
    clients
        .stage
        .assert_audits(&[("PMS_PRT_303", CLIENT_ID, "clientID")]);
    clients.stage.forget();
    // The status alone, and not the name.
    let ended = with(change(), "status", json!("INACTIVE"));
    let ended = with(ended, "clientName", json!("Ended Bank"));
    let reply = clients.stage.send(&owner(), "PUT", &path, ended).await;
    assert_eq!(reply.timeless(), state("INACTIVE"));
    assert_eq!(clients.column("name").as_deref(), Some("New Bank"));
}

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let clients = Clients::start().await;
    clients.created().await;
    let send = async |who: &Who, path: &str, time: Value| {
        let body = json!({ "requesttime": time, "request": change() });
        let reply = clients
            .stage
            .app
            .put(who, &format!("{BASE}{path}"), &body)
            .await;
        reply.error()
    };
    let is = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    let path = format!("/oauth/client/{CLIENT_ID}");
    let now = json!("2026-11-24T23:59:59.999Z");
    let stranger = Who::user("stranger", &[]);

    let malformed = send(&stranger, "/oauth/client/a.b", json!(null)).await;
    assert_eq!(malformed.0, "PMS_PRT_099");
    assert!(malformed.1.contains("(A–Z, a–z, 0–9)"), "{}", malformed.1);
    let gone = "/oauth/client/gone";
    assert_eq!(
        send(&stranger, gone, json!(null)).await,
        is("PMS_REQUEST_ERROR_004", "Invalid request time")
    );
    assert_eq!(
        send(&stranger, gone, json!("2026-11-23T23:59:59.999Z")).await,
        is(
            "PMS_REQUEST_ERROR_006",
            "Request date should be current date"
        )
    );
    assert_eq!(
        send(&stranger, gone, now.clone()).await,
        is("PMS_ESI_004", "Client not exists with given id.")
    );
    clients.stage.sql("UPDATE oidc_client SET rp_id = 'nobody'");
    assert_eq!(
        send(&stranger, &path, now.clone()).await,
        is(
            "PMS_PRT_058",
            "AuthPartner doesn't exists with this Id - nobody."
        )
    );
    clients
        .stage
        .sql("UPDATE oidc_client SET rp_id = 'acme'; UPDATE partner SET is_active = false");
    assert_eq!(
        send(&stranger, &path, now.clone()).await,
        is("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.")
    );
    clients.stage.sql(
        "INSERT INTO partner (id, name, user_id, partner_type_code, approval_status, is_active,
           cr_by, cr_dtimes) VALUES ('other', 'Other', 'stranger', 'Auth_Partner', 'approved',
           true, 'u', now())",
    );
    let foreign =
        "The given partner ID does not belong to the user.So unable to update OIDC client details";
    assert_eq!(
        send(&stranger, &path, now.clone()).await,
        is("PMS_POLICY_ERROR_010", foreign)
    );
    for who in [owner(), Who::admin()] {
        assert_eq!(
            send(&who, &path, now.clone()).await,
            is("PMS_PMP_016", "Partner is not active.")
        );
    }
    let none = ("PMS_PRT_305", "NO_ID", "NO_ID_TYPE");
    let own = ("PMS_PRT_305", CLIENT_ID, "clientID");
    clients
        .stage
        .assert_audits(&[none, none, none, none, own, own]);
    assert_eq!(clients.requests().len(), 1);
    assert_eq!(clients.topics(), [""; 0]);
    // The time may be spelled as newer endpoints have it.
    clients.stage.sql("UPDATE partner SET is_active = true");
    let body = json!({ "requestTime": now, "request": change() });
    let reply = clients
        .stage
        .app
        .put(&owner(), &format!("{BASE}{path}"), &body)
        .await;
    assert_eq!(reply.timeless(), state("ACTIVE"));
}

#[actix_web::test]
async fn an_administrator_ends_the_client_of_a_deactivated_partner() {
    let clients = Clients::start().await;
    clients.created().await;
    clients.stage.sql("UPDATE partner SET is_active = false");
    let end = || with(change(), "status", json!("INACTIVE"));

    assert_eq!(
        clients.update(&owner(), end()).await.error().0,
        "PMS_PMP_016"
    );
    let ended = clients.update(&Who::admin(), end()).await;
    assert_eq!(ended.timeless(), state("INACTIVE"));

    // It did not end with its partner.
    let again = clients.update(&Who::admin(), end()).await;
    assert_eq!(again.error().0, "PMS_ESI_008");
}

#[actix_web::test]
async fn an_administrator_ends_a_client_again_that_ended_with_its_partner() {
    let clients = Clients::start().await;
    clients.created().await;
    let end = || with(change(), "status", json!("INACTIVE"));
    let deactivate = json!({ "status": "De-active" });
    let path = "/partners/acme";
    let reply = clients
        .stage
        .send(&Who::admin(), "PATCH", path, deactivate)
        .await;
    assert_eq!(reply.json()["errors"], json!([]));
    assert_eq!(clients.column("status").as_deref(), Some("INACTIVE"));
    clients.stage.forget();

    let again = clients.update(&Who::admin(), end()).await;

    assert_eq!(again.timeless(), state("INACTIVE"));
    assert_eq!(clients.topics(), [""; 0]);
    assert_eq!(clients.stage.app.database.queued("oidc-client").len(), 1);
    let by_owner = clients.update(&owner(), end()).await;
    assert_eq!(by_owner.error().0, "PMS_ESI_008");
}

#[actix_web::test]
async fn another_public_key_is_refused_and_the_same_one_passes_in_any_spelling() {
    let clients = Clients::start().await;
    clients.created().await;
    let update = async |key: Value| {
        clients
            .update(&owner(), with(change(), "publicKey", key))
            .await
    };

    let other = update(other_key(1)).await;

    let text = "The public key of a client can't be changed. Create a client with the new key.";
    assert_eq!(other.timeless(), refused("PMS_ESI_009", text));
    for wrong in [json!({ "kty": "RSA" }), json!("a key"), json!(7)] {
        assert_eq!(update(wrong).await.error().0, "PMS_ESI_007");
    }
    assert_eq!(clients.requests().len(), 1);
    let stored = clients.column("public_key").unwrap();
    for same in [
        rsa_key(),
        json!({ "kty": "RSA", "n": format!("{MODULUS}\n"), "e": "AQAB" }),
        json!(stored),
        json!(null),
    ] {
        assert_eq!(update(same).await.timeless(), state("ACTIVE"));
    }
}

#[actix_web::test]
async fn esignets_refusal_is_the_answer_and_nothing_is_stored() {
    let clients = Clients::start().await;
    clients.created().await;
    let refused_there = with(change(), "redirectUris", json!(["not an address"]));

    let reply = clients.update(&owner(), refused_there).await;
    clients.esignet.fail(Fault::Status(500));
    let away = clients.update(&owner(), change()).await;

    assert_eq!(
        reply.timeless(),
        refused(
            "invalid_redirect_uri",
            "request.redirectUris[0]: invalid_redirect_uri"
        )
    );
    let text = "Unable to process the request.PMS_KKS_001 --> Error while accessing the API.Please check the logs.";
    assert_eq!(away.timeless(), refused("PMS_PRT_500", text));
    assert_eq!(clients.column("upd_by"), None);
    let failed = ("PMS_PRT_305", CLIENT_ID, "clientID");
    clients.stage.assert_audits(&[failed, failed]);
    assert_eq!(clients.topics(), [""; 0]);
}

#[actix_web::test]
async fn claims_that_esignet_does_not_know_any_more_are_left_out() {
    let clients = Clients::of(Release::Strict).await;
    clients.created().await;
    clients
        .stage
        .sql("UPDATE oidc_client SET claims = 'name,individual_id,name'");
    clients.esignet.support_claims(&["name"]);
    clients.documents.support_claims(&["name"]);

    let reply = clients.update(&owner(), change()).await;

    assert_eq!(reply.timeless(), state("ACTIVE"));
    assert_eq!(
        clients.esignet.clients()[0].client["userClaims"],
        json!(["name"])
    );
    // What the policy gave is still known.
    assert_eq!(
        clients.column("claims").as_deref(),
        Some("name,individual_id,name")
    );
}

#[actix_web::test]
async fn broken_rules_of_fields_are_reported() {
    let clients = Clients::start().await;
    clients.created().await;
    for (field, value, path, rule) in [
        ("logoUri", json!(null), "logoUri", "must not be blank"),
        (
            "redirectUris",
            json!([" "]),
            "redirectUris[0]",
            "must not be blank",
        ),
        (
            "redirectUris",
            json!([null]),
            "redirectUris[0]",
            "must not be blank",
        ),
        (
            "status",
            json!("ENDED"),
            "status",
            "must match \"(ACTIVE)|(INACTIVE)\"",
        ),
        ("status", json!(null), "status", "must not be blank"),
        (
            "grantTypes",
            json!([]),
            "grantTypes",
            "size must be between 1 and 3",
        ),
        ("clientName", json!(""), "clientName", "must not be blank"),
        (
            "clientAuthMethods",
            json!(null),
            "clientAuthMethods",
            "must not be null",
        ),
        (
            "clientNameLangMap",
            json!({ "en": "x" }),
            "clientNameLangMap[en]",
            "size must be between 3 and 3",
        ),
        (
            "clientName",
            json!("x".repeat(250)),
            "clientNameLangMap",
            "size must be between 0 and 256",
        ),
        (
            "clientName",
            json!("<b>Bank"),
            "clientName",
            "must not contain < or >",
        ),
        (
            "clientNameLangMap",
            json!({ "eng": "Bank>" }),
            "clientNameLangMap[eng]",
            "must not contain < or >",
        ),
    ] {
        let reply = clients.update(&owner(), with(change(), field, value)).await;
        assert_eq!(
            (reply.status, reply.timeless()),
            (400, violation(rule, path)),
            "{field}"
        );
    }
    let long = with(change(), "clientName", json!("x".repeat(257)));
    let path = format!("/oidc/client/{CLIENT_ID}");
    let reply = clients.stage.send(&owner(), "PUT", &path, long).await;
    let expected = violation("size must be between 0 and 256", "clientName");
    assert_eq!(reply.timeless(), expected);
    assert_eq!(clients.update(&Who::Nobody, change()).await.status, 401);
}

#[actix_web::test]
async fn calls_that_change_one_client_follow_each_other() {
    let clients = Clients::start().await;
    clients.created().await;

    let named = (0..8).map(|number| with(change(), "clientName", json!(format!("Bank {number}"))));
    let who = owner();
    let calls: Vec<_> = named.map(|request| clients.update(&who, request)).collect();
    let replies = futures_util::future::join_all(calls).await;

    for reply in replies {
        assert_eq!((reply.status, reply.timeless()), (200, state("ACTIVE")));
    }
    // Each once, and what is stored is what eSignet has.
    assert_eq!(clients.requests().len(), 1 + 8);
    let held = clients.esignet.clients()[0].client["clientName"].clone();
    let stored: Value = serde_json::from_str(&clients.column("name").unwrap()).unwrap();
    assert_eq!(stored["@none"], held);
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_eq!(clients.stage.app.database.queued("oidc-client").len(), 0);
}

#[actix_web::test]
async fn a_call_behind_the_end_of_the_client_is_refused_and_esignet_is_not_asked() {
    let clients = Clients::start().await;
    clients.created().await;
    let who = owner();

    let end = clients.update(&who, with(change(), "status", json!("INACTIVE")));
    let other = clients.update(&who, with(change(), "status", json!("INACTIVE")));
    let (one, other) = futures_util::future::join(end, other).await;

    let mut codes = [one, other].map(|reply| match reply.json()["response"].is_null() {
        true => reply.error().0,
        false => reply.response()["status"].as_str().unwrap().to_owned(),
    });
    codes.sort();
    assert_eq!(codes, ["INACTIVE", "PMS_ESI_008"]);
    assert_eq!(clients.requests().len(), 2);
}

#[actix_web::test]
async fn a_lost_answer_holds_up_no_later_call() {
    let clients = Clients::with(Release::Newer, |builder| {
        builder.setting("esignet.timeout_ms", "20000")
    })
    .await;
    clients.created().await;
    clients.esignet.fail(Fault::Status(500));
    let lost = clients.update(&owner(), change()).await;
    assert_eq!(lost.error().0, "PMS_PRT_500");
    clients.esignet.recover();

    let who = owner();
    let again = clients.update(&who, change());
    let again = tokio::time::timeout(std::time::Duration::from_secs(10), again).await;

    assert_eq!(again.unwrap().timeless(), state("ACTIVE"));
    // It is not known whether eSignet takes the first one yet.
    let kinds = "SELECT string_agg(kind, ',') FROM oidc_client_intent";
    assert_eq!(clients.stage.text(kinds).as_deref(), Some("lost"));
}
