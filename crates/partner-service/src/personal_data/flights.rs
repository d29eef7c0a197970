//! Requests that need the same row share one question to the key manager.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pms_domain::BusinessError;
use tokio::sync::watch;

use super::cache::Hash;
use super::row::Row;

/// What came of a question about some rows.
pub(super) struct Landing {
    /// The rows that were answered.
    pub(super) rows: HashMap<Hash, Arc<Row>>,
    /// Why the others were not.
    pub(super) cause: Option<BusinessError>,
}

type Signal = watch::Receiver<Option<Arc<Landing>>>;

/// The rows that the key manager is being asked for.
#[derive(Default)]
pub(super) struct Flights {
    open: Mutex<HashMap<Hash, Signal>>,
}

/// Which request fetches which rows.
pub(super) struct Claims<'a> {
    /// Those that are known by now.
    pub(super) known: Vec<(Hash, Arc<Row>)>,
    /// Those that the caller must ask for.
    pub(super) flight: Flight<'a>,
    /// Those that another request asks for.
    pub(super) followed: Vec<(Hash, Follower)>,
}

/// Rows that the caller asks for. Dropped before it has landed, as when its request
/// is given up, it leaves the rows to those that wait for them.
pub(super) struct Flight<'a> {
    flights: &'a Flights,
    /// The rows.
    pub(super) hashes: Vec<Hash>,
    sender: watch::Sender<Option<Arc<Landing>>>,
}

/// Waits for another request's question.
pub(super) struct Follower(Signal);

impl Flights {
    /// Shares out rows, each of which is named once. `look` finds those that were
    /// answered since the caller looked itself.
    pub(super) fn claim(
        &self,
        hashes: impl Iterator<Item = Hash>,
        look: impl Fn(&Hash) -> Option<Arc<Row>>,
    ) -> Claims<'_> {
        let (sender, signal) = watch::channel(None);
        let (mut known, mut followed, mut led) = (Vec::new(), Vec::new(), Vec::new());
        let mut open = self.open();
        for hash in hashes {
            // An answer is kept before its flight ends, so that a row is found in
            // one of the two places.
            if let Some(signal) = open.get(&hash) {
                followed.push((hash, Follower(signal.clone())));
            } else if let Some(row) = look(&hash) {
                known.push((hash, row));
            } else {
                open.insert(hash, signal.clone());
                led.push(hash);
            }
        }
        Claims {
            known,
            flight: Flight {
                flights: self,
                hashes: led,
                sender,
            },
            followed,
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Hash, Signal>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight<'_> {
    /// Tells those that wait.
    pub(super) fn land(self, landing: Arc<Landing>) {
        self.sender.send_replace(Some(landing));
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut open = self.flights.open();
        for hash in &self.hashes {
            open.remove(hash);
        }
    }
}

impl Follower {
    /// What came of the call; `None` when the request that made it was given up.
    pub(super) async fn landing(mut self) -> Option<Arc<Landing>> {
        let landed = self.0.wait_for(Option::is_some).await;
        landed.ok().and_then(|landing| landing.clone())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const ONE: Hash = [1; 32];
    const TWO: Hash = [2; 32];

    fn row() -> Arc<Row> {
        Arc::new(Row::of(&[], "2026-01-01T00:00:00Z".parse().unwrap()))
    }

    #[test]
    fn a_row_is_requested_once_at_a_time() {
        let flights = Flights::default();
        let first = flights.claim([ONE].into_iter(), |_| None);
        let mut second = flights.claim([ONE, TWO].into_iter(), |_| None);

        assert_eq!(first.flight.hashes, [ONE]);
        assert_eq!(second.flight.hashes, [TWO]);
        let (hash, follower) = second.followed.pop().unwrap();
        assert_eq!(hash, ONE);
        let rows = HashMap::from([(ONE, row())]);
        first.flight.land(Arc::new(Landing { rows, cause: None }));

        let landing = follower.landing().now_or_never().unwrap().unwrap();
        assert!(landing.rows.contains_key(&ONE));
        drop(second);
        assert!(flights.open().is_empty());
    }

    #[test]
    fn a_request_that_is_given_up_leaves_its_rows_to_the_others() {
        let flights = Flights::default();
        let first = flights.claim([ONE].into_iter(), |_| None);
        let mut second = flights.claim([ONE].into_iter(), |_| None);

        drop(first);

        let (_, follower) = second.followed.pop().unwrap();
        assert!(follower.landing().now_or_never().unwrap().is_none());
        let again = flights.claim([ONE].into_iter(), |_| None);
        assert_eq!(again.flight.hashes, [ONE]);
    }

    #[test]
    fn a_row_that_was_answered_meanwhile_is_not_requested() {
        let flights = Flights::default();

        let claims = flights.claim([ONE].into_iter(), |_| Some(row()));

        assert!(claims.flight.hashes.is_empty() && claims.followed.is_empty());
        assert_eq!(claims.known.len(), 1);
    }
}
