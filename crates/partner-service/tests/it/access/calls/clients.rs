//! OIDC clients.

use serde_json::json;

use super::{Call, get, with};

pub(super) fn clients() -> Vec<Call> {
    const NEWER: &str = "/oauth/client/{clientId}";
    const OLDER: &str = "/oidc/client/{clientId}";
    let new = json!({
        "name": "Client {p}",
        "policyId": "{p}-held",
        "publicKey": { "kty": "OKP", "crv": "Ed25519",
            "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" },
        "authPartnerId": "{p}",
        "logoUri": "https://example.org/logo.png",
        "redirectUris": ["https://example.org"],
        "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Client {p}" },
    });
    let changed = json!({
        "logoUri": "https://example.org/logo.png",
        "redirectUris": ["https://example.org"],
        "status": "ACTIVE",
        "grantTypes": ["authorization_code"],
        "clientName": "Client {p}",
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Client {p}" },
    });
    vec![
        // The stage has no eSignet: a caller that is let through gets that error.
        with("POST", "/oauth/client", "/oauth/client", new.clone()),
        with("POST", "/oidc-clients", "/oidc-clients", new.clone()),
        with("POST", "/oidc/client", "/oidc/client", new),
        with("PUT", NEWER, "/oauth/client/{p}-client", changed.clone()),
        with("PUT", OLDER, "/oidc/client/{p}-client", changed),
        get(NEWER, "/oauth/client/{p}-client"),
        get(OLDER, "/oidc/client/{p}-client"),
        get("/oauth/client", "/oauth/client"),
        get(
            "/oidc-clients/{clientId}/diagnosis",
            "/oidc-clients/{p}-client/diagnosis",
        ),
    ]
}
