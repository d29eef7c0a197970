//! Opened rows, kept by the hash of their cipher texts.

use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use prometheus::IntGauge;

use super::row::Row;

/// SHA-256 over the cipher texts of a row. Another text, another hash: what is
/// kept is never out of date.
pub(super) type Hash = [u8; 32];

/// What an allocation takes beside its content.
const ALLOCATION: usize = 16;
/// What a row takes beside its texts: its node with hash, links and pointer; the row
/// with the two counts of its pointer; its slot in the table (two pointers and a
/// byte) when that has just grown; three allocations.
const BESIDES: usize = size_of::<Hash>()
    + 3 * size_of::<usize>()
    + size_of::<Row>()
    + 2 * size_of::<usize>()
    + (2 * size_of::<usize>() + 1) * 16 / 7
    + 3 * ALLOCATION;

/// The rows that were read last, in a number of bytes. A row is wiped when it leaves
/// and the last request that reads it is done.
pub(super) struct Cache {
    most: usize,
    shown: IntGauge,
    kept: Mutex<Kept>,
}

struct Kept {
    rows: LruCache<Hash, Arc<Row>>,
    bytes: usize,
}

impl Cache {
    /// Keeps at most `most` bytes, nothing when that is 0. `shown` is how many there
    /// are.
    pub(super) fn new(most: usize, shown: IntGauge) -> Self {
        Self {
            most,
            shown,
            kept: Mutex::new(Kept {
                rows: LruCache::unbounded(),
                bytes: 0,
            }),
        }
    }

    /// A row that is kept.
    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<Row>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.rows.get(hash).map(Arc::clone)
    }

    /// Keeps a row, and lets go those that were not read for longest.
    pub(super) fn put(&self, hash: Hash, row: &Arc<Row>) {
        let bytes = cost(row);
        let mut left = Vec::new();
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            left.extend(kept.remove(&hash));
            if bytes <= self.most {
                kept.bytes += bytes;
                kept.rows.put(hash, Arc::clone(row));
            }
            while kept.bytes > self.most {
                let Some((_, row)) = kept.rows.pop_lru() else {
                    break;
                };
                kept.bytes = kept.bytes.saturating_sub(cost(&row));
                left.push(row);
            }
            self.shown
                .set(i64::try_from(kept.bytes).unwrap_or(i64::MAX));
        }
        // Wiped without holding up the readers.
        drop(left);
    }
}

impl Kept {
    fn remove(&mut self, hash: &Hash) -> Option<Arc<Row>> {
        let row = self.rows.pop(hash)?;
        self.bytes = self.bytes.saturating_sub(cost(&row));
        Some(row)
    }
}

/// Bytes that a row takes.
fn cost(row: &Row) -> usize {
    BESIDES + row.length().next_multiple_of(ALLOCATION)
}

#[cfg(test)]
mod tests {
    use pms_integrations::key_manager::Opened;
    use zeroize::Zeroizing;

    use super::*;

    fn row(text: &str) -> Arc<Row> {
        let opened = [Opened::Text(Zeroizing::new(text.to_owned()))];
        Arc::new(Row::of(&opened, "2026-01-01T00:00:00Z".parse().unwrap()))
    }

    fn hash(number: u32) -> Hash {
        let mut hash = [0; 32];
        // Spread, as those of texts are.
        hash[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
        hash
    }

    fn cache(most: usize) -> Cache {
        Cache::new(most, IntGauge::new("bytes", "bytes").unwrap())
    }

    fn kept(cache: &Cache, numbers: impl Iterator<Item = u32>) -> Vec<u32> {
        numbers
            .filter(|number| cache.get(&hash(*number)).is_some())
            .collect()
    }

    #[test]
    fn rows_leave_by_bytes_the_one_first_that_was_not_read_for_longest() {
        let one = cost(&row("sixteen letters."));
        let cache = cache(3 * one);
        for number in 0..3 {
            cache.put(hash(number), &row("sixteen letters."));
        }
        assert!(cache.get(&hash(0)).is_some());

        cache.put(hash(3), &row("sixteen letters."));
        assert_eq!(kept(&cache, [0, 1, 2, 3].into_iter()), [0, 2, 3]);
        // A longer one takes the place of two.
        cache.put(hash(4), &row(&"x".repeat(one)));

        assert_eq!(kept(&cache, [0, 2, 3, 4].into_iter()).len(), 2);
        assert!(cache.get(&hash(4)).is_some());
        assert!(usize::try_from(cache.shown.get()).unwrap() <= 3 * one);
    }

    #[test]
    fn a_row_that_is_put_again_counts_once_and_one_that_is_too_long_not_at_all() {
        let one = cost(&row("a"));
        let cache = cache(10 * one);
        for _ in 0..100 {
            cache.put(hash(1), &row("a"));
        }
        assert_eq!(usize::try_from(cache.shown.get()).unwrap(), one);

        cache.put(hash(2), &row(&"x".repeat(10 * one)));

        assert!(cache.get(&hash(2)).is_none() && cache.get(&hash(1)).is_some());
        cache.put(hash(1), &row(&"x".repeat(10 * one)));
        assert!(cache.get(&hash(1)).is_none());
        assert_eq!(cache.shown.get(), 0);
    }

    #[test]
    fn nothing_is_kept_without_bytes() {
        let cache = cache(0);

        cache.put(hash(1), &row("a"));

        assert!(cache.get(&hash(1)).is_none());
    }

    /// Resident memory of this process.
    fn resident() -> usize {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        let pages: usize = statm.split(' ').nth(1).unwrap().parse().unwrap();
        pages * 4096
    }

    /// What is counted is what is taken, also by a table that grows.
    #[test]
    fn many_distinct_rows_take_no_more_memory_than_they_are_given() {
        let most = 24 * 1024 * 1024;
        let cache = cache(most);
        let before = resident();

        for number in 0..400_000 {
            cache.put(
                hash(number),
                &row("1 Main Street, Springfield; 700-1; info@acme.org"),
            );
        }

        let taken = resident().saturating_sub(before);
        assert!(taken < most * 5 / 4, "{taken} of {most} bytes");
        assert!(usize::try_from(cache.shown.get()).unwrap() > most * 9 / 10);
    }
}
