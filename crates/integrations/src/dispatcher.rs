//! Delivers the outbox: one task per lane, in every service process.

pub(crate) mod answer;
mod backoff;
mod courier;
mod keeper;
mod lane;
mod trust_chain;

use std::sync::Arc;
use std::time::Duration;

use pms_database::outbox::Lane;
use pms_database::{Clock, Db};
use prometheus::{IntCounterVec, IntGaugeVec, Opts, Registry};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::audit::AuditManager;
use crate::datashare::Datashare;
use crate::mail::Mailer;
use crate::websub::Hub;

/// How to deliver.
#[derive(Debug, Clone, Copy)]
pub struct DispatcherSettings {
    /// Deliveries of a lane at the same time.
    pub batch: u32,
    /// How long a lease holds. Longer than any delivery may take.
    pub lease: Duration,
    /// Deliveries of one row before it is parked.
    pub max_attempts: u32,
    /// First pause between deliveries of a row; doubles each time.
    pub retry_first: Duration,
    /// Longest pause between deliveries of a row.
    pub retry_longest: Duration,
    /// Pause between looks when nobody signals.
    pub poll: Duration,
    /// How long delivered rows are kept.
    pub keep: chrono::Duration,
}

/// The peers of this deployment; an absent one's rows are marked as skipped.
#[derive(Default)]
pub struct Peers {
    /// The WebSub hub.
    pub hub: Option<Hub>,
    /// The Audit Manager.
    pub audit: Option<AuditManager>,
    /// The data share: trust chains need it beside the hub.
    pub datashare: Option<Datashare>,
    /// Sends mails.
    pub mailer: Option<Mailer>,
}

/// Why a delivery did not happen. The text holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// Worth another try.
    Retry(String),
    /// Nobody knows whether it happened, and twice would be a nuisance to
    /// people: worth a few tries.
    Unknown(String),
    /// There is no such peer.
    NoPeer,
    /// No try will ever succeed.
    Never(String),
}

/// The running delivery tasks.
pub struct Dispatcher {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Numbers about deliveries.
#[derive(Clone)]
struct Counters {
    deliveries: IntCounterVec,
    depth: IntGaugeVec,
    dead: IntGaugeVec,
    age: IntGaugeVec,
}

impl Counters {
    fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str| -> Result<IntGaugeVec, prometheus::Error> {
            let gauge = IntGaugeVec::new(Opts::new(name, help), &["lane"])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok(gauge)
        };
        let deliveries = IntCounterVec::new(
            Opts::new("outbox_deliveries_total", "Deliveries by lane and outcome"),
            &["lane", "outcome"],
        )?;
        registry.register(Box::new(deliveries.clone()))?;
        Ok(Self {
            deliveries,
            depth: gauge("outbox_pending", "Outbox rows that wait for delivery")?,
            dead: gauge("outbox_dead", "Outbox rows parked after the last attempt")?,
            age: gauge(
                "outbox_oldest_seconds",
                "Age of the oldest waiting outbox row",
            )?,
        })
    }
}

impl Dispatcher {
    /// Starts a task per lane, and one that cleans up and measures.
    ///
    /// # Errors
    /// When the metrics are registered already.
    pub fn start(
        db: &Db,
        clock: &Clock,
        peers: Peers,
        settings: DispatcherSettings,
        registry: &Registry,
    ) -> Result<Self, prometheus::Error> {
        if peers.hub.is_none() {
            tracing::warn!("websub.url is not set: events are kept as skipped");
        }
        if peers.datashare.is_none() {
            tracing::warn!("datashare.url is not set: trust chains are kept as skipped");
        }
        if peers.mailer.is_none() {
            tracing::warn!("notifier.url is not set: mails are kept as skipped");
        }
        let counters = Counters::new(registry)?;
        let (stop, stopped) = watch::channel(false);
        let peers = Arc::new(peers);
        let mut tasks = Vec::new();
        for lane in Lane::ALL {
            let courier = courier::Courier {
                lane,
                clock: clock.clone(),
                peers: Arc::clone(&peers),
                settings,
            };
            let worker = lane::Worker {
                db: db.clone(),
                clock: clock.clone(),
                settings,
                deliveries: counters.deliveries.clone(),
                courier: Arc::new(courier),
            };
            tasks.push(tokio::spawn(worker.run(stopped.clone())));
        }
        let keeper = keeper::Keeper {
            db: db.clone(),
            clock: clock.clone(),
            settings,
            counters,
        };
        tasks.push(tokio::spawn(keeper.run(stopped)));
        Ok(Self { stop, tasks })
    }

    /// Ends the tasks after the deliveries in progress.
    pub async fn stop(self) {
        // Nobody listening means that the tasks have ended already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "an outbox task failed");
            }
        }
    }
}
