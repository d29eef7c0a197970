//! The thread that tells numbers of lines, and how it ends.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tracing::Level;

use crate::causes::{Causes, Counted};

/// Longest that the end waits for numbers that are being written: the log's reader may
/// take nothing.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// What is counted in a process.
pub(crate) struct Counting {
    state: Mutex<State>,
    /// There is something to count, or no more will be.
    filled: Condvar,
    /// Numbers that were taken are written.
    written: Condvar,
}

struct State {
    causes: Causes,
    /// Whether the thread is writing the numbers that it took.
    writing: bool,
    /// Whether the process ends: every line is written from now on.
    finished: bool,
}

impl Counting {
    pub(crate) const fn new() -> Self {
        Self {
            state: Mutex::new(State {
                causes: Causes::new(),
                writing: false,
                finished: false,
            }),
            filled: Condvar::new(),
            written: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The lock is never held over work that can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a line is to be written; else it is counted.
    pub(crate) fn is_new(&self, level: Level, message: &'static str, cause: &str) -> bool {
        let mut state = self.state();
        if state.finished {
            return true;
        }
        let was_empty = state.causes.is_empty();
        let is_new = state.causes.is_new((level, message, cause), Instant::now());
        let begins = was_empty && !state.causes.is_empty();
        drop(state);
        if begins {
            self.filled.notify_one();
        }
        is_new
    }

    /// Writes numbers with `write` when they are due, until [`Counting::finish`].
    pub(crate) fn tell_numbers(&self, write: impl Fn(&Counted)) {
        let mut state = self.state();
        while !state.finished {
            let now = Instant::now();
            state = match state.causes.next_due() {
                None => self
                    .filled
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(due) => {
                    let left = due.saturating_duration_since(now);
                    let waited = self.filled.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            let counted = state.causes.due(Instant::now());
            if !counted.is_empty() {
                state.writing = true;
                // A writer may wait for the log's reader; requests must not, for this lock.
                drop(state);
                counted.iter().for_each(&write);
                state = self.state();
                state.writing = false;
                self.written.notify_all();
            }
        }
    }

    /// Ends the counting: writes with `write` what is counted, and returns when the
    /// thread has written what it took.
    pub(crate) fn finish(&self, write: impl Fn(&Counted)) {
        let mut state = self.state();
        state.finished = true;
        let counted = state.causes.end();
        self.filled.notify_all();
        let waited = self
            .written
            .wait_timeout_while(state, LAST_WAIT, |state| state.writing);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        counted.iter().for_each(write);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    const LONGEST: Duration = Duration::from_secs(20);

    fn line(counting: &Counting) -> bool {
        counting.is_new(Level::WARN, "too busy", "no connection")
    }

    #[test]
    fn the_end_waits_until_numbers_that_were_taken_are_written() {
        let (counting, written) = (Counting::new(), Mutex::new(Vec::new()));
        let (begun, has_begun) = mpsc::channel();
        assert!(line(&counting));
        assert!(!line(&counting));

        thread::scope(|scope| {
            scope.spawn(|| {
                counting.tell_numbers(|counted| {
                    begun.send(()).unwrap();
                    let until = Instant::now() + LONGEST;
                    while !counting.state().finished && Instant::now() < until {
                        thread::yield_now();
                    }
                    written.lock().unwrap().push(counted.lines);
                });
            });
            has_begun.recv_timeout(LONGEST).unwrap();
            for _ in 0..3 {
                assert!(!line(&counting));
            }
            counting.finish(|counted| written.lock().unwrap().push(counted.lines));

            assert_eq!(*written.lock().unwrap(), [1, 3]);
        });
    }

    #[test]
    fn every_line_after_the_end_is_written() {
        let (counting, written) = (Counting::new(), Mutex::new(Vec::new()));
        let finish = || counting.finish(|counted| written.lock().unwrap().push(counted.lines));
        assert!(line(&counting));
        assert!(!line(&counting));

        finish();

        for _ in 0..3 {
            assert!(line(&counting));
        }
        finish();
        assert_eq!(written.into_inner().unwrap(), [1]);
    }
}
