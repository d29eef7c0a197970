//! Totals of whole tables, remembered for a moment.
//!
//! Counting a million rows costs far more than reading one page of them, and
//! nobody turns pages faster than a total ages. Only searches and lists without
//! any condition ask here, and only large totals are remembered: where counting
//! is cheap, a new row is counted at once. A total that is asked for in the
//! second half of its life is counted anew in the background, so that under load
//! nobody waits for a count.
//!
//! Each [`crate::Db`] has its own memory. Searches get a bare connection, which
//! doesn't say whose it is; so `Db` lends its memory to the thread for as long
//! as the thread works for it.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::{PgConnection, QueryResult};

/// How long a total holds.
const KEPT_FOR: Duration = Duration::from_secs(2);
/// Older ones are counted anew while they still hold.
const FRESH_FOR: Duration = Duration::from_secs(1);
/// Smaller totals are counted every time.
const WORTH_KEEPING: i64 = 10_000;

/// Counts all rows of something.
type Count = fn(&mut PgConnection) -> QueryResult<i64>;

/// Totals by what was searched.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    known: Mutex<HashMap<TypeId, Known>>,
    /// Held by whoever counts, so that others wait for the total instead of
    /// slowing the count down with their own.
    counting: Mutex<HashMap<TypeId, Arc<Mutex<()>>>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    rows: i64,
    since: Instant,
    counted: Instant,
    count: Count,
    renewal: Renewal,
}

/// Whether a total is counted anew: at most once, since it soon ends anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Renewal {
    No,
    Wanted,
    Told,
}

/// A total that should be counted anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    what: TypeId,
    count: Count,
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

    /// What should be counted anew; each is told once.
    pub(crate) fn due(&self) -> Vec<Due> {
        let mut known = self.known();
        let wanted = known
            .iter_mut()
            .filter(|(_, known)| known.renewal == Renewal::Wanted);
        let told = wanted.map(|(what, known)| {
            known.renewal = Renewal::Told;
            Due {
                what: *what,
                count: known.count,
            }
        });
        told.collect()
    }

    /// Counts anew, unless somebody has counted while this one waited for its
    /// turn.
    ///
    /// # Errors
    /// When the statement fails; the old total holds as long as it would have.
    pub(crate) fn renew(&self, conn: &mut PgConnection, due: Due) -> QueryResult<i64> {
        let asked = Instant::now();
        let turn = {
            let mut counting = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(counting.entry(due.what).or_default())
        };
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rows) = self.counted_since(due.what, asked) {
            return Ok(rows);
        }
        // From before the count, so that the memory is never older than it says.
        let since = Instant::now();
        let rows = (due.count)(conn)?;
        self.keep(due.what, rows, since, due.count);
        Ok(rows)
    }

    fn counted_since(&self, what: TypeId, then: Instant) -> Option<i64> {
        let known = self.known();
        let known = known.get(&what)?;
        (known.counted >= then).then_some(known.rows)
    }

    fn recall(&self, what: TypeId, now: Instant) -> Option<i64> {
        let mut known = self.known();
        let known = known.get_mut(&what)?;
        let age = now.duration_since(known.since);
        if age >= KEPT_FOR {
            return None;
        }
        if age >= FRESH_FOR && known.renewal == Renewal::No {
            known.renewal = Renewal::Wanted;
        }
        Some(known.rows)
    }

    fn keep(&self, what: TypeId, rows: i64, since: Instant, count: Count) {
        let mut known = self.known();
        if rows < WORTH_KEEPING {
            known.remove(&what);
            return;
        }
        let fresh = Known {
            rows,
            since,
            counted: Instant::now(),
            count,
            renewal: Renewal::No,
        };
        known.insert(what, fresh);
    }

    fn known(&self) -> MutexGuard<'_, HashMap<TypeId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The total of everything that `E` searches or lists: remembered, or counted.
pub(super) fn of_all<E: 'static>(conn: &mut PgConnection, count: Count) -> QueryResult<i64> {
    let what = TypeId::of::<E>();
    let Some(totals) = LENT.with(|lent| lent.borrow().clone()) else {
        return count(conn);
    };
    if let Some(rows) = totals.recall(what, Instant::now()) {
        return Ok(rows);
    }
    totals.renew(conn, Due { what, count })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Groups;
    struct Policies;

    fn no_count(_conn: &mut PgConnection) -> QueryResult<i64> {
        Ok(0)
    }

    fn kept(rows: i64, age: Duration) -> Option<(i64, usize)> {
        let totals = Totals::default();
        let now = Instant::now();
        totals.keep(TypeId::of::<Groups>(), rows, now, no_count);
        let recalled = totals.recall(TypeId::of::<Groups>(), now + age)?;
        Some((recalled, totals.due().len()))
    }

    #[test]
    fn a_total_is_fresh_a_second_and_holds_two() {
        let ages = [0, 999, 1_000, 1_999, 2_000].map(Duration::from_millis);

        let kept = ages.map(|age| kept(10_000, age));

        let (fresh, due) = (Some((10_000, 0)), Some((10_000, 1)));
        assert_eq!(kept, [fresh, fresh, due, due, None]);
    }

    #[test]
    fn a_small_total_is_not_kept_and_a_large_one_that_shrank_is_forgotten() {
        let totals = Totals::default();
        let (what, now) = (TypeId::of::<Groups>(), Instant::now());
        totals.keep(what, 9_999, now, no_count);
        assert_eq!(totals.recall(what, now), None);

        totals.keep(what, 10_000, now, no_count);
        totals.keep(what, 5, now, no_count);

        assert_eq!(totals.recall(what, now), None);
    }

    #[test]
    fn a_total_is_kept_for_its_rows_alone() {
        let totals = Totals::default();
        let now = Instant::now();
        totals.keep(TypeId::of::<Groups>(), 10_000, now, no_count);

        assert_eq!(totals.recall(TypeId::of::<Policies>(), now), None);
    }

    #[test]
    fn what_is_due_is_told_once() {
        let totals = Totals::default();
        let (what, now) = (TypeId::of::<Groups>(), Instant::now());
        totals.keep(what, 10_000, now, no_count);
        let told = |_| {
            totals.recall(what, now + FRESH_FOR);
            totals.due().len()
        };

        assert_eq!([(); 2].map(told), [1, 0]);
    }
}
