//! Properties that have one value here: that of every known deployment
//! (contract config-and-deploy.md §3). Another one is reported, not obeyed.

use super::Translation;

/// Property and its value.
const FIXED: [(&str, &str); 10] = [
    // Tokens are always verified here, and always against issuer and audience.
    ("auth.server.admin.offline.comp.token.validate", "true"),
    ("auth.server.admin.issuer.domain.validate", "true"),
    ("auth.server.admin.audience.claim.validate", "true"),
    ("auth.validate.id-token", "false"),
    ("auth.token.header", "Authorization"),
    ("mosip.iam.module.login_flow.name", "authorization_code"),
    ("mosip.iam.module.login_flow.response_type", "code"),
    (
        "mosip.iam.post-logout-uri-param-key",
        "post_logout_redirect_uri",
    ),
    ("mosip.auth.filter_disable", "false"),
    // Deployments have `false` without having chosen it; `auth.secure_cookies` is the choice.
    ("mosip.security.secure-cookie", "true"),
];

/// What properties of operation ids begin with: `mosip.pms.api.id.<x>` is
/// `mosip.pms.<x>` (contract config-and-deploy.md §2.7), which clients send as well.
const OPERATION_ID: (&str, &str) = ("mosip.pms.api.id.", "mosip.pms.");

/// Names of those with another value.
pub(super) fn others(translation: &mut Translation<'_>) -> Result<Vec<String>, String> {
    let mut others = Vec::new();
    for (property, fixed) in FIXED {
        let value = translation.value(property)?;
        if value.is_some_and(|value| value != fixed) {
            others.push(property.to_owned());
        }
    }
    let properties = translation.properties;
    let (property, id) = OPERATION_ID;
    let names = properties.all().map(|found| &found.name);
    let operations = names.filter_map(|name| Some((name.clone(), name.strip_prefix(property)?)));
    for (name, operation) in operations {
        let value = translation.value(&name)?;
        if value.is_some_and(|value| value.strip_prefix(id) != Some(operation)) {
            others.push(name);
        }
    }
    Ok(others)
}
