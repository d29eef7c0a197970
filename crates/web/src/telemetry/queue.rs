//! Log lines on their way to standard output.
//!
//! A request must not wait until the reader of the log has taken its line, so lines
//! go through a queue, and a thread writes what has come together. tracing-appender
//! has such a writer, but it knows no levels: when its queue is full, it either
//! drops errors like everything else, or lets every request wait.

use std::io::{self, Write};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus::IntCounter;
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Bytes of lines that may wait; warnings and errors may take as much again.
const ROOM: usize = 1024 * 1024;
/// How long lines are collected before they are written. Waking the thread for each
/// of them would cost more than writing it.
const COLLECTED: Duration = Duration::from_millis(5);
/// Longest that the end of the process waits for a reader that takes nothing.
const LAST_WAIT: Duration = Duration::from_secs(3);

/// Lines that were dropped by this process.
pub(crate) static DROPPED: LazyLock<IntCounter> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "name and help are constants")]
    IntCounter::new(
        "log_lines_dropped_total",
        "Lines below WARN that were dropped because the reader of the log was too slow",
    )
    .expect("the name is one that Prometheus allows")
});

/// Takes lines for a slow writer; cloning shares the queue.
///
/// Bounded by bytes. When it is full, lines below `WARN` are dropped and counted, in
/// `log_lines_dropped_total` and in one line as soon as there is room. Warnings and
/// errors are never dropped: they have room of their own, and beyond that who has one
/// waits, as with a writer without a queue.
#[derive(Clone)]
pub(crate) struct Queue {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    /// There is something to write, or no more will come.
    filled: Condvar,
    /// The thread has taken what there was, or has written it.
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<u8>,
    /// Whether what waits is to be written at once: a warning, an error, or much.
    urgent: bool,
    /// Lines that were dropped since the last one that was written.
    dropped: u64,
    /// Whether the thread is writing what it took.
    writing: bool,
    /// Whether the process ends: lines are written at once from now on.
    closed: bool,
}

/// Writes what is in the queue when it is dropped: the end of the process.
#[must_use = "lines that wait are lost without it"]
pub struct Flush(Option<Queue>);

impl Flush {
    /// For a log without a queue.
    pub(crate) const fn nothing() -> Self {
        Self(None)
    }

    pub(crate) const fn of(queue: Queue) -> Self {
        Self(Some(queue))
    }
}

impl Drop for Flush {
    fn drop(&mut self) {
        finish(self.0.as_ref());
    }
}

/// Writes what is counted and what waits in the queue; every line after it is written
/// at once.
pub(super) fn finish(queue: Option<&Queue>) {
    pms_log::finish();
    if let Some(queue) = queue {
        queue.close();
    }
}

impl Queue {
    /// A queue whose thread writes to `sink`; `notice` words how many lines were
    /// dropped.
    ///
    /// # Errors
    /// When there can't be another thread.
    pub(crate) fn start(
        sink: impl Write + Send + 'static,
        notice: fn(u64) -> String,
    ) -> io::Result<Self> {
        let queue = Self {
            shared: Arc::new(Shared {
                state: Mutex::default(),
                filled: Condvar::new(),
                emptied: Condvar::new(),
            }),
        };
        let shared = Arc::clone(&queue.shared);
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || shared.write_to(sink, notice))?;
        Ok(queue)
    }

    fn push(&self, line: &[u8], keep: bool) {
        let shared = &self.shared;
        let mut state = shared.lock();
        let full = |state: &State, room| {
            // A line that is longer than the whole room fits into an empty queue.
            !state.closed && !state.lines.is_empty() && state.lines.len() + line.len() > room
        };
        if !keep && full(&state, ROOM) {
            state.dropped += 1;
            DROPPED.inc();
            return;
        }
        while full(&state, 2 * ROOM) {
            state = waited(&shared.emptied, state);
        }
        if state.closed {
            drop(state);
            // That the log can't be written can't be logged.
            let _ = io::stdout().lock().write_all(line);
            return;
        }
        let was_empty = state.lines.is_empty();
        state.lines.extend_from_slice(line);
        let urgent = !state.urgent && (keep || state.lines.len() > ROOM / 2);
        state.urgent |= urgent;
        drop(state);
        if was_empty || urgent {
            shared.filled.notify_one();
        }
    }

    /// Writes what waits, and from now on every line at once.
    fn close(&self) {
        let shared = &self.shared;
        let busy = |state: &mut State| state.writing || !state.lines.is_empty();
        let mut state = shared.lock();
        state.urgent = true;
        shared.filled.notify_one();
        let waited = shared.emptied.wait_timeout_while(state, LAST_WAIT, busy);
        let (mut state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        state.closed = true;
        drop(state);
        shared.filled.notify_one();
        shared.emptied.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes until the queue is closed and empty.
    fn write_to(&self, mut sink: impl Write, notice: fn(u64) -> String) {
        let mut taken = Vec::new();
        let mut state = self.lock();
        loop {
            while state.lines.is_empty() && !state.closed {
                state = waited(&self.filled, state);
            }
            if state.lines.is_empty() {
                return;
            }
            let calm = |state: &mut State| !state.urgent && !state.closed;
            let collected = self.filled.wait_timeout_while(state, COLLECTED, calm);
            (state, _) = collected.unwrap_or_else(PoisonError::into_inner);
            state.urgent = false;
            std::mem::swap(&mut state.lines, &mut taken);
            let dropped = std::mem::take(&mut state.dropped);
            state.writing = true;
            drop(state);
            self.emptied.notify_all();
            // A log that can't be written fails nothing, and that can't be logged.
            let _ = sink.write_all(&taken);
            if dropped > 0 {
                let _ = sink.write_all(notice(dropped).as_bytes());
            }
            let _ = sink.flush();
            taken.clear();
            taken.shrink_to(64 * 1024);
            state = self.lock();
            state.writing = false;
            self.emptied.notify_all();
        }
    }
}

fn waited<'a>(condition: &Condvar, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
    condition
        .wait(state)
        .unwrap_or_else(PoisonError::into_inner)
}

/// One line.
pub(crate) struct Line<'a> {
    queue: &'a Queue,
    keep: bool,
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.queue.push(line, self.keep);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Queue {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line {
            queue: self,
            keep: true,
        }
    }

    fn make_writer_for(&'a self, meta: &Metadata<'_>) -> Line<'a> {
        Line {
            queue: self,
            keep: *meta.level() <= Level::WARN,
        }
    }
}

#[cfg(test)]
#[path = "queue_tests.rs"]
mod tests;
