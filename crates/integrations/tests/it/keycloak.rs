//! Names of people from Keycloak's admin API.

use std::time::Duration;

use pms_integrations::{Keycloak, ServiceToken};
use pms_testkit::peers::{Behaviour, Fault, IdentityPeer, KeycloakAdminPeer, RecordingPeer};
use pms_testkit::tokens;
use serde_json::json;

use crate::stage::{client, token};

fn keycloak(peer: &KeycloakAdminPeer, token: ServiceToken) -> Keycloak {
    Keycloak::new(client(), peer.users_url(), token)
}

async fn name_of(keycloak: &Keycloak, usernames: &[&str]) -> Option<(String, String)> {
    let name = keycloak.name_of(usernames).await?;
    Some((name.first_name?, name.last_name?))
}

fn anna() -> Option<(String, String)> {
    Some(("Anna".to_owned(), "Smith".to_owned()))
}

fn given() -> (IdentityPeer, KeycloakAdminPeer) {
    let peer = KeycloakAdminPeer::start();
    peer.add("annabel", "Annabel", "Jones", &["AUTH_PARTNER"]);
    peer.add("anna", "Anna", "Smith", &["AUTH_PARTNER"]);
    (IdentityPeer::start(), peer)
}

#[actix_web::test]
async fn the_first_user_that_exists_has_a_name() {
    let (identity, peer) = given();
    let keycloak = keycloak(&peer, token(&identity.token_endpoint()));

    let exact = name_of(&keycloak, &["Anna"]).await;
    let second = name_of(&keycloak, &["nobody", "", "anna", "annabel"]).await;
    let odd = name_of(&keycloak, &["anna&exact=false", "ann"]).await;

    assert_eq!(exact, anna());
    assert_eq!(second, anna());
    assert_eq!(odd, None);
    let requested: Vec<String> = peer
        .recorded()
        .into_iter()
        .map(|request| request.uri)
        .collect();
    let users = "/auth/admin/realms/mosip/users?username=";
    assert_eq!(requested[0], format!("{users}Anna&exact=true"));
    assert_eq!(requested[1], format!("{users}nobody&exact=true"));
    assert_eq!(
        requested[3],
        format!("{users}anna%26exact%3Dfalse&exact=true")
    );
}

#[actix_web::test]
async fn users_have_no_names_while_keycloak_fails() {
    let (identity, peer) = given();
    let keycloak = keycloak(&peer, token(&identity.token_endpoint()));
    let nonsense = r#"{"users":[]}"#.to_owned();
    for fault in [Fault::Status(500), Fault::Reset, Fault::Body(nonsense)] {
        peer.fail(fault);
        assert_eq!(name_of(&keycloak, &["anna"]).await, None);
    }
    // A client that waited for the answer would have the name.
    peer.fail(Fault::Slow(Duration::from_secs(600)));
    assert_eq!(name_of(&keycloak, &["anna"]).await, None);

    peer.recover();
    assert_eq!(name_of(&keycloak, &["anna"]).await, anna());
    peer.expire_tokens();
    assert_eq!(name_of(&keycloak, &["anna"]).await, anna());
}

#[actix_web::test]
async fn users_have_no_names_when_the_account_may_not_ask() {
    let (_, peer) = given();
    let plain = tokens::sign(&tokens::claims(
        "service",
        &["PARTNER_ADMIN"],
        4_102_444_800,
    ));
    let answer = json!({ "access_token": plain, "expires_in": 300 }).to_string();
    let provider = RecordingPeer::start(Behaviour::Answer(200, answer));
    let keycloak = keycloak(&peer, token(&provider.url()));

    assert_eq!(name_of(&keycloak, &["anna"]).await, None);
    // The roles may have been given meanwhile: the next one asks for a new token.
    assert_eq!(name_of(&keycloak, &["anna"]).await, None);

    assert_eq!(peer.recorded().len(), 2);
    assert_eq!(provider.recorded().len(), 2);
}

#[actix_web::test]
async fn users_have_no_names_without_keycloak() {
    let identity = IdentityPeer::start();
    for url in ["", "http://127.0.0.1:9/users", "no address"] {
        let token = token(&identity.token_endpoint());
        let keycloak = Keycloak::new(client(), url.to_owned(), token);
        assert_eq!(name_of(&keycloak, &["anna"]).await, None, "{url}");
    }
}
