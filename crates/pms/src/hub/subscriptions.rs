//! Subscribers and the topics that they want.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::{self, error::TrySendError};

use super::delivery::{Deliverer, Secret, Target};
use super::event_log::Event;

/// Subscriptions at the same time.
const MAX_SUBSCRIPTIONS: usize = 100;
/// Events waiting for one subscriber.
const MAX_QUEUE: usize = 10_000;

/// The confirmed subscriptions, by topic and callback.
#[derive(Default)]
pub(super) struct Subscriptions(Mutex<HashMap<(String, String), Subscription>>);

/// One subscription. Its task ends when the queue is dropped.
struct Subscription {
    queue: mpsc::Sender<Arc<Event>>,
    secret: Secret,
    ends: DateTime<Utc>,
}

impl Subscriptions {
    /// Begins (or renews, with a new secret) a subscription and the task that serves it.
    pub(super) fn add(&self, target: Target, ends: DateTime<Utc>, deliverer: &Deliverer) {
        let key = key(&target);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MAX_SUBSCRIPTIONS && !all.contains_key(&key) {
            tracing::warn!(
                topic = target.topic,
                "too many subscriptions; this one is dropped"
            );
            return;
        }
        // One task for a subscriber, also when it renews: two would mix up the order.
        if let Some(known) = all.get_mut(&key).filter(|known| !known.queue.is_closed()) {
            known.secret.replace_by(&target.secret);
            known.ends = ends;
            return;
        }
        let (queue, events) = mpsc::channel(MAX_QUEUE);
        let secret = target.secret.clone();
        let subscription = Subscription {
            queue,
            secret,
            ends,
        };
        all.insert(key, subscription);
        tokio::spawn(deliverer.clone().serve(target, events));
    }

    /// Ends a subscription; what is queued is still delivered.
    pub(super) fn remove(&self, target: &Target) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&key(target));
    }

    /// Queues an event for its subscribers. Subscriptions that are over are dropped here.
    pub(super) fn queue(&self, event: &Arc<Event>, now: DateTime<Utc>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(topic, callback), subscription| {
            if subscription.ends <= now {
                return false;
            }
            if *topic != event.topic {
                return !subscription.queue.is_closed();
            }
            match subscription.queue.try_send(Arc::clone(event)) {
                Ok(()) => true,
                Err(TrySendError::Closed(_)) => false,
                Err(TrySendError::Full(_)) => {
                    tracing::warn!(
                        topic,
                        callback,
                        seq = event.seq,
                        "queue full; event dropped"
                    );
                    true
                }
            }
        });
    }
}

fn key(target: &Target) -> (String, String) {
    (target.topic.clone(), target.callback.to_string())
}
