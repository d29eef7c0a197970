//! `GET /.well-known/openid-configuration` and `GET /protocol/openid-connect/certs`

use actix_web::HttpResponse;
use actix_web::web::Data;
use serde_json::json;

use super::{AUTHORIZE, CERTS, LOGOUT, REGISTRATIONS, TOKEN, USERINFO};
use crate::identity::Identity;

/// Where everything is and what is supported.
pub(super) async fn configuration(identity: Data<Identity>) -> HttpResponse {
    let addresses = &identity.0.addresses;
    let at = |path| addresses.endpoint(path).to_string();
    HttpResponse::Ok().json(json!({
        "issuer": addresses.issuer().as_str(),
        "authorization_endpoint": at(AUTHORIZE),
        "token_endpoint": at(TOKEN),
        "userinfo_endpoint": at(USERINFO),
        "end_session_endpoint": at(LOGOUT),
        "jwks_uri": at(CERTS),
        "registration_page": at(REGISTRATIONS),
        "grant_types_supported":
            ["authorization_code", "password", "client_credentials", "refresh_token"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login"],
        "scopes_supported": ["openid", "profile", "email", "phone", "address", "roles"],
        "claims_supported": ["sub", "iss", "auth_time", "name", "given_name", "family_name",
            "preferred_username", "email"],
    }))
}

/// The public key.
pub(super) async fn certs(identity: Data<Identity>) -> HttpResponse {
    HttpResponse::Ok().json(identity.0.tokens.key.jwks())
}
