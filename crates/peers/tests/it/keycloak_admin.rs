//! Users and roles of the realm.

use pms_peers::keycloak_admin::{KeycloakAdmin, NewUser, PATH};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::keycloak_tokens::{keycloak, login};
use crate::running::{Running, read, status};

/// The realm, and a token of its admin.
struct Realm {
    running: Running<KeycloakAdmin>,
    token: String,
}

impl Realm {
    async fn start() -> Self {
        let running = keycloak();
        let tokens = login(&running).await;
        let token = tokens["access_token"].as_str().unwrap().to_owned();
        Self { running, token }
    }

    fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        let path = format!("/auth{PATH}{path}");
        self.running.open(method, &path).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        read(self.ask(Method::GET, path)).await
    }

    async fn create(&self, user: &Value) -> (StatusCode, Value) {
        read(self.ask(Method::POST, "/users").json(user)).await
    }

    async fn map(&self, id: &str, roles: &Value) -> (StatusCode, Value) {
        let path = format!("/users/{id}/role-mappings/realm");
        read(self.ask(Method::POST, &path).json(roles)).await
    }

    fn add(&self, username: &str, roles: &[&str]) -> String {
        let reported = NewUser {
            username: Some(username.to_owned()),
            ..NewUser::default()
        };
        let keycloak = self.running.stand_in.work();
        keycloak
            .add_user(reported, roles, self.running.clock.now())
            .id
    }
}

fn names(users: &Value) -> Vec<&str> {
    let users = users.as_array().unwrap().iter();
    users
        .map(|user| user["username"].as_str().unwrap())
        .collect()
}

fn said(status: StatusCode, member: &str, text: &str) -> (StatusCode, Value) {
    (status, json!({ member: text }))
}

#[actix_web::test]
async fn a_user_is_made_and_given_a_role() {
    let realm = Realm::start().await;
    let user = json!({
        "username": "Acme-User", "firstName": "Acme", "email": "Info@Acme.org",
        "attributes": { "mobile": ["700"], "organizationName": [null] },
        "credentials": [{ "value": "secret", "type": "password" }],
        "realmRoles": ["AUTH_PARTNER"], "enabled": true,
    });

    let response = realm.ask(Method::POST, "/users").json(&user).send().await;
    let response = response.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(response.text().await.unwrap(), "");
    let (_, found) = realm.get("/users?username=Acme-User").await;
    let id = found[0]["id"].as_str().unwrap();
    let (_, role) = realm.get("/roles/AUTH_PARTNER").await;
    let mapped = realm
        .map(id, &json!([{ "id": role["id"], "name": role["name"] }]))
        .await;

    let users_url = realm.running.url(&format!("/auth{PATH}/users"));
    assert_eq!(location, format!("{users_url}/{id}"));
    assert_eq!(mapped, (StatusCode::NO_CONTENT, json!("")));
    let expected = json!({
        "id": id, "createdTimestamp": realm.running.clock.now().timestamp_millis(),
        "username": "acme-user", "enabled": true, "totp": false, "emailVerified": false,
        "firstName": "Acme", "email": "info@acme.org", "attributes": { "mobile": ["700"] },
        "disableableCredentialTypes": [], "requiredActions": [], "notBefore": 0,
    });
    assert_eq!(realm.get(&format!("/users/{id}")).await.1, expected);
    let path = format!("/users/{id}/role-mappings/realm");
    let (_, roles) = realm.get(&path).await;
    assert_eq!(roles[0]["name"], "default-roles-mosip");
    assert_eq!(roles[1], role);
    let (_, of_role) = realm.get("/roles/AUTH_PARTNER/users?max=-1").await;
    assert_eq!(of_role, json!([expected]));
    let kept = &realm.running.stand_in.work().users()[0];
    let credentials = kept.submitted.credentials.as_ref().unwrap();
    assert_eq!(credentials[0].value.as_deref(), Some("secret"));
    let removed = read(realm.ask(Method::DELETE, &format!("/users/{id}"))).await;
    assert_eq!(removed, (StatusCode::NO_CONTENT, json!("")));
    assert!(realm.running.stand_in.work().users().is_empty());
}

#[actix_web::test]
async fn users_are_searched_by_name() {
    let realm = Realm::start().await;
    for name in ["bert", "Anna", "annabel"] {
        realm.add(name, &["AUTH_PARTNER"]);
    }

    for (query, expected) in [
        ("", vec!["anna", "annabel", "bert"]),
        ("?username=ANN", vec!["anna", "annabel"]),
        ("?username=ann&exact=true", vec![]),
        ("?username=ANNA&exact=true", vec!["anna"]),
        ("?username=anna&exact=false", vec!["anna", "annabel"]),
        ("?first=1&max=1", vec!["annabel"]),
        ("?first=1&max=-1", vec!["annabel", "bert"]),
        ("?username=a%26b", vec![]),
    ] {
        let (_, users) = realm.get(&format!("/users{query}")).await;
        assert_eq!(names(&users), expected, "{query}");
    }
    let (_, users) = realm.get("/roles/AUTH_PARTNER/users?first=1").await;
    assert_eq!(names(&users), ["anna", "annabel"]);
}

#[actix_web::test]
async fn no_user_is_made_twice() {
    let realm = Realm::start().await;
    let anna = json!({ "username": "anna", "email": "a@b.c" });
    assert_eq!(realm.create(&anna).await.0, StatusCode::CREATED);

    let name = realm.create(&json!({ "username": "ANNA" })).await;
    let email = json!({ "username": "other", "email": "A@B.c" });
    let email = realm.create(&email).await;
    let none = realm.create(&json!({ "email": "x@y.z" })).await;
    let unreadable = realm.create(&json!({ "username": 7 })).await;

    let conflict = |text| said(StatusCode::CONFLICT, "errorMessage", text);
    assert_eq!(name, conflict("User exists with same username"));
    assert_eq!(email, conflict("User exists with same email"));
    let missing = said(
        StatusCode::BAD_REQUEST,
        "errorMessage",
        "User name is missing",
    );
    assert_eq!(none, missing);
    let text = "unable to read contents from stream";
    assert_eq!(unreadable, said(StatusCode::BAD_REQUEST, "error", text));
    let text = realm.ask(Method::POST, "/users").body("{}");
    assert_eq!(status(text).await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(realm.running.stand_in.work().users().len(), 1);
}

#[actix_web::test]
async fn what_is_not_there_is_not_found() {
    let realm = Realm::start().await;
    let id = realm.add("anna", &[]);
    realm.running.stand_in.work().remove_role("SDK_PARTNER");
    let no = |text| said(StatusCode::NOT_FOUND, "error", text);

    let role = no("Could not find role");
    assert_eq!(realm.get("/roles/SDK_PARTNER").await, role);
    assert_eq!(realm.get("/roles/SDK_PARTNER/users").await, role);
    let user = no("User not found");
    assert_eq!(realm.get("/users/nobody").await, user);
    assert_eq!(realm.get("/users/nobody/role-mappings/realm").await, user);
    assert_eq!(realm.map("nobody", &json!([])).await, user);
    let (_, known) = realm.get("/roles/AUTH_PARTNER").await;
    let wrong = json!([
        { "id": known["id"], "name": "AUTH_PARTNER" },
        { "id": known["id"], "name": "PARTNER_ADMIN" },
    ]);
    assert_eq!(realm.map(&id, &wrong).await, no("Role not found"));
    assert_eq!(realm.map(&id, &json!({})).await.0, StatusCode::BAD_REQUEST);
    assert!(realm.running.stand_in.work().users()[0].roles.is_empty());
    let elsewhere = realm.get("/groups").await.0;
    assert_eq!(elsewhere, StatusCode::NOT_FOUND);
    let other = realm.running.open(Method::GET, "/admin/realms/other/users");
    let other = read(other.bearer_auth(&realm.token)).await;
    assert_eq!(other, no("Realm not found."));
    let removed = read(realm.ask(Method::DELETE, "/users/nobody")).await;
    assert_eq!(removed, user);
    let delete = status(realm.ask(Method::DELETE, "/users")).await;
    assert_eq!(delete, StatusCode::METHOD_NOT_ALLOWED);

    realm.running.stand_in.work().add_role("SDK_PARTNER");
    assert_eq!(realm.get("/roles/SDK_PARTNER").await.0, StatusCode::OK);
}

#[actix_web::test]
async fn tokens_of_the_realm_do_what_their_roles_allow() {
    let running = keycloak();
    let ask = |method: Method, path: &str, token: &str| {
        let path = format!("{PATH}{path}");
        running.open(method, &path).bearer_auth(token)
    };
    let viewer = "roles:view-users+view-realm";
    for (method, path, token, expected) in [
        (Method::GET, "/users", viewer, 200),
        (Method::GET, "/roles/AUTH_PARTNER/users", viewer, 200),
        (Method::POST, "/users", viewer, 403),
        (Method::DELETE, "/users/x", viewer, 403),
        (Method::POST, "/users/x/role-mappings/realm", viewer, 403),
        (Method::GET, "/users/x", "roles:PARTNER_ADMIN", 403),
        (Method::GET, "/roles/AUTH_PARTNER", "roles:view-users", 403),
        (
            Method::GET,
            "/roles/AUTH_PARTNER/users",
            "roles:view-realm",
            403,
        ),
        (Method::GET, "/users", "bad", 401),
    ] {
        let found = status(ask(method, path, token)).await;
        assert_eq!(found.as_u16(), expected, "{path} {token}");
    }
    let forbidden = read(ask(Method::GET, "/users", "roles:X")).await;
    let expected = said(StatusCode::FORBIDDEN, "error", "HTTP 403 Forbidden");
    assert_eq!(forbidden, expected);
    // A cookie is nothing to Keycloak.
    let path = format!("{PATH}/users");
    let cookie = format!("Authorization={viewer}");
    let cookie = running.open(Method::GET, &path).header("Cookie", cookie);
    let expected = said(StatusCode::UNAUTHORIZED, "error", "HTTP 401 Unauthorized");
    assert_eq!(read(cookie).await, expected);
}
