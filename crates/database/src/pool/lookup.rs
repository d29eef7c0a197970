//! Look-ups of rows by their keys, put together.
//!
//! What many requests look up at the same moment is one statement, which costs
//! PostgreSQL and this process little more than each of them would alone. Nothing
//! waits so that others may join: while few statements run, a key is read as soon as
//! its thread has begun the other requests that have arrived, and what comes while
//! they run is put together.
//!
//! A statement sees what was committed before it, and it begins after all requests
//! whose keys it reads: none of them gets an older row than it would alone.

use std::cell::Cell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use diesel::{PgConnection, QueryResult};
use tokio::sync::oneshot;

use super::threads::{Answer, Place, caught};
use super::{Db, on_connection};
use crate::{DbError, deadline};

/// Most keys of a statement.
const MOST_KEYS: usize = 64;
/// How long a key waits for statements that run before one more begins: those may hang
/// while other threads are free.
const PATIENCE: Duration = Duration::from_millis(20);
/// Most keys that wait; a server has a bound on its requests far below.
const MOST_WAITING: usize = 10_000;
/// Keys in an array from which PostgreSQL keeps the plan of a statement: it expects ten
/// when it doesn't know.
const ARRAY: usize = 16;

/// Rows that are looked up by a key.
pub trait ByKey: 'static {
    /// What they are looked up by.
    type Key: Clone + Eq + Hash + Send + 'static;
    /// What is found: at most one for a key.
    type Row: Clone + Send + 'static;

    /// Whether a statement may fail because of this key: it is looked up alone then, so
    /// that no other request suffers.
    fn is_odd(key: &Self::Key) -> bool;

    /// What there is for this key, by the shortest statement.
    ///
    /// # Errors
    /// When the statement fails.
    fn find(conn: &mut PgConnection, key: &Self::Key) -> QueryResult<Option<Self::Row>>;

    /// What there is for these keys, each with its key as it was asked.
    ///
    /// # Errors
    /// When the statement fails.
    fn load(
        conn: &mut PgConnection,
        keys: &[Self::Key],
    ) -> QueryResult<Vec<(Self::Key, Self::Row)>>;
}

/// The keys for an array of a statement that is kept prepared, some of them several
/// times. For an array that is shorter than it expects, PostgreSQL would plan the
/// statement anew each time.
pub(crate) fn padded<K: Clone>(mut keys: Vec<K>) -> Vec<K> {
    if let Some(last) = keys.last().cloned() {
        keys.resize(keys.len().max(ARRAY), last);
    }
    keys
}

/// Whether PostgreSQL refuses the text.
pub(crate) fn has_nul(text: &str) -> bool {
    text.contains('\0')
}

/// Looks rows up for all requests of a process; make one for each kind of row.
pub struct Lookup<L: ByKey>(Arc<Shared<L>>);

struct Shared<L: ByKey> {
    db: Db,
    state: Mutex<State<L>>,
}

struct State<L: ByKey> {
    waiting: VecDeque<Wanted<L>>,
    /// Statements that run, or that a thread will begin.
    statements: usize,
}

/// A key, and the request that wants its row.
struct Wanted<L: ByKey> {
    key: L::Key,
    place: Arc<Place>,
    until: Option<Instant>,
    answer: oneshot::Sender<Outcome<L>>,
}

/// What a request is told.
enum Outcome<L: ByKey> {
    Found(Option<L::Row>),
    Failed(DbError),
    /// The statement failed, perhaps because of another request's key.
    Repeat,
}

impl<L: ByKey> Lookup<L> {
    /// A look-up in this database.
    pub fn new(db: &Db) -> Self {
        Self(Arc::new(Shared {
            db: db.clone(),
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                statements: 0,
            }),
        }))
    }

    /// The row with this key.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn find(&self, key: L::Key) -> Result<Option<L::Row>, DbError> {
        if L::is_odd(&key) {
            return self.find_alone(key).await;
        }
        let (answer, mut answered) = oneshot::channel();
        let (place, until) = (Arc::new(Place::default()), deadline::of_task());
        let begin_until = self.0.db.begin_until(until);
        let _gone = GiveUp(&self.0, &place);
        let begin = self.0.want(Wanted {
            key: key.clone(),
            place: Arc::clone(&place),
            until,
            answer,
        })?;
        if let Some(begin) = begin {
            // Requests that have arrived on this thread come first, and join.
            tokio::task::yield_now().await;
            drop(begin);
        }
        let soon = begin_until.min(Instant::now() + PATIENCE);
        match tokio::time::timeout_at(soon.into(), &mut answered).await {
            Ok(outcome) => return self.told(outcome, key).await,
            Err(_) => drop(self.0.one_more(&place)),
        }
        let outcome = match tokio::time::timeout_at(begin_until.into(), &mut answered).await {
            Err(_) if place.give_up() => {
                return Err(DbError::Busy("no free connection in time"));
            }
            Err(_) => answered.await,
            Ok(outcome) => outcome,
        };
        self.told(outcome, key).await
    }

    async fn told(
        &self,
        outcome: Result<Outcome<L>, oneshot::error::RecvError>,
        key: L::Key,
    ) -> Result<Option<L::Row>, DbError> {
        match outcome {
            Ok(Outcome::Found(row)) => Ok(row),
            Ok(Outcome::Failed(error)) => Err(error),
            Ok(Outcome::Repeat) => self.find_alone(key).await,
            Err(_) => Err(DbError::Internal("a look-up was lost".to_owned())),
        }
    }

    async fn find_alone(&self, key: L::Key) -> Result<Option<L::Row>, DbError> {
        let read = self.0.db.read(move |conn| Ok(L::find(conn, &key)?));
        read.await
    }
}

impl<L: ByKey> Shared<L> {
    fn state(&self) -> MutexGuard<'_, State<L>> {
        // The lock is never held over work that can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the key wait. Who asks must begin a statement if there is room for one more.
    fn want(self: &Arc<Self>, wanted: Wanted<L>) -> Result<Option<Begin<L>>, DbError> {
        let mut state = self.state();
        if state.waiting.len() >= MOST_WAITING {
            state.waiting.retain(|wanted| !wanted.place.is_given_up());
        }
        if state.waiting.len() >= MOST_WAITING {
            return Err(DbError::Busy("too much waits for the database"));
        }
        state.waiting.push_back(wanted);
        if !state.takes_another(self.db.size) {
            return Ok(None);
        }
        state.statements += 1;
        drop(state);
        Ok(Some(Begin(Arc::clone(self))))
    }

    /// A statement for a key that has waited long enough, if a thread may be free for it.
    fn one_more(self: &Arc<Self>, place: &Place) -> Option<Begin<L>> {
        let mut state = self.state();
        let is_due = place.is_waiting() && state.statements < size(&self.db);
        is_due.then(|| {
            state.statements += 1;
            Begin(Arc::clone(self))
        })
    }

    /// Reads what waits now.
    fn run(self: &Arc<Self>) -> Answer {
        let wanted = self.take();
        let keys: HashSet<_> = wanted.iter().map(|wanted| &wanted.key).collect();
        let is_one_each = keys.len() == wanted.len();
        let keys: Vec<_> = keys.into_iter().cloned().collect();
        let begun = Cell::new(false);
        let found = caught(|| self.load(&keys, &wanted, &begun));
        self.ended();
        let is_alone = wanted.len() == 1;
        if let Err(error) = &found
            && !is_alone
        {
            let message = "a look-up of several keys failed";
            pms_log::warn(message, &error.to_string(), |line| {
                tracing::warn!(%error, keys = keys.len(), "{line}");
            });
        }
        let mut found = found.map_err(|error| Failure::of(error, is_alone, begun.get()));
        Box::new(move || {
            for wanted in wanted {
                let outcome = match &mut found {
                    Ok(found) if is_one_each => Outcome::Found(found.remove(&wanted.key)),
                    Ok(found) => Outcome::Found(found.get(&wanted.key).cloned()),
                    Err(failure) => failure.next(),
                };
                // The request may have gone.
                let _ = wanted.answer.send(outcome);
            }
        })
    }

    fn take(&self) -> Vec<Wanted<L>> {
        let mut state = self.state();
        let waiting = std::iter::from_fn(|| state.waiting.pop_front());
        let begun = waiting.filter(|wanted| wanted.place.begin());
        begun.take(MOST_KEYS).collect()
    }

    fn load(
        &self,
        keys: &[L::Key],
        wanted: &[Wanted<L>],
        begun: &Cell<bool>,
    ) -> Result<HashMap<L::Key, L::Row>, DbError> {
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        // As long as the request has that may take the longest.
        let until = wanted
            .iter()
            .map(|wanted| wanted.until)
            .max_by_key(|until| {
                let endless = until.is_none();
                (endless, *until)
            });
        let limits = (until.flatten(), self.db.statement_timeout);
        let span = tracing::info_span!("look-up", keys = keys.len());
        let rows = span.in_scope(|| {
            on_connection(&self.db.pool, limits, |conn| {
                begun.set(true);
                Ok(match keys {
                    [key] => {
                        let found = L::find(conn, key)?;
                        found.map(|row| (key.clone(), row)).into_iter().collect()
                    }
                    keys => L::load(conn, keys)?,
                })
            })
        });
        Ok(rows?.into_iter().collect())
    }

    /// Begins the next statement, if keys came meanwhile that the others don't take.
    fn ended(self: &Arc<Self>) {
        let mut state = self.state();
        state.statements -= 1;
        if state.waiting.is_empty() || !state.takes_another(self.db.size) {
            return;
        }
        state.statements += 1;
        drop(state);
        drop(Begin(Arc::clone(self)));
    }
}

/// Begins a statement when it is dropped, also when its request is gone: others wait
/// for the same statement.
struct Begin<L: ByKey>(Arc<Shared<L>>);

impl<L: ByKey> Drop for Begin<L> {
    fn drop(&mut self) {
        let shared = Arc::clone(&self.0);
        if let Err(error) = self.0.db.threads.begin(move || shared.run()) {
            // What waits is read with the next key, or not in time.
            self.0.state().statements -= 1;
            pms_log::warn("a look-up can't begin now", &error.to_string(), |line| {
                tracing::warn!(%error, "{line}");
            });
        }
    }
}

impl<L: ByKey> State<L> {
    /// Whether a thread more should read. Few at a time, so that keys come together;
    /// more when one of them is not enough for what waits.
    fn takes_another(&self, connections: u32) -> bool {
        let most = count(connections);
        let few = (most / 4).max(1);
        self.statements < few
            || (self.statements < most && self.waiting.len() > self.statements * MOST_KEYS)
    }
}

fn size(db: &Db) -> usize {
    count(db.size)
}

fn count(connections: u32) -> usize {
    usize::try_from(connections).unwrap_or(usize::MAX)
}

/// What a statement's failure means for its requests.
enum Failure {
    /// One request asked, and this is its error.
    Own(Option<DbError>),
    /// No request can have it better.
    NoConnection(String),
    Busy(&'static str),
    OutOfTime,
    /// Each asks once more, alone: another key may be the reason, or the connection that
    /// the statement had.
    Repeat,
}

impl Failure {
    fn of(error: DbError, is_alone: bool, begun: bool) -> Self {
        match error {
            DbError::Connection(cause) if !begun => Self::NoConnection(cause),
            DbError::Connection(_) => Self::Repeat,
            error if is_alone => Self::Own(Some(error)),
            DbError::Busy(cause) => Self::Busy(cause),
            DbError::OutOfTime => Self::OutOfTime,
            // To repeat it would keep a thread for each of them as long.
            error if error.is_timeout() => Self::Busy("a look-up took too long"),
            DbError::Rejected(_) | DbError::Query(_) | DbError::Internal(_) => Self::Repeat,
        }
    }

    /// What the next request is told.
    fn next<L: ByKey>(&mut self) -> Outcome<L> {
        match self {
            // There is one request, so the second is never asked for.
            Self::Own(error) => error.take().map_or(Outcome::Repeat, Outcome::Failed),
            Self::NoConnection(cause) => Outcome::Failed(DbError::Connection(cause.clone())),
            Self::Busy(cause) => Outcome::Failed(DbError::Busy(cause)),
            Self::OutOfTime => Outcome::Failed(DbError::OutOfTime),
            Self::Repeat => Outcome::Repeat,
        }
    }
}

/// A request that is gone wants nothing.
struct GiveUp<'a, L: ByKey>(&'a Shared<L>, &'a Place);

impl<L: ByKey> Drop for GiveUp<'_, L> {
    fn drop(&mut self) {
        if !self.1.give_up() {
            return;
        }
        let mut gone = Vec::new();
        let mut state = self.0.state();
        let is_gone = |wanted: &mut Wanted<L>| wanted.place.is_given_up();
        while let Some(wanted) = state.waiting.pop_front_if(is_gone) {
            gone.push(wanted);
        }
        drop(state);
    }
}
