//! Requests that need the same row share one call of the key manager.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pms_domain::BusinessError;
use tokio::sync::watch;

use super::cache::Hash;
use super::row::Row;

/// What a call for some rows brought.
pub(super) struct Outcome {
    /// The rows that were opened.
    pub(super) rows: HashMap<Hash, Arc<Row>>,
    /// Why the others were not.
    pub(super) cause: Option<BusinessError>,
}

type Signal = watch::Receiver<Option<Arc<Outcome>>>;

/// The rows that are being read at this moment.
#[derive(Default)]
pub(super) struct SharedReads {
    open: Mutex<HashMap<Hash, Signal>>,
}

/// Which request reads which rows.
pub(super) struct Claims<'a> {
    /// Those that are known by now.
    pub(super) known: Vec<(Hash, Arc<Row>)>,
    /// Those that the caller must read.
    pub(super) own: OwnRead<'a>,
    /// Those that another request reads.
    pub(super) awaited: Vec<(Hash, Waiter)>,
}

/// Rows that the caller reads. Dropped before it is [finished](Self::finish), as when
/// its request is given up, it leaves the rows to those that wait for them.
pub(super) struct OwnRead<'a> {
    reads: &'a SharedReads,
    /// The rows.
    pub(super) hashes: Vec<Hash>,
    sender: watch::Sender<Option<Arc<Outcome>>>,
}

/// Waits for the read of another request.
pub(super) struct Waiter(Signal);

impl SharedReads {
    /// Shares out rows, each of which is named once. `look` finds those that were
    /// answered since the caller looked itself.
    pub(super) fn claim(
        &self,
        hashes: impl Iterator<Item = Hash>,
        look: impl Fn(&Hash) -> Option<Arc<Row>>,
    ) -> Claims<'_> {
        let (sender, signal) = watch::channel(None);
        let (mut known, mut awaited, mut own) = (Vec::new(), Vec::new(), Vec::new());
        let mut open = self.open();
        for hash in hashes {
            // A row is kept before its read ends, so that a row is found in
            // one of the two places.
            if let Some(signal) = open.get(&hash) {
                awaited.push((hash, Waiter(signal.clone())));
            } else if let Some(row) = look(&hash) {
                known.push((hash, row));
            } else {
                open.insert(hash, signal.clone());
                own.push(hash);
            }
        }
        Claims {
            known,
            own: OwnRead {
                reads: self,
                hashes: own,
                sender,
            },
            awaited,
        }
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Hash, Signal>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OwnRead<'_> {
    /// Tells those that wait.
    pub(super) fn finish(self, outcome: Arc<Outcome>) {
        self.sender.send_replace(Some(outcome));
    }
}

impl Drop for OwnRead<'_> {
    fn drop(&mut self) {
        let mut open = self.reads.open();
        for hash in &self.hashes {
            open.remove(hash);
        }
    }
}

impl Waiter {
    /// What came of the call; `None` when the request that made it was given up.
    pub(super) async fn outcome(mut self) -> Option<Arc<Outcome>> {
        let finished = self.0.wait_for(Option::is_some).await;
        finished.ok().and_then(|outcome| outcome.clone())
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
        let reads = SharedReads::default();
        let first = reads.claim([ONE].into_iter(), |_| None);
        let mut second = reads.claim([ONE, TWO].into_iter(), |_| None);

        assert_eq!(first.own.hashes, [ONE]);
        assert_eq!(second.own.hashes, [TWO]);
        let (hash, waiter) = second.awaited.pop().unwrap();
        assert_eq!(hash, ONE);
        let rows = HashMap::from([(ONE, row())]);
        first.own.finish(Arc::new(Outcome { rows, cause: None }));

        let outcome = waiter.outcome().now_or_never().unwrap().unwrap();
        assert!(outcome.rows.contains_key(&ONE));
        drop(second);
        assert!(reads.open().is_empty());
    }

    #[test]
    fn a_request_that_is_given_up_leaves_its_rows_to_the_others() {
        let reads = SharedReads::default();
        let first = reads.claim([ONE].into_iter(), |_| None);
        let mut second = reads.claim([ONE].into_iter(), |_| None);

        drop(first);

        let (_, waiter) = second.awaited.pop().unwrap();
        assert!(waiter.outcome().now_or_never().unwrap().is_none());
        let again = reads.claim([ONE].into_iter(), |_| None);
        assert_eq!(again.own.hashes, [ONE]);
    }

    #[test]
    fn a_row_that_was_answered_meanwhile_is_not_requested() {
        let reads = SharedReads::default();

        let claims = reads.claim([ONE].into_iter(), |_| Some(row()));

        assert!(claims.own.hashes.is_empty() && claims.awaited.is_empty());
        assert_eq!(claims.known.len(), 1);
    }
}
