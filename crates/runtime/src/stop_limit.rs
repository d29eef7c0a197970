//! The end of a stop that does not end: a request, a delivery or a database closure
//! may hang where nothing can cancel it, and Kubernetes would kill the process
//! without a word.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use pms_database::Db;
use pms_web::Edge;

use crate::Runtime;

/// What a stop may take beyond its two times: the server notices them late.
const MARGIN: Duration = Duration::from_secs(2);

/// Ends a process that does not end by itself.
pub struct LastResort {
    edge: Edge,
    db: Db,
    delivering: Arc<AtomicBool>,
    limit: Duration,
}

/// The process is ended when this is not dropped in time.
#[must_use = "dropped, it ends nothing"]
pub struct Armed {
    _disarm: Sender<()>,
}

impl Armed {
    /// Nothing but the end of the process disarms it.
    pub fn for_good(self) {
        std::mem::forget(self);
    }
}

impl LastResort {
    /// For a process with these parts.
    pub fn of(runtime: &Runtime) -> Self {
        let server = &runtime.settings.server;
        let seconds = server.drain_seconds.saturating_add(server.shutdown_seconds);
        Self {
            edge: runtime.edge.clone(),
            db: runtime.db.clone(),
            delivering: Arc::clone(&runtime.delivering),
            limit: Duration::from_secs(seconds) + MARGIN,
        }
    }

    /// A stop is requested, and the process has its time from now on. A thread of its
    /// own watches: the others may be what hangs.
    pub fn arm(self) -> Armed {
        let (disarm, disarmed) = mpsc::channel::<()>();
        thread::spawn(move || {
            if disarmed.recv_timeout(self.limit) == Err(RecvTimeoutError::Timeout) {
                let seconds = self.limit.as_secs();
                let running = self.running();
                tracing::error!(
                    "stopped after {seconds} s without waiting any longer for {running}"
                );
                process::exit(1);
            }
        });
        Armed { _disarm: disarm }
    }

    /// What still runs, in words.
    fn running(&self) -> String {
        let mut running = self.edge.running().list();
        if self.delivering.load(Ordering::Relaxed) {
            running.push("deliveries of the outbox".to_owned());
        }
        match self.db.state().busy {
            0 => {}
            closures => running.push(format!("{closures} x work on the database")),
        }
        if running.is_empty() {
            return "threads that end by themselves".to_owned();
        }
        running.join(", ")
    }
}
