//! What keeps a client from working, in plain words.

use pms_testkit::Who;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::{Value, json};

use super::stage::{CLIENT_ID, Clients, owner};

async fn diagnosis(clients: &Clients, who: &Who) -> Value {
    let path = format!("/oidc-clients/{CLIENT_ID}/diagnosis");
    clients.stage.get(who, &path).await.response()
}

fn codes(diagnosis: &Value) -> Vec<String> {
    let problems = diagnosis["problems"].as_array().unwrap().iter();
    problems
        .map(|problem| problem["code"].as_str().unwrap().to_owned())
        .collect()
}

#[actix_web::test]
async fn a_client_is_shown_as_it_is_here_and_at_esignet() {
    let clients = Clients::start().await;
    clients.created().await;

    let found = diagnosis(&clients, &owner()).await;

    assert_eq!(found["clientId"], CLIENT_ID);
    assert_eq!(found["stored"]["relyingPartyId"], "acme");
    assert_eq!(found["stored"]["policyName"], "Policy One");
    assert_eq!(found["esignet"]["answer"], "found");
    assert_eq!(found["esignet"]["client"]["clientName"], "Bank");
    assert_eq!(found["updates"], json!([]));
    // The key manager of the test has no real certificates.
    assert_eq!(codes(&found), ["certificate-unreadable"]);
}

#[actix_web::test]
async fn every_obstacle_is_reported() {
    let clients = Clients::start().await;
    clients.created().await;
    clients.stage.sql(
        "UPDATE partner SET is_active = false, certificate_alias = NULL;
         UPDATE auth_policy SET valid_to_date = '2026-01-01' WHERE id = 'p-1';
         UPDATE partner_policy_request SET status_code = 'rejected';
         UPDATE oidc_client SET status = 'INACTIVE', public_key = '{\"kty\":\"RSA\"}',
           acr_values = 'mosip:idp:acr:unknown', claims = 'name,unknown'",
    );
    let mut conn = clients.stage.app.database.conn();
    pms_database::outbox::writer::client_update(&mut conn, CLIENT_ID).unwrap();

    let found = diagnosis(&clients, &Who::admin()).await;

    assert_eq!(
        codes(&found),
        [
            "client-inactive",
            "partner-inactive",
            "policy-ended",
            "policy-not-approved",
            "key-without-kid",
            "update-not-delivered",
            "certificate-missing",
            "esignet-status",
            "acr-unknown",
            "claim-unknown",
        ]
    );
    assert_eq!(
        found["problems"][7]["text"],
        "The client is INACTIVE here and ACTIVE at eSignet."
    );
    assert_eq!(
        found["problems"][8]["text"],
        "eSignet does not know the ACR value mosip:idp:acr:unknown."
    );
    assert_eq!(found["updates"][0]["status"], "pending");
}

#[actix_web::test]
async fn private_members_of_a_key_are_a_problem_and_not_told() {
    let clients = Clients::start().await;
    let held = json!({
        "clientId": CLIENT_ID, "relyingPartyId": "acme", "status": "ACTIVE",
        "publicKey": { "kty": "RSA", "n": "AQAB", "e": "AQAB", "d": "secret" },
    });
    clients.created().await;
    clients.esignet.forget();
    clients.esignet.put_client(&held);
    clients.stage.sql(
        "UPDATE oidc_client SET public_key =
           (public_key::jsonb || '{\"d\":\"secret\"}')::text",
    );

    let found = diagnosis(&clients, &owner()).await;

    assert!(codes(&found).contains(&"key-private".to_owned()));
    assert_eq!(found["esignet"]["answer"], "found");
    assert!(!found.to_string().contains("secret"), "{found}");
}

#[actix_web::test]
async fn an_esignet_that_tells_nothing_is_no_obstacle_and_one_that_is_away_is() {
    let older = Clients::of(Release::Older).await;
    older.created().await;
    let answer = diagnosis(&older, &owner()).await;
    let text = "This eSignet does not offer to tell a client: there is no such call at \
                esignet.client_read_url. Its record can be seen in its own database alone.";
    assert_eq!(
        answer["esignet"],
        json!({ "answer": "untold", "text": text, "client": null })
    );
    assert!(
        !codes(&answer)
            .iter()
            .any(|code| code.starts_with("esignet"))
    );

    let clients = Clients::start().await;
    clients.created().await;
    clients.esignet.forget();
    let missing = diagnosis(&clients, &owner()).await;
    assert_eq!(missing["esignet"]["answer"], "missing");
    assert!(codes(&missing).contains(&"esignet-missing".to_owned()));
    clients.esignet.fail(Fault::Status(500));
    let away = diagnosis(&clients, &owner()).await;
    assert_eq!(away["esignet"]["answer"], "unreachable");
    assert!(codes(&away).contains(&"esignet-unreachable".to_owned()));
}

#[actix_web::test]
async fn a_client_is_read_once_and_where_the_operator_says() {
    let requests = |clients: &Clients| -> Vec<String> {
        let requests = clients.esignet.recorded().into_iter();
        let read = requests.filter(|request| request.method == "GET");
        read.map(|request| request.uri).collect()
    };
    let usual = Clients::start().await;
    usual.created().await;
    diagnosis(&usual, &owner()).await;
    assert_eq!(
        requests(&usual),
        [format!("/v1/esignet/client-mgmt/client/{CLIENT_ID}")]
    );

    let elsewhere = pms_testkit::peers::EsignetPeer::start();
    let url = format!("{}/told/here", elsewhere.url().trim_end_matches('/'));
    let clients = Clients::with(Release::Newer, |builder| {
        builder.setting("esignet.client_read_url", &url)
    })
    .await;
    clients.created().await;
    let answer = diagnosis(&clients, &owner()).await;
    assert_eq!(answer["esignet"]["answer"], "untold");
    assert_eq!(requests(&clients), [""; 0]);
    let path = format!("/told/here/{CLIENT_ID}");
    assert_eq!(elsewhere.recorded()[0].uri, path);
}

#[actix_web::test]
async fn unknown_clients_and_those_of_others_are_refused() {
    let clients = Clients::start().await;
    clients.created().await;
    let path = format!("/oidc-clients/{CLIENT_ID}/diagnosis");
    let stranger = Who::user("stranger", &["AUTH_PARTNER"]);

    let unknown = clients
        .stage
        .get(&owner(), "/oidc-clients/unknown/diagnosis")
        .await;
    let foreign = clients.stage.get(&stranger, &path).await;

    assert_eq!(unknown.error().0, "PMS_ESI_004");
    assert_eq!(foreign.error().0, "PMS_CERTIFICATE_ERROR_002");
    assert_eq!(clients.stage.get(&Who::Nobody, &path).await.status, 401);
}
