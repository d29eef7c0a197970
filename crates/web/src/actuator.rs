//! Health, info and metrics of a service (contract config-and-deploy.md §5).
//!
//! Only these: what else the reference exposes leaks its environment.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse};
use pms_database::Db;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::dispatch::page;
use crate::edge::Edge;
use crate::http_error::JSON;

/// State of one component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentHealth {
    /// `UP` or `DOWN`.
    pub status: &'static str,
    /// Numbers for people; no secrets.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub details: Value,
}

impl ComponentHealth {
    /// `UP` when `up`.
    pub const fn of(up: bool, details: Value) -> Self {
        Self {
            status: if up { "UP" } else { "DOWN" },
            details,
        }
    }
}

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = ComponentHealth> + Send>> + Send + Sync;

/// The components, and when they were asked.
type Answer = (Instant, Map<String, Value>);

/// The components of a process and how to ask them.
#[derive(Clone)]
pub struct Health {
    db: Db,
    checks: Arc<Vec<(&'static str, Box<Check>)>>,
    last: Arc<Mutex<Option<Answer>>>,
}

/// An answer is reused this long: the page needs no token, and asking it in a
/// loop must not load the database.
const FRESH_FOR: Duration = Duration::from_secs(1);

impl Health {
    /// The database and `checks`.
    pub fn new(db: Db, checks: Vec<(&'static str, Box<Check>)>) -> Self {
        Self {
            db,
            checks: Arc::new(checks),
            last: Arc::default(),
        }
    }

    /// Every component by name.
    pub async fn components(&self) -> Map<String, Value> {
        let mut last = self.last.lock().await;
        if let Some((at, components)) = last.as_ref()
            && at.elapsed() < FRESH_FOR
        {
            return components.clone();
        }
        let mut components = Map::new();
        let up = self.db.ping(Duration::from_secs(1)).await;
        components.insert("db".to_owned(), json!(ComponentHealth::of(up, Value::Null)));
        for (name, check) in self.checks.iter() {
            let health = if up {
                check().await
            } else {
                ComponentHealth::of(false, json!({ "error": "no database" }))
            };
            components.insert((*name).to_owned(), json!(health));
        }
        components.insert(
            "ping".to_owned(),
            json!(ComponentHealth::of(true, Value::Null)),
        );
        *last = Some((Instant::now(), components.clone()));
        components
    }
}

/// Mounts the pages below `own`, such as `/v1/policymanager`.
pub fn mount(app: &mut ServiceConfig, own: &str, health: &Health) {
    let at = |path: &str| format!("{own}/actuator/{path}");
    let (whole, ready, metrics) = (health.clone(), health.clone(), health.db.clone());
    app.service(page(&at("health"), move || {
        let health = whole.clone();
        async move { report(health.components().await) }
    }))
    .service(page(&at("health/readiness"), move || {
        let health = ready.clone();
        async move { report(health.components().await) }
    }))
    .service(page(&at("health/liveness"), async || report(Map::new())))
    .service(page(&at("info"), info))
    .service(page(&at("prometheus"), move |request: HttpRequest| {
        let page = Edge::of(&request).metrics().page(&metrics);
        async move { metrics_page(page) }
    }));
}

fn metrics_page(page: Result<Vec<u8>, prometheus::Error>) -> HttpResponse {
    match page {
        Ok(text) => HttpResponse::Ok()
            .content_type("text/plain; version=0.0.4; charset=utf-8")
            .body(text),
        Err(error) => {
            tracing::error!(%error, "metrics can't be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

async fn info() -> HttpResponse {
    let body = json!({ "build": { "name": "pms", "version": env!("CARGO_PKG_VERSION") } });
    HttpResponse::Ok().content_type(JSON).body(body.to_string())
}

fn report(components: Map<String, Value>) -> HttpResponse {
    let up = components
        .values()
        .all(|component| component.get("status").is_some_and(|status| status == "UP"));
    let status = if up {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let mut body = json!({ "status": if up { "UP" } else { "DOWN" } });
    if let (Some(body), false) = (body.as_object_mut(), components.is_empty()) {
        body.insert("components".to_owned(), Value::Object(components));
    }
    HttpResponse::build(status)
        .content_type(JSON)
        .body(body.to_string())
}
