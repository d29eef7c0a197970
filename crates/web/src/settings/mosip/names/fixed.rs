//! Properties that have one value here: that of every known deployment
//! (contract config-and-deploy.md §2, §3). Another one is reported, not obeyed.

use std::collections::BTreeSet;

use super::Translation;

/// Property and its value.
const FIXED: &[(&str, &str)] = &[
    // Tokens are always verified here, and always against issuer and audience.
    ("auth.server.admin.offline.comp.token.validate", "true"),
    ("auth.server.admin.issuer.domain.validate", "true"),
    ("auth.server.admin.audience.claim.validate", "true"),
    ("auth.validate.id-token", "false"),
    ("auth.token.header", "Authorization"),
    // The cookie lives as long as its token.
    ("auth.jwt.expiry", "1800000"),
    ("mosip.iam.module.login_flow.name", "authorization_code"),
    ("mosip.iam.module.login_flow.response_type", "code"),
    (
        "mosip.iam.post-logout-uri-param-key",
        "post_logout_redirect_uri",
    ),
    (
        "auth.server.admin.oidc.userinfo.path",
        "/protocol/openid-connect/userinfo",
    ),
    ("auth.server.admin.oidc.userinfo.url", ""),
    ("mosip.auth.filter_disable", "false"),
    // Which paths need no token is the route table's to say (contract auth.md §1).
    ("mosip.global.end-points", ""),
    ("mosip.service-context", ""),
    ("mosip.service.end-points", ""),
    ("mosip.security.csrf-enable", "false"),
    // Deployments have `false` without having chosen it; `auth.secure_cookies` is the choice.
    ("mosip.security.secure-cookie", "true"),
    // A token is fetched again before it ends.
    ("mosip.iam.adapter.appid", "partner"),
    ("mosip.iam.adapter.renewal-before-expiry-interval", "15"),
    ("mosip.iam.adapter.token-expiry-check-frequency", "5"),
    ("mosip.iam.adapter.self-token-renewal-enable", "true"),
    // Waits for connections are `database.acquire_timeout_ms`.
    ("hikari.minimumIdle", "0"),
    ("hikari.connectionTimeout", "60000"),
    ("hikari.idleTimeout", "200000"),
    ("hikari.validationTimeout", "3000"),
    ("javax.persistence.jdbc.schema", "pms"),
    ("pmp.api.version", "v1"),
    ("application.id", "PARTNER"),
    ("mosip.pms.certificate.id.regex", "^[a-zA-Z0-9-]{1,36}$"),
    ("mosip.pms.client.id.regex", "^[a-zA-Z0-9_-]{1,100}$"),
    ("pms.notifications-schedule.fixed-rate", "24"),
    ("pms.notifications-schedule.init-delay", "24"),
    ("server.max-http-header-size", "10000000"),
    ("server.max-http-request-header-size", "10000000"),
    ("server.forward-headers-strategy", "framework"),
    ("management.endpoint.health.show-details", "always"),
];

/// Properties that repeat another one. Only their common value can be followed.
const REPEATED: [(&str, &str); 3] = [
    ("mosip.iam.adapter.clientid", "mosip.pmp.auth.clientId"),
    ("mosip.iam.adapter.clientsecret", "mosip.pmp.auth.secretKey"),
    (
        "pms.cert.service.token.request.clientId",
        "mosip.pmp.auth.clientId",
    ),
];

const CONTEXT_PATH: &str = "server.servlet.context-path";
const CONTEXT_PATHS: [&str; 2] = ["/v1/partnermanager", "/v1/policymanager"];

/// Roles for which the reference means to lift the rule about own rows, and its values:
/// those of deployments and of the code (contract partner.md §1.6). It restricts them
/// instead, so what another value wants can't be known.
const REQUIRED_ROLES: (&str, [&str; 2]) = (
    "mosip.pms.required.roles",
    ["PARTNER_ADMIN,RESIDENT", "PARTNER_ADMIN"],
);

/// What properties of operation ids begin with: `mosip.pms.api.id.<x>` is
/// `mosip.pms.<x>` (contract config-and-deploy.md §2.7), which clients send as well.
const OPERATION_ID: (&str, &str) = ("mosip.pms.api.id.", "mosip.pms.");

/// Names of those with another value, also of those whose value can't be resolved.
pub(super) fn others(translation: &mut Translation<'_>) -> Vec<String> {
    let mut others = Vec::new();
    for (property, fixed) in FIXED {
        let value = translation.value_if_any(property);
        let truth = matches!(*fixed, "true" | "false");
        let same = |value: &str| value == *fixed || (truth && value.eq_ignore_ascii_case(fixed));
        if value.is_some_and(|value| !same(&value)) {
            others.push((*property).to_owned());
        }
    }
    for (property, repeats) in REPEATED {
        let value = translation.value_if_any(property);
        let other = translation.value_if_any(repeats);
        if value.is_some_and(|value| other.is_some_and(|other| other != value)) {
            others.push(property.to_owned());
        }
    }
    let path = translation.value_if_any(CONTEXT_PATH);
    if path.is_some_and(|path| !CONTEXT_PATHS.contains(&path.trim_end_matches('/'))) {
        others.push(CONTEXT_PATH.to_owned());
    }
    let (property, known) = REQUIRED_ROLES;
    let value = translation.value_if_any(property);
    if value.is_some_and(|value| !known.iter().any(|list| same_roles(list, &value))) {
        others.push(property.to_owned());
    }
    let (property, id) = OPERATION_ID;
    for name in translation.names_below(property) {
        let operation = name.strip_prefix(property);
        let value = translation.value_if_any(&name);
        if value.is_some_and(|value| value.strip_prefix(id) != operation) {
            others.push(name);
        }
    }
    others
}

/// Whether two lists hold the same roles, in any order.
fn same_roles(one: &str, other: &str) -> bool {
    let set = |list: &str| -> BTreeSet<String> {
        let roles = list.split(',').map(str::trim);
        roles
            .filter(|role| !role.is_empty())
            .map(str::to_owned)
            .collect()
    };
    set(one) == set(other)
}
