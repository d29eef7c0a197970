//! The modules around this system. Each is only looked at: nothing is published,
//! mailed, shared or recorded.

use std::time::Duration;

use pms_runtime::Runtime;
use reqwest::StatusCode;
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::findings::{Finding, Report, address, described};

/// What a peer is for, and what stays undone without it.
struct Peer<'a> {
    name: &'static str,
    key: &'static str,
    url: &'a str,
    /// What happens while there is no address.
    without: &'static str,
}

pub(super) async fn look(runtime: &Runtime, limit: Duration, report: &mut Report) {
    let settings = &runtime.settings;
    let peers = [
        Peer {
            name: "hub",
            key: "websub.url",
            url: &settings.websub.url,
            without: "events wait in the outbox",
        },
        Peer {
            name: "notifier",
            key: "notifier.url",
            url: &settings.notifier.url,
            without: "mails wait in the outbox",
        },
        Peer {
            name: "templates",
            key: "templates.url",
            url: &settings.templates.url,
            without: "mails have the built-in texts",
        },
        Peer {
            name: "audit manager",
            key: "audit.url",
            url: &settings.audit.url,
            without: "audit records go to the log",
        },
        Peer {
            name: "data share",
            key: "datashare.url",
            url: &settings.datashare.url,
            without: "trust chain events wait in the outbox",
        },
    ];
    for peer in peers {
        report.add(one(runtime, limit, &peer).await);
    }
    report.add(esignet(runtime, limit).await);
    report.add(keycloak(runtime, limit).await);
    if !settings.services.certificate_url.is_empty() {
        let base = settings.services.certificate_url.base();
        let url = format!("{base}/v1/keymanager/actuator/health");
        let names = ("certificate-service", "services.certificate_url", true);
        report.add(health(runtime, limit, names, &url).await);
    }
}

async fn one(runtime: &Runtime, limit: Duration, peer: &Peer<'_>) -> Finding {
    if peer.url.is_empty() {
        return Finding::warning(
            peer.name,
            format!("{} is not set: {}", peer.key, peer.without),
            "Set it where the deployment has this module.",
        );
    }
    // The hub has no such page: any answer of its own will do.
    let url = if peer.name == "hub" {
        peer.url.to_owned()
    } else {
        health_page(peer.url)
    };
    let has_page = peer.name != "hub";
    health(runtime, limit, (peer.name, peer.key, has_page), &url).await
}

/// Modules of the platform have their health below `/v1/{module}`; elsewhere the
/// address itself is asked.
fn health_page(url: &str) -> String {
    let segments: Vec<&str> = url.split('/').collect();
    let version = segments.iter().position(|segment| *segment == "v1");
    match version.and_then(|at| segments.get(..at + 2)) {
        Some(base) => format!("{}/actuator/health", base.join("/")),
        None => url.to_owned(),
    }
}

/// Asks a module; `name` it, and the setting of its address, and say whether it must have
/// the page that is asked for.
async fn health(
    runtime: &Runtime,
    limit: Duration,
    (name, key, has_page): (&str, &str, bool),
    url: &str,
) -> Finding {
    const CURE: &str =
        "Is the module up, is its address right, and does a network policy let this pod reach it?";
    let shown = address(url);
    let answer = match runtime.client.get(url).timeout(limit).send().await {
        Ok(answer) => answer,
        Err(error) => return Finding::fault(name, format!("{shown}: {}", described(error)), CURE),
    };
    let status = answer.status();
    let down = answer
        .json::<Value>()
        .await
        .is_ok_and(|body| body.get("status").is_some_and(|status| status == "DOWN"));
    if down {
        Finding::fault(
            name,
            format!("{shown} says DOWN"),
            "See the log of that module.",
        )
    } else if status.is_server_error() {
        let cause = format!("{shown} answers HTTP {}", status.as_u16());
        Finding::fault(name, cause, "See the log of that module.")
    } else if has_page && status == StatusCode::NOT_FOUND {
        // It may be a module without that page, or none at all.
        Finding::warning(
            name,
            format!("{shown} answers HTTP 404: nothing is served there"),
            &format!("Is the path of {key} right?"),
        )
    } else {
        Finding::ok(name, format!("{shown} answers HTTP {}", status.as_u16()))
    }
}

async fn esignet(runtime: &Runtime, limit: Duration) -> Finding {
    let settings = &runtime.settings.esignet;
    let url = if settings.discovery_url.is_empty() && !settings.url.is_empty() {
        let base = settings.url.base();
        format!("{base}/v1/esignet/oidc/.well-known/openid-configuration")
    } else {
        settings.discovery_url.to_string()
    };
    if url.is_empty() {
        return Finding::warning(
            "eSignet",
            "esignet.url is not set: OIDC clients can't be registered",
            "Set it where the deployment has eSignet.",
        );
    }
    const CURE: &str = "Is eSignet up, and is its address right?";
    let shown = address(&url);
    let answer = match runtime.client.get(&url).timeout(limit).send().await {
        Ok(answer) => answer,
        Err(error) => {
            return Finding::fault("eSignet", format!("{shown}: {}", described(error)), CURE);
        }
    };
    let status = answer.status();
    let document = answer.json::<Value>().await;
    match document {
        Ok(document) if status.is_success() && document.get("issuer").is_some() => {
            Finding::ok("eSignet", format!("{shown} answers"))
        }
        _ => Finding::fault(
            "eSignet",
            format!(
                "{shown} answers HTTP {} and no discovery document",
                status.as_u16()
            ),
            CURE,
        ),
    }
}

async fn keycloak(runtime: &Runtime, limit: Duration) -> Finding {
    let url = &runtime.settings.keycloak.users_url;
    if url.is_empty() {
        return Finding::warning(
            "Keycloak users",
            "keycloak.users_url is not set: partner details have no names of people",
            "Set it to the users endpoint of the admin API.",
        );
    }
    let shown = address(url);
    let Ok(token) = runtime.token.get().await else {
        return Finding::warning(
            "Keycloak users",
            "not asked: there is no token",
            "See the finding about the service account.",
        );
    };
    let request = runtime
        .client
        .get(&**url)
        .query(&[("max", "1")])
        .timeout(limit);
    match request.bearer_auth(token.expose_secret()).send().await {
        Ok(answer) if answer.status().is_success() => {
            Finding::ok("Keycloak users", format!("{shown} answers"))
        }
        Ok(answer) if answer.status() == StatusCode::FORBIDDEN => Finding::warning(
            "Keycloak users",
            format!("{shown} refuses the service account"),
            "Give it the client roles view-users and view-realm of realm-management.",
        ),
        Ok(answer) => Finding::fault(
            "Keycloak users",
            format!("{shown} answers HTTP {}", answer.status().as_u16()),
            "Is the address that of the realm's admin API?",
        ),
        Err(error) => Finding::fault(
            "Keycloak users",
            format!("{shown}: {}", described(error)),
            "Is Keycloak up, and can it be reached from here?",
        ),
    }
}
