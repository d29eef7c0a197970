//! Whether the database takes writes, as far as this process knows.
//!
//! After a failover, or while `default_transaction_read_only` is on, connections
//! stay read-only although they answer: they are closed, so that new ones find
//! the server and the settings of now.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// While the database stays read-only, the idle connections are given up at most
/// this often: each refused write would reopen all of them otherwise.
const RENEW_EVERY: Duration = Duration::from_secs(1);

/// Shared by everything that has a connection.
#[derive(Debug, Default)]
pub(crate) struct Writes {
    read_only: AtomicBool,
    /// Connections of earlier generations are not used any more.
    generation: AtomicU64,
    renewed: Mutex<Option<Instant>>,
}

impl Writes {
    /// The generation of connections that are opened now.
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Whether the last statement found that writes are refused.
    pub(crate) fn are_refused(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    /// A write was refused on a connection of this generation.
    pub(crate) fn refused(&self, generation: u64) {
        self.tell(true);
        let mut renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = renewed.is_none_or(|at| at.elapsed() >= RENEW_EVERY);
        if rested && generation == self.generation() {
            self.generation.fetch_add(1, Ordering::AcqRel);
            *renewed = Some(Instant::now());
        }
    }

    /// A new connection was asked what it can do.
    pub(crate) fn found(&self, read_only: bool) {
        if self.tell(read_only) && !read_only {
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// Keeps and logs it; whether it is news.
    fn tell(&self, read_only: bool) -> bool {
        let news = self.read_only.swap(read_only, Ordering::Relaxed) != read_only;
        if news && read_only {
            tracing::warn!(
                "the database is read-only: writes fail until it takes them again \
                 (a failover, or default_transaction_read_only is on); reads go on"
            );
        } else if news {
            tracing::info!("the database takes writes again");
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_refused_writes_give_up_the_connections_once_in_a_while() {
        let writes = Writes::default();

        for _ in 0..5 {
            writes.refused(writes.generation());
        }

        assert_eq!(writes.generation(), 1);
        assert!(writes.are_refused());
    }

    #[test]
    fn connections_from_a_read_only_time_are_given_up_when_it_ends() {
        let writes = Writes::default();
        writes.found(true);
        let before = writes.generation();

        writes.found(false);
        writes.found(false);

        assert_eq!(writes.generation(), before + 1);
        assert!(!writes.are_refused());
    }
}
