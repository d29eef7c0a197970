//! Totals of whole tables, remembered for a moment.
//!
//! Counting a million rows costs far more than reading one page of them, and
//! no client turns pages faster than a total ages. Only searches and lists without
//! any condition ask here, and only large totals are remembered: where counting
//! is cheap, a new row is counted at once. A total that is asked for in the
//! second half of its life is counted anew in the background, so that under load
//! no request waits for a count.
//!
//! One request at a time counts, before it has a connection for its page
//! ([`crate::search::prepare_list`], [`crate::search::prepare_search`]). The
//! others take a total that is up to a minute old, or wait without a connection.
//! A count that failed fails for all of them for a second.
//!
//! Each [`crate::Db`] has its own memory. Searches get a bare connection, which
//! doesn't say whose it is; so `Db` lends its memory to the thread for as long
//! as the thread works for it.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::{PgConnection, QueryResult};
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// How long a total holds; longer where counting takes long.
const KEPT_FOR: Duration = Duration::from_secs(2);
/// How long it holds at most.
const KEPT_AT_MOST: Duration = Duration::from_secs(10);
/// How many times as long as counting took: as long as that is less than half a second,
/// counting takes a tenth of a core, since it begins anew in the middle of that time.
const TIMES_THE_COUNT: u32 = 20;
/// How long a total stands in for one that is being counted, or can't be.
const STALE_FOR: Duration = Duration::from_secs(60);
/// How long a failed count fails for all.
const FAILED_FOR: Duration = Duration::from_secs(1);
/// Smaller totals are counted every time.
const WORTH_KEEPING: i64 = 10_000;

/// Counts all rows of something.
pub(crate) type Count = fn(&mut PgConnection) -> QueryResult<i64>;

/// Totals by what was searched.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    entries: Mutex<HashMap<TypeId, Entry>>,
}

/// What is known of one total.
#[derive(Debug, Default)]
struct Entry {
    known: Option<Known>,
    renewal: Renewal,
    /// When a count failed, unless one succeeded since.
    failed: Option<Instant>,
    /// Held during a count.
    turn: Arc<Turn<()>>,
}

#[derive(Debug, Clone, Copy)]
struct Known {
    rows: i64,
    /// From before the count, so that it is never older than it says.
    since: Instant,
    took: Duration,
    count: Count,
}

impl Known {
    /// How long it holds, from the beginning of the count on.
    fn kept_for(&self) -> Duration {
        self.took + self.holds()
    }

    /// How long until it is counted anew while it still holds.
    fn fresh_for(&self) -> Duration {
        self.took + self.holds() / 2
    }

    /// How long it holds, from the end of the count on.
    fn holds(&self) -> Duration {
        (self.took * TIMES_THE_COUNT).clamp(KEPT_FOR, KEPT_AT_MOST)
    }
}

/// Whether a total is counted anew: at most once, since it soon ends anyway.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Renewal {
    #[default]
    No,
    Requested,
    Started,
}

/// What a search finds when it asks for a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recalled {
    Rows(i64),
    /// It counts by itself.
    Nothing,
    /// A count failed a moment ago.
    Failed,
}

/// A total that should be counted anew.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    what: TypeId,
    count: Count,
}

/// Permission to count a total: only one holder at a time.
#[derive(Debug)]
pub(crate) struct Counting {
    due: Due,
    /// Whether requests are answered with an older total meanwhile.
    beside_others: bool,
    _turn: OwnedMutexGuard<()>,
}

thread_local! {
    static CURRENT: RefCell<Option<Arc<Totals>>> = const { RefCell::new(None) };
}

/// Ends the use of [`Totals`] by this thread, also when it panics.
struct InScope;

impl Drop for InScope {
    fn drop(&mut self) {
        CURRENT.with(|totals| totals.borrow_mut().take());
    }
}

impl Due {
    pub(crate) const fn new(what: TypeId, count: Count) -> Self {
        Self { what, count }
    }
}

impl Totals {
    /// Runs `work`, whose searches on this thread use these totals.
    pub(crate) fn in_scope<T>(self: &Arc<Self>, work: impl FnOnce() -> T) -> T {
        CURRENT.with(|totals| totals.replace(Some(Arc::clone(self))));
        let _scope = InScope;
        work()
    }

    /// What should be counted anew; each is given out once.
    pub(crate) fn due(&self) -> Vec<Due> {
        let mut entries = self.entries();
        let wanted = entries
            .iter_mut()
            .filter(|(_, entry)| entry.renewal == Renewal::Requested);
        let due = wanted.filter_map(|(what, entry)| {
            entry.renewal = Renewal::Started;
            let count = entry.known?.count;
            Some(Due { what: *what, count })
        });
        due.collect()
    }

    /// Permission to count, unless a count is under way.
    pub(crate) fn try_begin(&self, due: Due) -> Option<Counting> {
        let turn = Arc::clone(&self.entries().entry(due.what).or_default().turn);
        let turn = turn.try_lock_owned().ok()?;
        Some(Counting {
            due,
            beside_others: true,
            _turn: turn,
        })
    }

    /// Permission to count before a search asks for the total; `None` when it need
    /// not: there is one that holds or stands in, it is counted every time, or a
    /// count has just failed. Waits for another count only where nothing stands in.
    pub(crate) async fn begin_ahead(&self, due: Due) -> Option<Counting> {
        if self.is_settled(due.what, Instant::now()) {
            return None;
        }
        let turn = Arc::clone(&self.entries().entry(due.what).or_default().turn);
        let turn = match Arc::clone(&turn).try_lock_owned() {
            Ok(turn) => turn,
            Err(_busy) if self.stale(due.what, Instant::now()).is_some() => return None,
            Err(_busy) => turn.lock_owned().await,
        };
        let now = Instant::now();
        // The holder before may have counted.
        (!self.is_settled(due.what, now)).then_some(Counting {
            due,
            beside_others: self.stale(due.what, now).is_some(),
            _turn: turn,
        })
    }

    /// Counts, and remembers what came out.
    ///
    /// # Errors
    /// When the statement fails.
    pub(crate) fn count(&self, conn: &mut PgConnection, counting: &Counting) -> QueryResult<i64> {
        let since = Instant::now();
        let counted = if counting.beside_others {
            conn.transaction(|conn| {
                // One core: there is time, and requests need the others.
                conn.batch_execute("SET LOCAL max_parallel_workers_per_gather = 0")?;
                (counting.due.count)(conn)
            })
        } else {
            (counting.due.count)(conn)
        };
        match &counted {
            Ok(rows) => self.keep(counting.due, *rows, (since, since.elapsed())),
            Err(_) => self.failed(counting.due.what, Instant::now()),
        }
        counted
    }

    /// Whether a count ahead is of no use.
    fn is_settled(&self, what: TypeId, now: Instant) -> bool {
        let entries = self.entries();
        let Some(entry) = entries.get(&what) else {
            return false;
        };
        let small_or_fresh = entry.known.is_some_and(|known| {
            known.rows < WORTH_KEEPING || now.duration_since(known.since) < known.kept_for()
        });
        small_or_fresh || entry.has_just_failed(now)
    }

    fn stale(&self, what: TypeId, now: Instant) -> Option<i64> {
        self.entries().get(&what)?.stale(now)
    }

    fn recall(&self, what: TypeId, now: Instant) -> Recalled {
        let mut entries = self.entries();
        let Some(entry) = entries.get_mut(&what) else {
            return Recalled::Nothing;
        };
        let large = entry.known.filter(|known| known.rows >= WORTH_KEEPING);
        if let Some(known) = large {
            let age = now.duration_since(known.since);
            if age < known.kept_for() {
                if age >= known.fresh_for() && entry.renewal == Renewal::No {
                    entry.renewal = Renewal::Requested;
                }
                return Recalled::Rows(known.rows);
            }
        }
        let failed = entry.has_just_failed(now);
        let is_counted = entry.turn.try_lock().is_err();
        match entry.stale(now) {
            Some(rows) if failed || is_counted => Recalled::Rows(rows),
            _ if failed => Recalled::Failed,
            _ => Recalled::Nothing,
        }
    }

    /// Remembers a count that began `since` a time and took some.
    fn keep(&self, due: Due, rows: i64, (since, took): (Instant, Duration)) {
        let mut entries = self.entries();
        let entry = entries.entry(due.what).or_default();
        entry.known = Some(Known {
            rows,
            since,
            took,
            count: due.count,
        });
        entry.renewal = Renewal::No;
        entry.failed = None;
    }

    fn failed(&self, what: TypeId, now: Instant) {
        self.entries().entry(what).or_default().failed = Some(now);
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<TypeId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    /// A large total that stands in for a while.
    fn stale(&self, now: Instant) -> Option<i64> {
        let known = self.known?;
        let stands_in = now.duration_since(known.since) < STALE_FOR;
        (stands_in && known.rows >= WORTH_KEEPING).then_some(known.rows)
    }

    fn has_just_failed(&self, now: Instant) -> bool {
        self.failed
            .is_some_and(|at| now.duration_since(at) < FAILED_FOR)
    }
}

/// The total of everything that `E` searches or lists: remembered, or counted.
pub(super) fn of_all<E: 'static>(conn: &mut PgConnection, count: Count) -> QueryResult<i64> {
    let what = TypeId::of::<E>();
    let Some(totals) = CURRENT.with(|totals| totals.borrow().clone()) else {
        return count(conn);
    };
    match totals.recall(what, Instant::now()) {
        Recalled::Rows(rows) => Ok(rows),
        Recalled::Failed => Err(diesel::result::Error::QueryBuilderError(
            "the rows could not be counted a moment ago".into(),
        )),
        Recalled::Nothing => {
            let since = Instant::now();
            let rows = count(conn)?;
            totals.keep(Due { what, count }, rows, (since, since.elapsed()));
            Ok(rows)
        }
    }
}

#[cfg(test)]
mod tests;
