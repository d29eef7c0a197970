//! Prometheus metrics of one process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use pms_database::Db;
use prometheus::{
    Encoder, GaugeVec, HistogramOpts, HistogramVec, IntGauge, Opts, Registry, TextEncoder,
};

/// Counters and histograms; cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    slowest: GaugeVec,
    windows: Arc<Mutex<HashMap<Labels, (Instant, f64)>>>,
    pool: Arc<[IntGauge; 5]>,
}

/// Method, route, status, outcome.
type Labels = [String; 4];

/// The slowest request is remembered about this long.
const WINDOW: Duration = Duration::from_secs(120);

impl Metrics {
    /// Metrics labelled with `application`.
    ///
    /// # Errors
    /// Only for names that Prometheus does not allow.
    pub fn new(application: &str) -> Result<Self, prometheus::Error> {
        let labels = HashMap::from([("application".to_owned(), application.to_owned())]);
        let registry = Registry::new_custom(None, Some(labels))?;
        let by = ["method", "uri", "status", "outcome", "exception"];
        let buckets = vec![
            0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
        ];
        let requests = HistogramVec::new(
            HistogramOpts::new(
                "http_server_requests_seconds",
                "Requests by route and status",
            )
            .buckets(buckets),
            &by,
        )?;
        let slowest = GaugeVec::new(
            Opts::new(
                "http_server_requests_seconds_max",
                "Slowest request of the last minutes",
            ),
            &by,
        )?;
        let pool = pool_gauges(&registry)?;
        let build = GaugeVec::new(
            Opts::new("pms_build_info", "Build of this process"),
            &["version"],
        )?;
        build
            .with_label_values(&[env!("CARGO_PKG_VERSION")])
            .set(1.0);
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(slowest.clone()))?;
        registry.register(Box::new(build))?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(
            prometheus::process_collector::ProcessCollector::for_self(),
        ))?;
        Ok(Self {
            registry,
            requests,
            slowest,
            windows: Arc::default(),
            pool,
        })
    }

    /// Where other parts of the process add their metrics.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Counts one request. `route` is a template, never a raw path.
    pub fn observe(&self, method: &str, route: &str, status: u16, took: Duration) {
        let status_text = status.to_string();
        let outcome = match status / 100 {
            1 => "INFORMATIONAL",
            2 => "SUCCESS",
            3 => "REDIRECTION",
            4 => "CLIENT_ERROR",
            _ => "SERVER_ERROR",
        };
        let labels = [method, route, status_text.as_str(), outcome, "None"];
        let seconds = took.as_secs_f64();
        self.requests.with_label_values(&labels).observe(seconds);
        let key = [method, route, status_text.as_str(), outcome].map(str::to_owned);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.entry(key).or_insert_with(|| (Instant::now(), 0.0));
        if window.0.elapsed() > WINDOW {
            *window = (Instant::now(), 0.0);
        }
        window.1 = window.1.max(seconds);
        self.slowest.with_label_values(&labels).set(window.1);
    }

    /// The page that Prometheus reads.
    ///
    /// # Errors
    /// When a metric can't be written as text.
    pub fn page(&self, db: &Db) -> Result<Vec<u8>, prometheus::Error> {
        let state = db.state();
        let [open, idle, size, busy, read_only] = self.pool.as_ref();
        open.set(i64::from(state.open));
        idle.set(i64::from(state.idle));
        size.set(i64::from(state.size));
        busy.set(i64::from(state.busy));
        read_only.set(i64::from(db.is_read_only()));
        let mut page = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut page)?;
        Ok(page)
    }
}

/// How the pool stands, in the order in which [`Metrics::page`] sets it.
fn pool_gauges(registry: &Registry) -> Result<Arc<[IntGauge; 5]>, prometheus::Error> {
    let gauge = |name: &str, help: &str| -> Result<IntGauge, prometheus::Error> {
        let gauge = IntGauge::new(name, help)?;
        registry.register(Box::new(gauge.clone()))?;
        Ok(gauge)
    };
    Ok(Arc::new([
        gauge("db_pool_connections_open", "Open database connections")?,
        gauge(
            "db_pool_connections_idle",
            "Open database connections nobody uses",
        )?,
        gauge(
            "db_pool_connections_max",
            "Most database connections of this process",
        )?,
        gauge("db_pool_slots_busy", "Use cases that hold a database slot")?,
        gauge(
            "db_read_only",
            "1 while the database refuses writes (a failover, or default_transaction_read_only)",
        )?,
    ]))
}
