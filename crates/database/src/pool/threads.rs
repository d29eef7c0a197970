//! The threads that work on connections.
//!
//! There are as many threads as the pool has connections; each is started when it is
//! needed. Work waits in a queue while all are busy. A thread that ends its work takes
//! the next from the queue itself, so no other thread has to wake it: tokio's blocking
//! threads behind a semaphore cost two wake-ups more for each use case under load
//! (`bench-handoff` compares).

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use tokio::sync::{Notify, oneshot};

use crate::DbError;

/// Most work that waits; a server has a bound on its requests far below.
const MOST_WAITING: usize = 10_000;

/// Starts threads and gives them work. The threads end when it is dropped.
pub(super) struct Threads(Arc<Shared>);

struct Shared {
    most: usize,
    /// Threads at work.
    busy: AtomicUsize,
    /// None is at work any more.
    rests: Notify,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    /// Threads without work; the last one has the warmest caches.
    idle: Vec<Thread>,
    started: usize,
    closed: bool,
}

/// Work that waits for a thread.
struct Job {
    place: Arc<Place>,
    work: Work,
}

/// Work, and how its outcome is told.
type Work = Box<dyn FnOnce() -> Answer + Send>;

/// Tells an outcome, after the work has ended: its receiver may ask how many are at
/// work.
pub(super) type Answer = Box<dyn FnOnce() + Send>;

/// Whether the work waits, was begun, or was given up. Only what waits changes.
#[derive(Default)]
pub(super) struct Place(AtomicU8);

impl Place {
    const WAITING: u8 = 0;
    const BEGUN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    /// Whether it waited until now and is begun with this.
    pub(super) fn begin(&self) -> bool {
        self.leave(Self::BEGUN)
    }

    /// Whether it waited until now and is given up with this.
    pub(super) fn give_up(&self) -> bool {
        self.leave(Self::GIVEN_UP)
    }

    fn leave(&self, to: u8) -> bool {
        self.0
            .compare_exchange(Self::WAITING, to, Ordering::AcqRel, Ordering::Acquire)
            .is_ok()
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::WAITING
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.0.load(Ordering::Acquire) == Self::GIVEN_UP
    }
}

impl Threads {
    pub(super) fn new(most: u32) -> Self {
        Self(Arc::new(Shared {
            most: usize::try_from(most).unwrap_or(usize::MAX),
            busy: AtomicUsize::new(0),
            rests: Notify::new(),
            state: Mutex::default(),
        }))
    }

    /// Does `work` on a thread. When no thread begins it until `until`, or the
    /// future is dropped before, it does not happen. What was begun is ended.
    ///
    /// # Errors
    /// [`DbError::Busy`] when no thread was free in time; [`DbError::Internal`]
    /// when the work panics; what it answers.
    pub(super) async fn run<T, F>(&self, until: Instant, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T, DbError> + Send + 'static,
    {
        let (answer, mut answered) = oneshot::channel();
        let place = Arc::new(Place::default());
        self.queue(Job {
            place: Arc::clone(&place),
            work: Box::new(move || {
                let outcome = caught(work);
                Box::new(move || {
                    // The request may have gone.
                    let _ = answer.send(outcome);
                })
            }),
        })?;
        let waiting = Waiting {
            threads: self,
            place: &place,
        };
        let lost = |_| DbError::Internal("a database thread ended".to_owned());
        match tokio::time::timeout_at(until.into(), &mut answered).await {
            Ok(outcome) => outcome.map_err(lost)?,
            Err(_) if waiting.give_up() => Err(DbError::Busy("no free connection in time")),
            Err(_) => answered.await.map_err(lost)?,
        }
    }

    /// Does `work` when a thread is free, also when nothing waits for it any more. It
    /// must not panic.
    ///
    /// # Errors
    /// [`DbError::Busy`] when too much waits.
    pub(super) fn begin<F>(&self, work: F) -> Result<(), DbError>
    where
        F: FnOnce() -> Answer + Send + 'static,
    {
        self.queue(Job {
            place: Arc::default(),
            work: Box::new(work),
        })
    }

    fn queue(&self, job: Job) -> Result<(), DbError> {
        let mut state = self.0.state();
        if state.waiting.len() >= MOST_WAITING {
            return Err(DbError::Busy("too much waits for the database"));
        }
        state.waiting.push_back(job);
        if let Some(thread) = state.idle.pop() {
            drop(state);
            thread.unpark();
        } else if state.started < self.0.most {
            state.started += 1;
            drop(state);
            self.start();
        }
        Ok(())
    }

    fn start(&self) {
        let shared = Arc::clone(&self.0);
        let name = "pms-database".to_owned();
        let started = thread::Builder::new().name(name).spawn(move || {
            shared.serve();
        });
        if let Err(error) = started {
            // Others may do the work; without any the use case is busy in the end.
            tracing::error!(%error, "no thread for a database connection can be started");
            self.0.state().started -= 1;
        }
    }

    /// Threads at work.
    pub(super) fn busy(&self) -> usize {
        self.0.busy.load(Ordering::Acquire)
    }

    /// Waits until no thread is at work.
    pub(super) async fn rest(&self) {
        loop {
            let mut rests = std::pin::pin!(self.0.rests.notified());
            // From here on no end is missed.
            rests.as_mut().enable();
            // Threads take work from the queue and are counted under the same lock.
            let is_at_rest = {
                let _state = self.0.state();
                self.busy() == 0
            };
            if is_at_rest {
                return;
            }
            rests.await;
        }
    }

    /// Threads that could begin something now.
    pub(super) fn spare(&self) -> usize {
        let waiting = self.0.state().waiting.len();
        let taken = self.busy().saturating_add(waiting);
        self.0.most.saturating_sub(taken)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.closed = true;
        for thread in state.idle.drain(..) {
            thread.unpark();
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // The lock is never held over work that can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        while let Some(work) = self.next() {
            let answer = work();
            if self.busy.fetch_sub(1, Ordering::AcqRel) == 1 {
                self.rests.notify_waiters();
            }
            answer();
        }
    }

    /// Waits for work; nothing when there will be none.
    fn next(&self) -> Option<Work> {
        let me = thread::current();
        let mut listed = false;
        loop {
            let mut state = self.state();
            while let Some(job) = state.waiting.pop_front() {
                if job.place.begin() {
                    self.busy.fetch_add(1, Ordering::AcqRel);
                    if listed {
                        state.idle.retain(|idle| idle.id() != me.id());
                    }
                    return Some(job.work);
                }
            }
            if state.closed {
                return None;
            }
            // The caller that wakes a thread takes it off the list. A thread may also wake
            // by itself, and is on the list then.
            if !listed || state.idle.iter().all(|idle| idle.id() != me.id()) {
                state.idle.push(me.clone());
                listed = true;
            }
            drop(state);
            thread::park();
        }
    }
}

/// The future of some work: gives it up unless it was begun.
struct Waiting<'a> {
    threads: &'a Threads,
    place: &'a Place,
}

impl Waiting<'_> {
    /// Whether it was still waiting.
    fn give_up(&self) -> bool {
        if !self.place.give_up() {
            return false;
        }
        let mut given_up = Vec::new();
        let mut state = self.threads.0.state();
        while let Some(job) = state.waiting.pop_front_if(|job| job.place.is_given_up()) {
            given_up.push(job);
        }
        drop(state);
        true
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.give_up();
    }
}

/// What `work` answers; a panic is a fault.
pub(super) fn caught<T>(work: impl FnOnce() -> Result<T, DbError>) -> Result<T, DbError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(DbError::Internal(message(panic.as_ref()))))
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("database task: {}", text.unwrap_or("a panic"))
}
