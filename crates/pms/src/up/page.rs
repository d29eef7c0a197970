//! `GET /` of `pms up`: a page that shows the way around.

use actix_web::http::header;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpResponse, guard, http::header::HeaderValue};
use pms_web::server::Module;
use serde_json::{Map, Value, json};
use url::Url;

use super::Development;
use crate::own_host::is_named;

const PAGE: &str = include_str!("page.html");
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
     connect-src 'self'; img-src data:; frame-ancestors 'none'",
);

/// The page and what it asks for.
#[derive(Clone)]
pub(super) struct Page {
    base: Url,
    development: Development,
    modules: Vec<Module>,
}

impl Page {
    pub(super) fn new(base: Url, development: Development, modules: Vec<Module>) -> Self {
        Self {
            base,
            development,
            modules,
        }
    }

    pub(super) fn configure(&self, app: &mut ServiceConfig) {
        let (status, page) = (self.clone(), PAGE.replace("{{base}}", self.base.as_str()));
        app.route(
            "/",
            web::get().to(move || {
                let page = page.clone();
                async move {
                    HttpResponse::Ok()
                        .content_type("text/html; charset=utf-8")
                        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
                        .body(page)
                }
            }),
        )
        .service(
            web::resource("/dev/status.json")
                .guard(guard::fn_guard(is_named(&self.base)))
                .route(web::get().to(move || {
                    let status = status.clone();
                    async move {
                        let body = status.status().await;
                        HttpResponse::Ok()
                            .content_type("application/json")
                            .body(body.to_string())
                    }
                })),
        );
    }

    /// What runs and how it is, and a token for each demo user.
    async fn status(&self) -> Value {
        let mut services = Vec::new();
        for module in &self.modules {
            let components: Map<String, Value> = module.health.components().await;
            services.push(json!({
                "name": module.service.name,
                "base": module.service.base,
                "own": module.service.own,
                "routes": module.routes.len(),
                "components": components,
            }));
        }
        json!({
            "services": services,
            "users": self.users(),
            "peers": self.development.peers.is_some(),
        })
    }

    fn users(&self) -> Vec<Value> {
        let Some(identity) = &self.development.identity else {
            return Vec::new();
        };
        let user = |name: &str, role: &str| match identity.mint(name) {
            Ok(token) => Some(json!({ "name": name, "role": role, "token": token })),
            Err(error) => {
                tracing::error!(%error, "no token for a demo user");
                None
            }
        };
        identity
            .demo_users()
            .iter()
            .filter_map(|demo| user(demo.username, demo.role))
            .collect()
    }
}
