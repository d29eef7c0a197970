//! The identity provider of the test realm: signing keys and service tokens.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::{App, HttpResponse, web};
use serde_json::json;

use crate::tokens;

/// Serves the JWKS and a service account's token.
pub struct IdentityPeer {
    server: actix_test::TestServer,
}

impl IdentityPeer {
    /// Starts on a free port.
    pub fn start() -> Self {
        let server = actix_test::start(|| {
            App::new()
                .route(
                    "/certs",
                    web::get().to(async || HttpResponse::Ok().json(tokens::jwks())),
                )
                .route("/token", web::post().to(service_token))
        });
        Self { server }
    }

    /// Address of the JWKS.
    pub fn jwks_url(&self) -> String {
        self.server.url("/certs")
    }

    /// Address of the token endpoint.
    pub fn token_endpoint(&self) -> String {
        self.server.url("/token")
    }
}

/// Makes every token another one, as a provider does.
static NUMBER: AtomicU64 = AtomicU64::new(0);

async fn service_token() -> HttpResponse {
    let roles = ["ZONAL_ADMIN", "PARTNER_ADMIN", "PARTNER", "CREATE_SHARE"];
    let far = 4_102_444_800;
    let mut claims = tokens::claims("service-account-mosip-pms-client", &roles, far);
    // Of the realm's own admin API (contract config-and-deploy.md §8).
    claims["resource_access"] = json!({
        "realm-management": { "roles": ["view-users", "view-realm"] },
    });
    claims["scope"] = json!("add_oidc_client update_oidc_client");
    claims["jti"] = json!(NUMBER.fetch_add(1, Ordering::Relaxed));
    let token = tokens::sign(&claims);
    HttpResponse::Ok().json(json!({ "access_token": token, "expires_in": 3600 }))
}
