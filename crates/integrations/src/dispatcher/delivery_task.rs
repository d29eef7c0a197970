//! Delivers one leased row, and says what becomes of it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use pms_database::outbox::Queue;
use pms_database::outbox::acknowledging::{Ended, Outcome};
use pms_database::outbox::leases::Delivery;
use uuid::Uuid;

use super::backoff::pause;
use super::{Deliverer, DispatcherSettings, Undelivered};
use crate::observer;

/// Tries and longest pause where an earlier try may have come through: a day and
/// a half, and no more copies than a person bears.
const UNKNOWN: (u32, Duration) = (20, Duration::from_secs(6 * 3600));
/// Tries and longest pause where the peer refuses what it was given: about an
/// hour for an operator who is mending a configuration, then the row is parked
/// where it is seen. More tries would only hide it.
const REFUSED: (u32, Duration) = (14, Duration::from_secs(3600));

/// What the deliveries of a queue share.
pub(super) struct DeliveryTask {
    pub(super) queue: Queue,
    pub(super) deliverer: Arc<dyn Deliverer>,
    pub(super) settings: DispatcherSettings,
}

impl DeliveryTask {
    /// Delivers `row`, which is leased under `token`.
    pub(super) async fn deliver(self: Arc<Self>, row: Delivery, token: Uuid) -> Ended {
        // A delivery that outlives its lease could reach the peer after later
        // rows of the same key, delivered by another process meanwhile.
        let limit = self.settings.lease / 4 * 3;
        // A panic counts as a try: otherwise the row would be tried without end.
        let delivery = AssertUnwindSafe(self.deliverer.deliver(&row)).catch_unwind();
        let delivery = observer::on_behalf_of(row.request_id.as_deref(), delivery);
        let delivered = match tokio::time::timeout(limit, delivery).await {
            Ok(Ok(delivered)) => delivered,
            Ok(Err(_panic)) => Err(Undelivered::Retry("failed within".to_owned())),
            Err(_elapsed) => Err(Undelivered::Retry("took longer than its lease".to_owned())),
        };
        let outcome = self.judge(&row, delivered);
        self.log(&row, &outcome);
        if matches!(outcome, Outcome::Dead { .. } | Outcome::Skipped { .. }) {
            self.give_up(&row).await;
        }
        Ended {
            id: row.id,
            token,
            order_key: row.order_key,
            outcome,
        }
    }

    async fn give_up(&self, row: &Delivery) {
        // Its end is acknowledged in any case.
        let limit = self.settings.lease / 8;
        let told = AssertUnwindSafe(self.deliverer.give_up(row)).catch_unwind();
        if !matches!(tokio::time::timeout(limit, told).await, Ok(Ok(()))) {
            let queue = self.queue.name();
            tracing::warn!(queue, id = %row.id, "what follows from the end of a row failed");
        }
    }

    fn judge(&self, row: &Delivery, delivered: Result<(), Undelivered>) -> Outcome {
        let failures = u32::try_from(row.attempts).unwrap_or(0).saturating_add(1);
        let (most, longest) = (self.settings.max_attempts, self.settings.retry_longest);
        let few = |(tries, pause): (u32, Duration)| (most.min(tries), longest.max(pause));
        match delivered {
            Ok(()) => Outcome::Delivered,
            Err(Undelivered::Expired(reason)) => Outcome::Skipped { reason },
            Err(Undelivered::Misplaced(queue)) => Outcome::Moved(queue),
            Err(Undelivered::Never(error)) => Outcome::Dead { error },
            Err(Undelivered::Retry(error)) => self.later(failures, error, (most, longest)),
            Err(Undelivered::Unknown(error)) => self.later(failures, error, few(UNKNOWN)),
            Err(Undelivered::Refused(error)) => self.later(failures, error, few(REFUSED)),
        }
    }

    /// Another try after a pause, or none after so many failures.
    fn later(&self, failures: u32, error: String, (most, longest): (u32, Duration)) -> Outcome {
        if failures >= most {
            return Outcome::Dead { error };
        }
        let after = pause(failures, self.settings.retry_first, longest, rand::random());
        Outcome::Retry { after, error }
    }

    fn log(&self, row: &Delivery, outcome: &Outcome) {
        let (queue, topic, id) = (self.queue.name(), row.topic.as_str(), row.id);
        let (attempts, request_id) = (row.attempts + 1, row.request_id.as_deref());
        match outcome {
            Outcome::Delivered => tracing::debug!(queue, topic, %id, request_id, "delivered"),
            Outcome::Moved(to) => tracing::info!(queue, topic, %id, to = to.name(), "moved"),
            Outcome::Skipped { reason } => {
                tracing::info!(queue, topic, %id, request_id, reason, "skipped");
            }
            Outcome::Retry { error, .. } => {
                // The row holds the error too.
                pms_log::warn("not delivered", error, |line| {
                    tracing::warn!(queue, topic, %id, request_id, attempts, error, "{line}");
                });
            }
            Outcome::Dead { error } => {
                tracing::error!(queue, topic, %id, request_id, attempts, error, "parked as dead");
            }
        }
    }
}
