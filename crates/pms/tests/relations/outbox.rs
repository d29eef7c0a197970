//! What waits in the outbox.

use std::collections::BTreeMap;

use pms_database::outbox::Queue;
use serde_json::Value;

use crate::system::{System, eventually};

/// A row, as it was queued.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub queue: String,
    pub topic: String,
    pub key: String,
    pub payload: Value,
}

impl System {
    /// Every row, oldest first.
    pub fn outbox(&self) -> Vec<Row> {
        let rows = self.column(
            "SELECT json_build_array(id, lane, topic, order_key, payload)::text AS found \
             FROM pms.outbox ORDER BY seq",
        );
        let row = |text: String| {
            let row: Value = serde_json::from_str(&text).unwrap();
            let text = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
            Row {
                id: text(0),
                queue: text(1),
                topic: text(2),
                key: text(3),
                payload: row[4].clone(),
            }
        };
        rows.into_iter().map(row).collect()
    }

    /// Rows of a queue with this status.
    pub fn count(&self, queue: &str, status: &str) -> u32 {
        let query = format!(
            "SELECT count(*) FROM pms.outbox WHERE lane = '{queue}' AND status = '{status}'"
        );
        self.value(&query).parse().unwrap()
    }

    /// Waits until no row waits, and none was given up.
    pub async fn all_delivered(&self) {
        let all: Vec<&str> = Queue::ALL.iter().map(|queue| queue.name()).collect();
        self.queues_delivered(&all).await;
    }

    pub async fn queues_delivered(&self, queues: &[&str]) {
        let what = || {
            let all = self.column(
                "SELECT concat_ws(' ', lane, topic, status, attempts, last_error) AS found \
                 FROM pms.outbox WHERE status <> 'delivered' ORDER BY seq",
            );
            all.into_iter()
                .filter(|row| queues.iter().any(|queue| row.starts_with(queue)))
                .collect::<Vec<_>>()
        };
        eventually("everything delivered", async || {
            let left = what();
            assert!(!left.iter().any(|row| row.contains(" dead ")), "{left:?}");
            left.is_empty()
        })
        .await;
    }
}

/// Ids of a queue's rows under each order key, in order.
pub fn by_key(rows: &[Row], queue: Queue) -> BTreeMap<String, Vec<String>> {
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.queue == queue.name()) {
        keys.entry(row.key.clone())
            .or_default()
            .push(row.id.clone());
    }
    keys
}

/// Fails unless these ids, as they came, are all events and in order.
pub fn assert_in_order(came: &[String], rows: &[Row]) {
    let queues = [Queue::Event, Queue::TrustChain];
    let keys: Vec<_> = queues
        .into_iter()
        .flat_map(|queue| by_key(rows, queue))
        .collect();
    assert_eq!(
        came.len(),
        keys.iter().map(|(_, ids)| ids.len()).sum::<usize>()
    );
    for (key, ids) in keys {
        let mine: Vec<&String> = came.iter().filter(|id| ids.contains(id)).collect();
        assert_eq!(mine, ids.iter().collect::<Vec<_>>(), "{key}");
    }
}
