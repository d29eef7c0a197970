//! Totals of whole tables, remembered for a moment.
//!
//! Counting a million rows costs far more than reading one page of them, and
//! nobody turns pages faster than a total ages. Only searches and lists without
//! any condition ask here, and only large totals are remembered: where counting
//! is cheap, a new row is counted at once.
//!
//! Each [`crate::Db`] has its own memory. Searches get a bare connection, which
//! doesn't say whose it is; so `Db` lends its memory to the thread for as long
//! as the thread works for it.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long a total holds.
const KEPT_FOR: Duration = Duration::from_secs(2);
/// Smaller totals are counted every time.
const WORTH_KEEPING: i64 = 10_000;

/// Totals by what was searched.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    known: Mutex<HashMap<TypeId, Known>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    rows: i64,
    since: Instant,
}

thread_local! {
    static LENT: RefCell<Option<Arc<Totals>>> = const { RefCell::new(None) };
}

/// Takes the memory back, also from a thread that panics.
struct Lent;

impl Drop for Lent {
    fn drop(&mut self) {
        LENT.with(|lent| lent.borrow_mut().take());
    }
}

impl Totals {
    /// Does `work` with this memory at hand.
    pub(crate) fn lend<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        LENT.with(|lent| lent.replace(Some(Arc::clone(self))));
        let _back = Lent;
        work()
    }

    fn recall(&self, what: TypeId, now: Instant) -> Option<i64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.get(&what)?;
        (now.duration_since(known.since) < KEPT_FOR).then_some(known.rows)
    }

    fn keep(&self, what: TypeId, rows: i64, since: Instant) {
        if rows >= WORTH_KEEPING {
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(what, Known { rows, since });
        }
    }
}

/// The total of everything that `E` searches or lists: remembered, or counted.
pub(super) fn of_all<E: 'static, F>(count: impl FnOnce() -> Result<i64, F>) -> Result<i64, F> {
    let what = TypeId::of::<E>();
    let Some(totals) = LENT.with(|lent| lent.borrow().clone()) else {
        return count();
    };
    // From before the count, so that the memory is never older than it says.
    let since = Instant::now();
    if let Some(rows) = totals.recall(what, since) {
        return Ok(rows);
    }
    let rows = count()?;
    totals.keep(what, rows, since);
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    struct Groups;
    struct Policies;

    fn total<E: 'static>(rows: i64) -> i64 {
        of_all::<E, Infallible>(|| Ok(rows)).unwrap()
    }

    #[test]
    fn a_large_total_is_remembered_for_its_rows_alone() {
        let totals = Arc::new(Totals::default());

        let counted = totals.lend(|| [total::<Groups>(10_000), total::<Groups>(10_001)]);
        let of_others = totals.lend(|| total::<Policies>(20_000));
        let elsewhere = Arc::new(Totals::default()).lend(|| total::<Groups>(30_000));

        assert_eq!(counted, [10_000, 10_000]);
        assert_eq!((of_others, elsewhere), (20_000, 30_000));
    }

    #[test]
    fn a_small_total_is_counted_every_time() {
        let totals = Arc::new(Totals::default());

        let counted = totals.lend(|| [total::<Groups>(9_999), total::<Groups>(0)]);

        assert_eq!(counted, [9_999, 0]);
    }

    #[test]
    fn nothing_is_remembered_outside_of_a_pool() {
        let totals = Arc::new(Totals::default());
        totals.lend(|| total::<Groups>(10_000));

        assert_eq!(total::<Groups>(10_001), 10_001);
    }

    #[test]
    fn a_total_holds_two_seconds() {
        let totals = Totals::default();
        let now = Instant::now();
        totals.keep(TypeId::of::<Groups>(), 10_000, now);

        let recall = |after| totals.recall(TypeId::of::<Groups>(), now + after);

        assert_eq!(recall(Duration::from_millis(1_999)), Some(10_000));
        assert_eq!(recall(Duration::from_secs(2)), None);
    }
}
