//! Prometheus metrics of one process.

mod pages;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use pms_database::Db;
use prometheus::{
    Encoder, Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntGauge, Opts, Registry,
    TextEncoder,
};

use self::pages::Pages;
use crate::telemetry::DROPPED;

/// Counters and histograms; cloning shares them.
#[derive(Clone)]
pub struct Metrics {
    registry: Registry,
    requests: HistogramVec,
    slowest: GaugeVec,
    series: Arc<Mutex<HashMap<Labels, Arc<Series>>>>,
    pool: Arc<[IntGauge; 5]>,
    pages: Pages,
}

/// Method, route, status.
type Labels = (&'static str, String, u16);

/// What is counted of the requests with the same labels.
struct Series {
    requests: Histogram,
    slowest: Gauge,
    /// When the window of the slowest request began, and how long that took.
    window: Mutex<(Instant, f64)>,
}

impl Series {
    fn count(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        self.requests.observe(seconds);
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.0.elapsed() > WINDOW {
            *window = (Instant::now(), 0.0);
        }
        if seconds > window.1 {
            window.1 = seconds;
        }
        self.slowest.set(window.1);
    }
}

/// A path of the route table in one worker, with the series that its requests have
/// needed so far.
pub(crate) struct Observed {
    /// The path as a template, never a raw path.
    pub(crate) route: Box<str>,
    seen: RefCell<Vec<(&'static str, u16, Arc<Series>)>>,
}

impl Observed {
    pub(crate) fn new(route: &str) -> Self {
        Self {
            route: route.into(),
            seen: RefCell::default(),
        }
    }

    /// Counts one request.
    pub(crate) fn count(
        &self,
        metrics: &Metrics,
        (method, status): (&'static str, u16),
        took: Duration,
    ) {
        let mut seen = self.seen.borrow_mut();
        let known = seen
            .iter()
            .find(|(of, with, _)| *of == method && *with == status);
        if let Some((_, _, series)) = known {
            series.count(took);
            return;
        }
        let series = metrics.series(method, &self.route, status);
        series.count(took);
        seen.push((method, status, series));
    }
}

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
        registry.register(Box::new(DROPPED.clone()))?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(
            prometheus::process_collector::ProcessCollector::for_self(),
        ))?;
        Ok(Self {
            registry,
            requests,
            slowest,
            series: Arc::default(),
            pool,
            pages: Pages::default(),
        })
    }

    /// Where other parts of the process add their metrics.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The series of these labels. Costs texts and locks, so [`Observed`] keeps it.
    fn series(&self, method: &'static str, route: &str, status: u16) -> Arc<Series> {
        let key = (method, route.to_owned(), status);
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        let found = series.entry(key).or_insert_with(|| {
            let outcome = match status / 100 {
                1 => "INFORMATIONAL",
                2 => "SUCCESS",
                3 => "REDIRECTION",
                4 => "CLIENT_ERROR",
                _ => "SERVER_ERROR",
            };
            let labels = [method, route, &status.to_string(), outcome, "None"];
            Arc::new(Series {
                requests: self.requests.with_label_values(&labels),
                slowest: self.slowest.with_label_values(&labels),
                window: Mutex::new((Instant::now(), 0.0)),
            })
        });
        Arc::clone(found)
    }

    /// [`Metrics::page`] for an answer; while several are on their way, one that is a few
    /// seconds old.
    ///
    /// # Errors
    /// When a metric can't be written as text.
    pub fn shared_page(&self, db: &Db) -> Result<Bytes, prometheus::Error> {
        self.pages.next(|| self.page(db))
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
        gauge(
            "db_pool_slots_busy",
            "Use cases at work on a database connection",
        )?,
        gauge(
            "db_read_only",
            "1 while the database refuses writes (a failover, or default_transaction_read_only)",
        )?,
    ]))
}
