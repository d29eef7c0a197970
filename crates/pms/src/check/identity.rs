//! The identity provider: signing keys, the service account and its roles, the time.

use std::collections::BTreeSet;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use pms_runtime::Runtime;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::findings::{Finding, Report, address, described};

/// Realm roles of the service account (contract config-and-deploy.md §8) without
/// which something here fails.
const ROLES: [&str; 12] = [
    "CREATE_SHARE",
    "PMS_USER",
    "PARTNER_ADMIN",
    "PUBLISH_APIKEY_APPROVED_GENERAL",
    "PUBLISH_APIKEY_UPDATED_GENERAL",
    "PUBLISH_CA_CERTIFICATE_UPLOADED_GENERAL",
    "PUBLISH_MISP_LICENSE_GENERATED_GENERAL",
    "PUBLISH_MISP_LICENSE_UPDATED_GENERAL",
    "PUBLISH_OIDC_CLIENT_CREATED_GENERAL",
    "PUBLISH_OIDC_CLIENT_UPDATED_GENERAL",
    "PUBLISH_PARTNER_UPDATED_GENERAL",
    "PUBLISH_POLICY_UPDATED_GENERAL",
];

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    #[serde(default)]
    kty: String,
    #[serde(rename = "use", default)]
    usage: String,
}

#[derive(Deserialize, Default)]
struct Claims {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    realm_access: Roles,
}

#[derive(Deserialize, Default)]
struct Roles {
    #[serde(default)]
    roles: BTreeSet<String>,
}

pub(super) async fn look(runtime: &Runtime, limit: Duration, report: &mut Report) {
    signing_keys(runtime, limit, report).await;
    match tokio::time::timeout(limit, runtime.token.get()).await {
        Ok(Ok(token)) => account(runtime, &token, report),
        Ok(Err(error)) => report.add(Finding::fault(
            "service account",
            format!("no token from {}: {error}", address(&runtime.settings.token_endpoint())),
            "Check service_account.client_id and client_secret (mosip.pms.client.secret), and that the client may use client credentials.",
        )),
        Err(_late) => report.add(Finding::fault(
            "service account",
            format!("no answer from {} within {} s", address(&runtime.settings.token_endpoint()), limit.as_secs()),
            "Is the identity provider up, and can it be reached from here?",
        )),
    }
}

async fn signing_keys(runtime: &Runtime, limit: Duration, report: &mut Report) {
    const CURE: &str = "Set auth.jwks_url (auth.server.admin.issuer.internal.uri) to an address that can be reached from here; without it nobody is let in.";
    let url = runtime.settings.jwks_url();
    let shown = address(&url);
    let answer = runtime.client.get(&url).timeout(limit).send().await;
    let answer = match answer {
        Ok(answer) => answer,
        Err(error) => {
            report.add(Finding::fault(
                "signing keys",
                format!("{shown}: {}", described(error)),
                CURE,
            ));
            return;
        }
    };
    let date = answer
        .headers()
        .get("date")
        .and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    let status = answer.status();
    let keys = answer.json::<KeySet>().await;
    match keys {
        Ok(set) if status.is_success() => {
            let usable = |key: &&Key| key.kty == "RSA" && key.usage != "enc";
            match set.keys.iter().filter(usable).count() {
                0 => report.add(Finding::fault(
                    "signing keys",
                    format!("{shown} has no RSA signing key"),
                    CURE,
                )),
                usable => report.add(Finding::ok("signing keys", format!("{usable} at {shown}"))),
            }
        }
        _ => report.add(Finding::fault(
            "signing keys",
            format!("{shown} answers HTTP {} and no key set", status.as_u16()),
            CURE,
        )),
    }
    if let Some(date) = date {
        report.add(skew(
            "clock of the issuer",
            runtime.clock.now(),
            date.with_timezone(&Utc),
        ));
    }
}

fn account(runtime: &Runtime, token: &SecretString, report: &mut Report) {
    let settings = &runtime.settings;
    let client = &settings.service_account.client_id;
    let Some(claims) = claims(token) else {
        report.add(Finding::warning(
            "service account",
            "its token can't be read: its roles are not known",
            "Let the client have signed tokens (JWT).",
        ));
        return;
    };
    let known = std::iter::once(&*settings.auth.issuer)
        .chain(settings.auth.accepted_issuers.iter().map(String::as_str));
    if !known.clone().any(|issuer| *issuer == claims.iss) {
        report.add(Finding::fault(
            "service account",
            format!("its tokens are from {}, which is not accepted here", address(&claims.iss)),
            "Add that issuer to auth.accepted_issuers, or ask for tokens at the address of auth.issuer.",
        ));
        return;
    }
    let missing: Vec<&str> = ROLES
        .into_iter()
        .filter(|role| !claims.realm_access.roles.contains(*role))
        .collect();
    if missing.is_empty() {
        report.add(Finding::ok(
            "service account",
            format!("{client} has a token with its roles"),
        ));
    } else {
        report.add(Finding::warning(
            "service account",
            format!("{client} lacks the realm roles {}", missing.join(", ")),
            "Assign them: deploy/keycloak has the values for keycloak-init. Events of these topics are refused by the hub.",
        ));
    }
    let scopes: BTreeSet<&str> = claims.scope.split_whitespace().collect();
    let missing: Vec<&str> = ["add_oidc_client", "update_oidc_client"]
        .into_iter()
        .filter(|scope| !scopes.contains(scope))
        .collect();
    if !missing.is_empty() && !settings.esignet.url.is_empty() {
        report.add(Finding::warning(
            "service account",
            format!("{client} lacks the client scopes {}", missing.join(", ")),
            "Assign them: eSignet refuses OIDC clients without them.",
        ));
    }
}

/// What the token says; its signature is the services' business.
fn claims(token: &SecretString) -> Option<Claims> {
    let payload = token.expose_secret().split('.').nth(1)?;
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// How far another clock is away from ours. Headers give whole seconds.
pub(super) fn skew(name: &str, ours: DateTime<Utc>, theirs: DateTime<Utc>) -> Finding {
    const CURE: &str =
        "Let all machines ask one time server: tokens are refused before and after their time.";
    let seconds = (ours - theirs).num_milliseconds().abs() / 1000;
    match seconds {
        0..=5 => Finding::ok(name, format!("{seconds} s away from ours")),
        6..=60 => Finding::warning(name, format!("{seconds} s away from ours"), CURE),
        _ => Finding::fault(name, format!("{seconds} s away from ours"), CURE),
    }
}
