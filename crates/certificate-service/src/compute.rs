//! Work that keeps a processor busy, with private keys and with uploads: on
//! blocking threads, not more at once than there are processors.

use std::sync::Arc;

use pms_database::DbError;
use tokio::sync::Semaphore;
use tracing::Span;

/// Runs RSA operations, and the reading of certificates, off the async threads.
/// Copies share their bound.
///
/// They keep a processor busy for about half a millisecond each. Callers queue
/// on a semaphore, so that a burst of them neither starts hundreds of threads
/// nor takes the blocking threads that the database needs.
#[derive(Clone)]
pub(crate) struct Compute {
    slots: Arc<Semaphore>,
    width: usize,
}

impl Compute {
    /// As wide as the machine.
    pub(crate) fn new() -> Self {
        let width = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            slots: Arc::new(Semaphore::new(width)),
            width,
        }
    }

    /// How many pieces of work run at once.
    pub(crate) const fn width(&self) -> usize {
        self.width
    }

    /// Runs `work` when there is a free slot.
    pub(crate) async fn run<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
            return Err(DbError::Busy("no more work with keys is taken"));
        };
        let span = Span::current();
        let task = tokio::task::spawn_blocking(move || {
            let value = span.in_scope(work);
            drop(slot);
            value
        });
        task.await
            .map_err(|error| DbError::Internal(format!("work with a key: {error}")))
    }
}
