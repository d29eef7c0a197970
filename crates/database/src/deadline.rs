//! How long the database may work for a request.
//!
//! A request carries its deadline in its task ([`within`]). [`crate::Db`] lends it
//! to the thread that works for the request, and the connection's
//! instrumentation looks at it before each statement. When the time is over the
//! statement is not sent: the work unwinds to [`stopping`], its transaction is
//! rolled back, and the outcome is [`DbError::OutOfTime`]. diesel's
//! instrumentation can't answer an error, so unwinding is its only way out; the
//! panic hook is not called, and nothing is logged.
//!
//! The session's statement timeout ends the statement that is running when the
//! time is over. It is lowered only for work that begins with less time left
//! than it has, so work that begins in good time pays no extra round trip.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diesel::PgConnection;
use diesel::connection::{
    Instrumentation, InstrumentationEvent, SimpleConnection as _, get_default_instrumentation,
};
use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::DbError;

tokio::task_local! {
    /// When the request of this task must be answered.
    static OF_TASK: Instant;
}

thread_local! {
    /// The work that this thread does for a request.
    static OF_THREAD: Cell<Option<Work>> = const { Cell::new(None) };
}

#[derive(Clone, Copy)]
struct Work {
    until: Instant,
    /// The session's statement timeout.
    session: Duration,
    /// Whether the statement timeout is below the session's now.
    lowered: bool,
}

/// The time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time is over")]
pub struct Elapsed;

/// Does `work`, whose database closures get what is left of `limit` too. Within
/// another deadline the earlier one counts.
///
/// # Errors
/// [`Elapsed`] when `work` takes longer; it is dropped then.
pub async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Elapsed> {
    let until = Instant::now() + limit;
    let until = of_task().map_or(until, |outer| outer.min(until));
    let timed = tokio::time::timeout_at(until.into(), OF_TASK.scope(until, work));
    timed.await.map_err(|_elapsed| Elapsed)
}

/// When the request of this task must be answered; nothing in tasks that serve
/// no request.
pub fn of_task() -> Option<Instant> {
    OF_TASK.try_with(|until| *until).ok()
}

/// For closures that send many statements: ends them when the time is over, and
/// lowers the statement timeout to what is left of it. Costs a round trip only
/// when less is left than the session allows a statement.
///
/// # Errors
/// [`DbError::OutOfTime`] when the time is over.
pub fn check(conn: &mut PgConnection) -> Result<(), DbError> {
    let Some(work) = OF_THREAD.get() else {
        return Ok(());
    };
    let left = work.until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(DbError::OutOfTime);
    }
    if left < work.session {
        conn.batch_execute(&statement_timeout(left))?;
        let lowered = Work {
            lowered: true,
            ..work
        };
        OF_THREAD.set(Some(lowered));
    }
    Ok(())
}

/// The statement that sets the session's timeout; 0 would mean none.
pub(crate) fn statement_timeout(limit: Duration) -> String {
    format!("SET statement_timeout = {}", limit.as_millis().max(1))
}

/// Whether a closure has lowered the statement timeout itself.
pub(crate) fn was_lowered() -> bool {
    OF_THREAD.get().is_some_and(|work| work.lowered)
}

/// The deadline of this thread, until the value is dropped.
pub(crate) struct ThreadDeadline;

impl ThreadDeadline {
    pub(crate) fn new(until: Option<Instant>, session: Duration) -> Self {
        OF_THREAD.set(until.map(|until| Work {
            until,
            session,
            lowered: false,
        }));
        Self
    }
}

impl Drop for ThreadDeadline {
    fn drop(&mut self) {
        OF_THREAD.set(None);
    }
}

/// What unwinds from a statement that came too late.
struct TooLate;

/// Turns the unwinding of work whose time is over into an error. Other panics go on.
///
/// # Errors
/// What `work` answers, or [`DbError::OutOfTime`].
pub(crate) fn stopping<T>(work: impl FnOnce() -> Result<T, DbError>) -> Result<T, DbError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome,
        Err(panic) if panic.is::<TooLate>() => Err(DbError::OutOfTime),
        Err(panic) => resume_unwind(panic),
    }
}

/// What a connection's instrumentation has seen.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// A write was refused because the database or the session is read-only.
    pub(crate) read_only: AtomicBool,
    /// The server ended the connection.
    pub(crate) closed: AtomicBool,
}

/// Watches a connection: no statement after the deadline, and no failure of the
/// connection that the work hides in an error of its own.
pub(crate) struct Watch {
    seen: Arc<Seen>,
    rolling_back: bool,
    /// What the process watches all its connections with, if it does.
    others: Option<Box<dyn Instrumentation>>,
}

impl Watch {
    pub(crate) fn new(seen: Arc<Seen>) -> Self {
        Self {
            seen,
            rolling_back: false,
            others: get_default_instrumentation(),
        }
    }
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        self.look_at(&event);
        if let Some(others) = &mut self.others {
            others.on_connection_event(event);
        }
    }
}

impl Watch {
    fn look_at(&mut self, event: &InstrumentationEvent<'_>) {
        match event {
            // A transaction is rolled back at any time, or its connection is lost.
            InstrumentationEvent::RollbackTransaction { .. } => self.rolling_back = true,
            InstrumentationEvent::StartQuery { .. } => {
                if std::mem::take(&mut self.rolling_back) {
                    return;
                }
                let late = |work: Work| Instant::now() >= work.until;
                if OF_THREAD.get().is_some_and(late) {
                    resume_unwind(Box::new(TooLate));
                }
            }
            InstrumentationEvent::FinishQuery {
                error: Some(DieselError::DatabaseError(kind, _)),
                ..
            } => match kind {
                DatabaseErrorKind::ReadOnlyTransaction => {
                    self.seen.read_only.store(true, Ordering::Relaxed);
                }
                DatabaseErrorKind::ClosedConnection => {
                    self.seen.closed.store(true, Ordering::Relaxed);
                }
                _ => {}
            },
            _ => {}
        }
    }
}
