//! What every route can reach: token verifier, roles, clock, limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};
use pms_database::Clock;

use crate::auth::{Ownership, RoleMatrix, Verifier};
use crate::body::BodyBudget;
use crate::cors::Cors;
use crate::metrics::Metrics;
use crate::running::Running;
use crate::service::CERTIFICATE;

/// Shared state of the HTTP edge; one per process.
#[derive(Clone)]
pub struct Edge {
    inner: Arc<Inner>,
}

/// The parts of an [`Edge`].
pub struct EdgeParts {
    /// Checks tokens.
    pub verifier: Verifier,
    /// Which roles may call what.
    pub roles: RoleMatrix,
    /// How strictly rows belong to their owners.
    pub ownership: Ownership,
    /// Which other origins may call.
    pub cors: Cors,
    /// The time.
    pub clock: Clock,
    /// Counters and histograms.
    pub metrics: Metrics,
    /// Largest request body, in bytes.
    pub body_limit: usize,
    /// Largest sum of all request bodies at one time, in bytes.
    pub bodies_limit: usize,
    /// Longest a request may take.
    pub request_timeout: Duration,
    /// Port of its own for the key manager; 0 for none.
    pub key_manager_port: u16,
}

struct Inner(EdgeParts, AtomicBool, Running, BodyBudget);

impl Edge {
    /// Puts the parts together.
    pub fn new(parts: EdgeParts) -> Self {
        let bodies = BodyBudget::of(parts.bodies_limit);
        let running = Running::default();
        Self {
            inner: Arc::new(Inner(parts, AtomicBool::new(false), running, bodies)),
        }
    }

    /// The edge of the server that got this request.
    ///
    /// # Panics
    /// Never in a server built by [`crate::server`], which always mounts it.
    pub fn of(request: &HttpRequest) -> Self {
        #[expect(clippy::expect_used, reason = "the server mounts it before any route")]
        let edge = request
            .app_data::<web::Data<Self>>()
            .expect("the edge is mounted");
        edge.get_ref().clone()
    }

    /// From now on the process is about to stop: readiness fails, and answers ask
    /// their clients to open no request on the same connection.
    pub fn drain(&self) {
        self.inner.1.store(true, Ordering::Relaxed);
    }

    /// Whether the process is about to stop.
    pub fn is_draining(&self) -> bool {
        self.inner.1.load(Ordering::Relaxed)
    }

    /// The requests that are being served.
    pub fn running(&self) -> &Running {
        &self.inner.2
    }

    /// Checks tokens.
    pub fn verifier(&self) -> &Verifier {
        &self.inner.0.verifier
    }

    /// Which roles may call what.
    pub fn roles(&self) -> &RoleMatrix {
        &self.inner.0.roles
    }

    /// How strictly rows belong to their owners.
    pub fn ownership(&self) -> &Ownership {
        &self.inner.0.ownership
    }

    /// Which other origins may call.
    pub fn cors(&self) -> &Cors {
        &self.inner.0.cors
    }

    /// Counters and histograms.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.0.metrics
    }

    /// The present instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.0.clock.now()
    }

    /// Largest request body, in bytes.
    pub fn body_limit(&self) -> usize {
        self.inner.0.body_limit
    }

    /// The memory for request bodies.
    pub(crate) fn bodies(&self) -> &BodyBudget {
        &self.inner.3
    }

    /// Whether a route is served by another port than that of the request: the key
    /// manager may have one of its own, which serves nothing else.
    pub(crate) fn is_elsewhere(&self, route: &str, request: &HttpRequest) -> bool {
        let own = self.inner.0.key_manager_port;
        let port = request.app_config().local_addr().port();
        own != 0 && (port == own) != route.starts_with(CERTIFICATE.own)
    }

    /// Longest a request may take.
    pub fn request_timeout(&self) -> Duration {
        self.inner.0.request_timeout
    }
}
