//! When a request asks a key manager no more that fails.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::row::MOST_COLUMNS;

/// A call that fails after so long is not followed by others: the key manager hangs.
const SLOW: Duration = Duration::from_secs(2);
/// Calls that fail before it is believed that all of them do: more than one row needs.
const SEVERAL: usize = MOST_COLUMNS + 1;

/// What a request learned of the key manager. A list in many runs would wait for each of
/// its failures otherwise. Cloning shares it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Attempt(Arc<Mutex<Tally>>);

#[derive(Debug, Default)]
struct Tally {
    /// Whether a call was answered.
    answered: bool,
    /// Calls that failed.
    failed: usize,
    /// How long was waited for calls of which none was answered.
    waited: Duration,
    gave_up: bool,
}

/// How calls ended.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Calls {
    pub(super) answered: usize,
    pub(super) failed: usize,
}

impl Attempt {
    /// Whether the key manager is not called again for the request.
    pub(super) fn gave_up(&self) -> bool {
        self.tally().gave_up
    }

    /// Takes note of calls that took so long together, each of which may take `timeout`.
    /// The result is whether they are a reason to call no more: several calls failed and
    /// none was answered so far, or they were slow.
    pub(super) fn note(&self, calls: Calls, took: Duration, timeout: Duration) -> bool {
        let mut tally = self.tally();
        tally.answered |= calls.answered > 0;
        if calls.failed == 0 {
            return false;
        }
        tally.failed += calls.failed;
        let is_in_vain = if tally.answered {
            took >= SLOW
        } else {
            tally.waited += took;
            tally.failed >= SEVERAL || tally.waited >= SLOW.min(timeout)
        };
        tally.gave_up |= is_in_vain;
        is_in_vain
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(10);

    fn calls(answered: usize, failed: usize) -> Calls {
        Calls { answered, failed }
    }

    fn note(attempt: &Attempt, answered: usize, failed: usize, millis: u64) -> bool {
        let took = Duration::from_millis(millis);
        let is_in_vain = attempt.note(calls(answered, failed), took, TIMEOUT);
        assert_eq!(attempt.gave_up(), is_in_vain);
        is_in_vain
    }

    #[test]
    fn a_row_whose_calls_all_fail_is_no_reason_to_call_no_more() {
        let attempt = Attempt::default();

        assert!(!note(&attempt, 0, MOST_COLUMNS, 1));
        assert!(!note(&attempt, 1, 0, 5000));
        assert!(!note(&attempt, 0, 100, 1), "one was answered");
    }

    #[test]
    fn several_calls_that_fail_while_none_is_answered_are_a_reason() {
        let attempt = Attempt::default();

        assert!(!note(&attempt, 0, SEVERAL - 1, 1));
        assert!(note(&attempt, 0, 1, 1));
    }

    #[test]
    fn slow_calls_are_a_reason_whether_others_were_answered_or_not() {
        let (first, second, third) = <(Attempt, Attempt, Attempt)>::default();

        assert!(note(&first, 23, 1, 2000));
        assert!(!note(&second, 0, 1, 1500));
        assert!(note(&second, 0, 1, 500));
        // It took as long as a call may take at most.
        let short = Duration::from_millis(300);
        assert!(third.note(calls(0, 1), short, short) && third.gave_up());
    }
}
