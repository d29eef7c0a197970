//! A client is read.

use pms_testkit::Who;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, owner, rsa_key};
use crate::support::{plain, refused};

#[actix_web::test]
async fn a_client_is_read_by_its_owner_and_by_administrators_in_both_forms() {
    let clients = Clients::start().await;
    clients.created().await;
    clients
        .stage
        .sql("UPDATE oidc_client SET status = 'INACTIVE'");

    for who in [owner(), Who::user("ACME", &[]), Who::admin()] {
        for form in ["oauth", "oidc"] {
            let path = format!("/{form}/client/{CLIENT_ID}");
            let reply = clients.stage.get(&who, &path).await;
            let mut body = reply.timeless();
            let key = body["response"]["publicKey"].as_str().unwrap();
            let key: Value = serde_json::from_str(key).unwrap();
            assert_eq!(key, rsa_key());
            body["response"]["publicKey"] = json!("<key>");
            assert_eq!(
                body,
                plain(&json!({
                    "id": CLIENT_ID,
                    "name": r#"{"eng":"Bank","fra":"Banque","@none":"Bank"}"#,
                    "policyId": "p-1",
                    "policyName": "Policy One",
                    "relyingPartyId": "acme",
                    "logoUri": "https://acme.example/logo.png",
                    "redirectUris": ["https://acme.example/back", "acme.app://back"],
                    "publicKey": "<key>",
                    "claims": ["name", "gender"],
                    "acrValues": ["mosip:idp:acr:generated-code", "mosip:idp:acr:biometrics"],
                    "status": "INACTIVE",
                    "grantTypes": ["authorization_code"],
                    "clientAuthMethods": ["private_key_jwt"],
                }))
            );
        }
    }
    clients.stage.assert_audits(&[]);
    clients
        .stage
        .sql("UPDATE oidc_client SET policy_id = 'gone'");
    let path = format!("/oauth/client/{CLIENT_ID}");
    let gone = clients.stage.get(&owner(), &path).await.response();
    assert_eq!(gone["policyName"], "");
}

#[actix_web::test]
async fn private_members_of_a_stored_key_are_not_told() {
    let clients = Clients::start().await;
    clients.created().await;
    clients.stage.sql(
        "UPDATE oidc_client SET public_key =
           (public_key::jsonb || '{\"d\":\"secret\",\"p\":\"secret\"}')::text",
    );

    for form in ["oauth", "oidc"] {
        let path = format!("/{form}/client/{CLIENT_ID}");
        let found = clients.stage.get(&owner(), &path).await.response();
        let key: Value = serde_json::from_str(found["publicKey"].as_str().unwrap()).unwrap();
        assert_eq!(key, rsa_key());
    }
    // The row stays.
    assert!(clients.column("public_key").unwrap().contains("secret"));
}

#[actix_web::test]
async fn unknown_clients_and_those_of_others_are_refused() {
    let clients = Clients::start().await;
    clients.created().await;
    let stranger = Who::user("stranger", &[]);
    let path = format!("/oauth/client/{CLIENT_ID}");
    let get = async |who: &Who, path: &str| clients.stage.get(who, path).await;

    assert_eq!(
        get(&stranger, "/oauth/client/no%20id").await.timeless(),
        refused("PMS_ESI_004", "Client not exists with given id.")
    );
    assert_eq!(
        get(&stranger, &path).await.timeless(),
        refused("PMS_CERTIFICATE_ERROR_002", "User Id does not exists.")
    );
    clients.stage.sql(
        "INSERT INTO partner (id, name, user_id, partner_type_code, approval_status, is_active,
           cr_by, cr_dtimes) VALUES ('other', 'Other', 'stranger', 'Auth_Partner', 'approved',
           true, 'u', now())",
    );
    let foreign =
        "The given partner ID does not belong to the user.So unable to get OIDC client details";
    assert_eq!(
        get(&stranger, &path).await.timeless(),
        refused("PMS_POLICY_ERROR_011", foreign)
    );
    assert_eq!(get(&Who::Nobody, &path).await.status, 401);
    let record = ("PMS_PRT_306", "NO_ID", "NO_ID_TYPE");
    clients.stage.assert_audits(&[record, record]);
}
