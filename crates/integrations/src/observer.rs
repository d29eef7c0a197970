//! What is seen of calls to peers: numbers, and the trace they belong to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use prometheus::{HistogramOpts, HistogramVec, IntCounterVec, IntGaugeVec, Opts, Registry};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Request, RequestBuilder, Response, StatusCode};

use crate::breaker::{Breaker, Shown};
use crate::http::{FreshConnections, is_closed, kind};

/// The systems that we call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Peer {
    /// The key manager contract.
    KeyManager,
    /// The WebSub hub.
    Hub,
    /// The Audit Manager.
    Audit,
    /// The notifier.
    Notifier,
    /// The templates of the master data.
    Templates,
    /// The data share.
    Datashare,
    /// The token endpoint of the identity provider.
    Token,
    /// The token endpoint of its administrators.
    AdminToken,
    /// The token endpoint for logins of browsers, where that is another one.
    LoginToken,
    /// The admin API of the identity provider.
    Keycloak,
    /// eSignet's client management.
    Esignet,
    /// eSignet's records of clients, which not every server offers.
    EsignetRecords,
    /// eSignet's discovery document.
    EsignetDiscovery,
    /// The server of the files that map claims and ACR values.
    EsignetMappings,
    /// The service of certificates, which requests are passed on to.
    CertificateService,
}

impl Peer {
    /// The peer as a label of metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyManager => "key_manager",
            Self::Hub => "hub",
            Self::Audit => "audit",
            Self::Notifier => "notifier",
            Self::Templates => "templates",
            Self::Datashare => "datashare",
            Self::Token => "token",
            Self::AdminToken => "admin_token",
            Self::LoginToken => "login_token",
            Self::Keycloak => "keycloak",
            Self::Esignet => "esignet",
            Self::EsignetRecords => "esignet_records",
            Self::EsignetDiscovery => "esignet_discovery",
            Self::EsignetMappings => "esignet_mappings",
            Self::CertificateService => "certificate_service",
        }
    }
}

/// The header with the id of the request that a call belongs to.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    /// The request that queued what is being delivered.
    static ON_BEHALF_OF: Option<HeaderValue>;
}

/// Delivers what the request with this id queued: the calls carry the id.
pub(crate) async fn on_behalf_of<T>(id: Option<&str>, delivery: impl Future<Output = T>) -> T {
    let id = id.and_then(|id| HeaderValue::from_str(id).ok());
    ON_BEHALF_OF.scope(id, delivery).await
}

/// Counts and times calls, and passes the caller's trace on. Cloning shares the
/// numbers; the default one counts nothing.
#[derive(Clone, Default)]
pub struct Observer {
    numbers: Option<Arc<Numbers>>,
    trace: Option<fn() -> HeaderMap>,
    /// For what is repeated.
    fresh: Option<FreshConnections>,
}

struct Numbers {
    calls: IntCounterVec,
    seconds: HistogramVec,
    circuits: IntGaugeVec,
    refused: IntCounterVec,
    /// One for each peer, shared by all its callers.
    breakers: Mutex<HashMap<Peer, Breaker>>,
}

impl Observer {
    /// An observer whose numbers are in `registry`. `trace` gives the headers of
    /// the request that is being served, none elsewhere.
    ///
    /// # Errors
    /// When the registry has such numbers already.
    pub fn new(registry: &Registry, trace: fn() -> HeaderMap) -> Result<Self, prometheus::Error> {
        let calls = IntCounterVec::new(
            Opts::new("outbound_requests_total", "Calls by peer and outcome"),
            &["peer", "outcome"],
        )?;
        let buckets = vec![
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
        ];
        let seconds = HistogramVec::new(
            HistogramOpts::new(
                "outbound_request_seconds",
                "Time until peers answer or calls fail",
            )
            .buckets(buckets),
            &["peer"],
        )?;
        let circuits = IntGaugeVec::new(
            Opts::new(
                "peer_circuit_open",
                "1 while a peer that hung repeatedly is not called",
            ),
            &["peer"],
        )?;
        let refused = IntCounterVec::new(
            Opts::new(
                "peer_calls_refused_total",
                "Calls that were not made, since the peer hung repeatedly",
            ),
            &["peer"],
        )?;
        registry.register(Box::new(refused.clone()))?;
        registry.register(Box::new(calls.clone()))?;
        registry.register(Box::new(circuits.clone()))?;
        registry.register(Box::new(seconds.clone()))?;
        Ok(Self {
            numbers: Some(Arc::new(Numbers {
                calls,
                seconds,
                circuits,
                refused,
                breakers: Mutex::default(),
            })),
            trace: Some(trace),
            fresh: None,
        })
    }

    /// The same observer, which repeats calls on connections of their own.
    #[must_use]
    pub fn repeating_on(mut self, fresh: FreshConnections) -> Self {
        self.fresh = Some(fresh);
        self
    }

    /// The client whose connections serve one call each, if there is one.
    pub(crate) fn single_connections(&self) -> Option<&Client> {
        self.fresh.as_ref().and_then(FreshConnections::client)
    }

    /// The breaker for calls of a peer, which shows in the metrics.
    pub fn breaker(&self, peer: Peer) -> Breaker {
        let Some(numbers) = &self.numbers else {
            return Breaker::default();
        };
        let breakers = numbers.breakers.lock();
        let mut breakers = breakers.unwrap_or_else(PoisonError::into_inner);
        let breaker = breakers.entry(peer).or_insert_with(|| {
            let labels = [peer.name()];
            let shown = Shown {
                open: numbers.circuits.with_label_values(&labels),
                refused: numbers.refused.with_label_values(&labels),
            };
            let breaker = Breaker::measured_in(peer.name(), shown);
            if peer == Peer::CertificateService {
                // Uploads take their time, and their clients may not have it.
                return breaker.of_slow_peer();
            }
            breaker
        });
        breaker.clone()
    }

    /// Sends one request to a peer. One whose method is safe, such as GET, is repeated
    /// as by [`Observer::send_unchanging`].
    ///
    /// # Errors
    /// As [`RequestBuilder::send`].
    pub async fn send(
        &self,
        peer: Peer,
        request: RequestBuilder,
    ) -> Result<Response, reqwest::Error> {
        let (client, request) = request.build_split();
        let request = request?;
        if request.method().is_safe() {
            self.twice(peer, &client, request).await
        } else {
            self.once(peer, &client, request).await
        }
    }

    /// Sends a request that changes nothing at the peer. When the peer closes the
    /// connection instead of answering, the request is sent once more, on a connection
    /// of its own: a kept one is closed by a peer that starts anew, or by a proxy.
    ///
    /// # Errors
    /// As [`RequestBuilder::send`].
    pub async fn send_unchanging(
        &self,
        peer: Peer,
        request: RequestBuilder,
    ) -> Result<Response, reqwest::Error> {
        let (client, request) = request.build_split();
        self.twice(peer, &client, request?).await
    }

    async fn twice(
        &self,
        peer: Peer,
        client: &Client,
        request: Request,
    ) -> Result<Response, reqwest::Error> {
        // A body that is streamed can't be sent again.
        let Some(again) = request.try_clone() else {
            return self.once(peer, client, request).await;
        };
        match self.once(peer, client, request).await {
            Err(error) if is_closed(&error) => {
                let fresh = self.single_connections();
                self.once(peer, fresh.unwrap_or(client), again).await
            }
            answered => answered,
        }
    }

    async fn once(
        &self,
        peer: Peer,
        client: &Client,
        mut request: Request,
    ) -> Result<Response, reqwest::Error> {
        let mut headers = self.trace.map(|trace| trace()).unwrap_or_default();
        if let Ok(Some(id)) = ON_BEHALF_OF.try_with(Option::clone) {
            headers.insert(REQUEST_ID, id);
        }
        for (name, value) in &headers {
            request.headers_mut().insert(name, value.clone());
        }
        let started_at = Instant::now();
        let answer = client.execute(request).await;
        if let Some(numbers) = &self.numbers {
            let outcome = match &answer {
                Ok(response) => class(response.status()),
                Err(error) => kind(error).label(),
            };
            numbers
                .calls
                .with_label_values(&[peer.name(), outcome])
                .inc();
            numbers
                .seconds
                .with_label_values(&[peer.name()])
                .observe(started_at.elapsed().as_secs_f64());
        }
        answer
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200..=299 => "2xx",
        400..=499 => "4xx",
        500..=599 => "5xx",
        _ => "other",
    }
}
