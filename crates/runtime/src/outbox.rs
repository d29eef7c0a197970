//! The outbox in this process: how it is delivered, and what its health says.

use std::time::Duration;

use pms_database::Db;
use pms_database::outbox::Queue;
use pms_database::outbox::depths::{self, Depth};
use pms_database::outbox::retention::Keep;
use pms_integrations::DispatcherSettings;
use pms_web::Settings;
use pms_web::actuator::ComponentHealth;
use pms_web::settings::OutboxSettings;
use serde_json::json;

use crate::queues;

/// How the outbox is delivered.
pub(crate) fn dispatcher_settings(outbox: &OutboxSettings) -> DispatcherSettings {
    let days = |days| Duration::from_secs(u64::from(days) * 24 * 3600);
    DispatcherSettings {
        batch: outbox.batch.get(),
        lease: Duration::from_secs(outbox.lease_seconds.get()),
        max_attempts: outbox.max_attempts.get(),
        retry_first: Duration::from_millis(outbox.retry_first_ms),
        retry_longest: Duration::from_millis(outbox.retry_longest_ms),
        poll: Duration::from_millis(outbox.poll_ms),
        keep: Keep {
            delivered: days(outbox.keep_days),
            skipped: days(outbox.skipped_keep_days),
        },
    }
}

/// The outbox is healthy when it can be read: a hub that is down must not make
/// the service look down, and shows in the numbers.
pub(crate) async fn health(db: &Db, settings: &Settings) -> ComponentHealth {
    match db.read(depths::depths).await {
        Ok(depths) => ComponentHealth::of(true, details(&depths, settings)),
        // A busy pool or a lock says nothing about the outbox.
        Err(error) if error.is_want_of_time() => ComponentHealth::unknown(json!({
            "error": "not counted within a second"
        })),
        Err(error) => {
            tracing::warn!(%error, "the outbox can't be read");
            ComponentHealth::of(false, serde_json::Value::Null)
        }
    }
}

/// Rows in all, and those that wait for a process that has the address of their
/// peer, by queue.
fn details(depths: &[Depth], settings: &Settings) -> serde_json::Value {
    let pending: i64 = depths.iter().map(|depth| depth.pending).sum();
    let dead: i64 = depths.iter().map(|depth| depth.dead).sum();
    let oldest = depths.iter().filter_map(|depth| depth.oldest_seconds).max();
    let waits = |depth: &&Depth| {
        let queue = depth.queue.parse::<Queue>();
        depth.pending > 0 && queue.map_or(true, |queue| queues::waits(queue, settings))
    };
    let waiting: std::collections::BTreeMap<&str, i64> = depths
        .iter()
        .filter(waits)
        .map(|depth| (depth.queue.as_str(), depth.pending))
        .collect();
    json!({
        "pending": pending,
        "dead": dead,
        "oldestSeconds": oldest.unwrap_or(0),
        "waiting": waiting,
    })
}
