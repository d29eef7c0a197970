//! The hold of a process on the run that it works on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use pms_database::job_runs::{Claimed, lease};
use pms_database::{Connection, Db, DbError};
use tokio::sync::watch;

use super::JobError;

/// Shows that the run is this process's. A task shows a sign of life three times
/// in the time that the hold lasts without one.
#[derive(Clone)]
pub struct Lease {
    /// Nothing for a dry run, which no other process can take.
    held: Option<Arc<Held>>,
    /// Says `true` when the process stops.
    stopped: watch::Receiver<bool>,
}

struct Held {
    db: Db,
    run: Claimed,
    lasts: Duration,
    /// Until when the hold is sure; nothing when it is lost.
    until: watch::Sender<Option<Instant>>,
}

impl Lease {
    /// The hold on a run that was claimed at `since`.
    pub(super) fn new(
        db: Db,
        run: Claimed,
        (since, lasts): (Instant, Duration),
        stopped: watch::Receiver<bool>,
    ) -> Self {
        let (until, _) = watch::channel(Some(since + lasts));
        let held = Held {
            db,
            run,
            lasts,
            until,
        };
        Self {
            held: Some(Arc::new(held)),
            stopped,
        }
    }

    /// The hold of a dry run.
    pub(super) fn dry(stopped: watch::Receiver<bool>) -> Self {
        Self {
            held: None,
            stopped,
        }
    }

    /// Whether the run may go on; to be called between its steps. Costs nothing,
    /// unless signs of life have failed.
    ///
    /// # Errors
    /// When another process has taken the run over, or this one stops.
    pub async fn check(&self) -> Result<(), JobError> {
        // The sender is gone: this process is ending.
        if *self.stopped.borrow() || self.stopped.has_changed().is_err() {
            return Err(JobError::Stopped);
        }
        let Some(held) = &self.held else {
            return Ok(());
        };
        let until = *held.until.borrow();
        match until {
            None => Err(JobError::TakenOver),
            Some(until) if Instant::now() < until => Ok(()),
            Some(_) if held.extend().await? => Ok(()),
            Some(_) => Err(JobError::TakenOver),
        }
    }

    /// Makes sure, inside a transaction, that what it writes is written by who
    /// has the run: until it ends no other process takes the run over. For steps
    /// whose own rows can't tell that they were done.
    ///
    /// # Errors
    /// When another process has taken the run over.
    pub fn hold(&self, conn: &mut Connection) -> Result<(), DbError> {
        let Some(held) = &self.held else {
            return Ok(());
        };
        if lease::hold(conn, &held.run)? {
            return Ok(());
        }
        held.until.send_replace(None);
        Err(DbError::Internal(JobError::TakenOver.to_string()))
    }

    /// Shows signs of life; ends when the run is lost.
    pub(super) async fn keep(self) {
        let Some(held) = &self.held else {
            return std::future::pending().await;
        };
        let mut pause = held.lasts / 3;
        loop {
            tokio::time::sleep(pause).await;
            pause = match held.extend().await {
                Ok(true) => held.lasts / 3,
                Ok(false) => return,
                Err(error) => {
                    let job = &held.run.job;
                    tracing::warn!(job, %error, "a run can't show that it goes on");
                    held.lasts / 12
                }
            };
        }
    }
}

impl Held {
    /// Prolongs the hold; false when another process has the run.
    async fn extend(&self) -> Result<bool, DbError> {
        let (run, lasts) = (self.run.clone(), self.lasts);
        let requested_at = Instant::now();
        let extended = self
            .db
            .read(move |conn| Ok(lease::extend(conn, &run, lasts)?))
            .await?;
        let until = extended.then(|| requested_at + lasts);
        self.until.send_replace(until);
        Ok(extended)
    }
}
