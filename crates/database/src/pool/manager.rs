//! Opens and checks the connections of the pool.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::{Connection as _, SimpleConnection as _};
use diesel::r2d2::R2D2Connection as _;
use secrecy::{ExposeSecret as _, SecretString};

use super::connection_string::without_secrets;
use crate::DbError;
use crate::deadline::{self, Seen, Watch};
use crate::writes::Writes;

/// A connection in use this recently is handed out unchecked: the check costs
/// a round trip, and a server that died since is found by the statement itself,
/// which makes the connection suspect.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// Opens connections and decides when one is worth a second look.
pub(super) struct Manager {
    pub(super) url: SecretString,
    pub(super) statement_timeout: Duration,
    pub(super) writes: Arc<Writes>,
}

/// A connection, when it was last in use, and how that ended.
pub(super) struct Idle {
    pub(super) conn: PgConnection,
    since: Instant,
    /// The last use failed, and diesel does not say whether the server is gone.
    pub(super) suspect: bool,
    /// What its instrumentation has seen.
    seen: Arc<Seen>,
    /// See [`Writes::generation`].
    generation: u64,
    /// Whether its statement timeout is below the session's.
    pub(super) lowered: bool,
}

impl Idle {
    /// Lowers the statement timeout to what is left of the request's time, or
    /// sets it back. Nothing to do, mostly.
    pub(super) fn fit(&mut self, until: Option<Instant>, session: Duration) -> Result<(), DbError> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let less = left.filter(|left| *left < session);
        if less.is_some_and(|left| left.is_zero()) {
            return Err(DbError::OutOfTime);
        }
        if less.is_some() || self.lowered {
            let timeout = deadline::statement_timeout(less.unwrap_or(session));
            self.conn.batch_execute(&timeout)?;
            self.lowered = less.is_some();
        }
        Ok(())
    }
}

impl r2d2::ManageConnection for Manager {
    type Connection = Idle;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Idle, Self::Error> {
        let generation = self.writes.generation();
        let mut conn = PgConnection::establish(self.url.expose_secret())
            .map_err(|error| diesel::r2d2::Error::ConnectionError(without_secrets(error)))?;
        // Session settings instead of start-up options, because PgBouncer
        // refuses options that it doesn't know. No statement here runs so long that
        // compiling it would pay.
        let timeout = self.statement_timeout.as_millis();
        conn.batch_execute(&format!(
            "SET statement_timeout = {timeout}; SET lock_timeout = {timeout}; \
             SET idle_in_transaction_session_timeout = 30000; SET TIME ZONE 'UTC'; \
             SET search_path = pms, pg_catalog, public; SET jit = off"
        ))
        .map_err(diesel::r2d2::Error::QueryError)?;
        let seen = Arc::new(Seen::default());
        conn.set_instrumentation(Watch::new(Arc::clone(&seen)));
        Ok(Idle {
            conn,
            since: Instant::now(),
            suspect: false,
            seen,
            generation,
            lowered: false,
        })
    }

    fn is_valid(&self, idle: &mut Idle) -> Result<(), Self::Error> {
        if idle.generation != self.writes.generation() {
            let why = "opened before the database changed between read-only and not";
            return Err(diesel::r2d2::Error::ConnectionError(
                diesel::ConnectionError::BadConnection(why.to_owned()),
            ));
        }
        if !idle.suspect && idle.since.elapsed() < TRUSTED_FOR {
            return Ok(());
        }
        idle.conn.ping().map_err(diesel::r2d2::Error::QueryError)?;
        idle.suspect = false;
        Ok(())
    }

    fn has_broken(&self, idle: &mut Idle) -> bool {
        idle.since = Instant::now();
        let read_only = idle.seen.read_only.load(Ordering::Relaxed);
        if read_only {
            self.writes.refused(idle.generation);
        }
        read_only
            || idle.seen.closed.load(Ordering::Relaxed)
            || std::thread::panicking()
            || idle.conn.is_broken()
    }
}
