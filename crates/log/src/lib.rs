//! Lines of the log that many requests cause at once.
//!
//! While a peer or the database is away, each request fails for the same cause. A line
//! for each of them says nothing new, and thousands per second would bury the others.
//! So the first line of a cause is written as it is, and those of the next second are
//! counted; then one line tells their number, and so on every second until none comes.
//! A line that has no other like it within a second is written as always.

mod causes;
mod counting;

use std::sync::LazyLock;

use tracing::Level;

use self::causes::Counted;
use self::counting::Counting;

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

/// Writes what is counted, and from now on every line at once: the process ends. When
/// it returns all numbers are written, unless the log takes nothing for some seconds.
pub fn finish() {
    COUNTING.finish(write_counted);
}

fn tell(level: Level, message: &'static str, cause: &str, write: impl FnOnce(&'static str)) {
    if !*HAS_THREAD || COUNTING.is_new(level, message, cause) {
        write(message);
    }
}

/// What is counted in this process.
static COUNTING: Counting = Counting::new();

/// Whether there is a thread that tells numbers. Without one every line is written.
static HAS_THREAD: LazyLock<bool> = LazyLock::new(|| {
    let named = std::thread::Builder::new().name("log-counts".to_owned());
    named.spawn(|| COUNTING.tell_numbers(write_counted)).is_ok()
});

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
