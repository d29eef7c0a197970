//! What a deployment says about logins, users and the portal.

use super::*;

const LOGIN: &str = r"
keycloak.external.url=https://iam.example.org
keycloak.internal.url=http://keycloak.keycloak
mosip.api.internal.url=https://api-internal.example.org
mosip.pmp.host=pmp.example.org
mosip.pms.client.secret=s3cret
auth.server.admin.issuer.uri=${keycloak.external.url}/auth/realms/
auth.server.admin.issuer.internal.uri=${keycloak.internal.url}/auth/realms/
auth.allowed.urls=https://${mosip.pmp.host}/,https://dev.example.org/**
mosip.iam.module.login_flow.name=authorization_code
mosip.iam.module.login_flow.scope=email
mosip.iam.module.login_flow.response_type=code
mosip.iam.module.clientID=mosip-pms-client
mosip.iam.module.clientsecret=${mosip.pms.client.secret}
mosip.iam.module.redirecturi=${mosip.api.internal.url}/v1/partnermanager/login-redirect/
mosip.iam.module.admin_realm_id=mosip
mosip.iam.authorization_endpoint=${keycloak.external.url}/auth/realms/{realmId}/protocol/openid-connect/auth
mosip.iam.token_endpoint=${keycloak.internal.url}/auth/realms/mosip/protocol/openid-connect/token
mosip.iam.end-session-endpoint-path=/protocol/openid-connect/logout
mosip.security.cors-enable=true
mosip.security.origins=localhost:8080, https://pmp.example.org
";

const USERS: &str = r"
keycloak.internal.url=http://keycloak.keycloak
keycloak.admin.password=adm1n
mosip.iam.realm.operations.base-url=${keycloak.internal.url}/auth/admin/realms/{realmId}
mosip.iam.open-id-url=${keycloak.internal.url}/auth/realms/{realmId}/protocol/openid-connect/
mosip.iam.master.realm-id=main
mosip.keycloak.admin.client.id=admin-client
mosip.keycloak.admin.user.id=root
mosip.keycloak.admin.secret.key=${keycloak.admin.password}
";

#[test]
fn the_providers_keys_are_below_the_issuer_where_the_deployment_says() {
    let read = |text: &str| {
        let files = Files::new("keys", &[("p.properties", text)]);
        let environment = [("config.properties".to_owned(), files.path("p.properties"))];
        let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        Settings::from_layers(&mut found).unwrap().jwks_url()
    };
    let path = "auth.server.admin.oidc.certs.path=/keys\n";
    let outside = "auth.server.admin.issuer.uri=https://iam.example.org/auth/realms/\n";
    let inside = "auth.server.admin.issuer.internal.uri=http://keycloak/auth/realms/\n";
    let whole = "auth.server.admin.oidc.certs.url=http://keys.example.org/all\n";

    assert_eq!(
        read(&format!("{outside}{inside}{path}")),
        "http://keycloak/auth/realms/mosip/keys"
    );
    assert_eq!(
        read(&format!("{outside}{path}")),
        "https://iam.example.org/auth/realms/mosip/keys"
    );
    assert_eq!(
        read(&format!("{outside}{inside}")),
        "http://keycloak/auth/realms/mosip/protocol/openid-connect/certs"
    );
    assert_eq!(
        read(&format!("{outside}{inside}{path}{whole}")),
        "http://keys.example.org/all"
    );
}

#[test]
fn a_deployments_administrator_of_users_becomes_ours() {
    let read = |text: &str| {
        let files = Files::new("users", &[("p.properties", text)]);
        let environment = [("config.properties".to_owned(), files.path("p.properties"))];
        let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
        Settings::from_layers(&mut found).unwrap().keycloak
    };

    let found = read(USERS);
    assert_eq!(
        found.realm_url.as_str(),
        "http://keycloak.keycloak/auth/admin/realms/mosip"
    );
    assert_eq!(
        found.admin_token_url.as_str(),
        "http://keycloak.keycloak/auth/realms/main/protocol/openid-connect/token"
    );
    assert_eq!(
        (
            found.admin_client_id.as_str(),
            found.admin_username.as_str()
        ),
        ("admin-client", "root")
    );
    assert_eq!(found.admin_password.expose_secret(), "adm1n");

    // Without the password, which only one endpoint needs, the start goes on.
    let without = read(&USERS.replace("keycloak.admin.password=adm1n\n", ""));
    assert_eq!(without.admin_password.expose_secret(), "");
    assert_eq!(without.realm_url, found.realm_url);
}

#[test]
fn a_deployments_login_becomes_ours() {
    let files = Files::new("login", &[("p.properties", LOGIN)]);
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let realm = "https://iam.example.org/auth/realms/mosip/protocol/openid-connect";
    assert_eq!(settings.authorization_endpoint(), format!("{realm}/auth"));
    assert_eq!(settings.end_session_endpoint(), format!("{realm}/logout"));
    assert_eq!(
        settings.login_token_endpoint(),
        "http://keycloak.keycloak/auth/realms/mosip/protocol/openid-connect/token"
    );
    let (client, secret) = settings.login_client();
    assert_eq!(
        (client.as_str(), secret.expose_secret()),
        ("mosip-pms-client", "s3cret")
    );
    assert_eq!(
        settings.auth.redirect_uri.as_str(),
        "https://api-internal.example.org/v1/partnermanager/login-redirect/"
    );
    assert_eq!(
        settings.auth.allowed_redirects,
        ["https://pmp.example.org/", "https://dev.example.org/**"]
    );
    assert_eq!(settings.cors.allowed_origins, ["https://pmp.example.org"]);
    assert_eq!(settings.notes, Vec::<String>::new());
}

#[test]
fn settings_of_the_portal_are_taken_over() {
    let files = Files::new(
        "portal",
        &[(
            "p.properties",
            "mosip.pms.oidc.clients.grantTypes=authorization_code,refresh_token\n\
             mosip.pms.oidc.clients.clientAuthMethods=private_key_jwt\n\
             mosip.pms.session.inactivity.timer=26\n\
             mosip.pms.session.inactivity.prompt.timer=6\n\
             mosip.pms.axios.timeout=4\n\
             mosip.pms.pagination.items.per.page=9\n\
             mosip.pms.auto.refresh.notifications=301\n\
             mosip.pms.expiry.date.max.year=11\n\
             mosip.pms.created.date.max.year=12\n\
             mosip.pms.ftm.id.regex=^[A-Z]{2}[\\\\w-]{1,30}$\n\
             mosip.pms.oidc.client.available=false\n",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    let portal = &settings.portal;
    assert_eq!(
        portal.oidc_grant_types,
        ["authorization_code", "refresh_token"]
    );
    assert_eq!(portal.oidc_client_auth_methods, ["private_key_jwt"]);
    assert_eq!(
        [
            portal.inactivity_minutes.get(),
            portal.inactivity_prompt_minutes.get(),
            portal.request_timeout_minutes,
            portal.items_per_page.get(),
            portal.notifications_refresh_seconds.get(),
            settings.devices.sbi_expiry_max_years,
            settings.devices.sbi_created_max_years,
        ],
        [26, 6, 4, 9, 301, 11, 12]
    );
    assert_eq!(settings.devices.ftm_id_regex, r"^[A-Z]{2}[\w\-]{1,30}$");
    assert!(!settings.features.oidc_clients);
    assert_eq!(settings.notes, [""; 0]);
}

#[test]
fn what_a_deployment_says_about_logins_is_taken_or_reported() {
    let files = Files::new(
        "logins",
        &[(
            "p.properties",
            "auth.server.admin.allowed.audience=a,b\n\
             auth.server.admin.allowed.audience.partner-management=c\n\
             mosip.iam.module.token.endpoint.private-key-jwt.auth.enabled=true\n\
             mosip.iam.module.login_flow.name=authorization_code\n\
             mosip.iam.post-logout-uri-param-key=redirect_uri\n\
             auth.validate.id-token=true\n",
        )],
    );
    let environment = [("config.properties".to_owned(), files.path("p.properties"))];

    let mut found = Settings::from_sources(&[], None, &environment, &[]).unwrap();
    let settings = Settings::from_layers(&mut found).unwrap();

    assert_eq!(settings.auth.allowed_audiences, ["c"]);
    assert!(settings.auth.private_key_jwt);
    assert_eq!(
        settings.notes,
        ["properties of the deployment without a meaning here: \
          auth.validate.id-token, mosip.iam.post-logout-uri-param-key"]
    );
}
