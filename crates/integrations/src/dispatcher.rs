//! Delivers the outbox: one task per queue, in every service process.
//!
//! A process takes the rows of the queues for whose peers it has addresses
//! ([`Plan`]); the others wait for a process that has them.

pub(crate) mod answer;
mod backoff;
mod delivery_task;
mod janitor;
mod plan;
mod worker;

use std::sync::Arc;
use std::time::Duration;

pub use plan::{Deliverer, Duty, Plan};
use pms_database::Db;
use pms_database::outbox::Queue;
use pms_database::outbox::depths::Depth;
use pms_database::outbox::retention::Keep;
use prometheus::{IntCounterVec, IntGaugeVec, Opts, Registry};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How to deliver.
#[derive(Debug, Clone, Copy)]
pub struct DispatcherSettings {
    /// Deliveries of a queue at the same time.
    pub batch: u32,
    /// How long a lease holds. Longer than any delivery may take.
    pub lease: Duration,
    /// Deliveries of one row before it is parked.
    pub max_attempts: u32,
    /// First pause between deliveries of a row; doubles each time.
    pub retry_first: Duration,
    /// Longest pause between deliveries of a row.
    pub retry_longest: Duration,
    /// Pause between polls when no commit signals.
    pub poll: Duration,
    /// How long ended rows are kept.
    pub keep: Keep,
}

/// Why a delivery did not happen. The text holds no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// Worth another try.
    Retry(String),
    /// It may have happened, and twice would be a nuisance to people: worth a
    /// few tries.
    Unknown(String),
    /// The peer refuses what it is given until an operator changes its
    /// configuration or ours: worth tries for about an hour.
    Refused(String),
    /// No try will ever succeed.
    Never(String),
    /// It is too old to be worth delivering.
    Expired(String),
    /// The row belongs into another queue.
    Misplaced(Queue),
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
    waiting: IntGaugeVec,
}

impl Counters {
    fn new(registry: &Registry) -> Result<Self, prometheus::Error> {
        let gauge = |name: &str, help: &str, label: &str| {
            let gauge = IntGaugeVec::new(Opts::new(name, help), &[label])?;
            registry.register(Box::new(gauge.clone()))?;
            Ok::<_, prometheus::Error>(gauge)
        };
        let deliveries = IntCounterVec::new(
            Opts::new("outbox_deliveries_total", "Deliveries by queue and outcome"),
            &["lane", "outcome"],
        )?;
        registry.register(Box::new(deliveries.clone()))?;
        Ok(Self {
            deliveries,
            depth: gauge(
                "outbox_pending",
                "Outbox rows that wait for delivery",
                "lane",
            )?,
            dead: gauge(
                "outbox_dead",
                "Outbox rows parked after the last attempt",
                "lane",
            )?,
            age: gauge(
                "outbox_oldest_seconds",
                "Age of the oldest waiting outbox row",
                "lane",
            )?,
            waiting: gauge(
                "outbox_rows_waiting",
                "Outbox rows of queues that this process has no address for",
                "queue",
            )?,
        })
    }

    fn show(&self, queue: Queue, depth: Option<&Depth>) {
        let labels = [queue.name()];
        let number = |read: fn(&Depth) -> i64| depth.map_or(0, read);
        let set = |gauge: &IntGaugeVec, value| gauge.with_label_values(&labels).set(value);
        set(&self.depth, number(|depth| depth.pending));
        set(&self.dead, number(|depth| depth.dead));
        set(&self.age, number(|depth| depth.oldest_seconds.unwrap_or(0)));
    }
}

impl Dispatcher {
    /// Starts a task per queue, one that cleans up and one that measures.
    ///
    /// # Errors
    /// When the metrics are registered already.
    pub fn start(
        db: &Db,
        plan: &Plan,
        settings: DispatcherSettings,
        registry: &Registry,
    ) -> Result<Self, prometheus::Error> {
        let counters = Counters::new(registry)?;
        let (stop, stopped) = watch::channel(false);
        let mut tasks = Vec::new();
        for &queue in Queue::ALL {
            match plan.duty(queue) {
                Duty::Deliver(deliverer) => {
                    let task = delivery_task::DeliveryTask {
                        queue,
                        deliverer,
                        settings,
                    };
                    let worker = worker::Worker {
                        db: db.clone(),
                        settings,
                        deliveries: counters.deliveries.clone(),
                        task: Arc::new(task),
                    };
                    tasks.push(tokio::spawn(worker.run(stopped.clone())));
                }
                Duty::Discard => {
                    tracing::warn!("outbox.discard: rows of the queue {queue} are skipped");
                    let (what, deliveries) = ((queue, settings.poll), counters.deliveries.clone());
                    let discard = janitor::discard(db.clone(), what, deliveries, stopped.clone());
                    tasks.push(tokio::spawn(discard));
                }
                Duty::Wait(missing) => {
                    let missing = missing.join(", ");
                    tracing::warn!("not set: {missing}: rows of the queue {queue} wait");
                }
                Duty::Leave(_) => {}
            }
        }
        let clean_up = janitor::clean_up(db.clone(), settings.keep, stopped.clone());
        tasks.push(tokio::spawn(clean_up));
        let janitor = janitor::Janitor {
            db: db.clone(),
            counters,
            waiting: plan.waiting(),
            warned_at: None,
        };
        tasks.push(tokio::spawn(janitor.run(stopped)));
        Ok(Self { stop, tasks })
    }

    /// Ends the tasks after the deliveries in progress.
    pub async fn stop(self) {
        // An error means that the tasks have ended already.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "an outbox task failed");
            }
        }
    }
}
