//! Clients that are not created: by the rules of the contract, and in a deployment without clients.

use pms_testkit::Who;
use pms_testkit::peers::esignet::Release;
use serde_json::json;

use super::stage::{CLIENT_ID, Clients, owner, request, with};

#[actix_web::test]
async fn refusals_come_in_the_contracts_order() {
    let clients = Clients::start().await;
    let stage = &clients.stage;
    let failed = ("PMS_PRT_302", CLIENT_ID, "clientID");
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
    assert_eq!(clients.requests(), []);
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
    assert_eq!(clients.requests(), []);
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
    assert_eq!(clients.requests(), []);
    assert_eq!(clients.count("oidc_client_intent"), "0");
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
