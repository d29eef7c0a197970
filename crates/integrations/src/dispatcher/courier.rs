//! Delivers one leased row.

use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::Clock;
use pms_database::outbox::Lane;
use pms_database::outbox::queue::{Delivery, Outcome};
use pms_database::outbox::settling::Ended;
use uuid::Uuid;

use super::backoff::pause;
use super::{DispatcherSettings, Peers, Undelivered, trust_chain};

/// Tries and longest pause where nobody knows whether an earlier try came
/// through: a day and a half, and no more copies than a person bears.
const UNKNOWN_TRIES: u32 = 20;
const UNKNOWN_PAUSE: Duration = Duration::from_secs(6 * 3600);

/// Brings the rows of a lane to their peer.
pub(super) struct Courier {
    pub(super) lane: Lane,
    pub(super) clock: Clock,
    pub(super) peers: Arc<Peers>,
    pub(super) settings: DispatcherSettings,
}

impl Courier {
    /// Delivers `row`, which is leased under `token`.
    pub(super) async fn carry(self: Arc<Self>, row: Delivery, token: Uuid) -> Ended {
        // A delivery that outlives its lease could reach the peer after later
        // rows of the same key, delivered by somebody else meanwhile.
        let limit = self.settings.lease / 4 * 3;
        // A fault within must count as a try, or the row would come back for ever.
        let delivery = AssertUnwindSafe(self.deliver(&row)).catch_unwind();
        let delivered = match tokio::time::timeout(limit, delivery).await {
            Ok(Ok(delivered)) => delivered,
            Ok(Err(_panic)) => Err(Undelivered::Retry("failed within".to_owned())),
            Err(_elapsed) => Err(Undelivered::Retry("took longer than its lease".to_owned())),
        };
        let outcome = self.judge(&row, delivered);
        self.log(&row, &outcome);
        Ended {
            id: row.id,
            token,
            order_key: row.order_key,
            outcome,
        }
    }

    /// Boxed peer by peer: nested in one future, the compiler does not see that
    /// theirs may change threads.
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        let (topic, payload) = (row.topic.as_str(), &row.payload);
        let peers = &self.peers;
        let delivery = match self.lane {
            Lane::Event if trust_chain::of(payload).is_some() => {
                Some(trust_chain::deliver(peers, topic, payload).boxed())
            }
            Lane::Event => peers
                .hub
                .as_ref()
                .map(|hub| hub.publish(topic, payload).boxed()),
            Lane::Audit => peers
                .audit
                .as_ref()
                .map(|audit| audit.send(payload).boxed()),
            Lane::Mail => peers
                .mailer
                .as_ref()
                .map(|mailer| mailer.send(payload).boxed()),
        };
        delivery.unwrap_or_else(|| ready(Err(Undelivered::NoPeer)).boxed())
    }

    fn judge(&self, row: &Delivery, delivered: Result<(), Undelivered>) -> Outcome {
        let failures = u32::try_from(row.attempts).unwrap_or(0).saturating_add(1);
        match delivered {
            Ok(()) => Outcome::Delivered,
            Err(Undelivered::NoPeer) => Outcome::Skipped,
            Err(Undelivered::Never(error)) => Outcome::Dead { error },
            Err(Undelivered::Retry(error)) => {
                let (most, longest) = (self.settings.max_attempts, self.settings.retry_longest);
                self.later(failures, error, (most, longest))
            }
            Err(Undelivered::Unknown(error)) => {
                let most = self.settings.max_attempts.min(UNKNOWN_TRIES);
                let longest = self.settings.retry_longest.max(UNKNOWN_PAUSE);
                self.later(failures, error, (most, longest))
            }
        }
    }

    /// Another try after a pause, or none after so many failures.
    fn later(&self, failures: u32, error: String, (most, longest): (u32, Duration)) -> Outcome {
        if failures >= most {
            return Outcome::Dead { error };
        }
        let wait = pause(failures, self.settings.retry_first, longest, rand::random());
        Outcome::Retry {
            at: self.clock.now_naive() + wait,
            error,
        }
    }

    fn log(&self, row: &Delivery, outcome: &Outcome) {
        let (lane, topic, id) = (self.lane.name(), row.topic.as_str(), row.id);
        match outcome {
            Outcome::Delivered => tracing::debug!(lane, topic, %id, "delivered"),
            Outcome::Skipped => tracing::debug!(lane, topic, %id, "skipped: no peer"),
            Outcome::Retry { error, .. } => {
                tracing::warn!(lane, topic, %id, attempts = row.attempts + 1, error, "not delivered");
            }
            Outcome::Dead { error } => {
                tracing::error!(lane, topic, %id, attempts = row.attempts + 1, error, "parked as dead");
            }
        }
    }
}
