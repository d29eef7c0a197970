//! The pages of metrics that are being sent.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use bytes::Bytes;

/// So many pages may be on their way before one is sent twice. A page takes a megabyte,
/// needs no token, and stays until its client has taken it.
const MANY: usize = 4;

/// Oldest page that is sent twice.
const FRESH_FOR: Duration = Duration::from_secs(5);

/// The last page and the number of all; cloning shares them.
#[derive(Clone, Default)]
pub(super) struct Pages(Arc<State>);

#[derive(Default)]
struct State {
    last: Mutex<Weak<Page>>,
    /// Every page that is on its way holds a clone.
    all: Arc<()>,
}

struct Page {
    text: Vec<u8>,
    written: Instant,
    _one_of_all: Arc<()>,
}

/// A page in one answer.
struct Sent(Arc<Page>);

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.0.text
    }
}

impl Pages {
    /// A new page, unless many are on their way and the last one is fresh.
    pub(super) fn next<E>(&self, write: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Bytes, E> {
        if self.are_many()
            && let Some(page) = self.last().upgrade()
            && page.written.elapsed() < FRESH_FOR
        {
            return Ok(Bytes::from_owner(Sent(page)));
        }
        let page = Arc::new(Page {
            text: write()?,
            written: Instant::now(),
            _one_of_all: Arc::clone(&self.0.all),
        });
        *self.last() = Arc::downgrade(&page);
        Ok(Bytes::from_owner(Sent(page)))
    }

    fn are_many(&self) -> bool {
        // One is that of the count itself.
        Arc::strong_count(&self.0.all) > MANY
    }

    fn last(&self) -> MutexGuard<'_, Weak<Page>> {
        self.0.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_new_until_many_are_on_their_way() {
        let pages = Pages::default();
        let mut written = 0_u8;
        let mut next = || {
            let page = pages.next(|| {
                written += 1;
                Ok::<_, ()>(vec![written])
            });
            page.unwrap()
        };

        let held: Vec<Bytes> = (0..9).map(|_| next()).collect();
        let texts: Vec<u8> = held.iter().map(|page| page[0]).collect();
        drop(held);

        assert_eq!(texts, [1, 2, 3, 4, 4, 4, 4, 4, 4]);
        assert_eq!([next()[0], next()[0]], [5, 6]);
    }
}
