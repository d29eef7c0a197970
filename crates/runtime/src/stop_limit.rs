//! Ends a process that takes too long to stop: a request, a delivery or a database
//! closure may hang where nothing can cancel it. Kubernetes would kill the process,
//! and no log would say what it waited for.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use pms_database::Db;
use pms_web::{Edge, telemetry};

use crate::{Detached, Runtime};

/// Added to the two times of a stop, since the server polls for their end.
const MARGIN: Duration = Duration::from_secs(2);

/// The longest time that a stop may take, and what is logged of a longer one.
pub struct StopLimit {
    edge: Edge,
    db: Db,
    detached: Detached,
    delivering: Arc<AtomicBool>,
    limit: Duration,
}

/// Ends the process unless it is dropped in time.
#[must_use = "dropped, it ends nothing"]
pub struct Armed {
    _disarm: Sender<()>,
}

impl Armed {
    /// Watches until the process ends: it is never dropped.
    pub fn for_good(self) {
        std::mem::forget(self);
    }
}

impl StopLimit {
    /// For a process with these parts.
    pub fn of(runtime: &Runtime) -> Self {
        let server = &runtime.settings.server;
        let seconds = server.drain_seconds.saturating_add(server.shutdown_seconds);
        Self {
            edge: runtime.edge.clone(),
            db: runtime.db.clone(),
            detached: runtime.detached.clone(),
            delivering: Arc::clone(&runtime.delivering),
            limit: Duration::from_secs(seconds) + MARGIN,
        }
    }

    /// Starts the time of a stop. It is watched by a thread of its own, since any of the
    /// others may hang.
    pub fn arm(self) -> Armed {
        let (disarm, disarmed) = mpsc::channel::<()>();
        thread::spawn(move || {
            if disarmed.recv_timeout(self.limit) == Err(RecvTimeoutError::Timeout) {
                let seconds = self.limit.as_secs();
                let running = self.running();
                tracing::error!(
                    "stopped after {seconds} s without waiting any longer for {running}"
                );
                telemetry::finish();
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
        match self.detached.running() {
            0 => {}
            works => running.push(format!("{works} x work that does not end with its request")),
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
