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
use bytes::Bytes;
use pms_database::Db;
use pms_database::deadline::within;
use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::dispatch::page;
use crate::edge::Edge;
use crate::http_error::JSON;

/// State of one component.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ComponentHealth {
    /// `UP`, `DOWN`, or `UNKNOWN` for what could not be found out in time.
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

    /// `UNKNOWN`: it does not count against the process.
    pub const fn unknown(details: Value) -> Self {
        Self {
            status: "UNKNOWN",
            details,
        }
    }
}

type Check = dyn Fn() -> Pin<Box<dyn Future<Output = ComponentHealth> + Send>> + Send + Sync;

/// The components, and when they were checked.
type Answer = (Instant, Map<String, Value>);

/// The components of a process and how to ask them.
#[derive(Clone)]
pub struct Health {
    db: Db,
    checks: Arc<Vec<(&'static str, Box<Check>)>>,
    last: Arc<Mutex<Option<Answer>>>,
    database: Arc<Mutex<Option<(Instant, ComponentHealth)>>>,
}

/// The database must answer within this time.
const ANSWER_WITHIN: Duration = Duration::from_secs(1);

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
            database: Arc::default(),
        }
    }

    /// The database alone, on a connection of its own: neither a busy pool nor a
    /// lock makes it look away.
    async fn database(&self) -> ComponentHealth {
        let mut last = self.database.lock().await;
        if let Some((at, health)) = last.as_ref()
            && at.elapsed() < FRESH_FOR
        {
            return health.clone();
        }
        let up = self.db.ping(ANSWER_WITHIN).await;
        let health = ComponentHealth::of(up, json!({ "readOnly": self.db.is_read_only() }));
        *last = Some((Instant::now(), health.clone()));
        health
    }

    /// Every component by name. What a component does beside the database is
    /// found out within a second, or is unknown.
    pub async fn components(&self) -> Map<String, Value> {
        let mut last = self.last.lock().await;
        if let Some((at, components)) = last.as_ref()
            && at.elapsed() < FRESH_FOR
        {
            return components.clone();
        }
        let mut components = Map::new();
        let database = self.database().await;
        let up = database.status == UP;
        // It serves reads, so the process stays ready; the page must show it.
        let writes = up && !self.db.is_read_only();
        let shown = ComponentHealth::of(writes, database.details);
        components.insert("db".to_owned(), json!(shown));
        for (name, check) in self.checks.iter() {
            let health = if up {
                within(ANSWER_WITHIN, check())
                    .await
                    .unwrap_or_else(|_elapsed| {
                        ComponentHealth::unknown(json!({ "error": "no answer within a second" }))
                    })
            } else {
                ComponentHealth::unknown(json!({ "error": "no database" }))
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
    app.service(page(&at("health"), move |request: HttpRequest| {
        let (health, draining) = (whole.clone(), Edge::of(&request).is_draining());
        async move { everything(&health, draining).await }
    }))
    .service(page(
        &at("health/readiness"),
        move |request: HttpRequest| {
            let (health, draining) = (ready.clone(), Edge::of(&request).is_draining());
            async move { readiness(&health, draining).await }
        },
    ))
    .service(page(&at("health/liveness"), async || {
        report(UP, StatusCode::OK, Map::new())
    }))
    .service(page(&at("info"), info))
    .service(page(&at("prometheus"), move |request: HttpRequest| {
        let page = Edge::of(&request).metrics().shared_page(&metrics);
        async move { metrics_page(page) }
    }));
}

fn metrics_page(page: Result<Bytes, prometheus::Error>) -> HttpResponse {
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

const UP: &str = "UP";
const DOWN: &str = "DOWN";
/// About to stop.
const OUT_OF_SERVICE: &str = "OUT_OF_SERVICE";

/// Whether requests should be sent here: the process is not about to stop, and its
/// database answers within a second.
async fn readiness(health: &Health, draining: bool) -> HttpResponse {
    if draining {
        return report(OUT_OF_SERVICE, StatusCode::SERVICE_UNAVAILABLE, Map::new());
    }
    let database = health.database().await;
    let (status, code) = if database.status == UP {
        (UP, StatusCode::OK)
    } else {
        (DOWN, StatusCode::SERVICE_UNAVAILABLE)
    };
    report(
        status,
        code,
        Map::from_iter([("db".to_owned(), json!(database))]),
    )
}

/// What people and monitoring read. Existing charts restart a process by it, so a
/// database that is away shows in the body alone.
async fn everything(health: &Health, draining: bool) -> HttpResponse {
    let components = health.components().await;
    if draining {
        return report(OUT_OF_SERVICE, StatusCode::SERVICE_UNAVAILABLE, components);
    }
    let down = components
        .values()
        .any(|component| component.get("status").is_some_and(|status| status == DOWN));
    report(if down { DOWN } else { UP }, StatusCode::OK, components)
}

fn report(status: &str, code: StatusCode, components: Map<String, Value>) -> HttpResponse {
    let mut body = json!({ "status": status });
    if let (Some(body), false) = (body.as_object_mut(), components.is_empty()) {
        body.insert("components".to_owned(), Value::Object(components));
    }
    HttpResponse::build(code)
        .content_type(JSON)
        .body(body.to_string())
}
