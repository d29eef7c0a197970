use pms_testkit::peers::{Fault, KeycloakAdminPeer};
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner, plain, refused, violation};

const FAILED: (&str, &str) = ("PMS_ATH_500", "Server error occured,Please check the logs ");

/// A service with an identity provider that knows its administrator alone.
async fn stage() -> (Stage, KeycloakAdminPeer) {
    let keycloak = KeycloakAdminPeer::start();
    let settings = [
        ("keycloak.realm_url", keycloak.realm_url()),
        ("keycloak.admin_token_url", keycloak.token_url()),
        (
            "keycloak.admin_username",
            KeycloakAdminPeer::ADMIN.to_owned(),
        ),
        (
            "keycloak.admin_password",
            KeycloakAdminPeer::PASSWORD.to_owned(),
        ),
    ];
    let stage = Stage::with(|builder| builder.settings(&settings));
    (stage.await, keycloak)
}

fn request(user_name: &str, role: &str) -> Value {
    json!({
        "userName": user_name,
        "firstName": "Ben",
        "lastName": "Miller",
        "contactNo": "700-1",
        "emailID": "Ben@Example.org",
        "organizationName": "Acme",
        "role": role,
        "partnerId": "acme",
        "userPassword": "pa$$word",
    })
}

async fn post(stage: &Stage, who: &Who, request: Value) -> Reply {
    stage.send(who, "POST", "/users", request).await
}

fn done(user_name: &str) -> Value {
    plain(&json!({
        "userId": user_name,
        "mobile": null,
        "mail": null,
        "langCode": null,
        "userPassword": null,
        "name": null,
        "role": null,
        "rid": null,
        "token": null,
    }))
}

fn denied(code: &str, message: &str) -> Value {
    json!({
        "id": "string",
        "version": "string",
        "responsetime": "<time>",
        "metadata": null,
        "response": null,
        "errors": [{ "errorCode": code, "message": message }],
    })
}

fn names(keycloak: &KeycloakAdminPeer) -> Vec<String> {
    let users = keycloak.users().into_iter();
    users
        .map(|user| user.submitted.username.unwrap_or_default())
        .collect()
}

#[actix_web::test]
async fn a_user_is_made_with_one_role_and_once() {
    let (stage, keycloak) = stage().await;
    let anna = auth_partner("anna");

    let made = post(&stage, &anna, request("Ben &exact=x/Ü", "AUTH_PARTNER")).await;

    assert_eq!(
        (made.status, made.timeless()),
        (200, done("Ben &exact=x/Ü"))
    );
    let users = keycloak.users();
    assert_eq!(users.len(), 1);
    let submitted = &users[0].submitted;
    assert_eq!(submitted.username.as_deref(), Some("ben &exact=x/ü"));
    assert_eq!(submitted.first_name.as_deref(), Some("Ben"));
    assert_eq!(submitted.last_name, None);
    assert_eq!(submitted.email.as_deref(), Some("ben@example.org"));
    assert!(submitted.enabled);
    let attributes = submitted.attributes.clone().unwrap();
    let one = |name: &str| attributes[name][0].clone().unwrap();
    assert_eq!(
        [one("mobile"), one("organizationName"), one("partnerId")],
        ["700-1", "Acme", "acme"]
    );
    let credentials = submitted.credentials.clone().unwrap();
    assert_eq!(credentials[0].kind.as_deref(), Some("password"));
    assert_eq!(credentials[0].value.as_deref(), Some("pa$$word"));
    assert_eq!(users[0].roles, ["default-roles-mosip", "AUTH_PARTNER"]);

    // Whatever else is asked for, a user who exists is left alone.
    let again = request("bEN &exact=x/ü", "FTM_PROVIDER");
    let again = post(&stage, &anna, again).await;
    assert_eq!(again.timeless(), done("bEN &exact=x/ü"));
    assert!(keycloak.users() == users);
}

#[actix_web::test]
async fn what_is_not_said_is_left_out() {
    let (stage, keycloak) = stage().await;
    let least = json!({
        "userName": "ben", "contactNo": "1", "emailID": "b@example.org", "role": "SDK_PARTNER",
        "firstName": null, "organizationName": "",
    });

    let made = post(&stage, &auth_partner("anna"), least).await;

    assert_eq!(made.timeless(), done("ben"));
    let users = keycloak.users();
    assert_eq!(users[0].submitted.first_name, None);
    assert!(users[0].submitted.credentials.is_none());
    let attributes = users[0].submitted.attributes.clone().unwrap();
    assert_eq!(attributes.keys().collect::<Vec<_>>(), ["mobile"]);
}

#[actix_web::test]
async fn only_administrators_give_roles_that_are_not_those_of_partners() {
    let (stage, keycloak) = stage().await;
    for role in ["PARTNER_ADMIN", "POLICYMANAGER", "default-roles-mosip", ""] {
        let refused = post(&stage, &auth_partner("anna"), request("ben", role)).await;
        let expected = denied("KER-ATH-403", "Forbidden");
        assert_eq!(
            (refused.status, refused.timeless()),
            (403, expected),
            "{role}"
        );
    }
    assert!(keycloak.users().is_empty());
    assert!(keycloak.recorded().is_empty());

    let made = post(&stage, &Who::admin(), request("ben", "POLICYMANAGER")).await;

    assert_eq!(made.timeless(), done("ben"));
    assert_eq!(
        keycloak.users()[0].roles,
        ["default-roles-mosip", "POLICYMANAGER"]
    );
}

#[actix_web::test]
async fn only_administrators_give_the_name_of_another_users_partner() {
    let (stage, keycloak) = stage().await;
    stage.partner(&Row {
        id: "acme",
        user: "Owner",
        ..Row::default()
    });
    for name in ["acme", "owner", "OWNER"] {
        let refused = post(&stage, &auth_partner("anna"), request(name, "AUTH_PARTNER")).await;
        assert_eq!(refused.status, 403, "{name}");
    }
    assert!(keycloak.users().is_empty());

    let made = post(&stage, &Who::admin(), request("owner", "AUTH_PARTNER")).await;

    assert_eq!(made.timeless(), done("owner"));
}

#[actix_web::test]
async fn a_role_that_the_realm_lacks_fails_the_call_and_makes_no_user() {
    let (stage, keycloak) = stage().await;
    let first = post(
        &stage,
        &auth_partner("anna"),
        request("ben", "AUTH_PARTNER"),
    )
    .await;
    assert_eq!(first.status, 200);
    keycloak.remove_role("SDK_PARTNER");

    let mut other = request("carla", "SDK_PARTNER");
    other["emailID"] = json!("carla@example.org");
    let failed = post(&stage, &auth_partner("anna"), other).await;

    assert_eq!(
        (failed.status, failed.timeless()),
        (200, refused(FAILED.0, FAILED.1))
    );
    assert_eq!(names(&keycloak), ["ben"]);
}

#[actix_web::test]
async fn an_administrator_of_the_realm_stands_in_where_the_service_account_may_not() {
    let keycloak = KeycloakAdminPeer::start();
    let realm = keycloak.realm_url();
    let alone =
        |builder: pms_testkit::TestAppBuilder| builder.setting("keycloak.realm_url", &realm);
    let stage = Stage::with(alone).await;

    // The account of the tests has the roles to look, and not to make users.
    let failed = post(
        &stage,
        &auth_partner("anna"),
        request("ben", "AUTH_PARTNER"),
    )
    .await;

    assert_eq!(
        (failed.status, failed.timeless()),
        (403, denied("KER-ATH-403", "Forbidden"))
    );
    assert!(keycloak.users().is_empty());
}

#[actix_web::test]
async fn what_goes_wrong_at_the_identity_provider_is_reported_as_the_contract_says() {
    let (stage, keycloak) = stage().await;
    let taken = json!({
        "userName": "other", "contactNo": "1", "emailID": "ben@example.org",
        "role": "AUTH_PARTNER",
    });
    post(
        &stage,
        &auth_partner("anna"),
        request("ben", "AUTH_PARTNER"),
    )
    .await;

    // The address is another user's.
    let conflict = post(&stage, &auth_partner("anna"), taken.clone()).await;
    assert_eq!(
        (conflict.status, conflict.timeless()),
        (403, denied(FAILED.0, FAILED.1))
    );

    let explained = r#"{"errorMessage":"no"}"#.to_owned();
    let faults = [
        (Fault::Status(500), 200, refused(FAILED.0, FAILED.1)),
        (Fault::Reset, 200, refused(FAILED.0, FAILED.1)),
        (
            Fault::Status(401),
            401,
            denied("KER-ATH-401", "Authentication failed from AuthManager"),
        ),
        (Fault::Status(403), 403, denied("KER-ATH-403", "Forbidden")),
        (
            Fault::Body(explained),
            200,
            refused(
                "PMS_ATH_053",
                "IO Exception occured while passing paging request",
            ),
        ),
    ];
    for (fault, status, body) in faults {
        let name = format!("{fault:?}");
        keycloak.fail(fault);
        let reply = post(&stage, &auth_partner("anna"), taken.clone()).await;
        assert_eq!((reply.status, reply.timeless()), (status, body), "{name}");
        keycloak.recover();
    }
    assert_eq!(names(&keycloak), ["ben"]);
}

#[actix_web::test]
async fn without_an_address_no_user_is_made() {
    let stage = Stage::start().await;

    let failed = post(&stage, &Who::admin(), request("ben", "AUTH_PARTNER")).await;

    assert_eq!(failed.timeless(), refused(FAILED.0, FAILED.1));
}

#[actix_web::test]
async fn callers_and_bodies_are_checked_first() {
    let (stage, keycloak) = stage().await;
    for field in ["userName", "contactNo", "emailID"] {
        let mut lacking = request("ben", "AUTH_PARTNER");
        lacking[field] = json!(" ");
        let reply = post(&stage, &Who::user("anna", &["OTHER"]), lacking).await;
        assert_eq!(reply.status, 400);
        assert_eq!(
            reply.timeless(),
            violation("should not be null or empty", field)
        );
    }
    for field in ["userName", "firstName", "organizationName"] {
        let mut marked = request("ben", "AUTH_PARTNER");
        marked[field] = json!("<img src=x>");
        let reply = post(&stage, &Who::admin(), marked).await;
        let expected = violation("must not contain < or >", field);
        assert_eq!((reply.status, reply.timeless()), (400, expected));
    }
    let whole = || request("ben", "AUTH_PARTNER");
    let without_role = post(&stage, &Who::user("anna", &["POLICYMANAGER"]), whole()).await;
    assert_eq!(without_role.status, 403);
    let without_token = post(&stage, &Who::Nobody, whole()).await;
    assert_eq!(without_token.status, 401);
    let admin = Who::admin();
    let malformed = stage.app.send(
        &admin,
        "POST",
        "/v1/partnermanager/users",
        Some("{".to_owned()),
    );
    assert_eq!(malformed.await.status, 400);
    assert!(keycloak.recorded().is_empty());
}
