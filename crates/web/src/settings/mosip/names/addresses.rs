//! Keys that are put together from several properties or parts of them.

use super::Translation;

const REALM: &str = "mosip";
const MASTER_REALM: &str = "master";

/// Endpoints of the key manager, by property and the path that ends them.
const KEY_MANAGER: [(&str, &str); 9] = [
    (
        "pmp.partner.certificaticate.upload.rest.uri",
        "/uploadPartnerCertificate",
    ),
    (
        "pmp.ca.certificaticate.upload.rest.uri",
        "/uploadCACertificate",
    ),
    (
        "pmp.partner.certificaticate.get.rest.uri",
        "/getPartnerCertificate/{partnerCertId}",
    ),
    (
        "pmp.partner.original.certificate.get.rest.uri",
        "/getPartnerSignedCertificate/{partnerCertId}",
    ),
    (
        "pmp-keymanager.upload.other.domain.cert.rest.uri",
        "/uploadOtherDomainCertificate",
    ),
    ("pmp.trust.certificates.post.rest.uri", "/getCaCertificates"),
    (
        "pmp.download.trust.certificates.get.rest.uri",
        "/getCACertificateTrustPath/{caCertId}",
    ),
    ("pmp.encrypt.data.post.rest.uri", "/encrypt"),
    ("pmp.decrypt.data.post.rest.uri", "/decrypt"),
];

/// Names the properties that can't be followed.
pub(super) fn translate(translation: &mut Translation<'_>) -> Result<Vec<String>, String> {
    identity_provider(translation)?;
    let mut others = other_realms(translation);
    others.extend(other_origins(translation)?);
    key_manager(translation)?;
    keycloak(translation)?;
    Ok(others)
}

/// Issuers, signing keys and the token endpoint of the realm.
fn identity_provider(translation: &mut Translation<'_>) -> Result<(), String> {
    const OUTSIDE: &str = "auth.server.admin.issuer.uri";
    const INSIDE: &str = "auth.server.admin.issuer.internal.uri";
    const LOGIN: &str = "mosip.iam.authorization_endpoint";
    const CERTS: &str = "auth.server.admin.oidc.certs.path";
    const TOKEN: &str = "mosip.iam.token_endpoint";
    const TOKEN_PATH: &str = "auth.server.admin.oidc.token.path";
    const LOGOUT: &str = "mosip.iam.end-session-endpoint-path";
    let realm = translation.value("mosip.iam.module.admin_realm_id")?;
    let realm = realm.unwrap_or_else(|| REALM.to_owned());
    let issuer = |base: &str| format!("{}/{realm}", base.trim_end_matches('/'));
    let outside = translation.value(OUTSIDE)?;
    let inside = translation.value(INSIDE)?;
    if let Some(outside) = &outside {
        translation.put("auth.issuer", issuer(outside), OUTSIDE);
        if let Some(path) = translation.value(LOGOUT)? {
            let logout = format!("{}{path}", issuer(outside));
            translation.put("auth.end_session_endpoint", logout, LOGOUT);
        }
    }
    if let Some(login) = translation.value(LOGIN)? {
        let login = login.replace("{realmId}", &realm);
        translation.put("auth.authorization_endpoint", login, LOGIN);
    }
    let certs = translation.value(CERTS)?;
    if let Some(inside) = &inside {
        let path = certs.as_deref().unwrap_or("/protocol/openid-connect/certs");
        translation.put("auth.accepted_issuers", issuer(inside), INSIDE);
        let certs = format!("{}{path}", issuer(inside));
        translation.put("auth.jwks_url", certs, INSIDE);
    } else if let (Some(outside), Some(path)) = (&outside, certs) {
        let certs = format!("{}{path}", issuer(outside));
        translation.put("auth.jwks_url", certs, CERTS);
    }
    translation.take("auth.server.admin.oidc.certs.url", "auth.jwks_url")?;
    let path = translation.value(TOKEN_PATH)?;
    let inside = inside.map(|inside| {
        let (path, property) = match &path {
            Some(path) => (path.as_str(), TOKEN_PATH),
            None => ("/protocol/openid-connect/token", INSIDE),
        };
        (format!("{}{path}", issuer(&inside)), property)
    });
    let login = translation.value(TOKEN)?;
    let login = login.map(|token| (token.replace("{realmId}", &realm), TOKEN));
    // A path of its own is the service account's (contract auth.md §6).
    let account = inside.clone().filter(|_| path.is_some());
    let account = account.or_else(|| login.clone()).or_else(|| inside.clone());
    for (key, found) in [
        ("auth.token_endpoint", login.or(inside)),
        ("service_account.token_endpoint", account),
    ] {
        if let Some((url, property)) = found {
            translation.put(key, url, property);
        }
    }
    Ok(())
}

/// Properties that name another realm, or keys of another one, than those above.
fn other_realms(translation: &mut Translation<'_>) -> Vec<String> {
    const REALMS: &str = "mosip.kernel.auth.appids.realm.map";
    const CERTS: &str = "mosip.iam.certs_endpoint";
    let mut others = Vec::new();
    let realm = translation.value_if_any("mosip.iam.module.admin_realm_id");
    let realm = realm.unwrap_or_else(|| REALM.to_owned());
    // `{prereg:'preregistration',partner:'mosip'}`
    let map = translation.value_if_any(REALMS).unwrap_or_default();
    let pairs = map.trim_matches(['{', '}']).split(',');
    let bare = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
    let mut pairs = pairs.filter_map(|pair| {
        let (application, realm) = pair.split_once(':')?;
        Some((bare(application), bare(realm)))
    });
    let own = pairs.find(|(application, _)| application == "partner");
    if own.is_some_and(|(_, own)| own != realm) {
        others.push(REALMS.to_owned());
    }
    let certs = translation.value_if_any(CERTS);
    let certs = certs.map(|certs| certs.replace("{realmId}", &realm));
    let end = format!("/realms/{realm}/protocol/openid-connect/certs");
    if certs.is_some_and(|certs| !certs.ends_with(&end)) {
        others.push(CERTS.to_owned());
    }
    others
}

/// Other origins count only where the deployment switched them on. A star and entries
/// without a scheme name no origin: the property is reported then, unless it is the
/// reference's default.
fn other_origins(translation: &mut Translation<'_>) -> Result<Option<String>, String> {
    const ORIGINS: &str = "mosip.security.origins";
    const DEFAULT: &str = "localhost:8080";
    let switch = translation.value("mosip.security.cors-enable")?;
    let listed = translation.value(ORIGINS)?;
    let on = switch.is_some_and(|switch| switch.eq_ignore_ascii_case("true"));
    let Some(listed) = listed.filter(|_| on) else {
        return Ok(None);
    };
    let all = listed.split(',').map(str::trim);
    let (origins, others): (Vec<_>, Vec<_>) = all
        .filter(|origin| !origin.is_empty() && *origin != DEFAULT)
        .partition(|origin| origin.contains("://"));
    if !origins.is_empty() {
        translation.put("cors.allowed_origins", origins.join(","), ORIGINS);
    }
    Ok((!others.is_empty()).then(|| ORIGINS.to_owned()))
}

/// All endpoints must be those of one key manager: it has one address here.
fn key_manager(translation: &mut Translation<'_>) -> Result<(), String> {
    let mut base: Option<(String, &str)> = None;
    for (property, path) in KEY_MANAGER {
        let Some(url) = translation.value(property)? else {
            continue;
        };
        let Some(found) = url.strip_suffix(path) else {
            return Err(format!("property {property} does not end in {path}"));
        };
        match &base {
            None => base = Some((found.to_owned(), property)),
            Some((other, first)) if other != found => {
                return Err(format!(
                    "properties {first} and {property} name different key managers"
                ));
            }
            Some(_) => {}
        }
    }
    if let Some((base, property)) = base {
        translation.put("key_manager.url", base, property);
    }
    Ok(())
}

fn keycloak(translation: &mut Translation<'_>) -> Result<(), String> {
    const ADMIN: &str = "mosip.iam.admin-url";
    let users = translation.value("mosip.iam.users-extn-url")?;
    let users = users.unwrap_or_else(|| format!("realms/{REALM}/users"));
    // Only the jobs need it: what can't be resolved does not stop the start.
    let roles = translation.value("mosip.iam.roles-extn-url").ok().flatten();
    let roles = roles.unwrap_or_else(|| format!("realms/{REALM}/roles"));
    let admin = translation.value(ADMIN)?;
    let below = |path: &str| {
        let admin = admin.as_deref()?.trim_end_matches('/');
        Some(format!("{admin}/{}", path.trim_matches('/')))
    };
    if let Some(url) = below(&users) {
        translation.put("keycloak.users_url", url, ADMIN);
    }
    users_of_roles(translation, below(&roles).map(|url| (url, ADMIN)))?;
    keycloak_admin(translation);
    Ok(())
}

/// Who the administrators are. The reference has the property in its own files, not
/// in the deployment's, so it is put together of what these have: `roles`, the
/// address of the roles and its property, or what the reference's own file names.
fn users_of_roles(
    translation: &mut Translation<'_>,
    roles: Option<(String, &str)>,
) -> Result<(), String> {
    const PROPERTY: &str = "mosip.iam.role-users-url";
    const OUTSIDE: &str = "keycloak.external.url";
    const KEY: &str = "keycloak.role_users_url";
    if let Some(url) = translation.value(PROPERTY)? {
        translation.put(KEY, url, PROPERTY);
        return Ok(());
    }
    let outside = translation.value(OUTSIDE).ok().flatten();
    let outside = outside.map(|base| {
        let base = base.trim_end_matches('/');
        (format!("{base}/auth/admin/realms/{REALM}/roles"), OUTSIDE)
    });
    if let Some((roles, property)) = roles.or(outside) {
        let url = format!("{roles}/{{userRole}}/users?max=-1");
        translation.put(KEY, url, property);
    }
    Ok(())
}

/// Where users are made, and the administrator who makes them. Only `POST /users`
/// needs them, so what can't be resolved does not stop the start.
fn keycloak_admin(translation: &mut Translation<'_>) {
    const REALM_URL: &str = "mosip.iam.realm.operations.base-url";
    const OPEN_ID_URL: &str = "mosip.iam.open-id-url";
    let mut value = |property: &str| translation.value(property).ok().flatten();
    let realm = value("mosip.iam.default.realm-id").unwrap_or_else(|| REALM.to_owned());
    let master = value("mosip.iam.master.realm-id").unwrap_or_else(|| MASTER_REALM.to_owned());
    let realm_url = value(REALM_URL).map(|url| url.replace("{realmId}", &realm));
    let token_url = value(OPEN_ID_URL).map(|url| {
        let url = url.replace("{realmId}", &master);
        format!("{}/token", url.trim_end_matches('/'))
    });
    let mut found = vec![
        (REALM_URL, "keycloak.realm_url", realm_url),
        (OPEN_ID_URL, "keycloak.admin_token_url", token_url),
    ];
    for (property, key) in [
        ("mosip.keycloak.admin.client.id", "keycloak.admin_client_id"),
        ("mosip.keycloak.admin.user.id", "keycloak.admin_username"),
        ("mosip.keycloak.admin.secret.key", "keycloak.admin_password"),
    ] {
        found.push((property, key, value(property)));
    }
    for (property, key, value) in found {
        if let Some(value) = value {
            translation.put(key, value, property);
        }
    }
}
