//! The connection pool, hidden behind [`Db`].

mod audited;
mod connection_string;
mod counting;
mod lookup;
mod manager;
mod threads;

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::Connection as _;
use r2d2::Pool;
use secrecy::SecretString;
use tokio::sync::watch;
use tracing::Span;

pub use self::connection_string::connect;
use self::connection_string::connect_string;
pub(crate) use self::connection_string::{UNUSABLE, with_parameters, without_secrets};
pub use self::lookup::{ByKey, Lookup};
pub(crate) use self::lookup::{has_nul, padded};
use self::manager::Manager;
use self::threads::Threads;
use crate::DbError;
use crate::deadline::{self, ThreadDeadline};
use crate::probe::Probe;
use crate::request;
use crate::search::totals::Totals;
use crate::writes::Writes;

/// How to reach PostgreSQL, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct DbSettings {
    /// `postgres://…` URL or libpq key-value string.
    pub url: SecretString,
    /// Most connections this process opens.
    pub pool_size: u32,
    /// How long a use case waits for a free connection before it is refused.
    pub acquire_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// `application_name`, visible in `pg_stat_activity`.
    pub application: String,
    /// Whether audit records go to the outbox (there is an Audit Manager) or to
    /// the log.
    pub store_audits: bool,
}

/// A handle on the database; cloning shares the pool.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    threads: Arc<Threads>,
    size: u32,
    wait: Duration,
    /// How long one statement may run.
    statement_timeout: Duration,
    store_audits: bool,
    writes: Arc<Writes>,
    probe: Probe,
    committed: watch::Sender<u64>,
    totals: Arc<Totals>,
}

/// Numbers for the metrics page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    /// Open connections.
    pub open: u32,
    /// Open connections that are free.
    pub idle: u32,
    /// Most connections there can be.
    pub size: u32,
    /// Use cases at work on a connection now.
    pub busy: u32,
}

impl Db {
    /// Builds the pool; opens nothing yet, so that a service can start before
    /// its database and say so on its readiness probe.
    ///
    /// # Errors
    /// [`DbError::Connection`] when the settings are impossible.
    pub fn new(settings: &DbSettings) -> Result<Self, DbError> {
        let size = settings.pool_size.max(1);
        let (url, writes) = (connect_string(settings), Arc::new(Writes::default()));
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(0))
            .connection_timeout(settings.acquire_timeout)
            .idle_timeout(Some(Duration::from_secs(120)))
            .test_on_check_out(true)
            .build_unchecked(Manager {
                url: url.clone(),
                statement_timeout: settings.statement_timeout,
                writes: Arc::clone(&writes),
            });
        Ok(Self {
            pool,
            threads: Arc::new(Threads::new(size)),
            size,
            wait: settings.acquire_timeout,
            statement_timeout: settings.statement_timeout,
            probe: Probe::new(url, Arc::clone(&writes)),
            writes,
            store_audits: settings.store_audits,
            committed: watch::Sender::default(),
            totals: Arc::default(),
        })
    }

    /// Runs `work` on a pooled connection, off the async threads.
    ///
    /// There is a thread for each connection; callers wait until one is free.
    /// Call no peer inside.
    ///
    /// The time of the request, if one is served, is that of `work` too: no
    /// statement begins after it (see [`crate::deadline`]).
    ///
    /// # Errors
    /// What `work` answers; [`DbError::OutOfTime`] when the time is over;
    /// [`DbError::Busy`] when no connection becomes free in time;
    /// [`DbError::Connection`] when PostgreSQL can't be reached.
    pub async fn read<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T, DbError> + Send + 'static,
    {
        let outcome = self.work(work).await;
        for due in self.totals.due() {
            self.renew_total(due);
        }
        outcome
    }

    async fn work<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T, DbError> + Send + 'static,
    {
        let (pool, span) = (self.pool.clone(), Span::current());
        let request = request::id();
        let totals = Arc::clone(&self.totals);
        let (until, session) = (deadline::of_task(), self.statement_timeout);
        let work = move || {
            span.in_scope(|| {
                on_connection(&pool, (until, session), |conn| {
                    let work = || totals.in_scope(|| work(conn));
                    request::on_this_thread(request, work)
                })
            })
        };
        self.threads.run(self.begin_until(until), work).await
    }

    /// Until when work must have begun that must have ended `until` then.
    fn begin_until(&self, until: Option<Instant>) -> Instant {
        let begin_until = Instant::now() + self.wait;
        until.map_or(begin_until, |until| until.min(begin_until))
    }

    /// Like [`Db::read`], in one transaction: all of `work` happens, or nothing.
    ///
    /// # Errors
    /// As [`Db::read`]; any error rolls the transaction back.
    pub async fn transaction<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce(&mut PgConnection) -> Result<T, DbError> + Send + 'static,
    {
        let outcome = self.read(move |conn| conn.transaction(work)).await;
        if outcome.is_ok() {
            self.signal_commit();
        }
        outcome
    }

    /// Changes after every commit of this process, so that its dispatcher need
    /// not wait for the next look at the outbox. Every queue has a receiver of
    /// its own, and none misses a commit that happens while it is at work.
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    fn signal_commit(&self) {
        self.committed
            .send_modify(|commits| *commits = commits.wrapping_add(1));
    }

    /// Whether PostgreSQL answers within `limit`, on a connection of its own:
    /// whatever the pool is busy with makes no difference. Learns whether the
    /// database takes writes.
    pub async fn ping(&self, limit: Duration) -> bool {
        self.probe.answers(limit).await
    }

    /// Whether the database refused writes in the last statement or probe.
    pub fn is_read_only(&self) -> bool {
        self.writes.are_refused()
    }

    /// Waits until no use case is at work, also those whose callers are gone: the end of
    /// the process would break them off.
    pub async fn rest(&self) {
        self.threads.rest().await;
    }

    /// Numbers for the metrics page.
    pub fn state(&self) -> PoolState {
        let state = self.pool.state();
        PoolState {
            open: state.connections,
            idle: state.idle_connections,
            size: self.size,
            busy: u32::try_from(self.threads.busy()).unwrap_or(u32::MAX),
        }
    }
}

/// Does `work` on a connection of the pool: no statement begins after `until`, if
/// there is such a time, and none takes longer than the session allows.
fn on_connection<T>(
    pool: &Pool<Manager>,
    (until, session): (Option<Instant>, Duration),
    work: impl FnOnce(&mut PgConnection) -> Result<T, DbError>,
) -> Result<T, DbError> {
    let checked_out = pool.get();
    let mut conn = checked_out.map_err(|error| DbError::Connection(error.to_string()))?;
    let outcome = conn.fit(until, session).and_then(|()| {
        let _deadline = ThreadDeadline::new(until, session);
        let outcome = deadline::stopping(|| work(&mut conn.conn));
        conn.lowered |= deadline::was_lowered();
        outcome
    });
    conn.suspect = outcome.as_ref().is_err_and(DbError::doubts_the_connection);
    outcome
}
