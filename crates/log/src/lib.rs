//! Lines of the log that many requests cause at once.
//!
//! While a peer or the database is away, each request fails for the same cause. A line
//! for each of them says nothing new, and thousands per second would bury the others.
//! So the first line of a cause is written as it is, and those of the next second are
//! counted; then one line tells their number, and so on every second until none comes.
//! A line that has no other like it within a second is written as always.

mod causes;

use std::sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tracing::Level;

use self::causes::{Causes, Counted};

/// A warning with `message` for `cause`: `write` writes it, unless the log has had such
/// a line within the last second. `write` is given the message. The line that counts
/// the others shows the cause, so this holds no secret, and nothing of the one request.
pub fn warn(message: &'static str, cause: &str, write: impl FnOnce(&'static str)) {
    tell(Level::WARN, message, cause, write);
}

/// [`warn()`], for an error.
pub fn error(message: &'static str, cause: &str, write: impl FnOnce(&'static str)) {
    tell(Level::ERROR, message, cause, write);
}

/// Writes at once what is counted: the process ends.
pub fn finish() {
    let counted = COUNTING.causes().end();
    counted.iter().for_each(write_counted);
}

fn tell(level: Level, message: &'static str, cause: &str, write: impl FnOnce(&'static str)) {
    if !*HAS_THREAD || COUNTING.is_new(level, message, cause) {
        write(message);
    }
}

/// What is counted in this process.
static COUNTING: Counting = Counting {
    causes: Mutex::new(Causes::new()),
    filled: Condvar::new(),
};

/// Whether there is a thread that tells numbers. Without one every line is written.
static HAS_THREAD: LazyLock<bool> = LazyLock::new(|| {
    let named = std::thread::Builder::new().name("log-counts".to_owned());
    named.spawn(|| COUNTING.tell_numbers()).is_ok()
});

struct Counting {
    causes: Mutex<Causes>,
    /// There is something to count.
    filled: Condvar,
}

impl Counting {
    fn causes(&self) -> MutexGuard<'_, Causes> {
        // The lock is never held over work that can panic.
        self.causes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_new(&self, level: Level, message: &'static str, cause: &str) -> bool {
        let mut causes = self.causes();
        let was_empty = causes.is_empty();
        let is_new = causes.is_new((level, message, cause), Instant::now());
        let begins = was_empty && !causes.is_empty();
        drop(causes);
        if begins {
            self.filled.notify_one();
        }
        is_new
    }

    fn tell_numbers(&self) {
        let mut causes = self.causes();
        loop {
            let (waiting, now) = (causes, Instant::now());
            causes = match waiting.next_due() {
                None => self
                    .filled
                    .wait(waiting)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(due) => {
                    let left = due.saturating_duration_since(now);
                    let waited = self.filled.wait_timeout(waiting, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
            let counted = causes.due(Instant::now());
            if !counted.is_empty() {
                // A writer may wait for the log's reader; requests must not, for this lock.
                drop(causes);
                counted.iter().for_each(write_counted);
                causes = self.causes();
            }
        }
    }
}

fn write_counted(counted: &Counted) {
    let Counted {
        level,
        message,
        cause,
        lines,
    } = counted;
    if *level == Level::ERROR {
        tracing::error!(cause, lines, "{message}: {lines} more since the last line");
    } else {
        tracing::warn!(cause, lines, "{message}: {lines} more since the last line");
    }
}
