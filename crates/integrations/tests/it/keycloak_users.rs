//! Users that are made through Keycloak's admin API.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, web};
use pms_integrations::KeycloakUsers;
use pms_integrations::keycloak_users::{Attributes, NewUser, UserError};
use pms_testkit::logs;
use pms_testkit::peers::{Behaviour, IdentityPeer, RecordingPeer};
use pms_testkit::waiting::eventually;
use secrecy::SecretString;
use serde_json::json;

use crate::stage::{client, token};

/// A realm that makes users and gives nobody a role. It writes down what it is
/// asked.
fn realm_without_mappings() -> (actix_test::TestServer, Arc<Mutex<Vec<String>>>) {
    let requests = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&requests);
    let answer = move |request: HttpRequest| {
        let call = format!("{} {}", request.method(), request.path());
        log.lock().unwrap().push(call.clone());
        let answer = match call.as_str() {
            "GET /realm/roles/AUTH_PARTNER" => {
                HttpResponse::Ok().json(json!({ "id": "r", "name": "AUTH_PARTNER" }))
            }
            "POST /realm/users" => HttpResponse::Created().finish(),
            "GET /realm/users" => HttpResponse::Ok().json(json!([
                { "id": "other", "username": "benjamin" },
                { "id": "7", "username": "ben" },
            ])),
            "DELETE /realm/users/7" => HttpResponse::NoContent().finish(),
            _ => HttpResponse::InternalServerError().finish(),
        };
        async { answer }
    };
    let server =
        actix_test::start(move || App::new().default_service(web::route().to(answer.clone())));
    (server, requests)
}

fn ben() -> NewUser {
    NewUser {
        username: "Ben".to_owned(),
        first_name: None,
        email: "ben@example.org".to_owned(),
        enabled: true,
        attributes: Attributes {
            mobile: ["700".to_owned()],
            organization_name: None,
            partner_id: None,
        },
        credentials: vec![SecretString::from("secret").into()],
    }
}

#[actix_web::test]
async fn a_user_who_can_not_be_given_the_role_is_removed_again() {
    let (realm, requests) = realm_without_mappings();
    let identity = IdentityPeer::start();
    let account = token(&identity.token_endpoint());
    let users = KeycloakUsers::new(&client(), realm.url("/realm/"), account, None);

    let failed = users.register(&ben(), "AUTH_PARTNER").await;

    let expected = UserError::Refused {
        what: "giving a role",
        status: 500,
        explained: false,
    };
    assert_eq!(failed, Err(expected));
    assert_eq!(
        *requests.lock().unwrap(),
        [
            "GET /realm/roles/AUTH_PARTNER",
            "POST /realm/users",
            "GET /realm/users",
            "POST /realm/users/7/role-mappings/realm",
            "DELETE /realm/users/7",
        ]
    );
}

#[actix_web::test]
async fn no_user_is_made_for_a_role_with_another_name_than_the_wanted_one() {
    let (realm, requests) = realm_without_mappings();
    let identity = IdentityPeer::start();
    let account = token(&identity.token_endpoint());
    let users = KeycloakUsers::new(&client(), realm.url("/realm"), account, None);

    // A segment that names the list of roles instead of one of them.
    let failed = users.register(&ben(), "..").await;

    assert!(failed.is_err());
    assert!(
        !requests
            .lock()
            .unwrap()
            .iter()
            .any(|call| call.contains("users"))
    );
}

#[actix_web::test]
async fn a_failed_call_as_administrator_is_a_warning_that_names_the_operation() {
    let realm = RecordingPeer::start(Behaviour::Answer(403, "{}".to_owned()));
    let identity = IdentityPeer::start();
    let account = token(&identity.token_endpoint());
    // An address where no server listens.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap().to_string();
    drop(listener);
    let admin = token(&format!("http://{nobody}/token"));
    let users = KeycloakUsers::new(&client(), realm.url(), account, Some(admin));
    logs::watch(std::slice::from_ref(&nobody));

    for _ in 0..3 {
        let refused = users.exists("ben").await.unwrap_err();
        assert!(matches!(refused, UserError::Refused { status: 403, .. }));
    }
    users.register(&ben(), "AUTH_PARTNER").await.unwrap_err();

    let holding = |what: &str| {
        let mut lines = logs::holding(std::slice::from_ref(&nobody));
        lines.retain(|line| line.contains(what));
        lines
    };
    for what in ["looking up a user", "looking up a role"] {
        let lines = holding(&format!("what=\"{what}\""));
        assert_eq!(lines.len(), 1, "{lines:#?}");
        assert!(lines[0].contains(" WARN "), "{}", lines[0]);
    }
    let counted = || holding(" lines=2");
    eventually("the other two are counted", async || counted().len() == 1).await;
    assert!(counted()[0].contains(" WARN ") && counted()[0].contains("looking up a user: "));
}
