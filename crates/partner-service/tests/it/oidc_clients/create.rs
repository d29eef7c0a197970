//! A client is created: what is stored, what eSignet gets, what relying modules hear.

use pms_testkit::Who;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{
    CLIENT_ID, Clients, MODULUS, POLICY, other_key, owner, request, rsa_key, with, without,
};
use crate::support::{BASE, plain};

fn created() -> Value {
    plain(&json!({ "clientId": CLIENT_ID, "status": "ACTIVE" }))
}

#[actix_web::test]
async fn a_client_with_names_in_several_languages_is_stored_and_told_to_all() {
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
    let asked = clients.asked();
    assert_eq!(
        asked,
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
        .assert_audits(&[("PMS_PRT_301", "Bank", CLIENT_ID)]);
    assert_eq!(clients.count("oidc_client_intent"), "0");
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
        let (method, path, asked) = clients.asked().remove(0);
        assert_eq!((method.as_str(), path.as_str()), ("POST", "/oidc-client"));
        assert_eq!(asked.get("clientNameLangMap"), None);
        clients
            .stage
            .assert_audits(&[("PMS_PRT_300", "Bank", "clientID")]);
        let told = &clients.stage.app.events()[0].1["event"]["data"]["clientData"];
        assert_eq!(told["clientName"], "Bank");
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
        let key = &clients.asked()[0].2["publicKey"];
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
    assert_eq!(clients.asked()[0].2["publicKey"], rsa_key());
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

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let clients = Clients::start().await;
    let stage = &clients.stage;
    let failed = ("PMS_PRT_302", "Bank", CLIENT_ID);
    let code = async |who: &Who| {
        let reply = clients.create(who, request()).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        reply.error()
    };
    let is = |(code, message): (&str, &str)| (code.to_owned(), message.to_owned());
    stage.sql(
        "UPDATE partner SET is_active = false, partner_type_code = 'Device_Provider';
         UPDATE auth_policy SET policy_type = 'DataShare' WHERE id = 'p-1';
         DELETE FROM partner_policy_request",
    );
    let stranger = Who::user("stranger", &[]);

    assert_eq!(
        code(&stranger).await,
        is(("PMS_CERTIFICATE_ERROR_002", "User Id does not exists."))
    );
    stage.sql(
        "INSERT INTO partner (id, name, user_id, partner_type_code, approval_status, is_active,
           cr_by, cr_dtimes) VALUES ('other', 'Other', 'stranger', 'Auth_Partner', 'approved',
           true, 'u', now())",
    );
    let foreign =
        "The given partner ID does not belong to the user.So unable to create OIDC client";
    assert_eq!(code(&stranger).await, is(("PMS_POLICY_ERROR_009", foreign)));
    let unknown = with(request(), "authPartnerId", json!("nobody"));
    assert_eq!(
        clients.create(&Who::admin(), unknown).await.error(),
        is((
            "PMS_PRT_058",
            "AuthPartner doesn't exists with this Id - nobody."
        ))
    );
    let kind = "Only Auth_partner can Create OIDC Client. Device_Provider is not allowed to create OIDC Client.";
    assert_eq!(code(&owner()).await, is(("PMS_PRT_059", kind)));
    stage.sql("UPDATE partner SET partner_type_code = 'Auth_Partner' WHERE id = 'acme'");
    assert_eq!(
        code(&owner()).await,
        is(("PMS_PMP_016", "Partner is not active."))
    );
    stage.sql("UPDATE partner SET is_active = true");
    let no_policy = with(request(), "policyId", json!("p-0"));
    assert_eq!(
        clients.create(&owner(), no_policy).await.error(),
        is(("PMS_PRT_073", "Policy not exists."))
    );
    let other_kind = "Policy Type Mismatch. Only Auth policy can be used to create OIDC Client.";
    assert_eq!(code(&owner()).await, is(("PMS_PRT_057", other_kind)));
    stage.sql("UPDATE auth_policy SET policy_type = 'Auth' WHERE id = 'p-1'");
    assert_eq!(
        code(&owner()).await,
        is(("PMS_PRT_061", "Partner policy mapping not exists."))
    );
    stage.mapping("m-3", "acme", "p-1", "InProgress");
    let open = "Partner policy mapping is not approved. Please check mapping status.";
    assert_eq!(code(&owner()).await, is(("PMS_ESI_002", open)));

    let expected = vec![failed; 9];
    stage.assert_audits(&expected);
    assert_eq!(clients.asked(), []);
    assert_eq!(clients.topics(), [""; 0]);
}

#[actix_web::test]
async fn a_policy_must_give_claims_and_acr_values_and_force_nothing() {
    let clients = Clients::start().await;
    let with_policy = async |document: &str| {
        clients.stage.forget();
        clients.stage.sql(&format!(
            "UPDATE auth_policy SET policy_file_id = '{document}' WHERE id = 'p-1'"
        ));
        let reply = clients.create(&owner(), request()).await;
        (reply.error(), clients.stage.audits())
    };
    let is = |code: &str, message: &str| (code.to_owned(), message.to_owned());
    let record = vec![(
        "PMS_PRT_302".to_owned(),
        "NO_ID".to_owned(),
        "NO_ID_TYPE".to_owned(),
    )];

    let nothing = r#"{"allowedAuthTypes":[],"allowedKycAttributes":[]}"#;
    assert_eq!(
        with_policy(nothing).await,
        (
            is("PMS_ESI_005", "Partner has no user claims"),
            record.clone()
        )
    );
    let forced = r#"{"allowedAuthTypes":[{"authType":"otp","mandatory":true}],"allowedKycAttributes":[{"attributeName":"fullName"}]}"#;
    let message = "Policy having mandatory auths. So client can't be created for the same.";
    assert_eq!(
        with_policy(forced).await,
        (is("PMS_ESI_003", message), vec![])
    );
    let no_acr = r#"{"allowedAuthTypes":[{"authType":"demo"}],"allowedKycAttributes":[{"attributeName":"fullName"}]}"#;
    assert_eq!(
        with_policy(no_acr).await,
        (
            is(
                "PMS_ESI_006",
                "Partner has no Authentication Context Refrences"
            ),
            record
        )
    );
    assert_eq!(clients.asked(), []);
}

#[actix_web::test]
async fn a_partner_without_certificate_gets_no_client_at_esignet_either() {
    let clients = Clients::start().await;
    clients
        .stage
        .sql("UPDATE partner SET certificate_alias = NULL");
    let none = clients.create(&owner(), request()).await;
    clients
        .stage
        .sql("UPDATE partner SET certificate_alias = 'cert-0'");
    let unknown = clients.create(&owner(), request()).await;

    assert_eq!(none.error().0, "PMS_KKS_001");
    assert_eq!(unknown.error().0, "KER-PCM-012");
    assert_eq!(clients.asked(), []);
    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn broken_rules_of_fields_are_told_one_at_a_time() {
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

#[actix_web::test]
async fn a_deployment_without_clients_says_so_in_the_older_envelope_everywhere() {
    let clients = Clients::with(Release::Newer, |builder| {
        builder.setting("features.oidc_clients", "false")
    })
    .await;
    let expected = crate::support::refused(
        "PMS_FEATURE_002",
        "OIDC client related features are not available in the current deployment.",
    );
    let change = super::stage::change();

    for (method, path, body) in [
        ("POST", "/oauth/client", Some(request())),
        ("POST", "/oidc/client", Some(request())),
        ("PUT", "/oauth/client/x", Some(change.clone())),
        ("PUT", "/oidc/client/x", Some(change)),
    ] {
        let reply = clients
            .stage
            .send(&Who::admin(), method, path, body.unwrap())
            .await;
        assert_eq!(reply.timeless(), expected, "{method} {path}");
    }
    for path in [
        "/oauth/client",
        "/oauth/client/x",
        "/oidc/client/x",
        "/oidc-clients/x/diagnosis",
    ] {
        let reply = clients.stage.get(&Who::admin(), path).await;
        assert_eq!(reply.timeless(), expected, "{path}");
    }
    let broken = clients.create(&Who::admin(), json!({})).await;
    assert_eq!(broken.status, 400, "fields come first");
    clients.stage.assert_audits(&[]);
}
