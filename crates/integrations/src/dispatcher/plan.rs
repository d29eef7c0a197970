//! What a process does about each queue.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_database::outbox::Queue;
use pms_database::outbox::leases::Delivery;

use super::Undelivered;

/// Brings the rows of a queue to their peer.
pub trait Deliverer: Send + Sync {
    /// Delivers one row. Called for several rows at once, and again for a row
    /// whose delivery failed.
    ///
    /// Boxed: nested in one future, the compiler does not see that those of the
    /// peers may change threads.
    ///
    /// # Errors
    /// Why the peer does not have it, as far as is known.
    fn deliver<'a>(&'a self, row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>>;

    /// A row is given up: it is parked, or too old. Called before that is noted, so once more
    /// when the process ends in between.
    fn give_up<'a>(&'a self, _row: &'a Delivery) -> BoxFuture<'a, ()> {
        ready(()).boxed()
    }
}

/// What a process does about a queue.
#[derive(Clone)]
pub enum Duty {
    /// Delivers its rows.
    Deliver(Arc<dyn Deliverer>),
    /// Marks its rows as skipped: the operator wants none of them delivered.
    Discard,
    /// Leaves its rows to processes that have the addresses of its peers, which
    /// this one lacks: the names of the settings.
    Wait(Vec<&'static str>),
    /// The same for a queue that this process writes no rows of. That it has no
    /// address is nothing to warn of; rows that others left behind are.
    Leave(Vec<&'static str>),
}

/// What a process does about each queue; it waits where nothing is said.
#[derive(Clone, Default)]
pub struct Plan(BTreeMap<Queue, Duty>);

impl Plan {
    /// The same plan with another duty for `queue`.
    #[must_use]
    pub fn with(mut self, queue: Queue, duty: Duty) -> Self {
        self.0.insert(queue, duty);
        self
    }

    /// The same plan, which delivers `queue`.
    #[must_use]
    pub fn deliver(self, queue: Queue, deliverer: impl Deliverer + 'static) -> Self {
        self.with(queue, Duty::Deliver(Arc::new(deliverer)))
    }

    /// The same plan, which discards `queue`.
    #[must_use]
    pub fn discard(self, queue: Queue) -> Self {
        self.with(queue, Duty::Discard)
    }

    pub(super) fn duty(&self, queue: Queue) -> Duty {
        let planned = self.0.get(&queue).cloned();
        planned.unwrap_or_else(|| Duty::Wait(Vec::new()))
    }

    /// The queues whose rows wait, each with the settings that are missing.
    pub(super) fn waiting(&self) -> BTreeMap<Queue, Vec<&'static str>> {
        let missing = |queue: &Queue| match self.duty(*queue) {
            Duty::Wait(missing) | Duty::Leave(missing) => Some((*queue, missing)),
            Duty::Deliver(_) | Duty::Discard => None,
        };
        Queue::ALL.iter().filter_map(missing).collect()
    }
}
