//! A client is created: what is stored, what eSignet gets, what relying modules hear.

use pms_testkit::Who;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, MODULUS, POLICY, other_key, owner, request, rsa_key, with};
use crate::support::{BASE, plain, refused};

fn created() -> Value {
    plain(&json!({ "clientId": CLIENT_ID, "status": "ACTIVE" }))
}

#[actix_web::test]
async fn a_client_with_names_in_several_languages_is_stored_sent_to_esignet_and_published() {
    let clients = Clients::start().await;

    let reply = clients.create(&owner(), request()).await;

    assert_eq!((reply.status, reply.timeless()), (200, created()));
    let row = clients.stage.rows("SELECT * FROM oidc_client");
    let mut row = row[0].clone();
    let key: Value = serde_json::from_str(row["public_key"].as_str().unwrap()).unwrap();
    assert_eq!(key, rsa_key());
    row["public_key"] = json!("<key>");
    assert_eq!(
        row,
        json!({
            "id": CLIENT_ID,
            "name": r#"{"eng":"Bank","fra":"Banque","@none":"Bank"}"#,
            "rp_id": "acme",
            "policy_id": "p-1",
            "logo_uri": "https://acme.example/logo.png",
            "redirect_uris": "https://acme.example/back,acme.app://back",
            "claims": "name,gender",
            "acr_values": "mosip:idp:acr:generated-code,mosip:idp:acr:biometrics",
            "public_key": "<key>",
            "grant_types": "authorization_code",
            "auth_methods": "private_key_jwt",
            "status": "ACTIVE",
            "cr_by": "acme",
            "cr_dtimes": "2026-11-24T10:00:00",
            "upd_by": null,
            "upd_dtimes": null,
            "is_deleted": false,
            "del_dtimes": null,
        })
    );
    let requested = clients.requests();
    assert_eq!(
        requested,
        [(
            "POST".to_owned(),
            "/oauth-client".to_owned(),
            json!({
                "clientId": CLIENT_ID,
                "clientName": "Bank",
                "publicKey": rsa_key(),
                "relyingPartyId": "acme",
                "userClaims": ["name", "gender"],
                "authContextRefs": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                "logoUri": "https://acme.example/logo.png",
                "redirectUris": ["https://acme.example/back", "acme.app://back"],
                "grantTypes": ["authorization_code"],
                "clientAuthMethods": ["private_key_jwt"],
                "clientNameLangMap": { "eng": "Bank", "fra": "Banque" },
            })
        )]
    );
    clients
        .stage
        .assert_audits(&[("PMS_PRT_301", CLIENT_ID, "clientID")]);
    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn newer_onboarding_clients_post_the_same_body_to_an_address_of_their_own() {
    let clients = Clients::start().await;

    let reply = clients
        .stage
        .send(&owner(), "POST", "/oidc-clients", request())
        .await;
    let again = clients.create(&owner(), request()).await;

    assert_eq!((reply.status, reply.timeless()), (200, created()));
    let taken = refused("PMS_ESI_001", "Client public key already exists.");
    assert_eq!(again.timeless(), taken);
}

#[actix_web::test]
async fn relying_modules_hear_of_a_client_with_its_partner_and_its_policy() {
    let clients = Clients::start().await;

    clients.create(&owner(), request()).await.response();

    let events = clients.stage.app.events();
    assert_eq!(events.len(), 1);
    let (topic, envelope) = &events[0];
    assert_eq!(topic, "OIDC_CLIENT_CREATED");
    assert_eq!(envelope["publisher"], "PartnerManagementServiceImpl");
    let policy: Value = serde_json::from_str(POLICY).unwrap();
    assert_eq!(
        envelope["event"]["data"],
        json!({
            "partnerData": {
                "partnerId": "acme",
                "partnerName": "Org acme",
                "certificateData": "PEM 1",
                "partnerStatus": "ACTIVE",
            },
            "policyData": {
                "policyId": "p-1",
                "policy": policy,
                "policyName": "Policy One",
                "policyStatus": "ACTIVE",
                "policyDescription": "About Policy One",
                "policyCommenceOn": "2026-01-01T00:00:00.000Z",
                "policyExpiresOn": "2030-01-01T00:00:00.000Z",
            },
            "clientData": {
                "clientId": CLIENT_ID,
                "clientName": r#"{"eng":"Bank","fra":"Banque","@none":"Bank"}"#,
                "clientStatus": "ACTIVE",
                "userClaims": ["name", "gender"],
                "authContextRefs": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                "clientAuthMethods": ["private_key_jwt"],
            },
        })
    );
    let order = "SELECT order_key FROM outbox WHERE lane = 'event'";
    assert_eq!(clients.stage.text(order).as_deref(), Some("acme"));
}

#[actix_web::test]
async fn the_older_form_has_one_name_and_its_own_address_at_esignet() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = Clients::of(release).await;

        // The names belong to the other form.
        let reply = clients.create_older(&Who::admin(), request()).await;

        assert_eq!(reply.timeless(), created());
        assert_eq!(clients.column("name").as_deref(), Some("Bank"));
        assert_eq!(clients.column("cr_by").as_deref(), Some("admin"));
        let (method, path, requested) = clients.requests().remove(0);
        assert_eq!((method.as_str(), path.as_str()), ("POST", "/oidc-client"));
        assert_eq!(requested.get("clientNameLangMap"), None);
        clients
            .stage
            .assert_audits(&[("PMS_PRT_300", "Bank", "clientID")]);
        let reported = &clients.stage.app.events()[0].1["event"]["data"]["clientData"];
        assert_eq!(reported["clientName"], "Bank");
    }
}

#[actix_web::test]
async fn the_body_of_the_onboarding_client_passes_in_both_generations() {
    for release in [Release::Older, Release::Strict] {
        let clients = Clients::of(release).await;
        let body = format!(
            r#"{{"requestTime":"2026-11-24T10:00:00.000Z","request":{{
              "name":"Health service OIDC Client",
              "publicKey":{{"kty":"RSA","e":"AQAB","use":"sig","kid":"","alg":"RS256","n":"{MODULUS}"}},
              "policyId":"p-1","authPartnerId":"acme","logoUri":"https://acme.example/a%20logo.png",
              "redirectUris":["https://acme.example/resident/v1/login-redirect/**",
                "io.mosip.residentapp.inji:\/\/oauthredirect"],
              "grantTypes":["authorization_code"],"clientAuthMethods":["private_key_jwt"]}}}}"#
        );

        let path = format!("{BASE}/oidc/client");
        let reply = clients
            .stage
            .app
            .send(&Who::admin(), "POST", &path, Some(body))
            .await;

        assert_eq!(reply.timeless(), created(), "{release:?}");
        assert_eq!(
            clients.column("redirect_uris").as_deref(),
            Some(
                "https://acme.example/resident/v1/login-redirect/**,io.mosip.residentapp.inji://oauthredirect"
            )
        );
        // Verifiers look for a key by its id.
        let key = &clients.requests()[0].2["publicKey"];
        assert_eq!(key["kid"].as_str().map(str::len), Some(43));
    }
}

#[actix_web::test]
async fn nulls_and_members_of_other_systems_are_as_if_they_were_not_there() {
    let clients = Clients::of(Release::Strict).await;
    let mut request = request();
    request["additionalConfig"] = json!({ "userinfo_response_type": "JWE" });
    request["encPublicKey"] = json!(null);
    request["publicKey"]["x-own"] = json!(["a"]);
    request["publicKey"]["key_ops"] = json!(["verify"]);
    request["publicKey"]["iat"] = json!(1_700_000_000);
    request["redirectUris"] = json!(["https://a.example", "https://a.example"]);
    let body = json!({ "id": null, "version": null, "requestTime": NOON, "metadata": null, "request": request });

    let reply = clients
        .stage
        .app
        .post(&owner(), &format!("{BASE}/oauth/client"), &body)
        .await;

    assert_eq!(reply.timeless(), created());
    assert_eq!(clients.requests()[0].2["publicKey"], rsa_key());
    assert_eq!(
        clients.column("redirect_uris").as_deref(),
        Some("https://a.example")
    );
}

const NOON: &str = "2026-11-24T12:00:00.000Z";

#[actix_web::test]
async fn claims_and_acr_values_follow_from_the_policy_and_the_mappings() {
    let clients = Clients::of(Release::Strict).await;
    // eSignet lists a claim twice.
    clients
        .documents
        .support_claims(&["gender", "name", "gender", "email"]);

    clients.create(&owner(), request()).await.response();

    assert_eq!(clients.column("claims").as_deref(), Some("name,gender"));
}

#[actix_web::test]
async fn an_approved_request_counts_though_an_earlier_one_was_rejected() {
    let clients = Clients::start().await;
    clients
        .stage
        .sql("UPDATE partner_policy_request SET status_code = 'rejected'");
    clients.stage.mapping("m-2", "acme", "p-1", "approved");

    clients.create(&owner(), request()).await.response();
    let again = clients
        .create(&owner(), with(request(), "publicKey", other_key(1)))
        .await;

    assert_eq!(again.response()["status"], "ACTIVE");
    assert_eq!(clients.count("oidc_client"), "2");
}
