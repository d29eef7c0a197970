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

use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use diesel::{PgConnection, QueryResult};
use tokio::sync::oneshot;

use super::threads::{Answer, Place, caught};
use super::{Db, on_connection};
use crate::{DbError, deadline};

/// Most keys of a statement.
const MOST_KEYS: usize = 64;
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

    /// What there is for these keys, each with its key.
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

/// Looks rows up for all requests of a process; make one for each kind of row.
pub struct Lookup<L: ByKey>(Arc<Shared<L>>);

struct Shared<L: ByKey> {
    db: Db,
    state: Mutex<State<L>>,
}

struct State<L: ByKey> {
    waiting: Vec<Wanted<L>>,
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
                waiting: Vec::new(),
                statements: 0,
            }),
        }))
    }

    /// The row with this key.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn find(&self, key: L::Key) -> Result<Option<L::Row>, DbError> {
        let (answer, mut answered) = oneshot::channel();
        let (place, until) = (Arc::new(Place::default()), deadline::of_task());
        let begin_until = self.0.db.begin_until(until);
        let _gone = GiveUp(&place);
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
        let outcome = match tokio::time::timeout_at(begin_until.into(), &mut answered).await {
            Err(_) if place.give_up() => {
                return Err(DbError::Busy("no free connection in time"));
            }
            Err(_) => answered.await,
            Ok(outcome) => outcome,
        };
        match outcome {
            Ok(Outcome::Found(row)) => Ok(row),
            Ok(Outcome::Failed(error)) => Err(error),
            Ok(Outcome::Repeat) => self.find_alone(key).await,
            Err(_) => Err(DbError::Internal("a look-up was lost".to_owned())),
        }
    }

    async fn find_alone(&self, key: L::Key) -> Result<Option<L::Row>, DbError> {
        let read = self.0.db.read(move |conn| {
            let found = L::load(conn, &[key])?;
            Ok(found.into_iter().next().map(|(_, row)| row))
        });
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
        state.waiting.push(wanted);
        if !state.takes_another(self.db.size) {
            return Ok(None);
        }
        state.statements += 1;
        drop(state);
        Ok(Some(Begin(Arc::clone(self))))
    }

    /// Reads what waits now.
    fn run(self: &Arc<Self>) -> Answer {
        let wanted = self.take();
        let keys: HashSet<_> = wanted.iter().map(|wanted| &wanted.key).collect();
        let is_one_each = keys.len() == wanted.len();
        let keys: Vec<_> = keys.into_iter().cloned().collect();
        let mut found = caught(|| self.load(&keys, &wanted));
        self.ended();
        Box::new(move || {
            for wanted in wanted {
                let outcome = match &mut found {
                    Ok(found) if is_one_each => Outcome::Found(found.remove(&wanted.key)),
                    Ok(found) => Outcome::Found(found.get(&wanted.key).cloned()),
                    Err(error) => failure(error).map_or(Outcome::Repeat, Outcome::Failed),
                };
                // The request may have gone.
                let _ = wanted.answer.send(outcome);
            }
        })
    }

    fn take(&self) -> Vec<Wanted<L>> {
        let mut state = self.state();
        let count = state.waiting.len().min(MOST_KEYS);
        let taken = state.waiting.drain(..count);
        taken.filter(|wanted| wanted.place.begin()).collect()
    }

    fn load(
        &self,
        keys: &[L::Key],
        wanted: &[Wanted<L>],
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
        let rows = on_connection(&self.db.pool, limits, |conn| Ok(L::load(conn, keys)?))?;
        Ok(rows.into_iter().collect())
    }

    /// Begins the next statement, if keys came meanwhile.
    fn ended(self: &Arc<Self>) {
        let mut state = self.state();
        if state.waiting.is_empty() {
            state.statements -= 1;
            return;
        }
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
            tracing::warn!(%error, "a look-up can't begin now");
        }
    }
}

impl<L: ByKey> State<L> {
    /// Whether a thread more should read. Few at a time, so that keys come together;
    /// more when one of them is not enough for what waits.
    fn takes_another(&self, connections: u32) -> bool {
        let most = usize::try_from(connections).unwrap_or(usize::MAX);
        let few = (most / 4).max(1);
        self.statements < few
            || (self.statements < most && self.waiting.len() > self.statements * MOST_KEYS)
    }
}

/// A failure that is the same for every request, whatever it looked up.
fn failure(error: &DbError) -> Option<DbError> {
    match error {
        DbError::Connection(cause) => Some(DbError::Connection(cause.clone())),
        DbError::Busy(cause) => Some(DbError::Busy(cause)),
        DbError::OutOfTime => Some(DbError::OutOfTime),
        DbError::Rejected(_) | DbError::Query(_) | DbError::Internal(_) => None,
    }
}

/// A request that is gone wants nothing.
struct GiveUp<'a>(&'a Place);

impl Drop for GiveUp<'_> {
    fn drop(&mut self) {
        self.0.give_up();
    }
}
