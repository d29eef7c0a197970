//! Work that keeps a processor busy: on blocking threads, not more at once than
//! there are processors.

use std::sync::Arc;

use pms_database::DbError;
use tokio::sync::Semaphore;
use tracing::Span;

/// Runs long computations off the async threads. Clones share the bound.
///
/// Callers queue on a semaphore, so that a burst of them neither starts hundreds
/// of threads nor takes the blocking threads that the database needs. Pieces of large
/// works have a queue of their own before that one, so that short work is behind no
/// more of them than run.
#[derive(Debug, Clone)]
pub struct Compute {
    slots: Arc<Semaphore>,
    /// For pieces of large works.
    pieces: Arc<Semaphore>,
    width: usize,
}

impl Default for Compute {
    /// As wide as the machine.
    fn default() -> Self {
        Self::of_width(std::thread::available_parallelism().map_or(1, usize::from))
    }
}

impl Compute {
    /// At most `width` pieces of work at once.
    pub fn of_width(width: usize) -> Self {
        let width = width.max(1);
        Self {
            slots: Arc::new(Semaphore::new(width)),
            pieces: Arc::new(Semaphore::new(width)),
            width,
        }
    }

    /// How many pieces of work run at once.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// [`Compute::run`] for a piece of a large work: it waits for its turn among such
    /// pieces first, those of other works included.
    ///
    /// # Errors
    /// As [`Compute::run`].
    pub async fn run_piece<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let Ok(turn) = Arc::clone(&self.pieces).acquire_owned().await else {
            return Err(DbError::Busy("no more computations are taken"));
        };
        // With the work, not with the caller, who may have left while it runs.
        self.run(move || {
            let value = work();
            drop(turn);
            value
        })
        .await
    }

    /// Runs `work` when there is a free slot.
    ///
    /// # Errors
    /// [`DbError::Internal`] when `work` panics.
    pub async fn run<T, F>(&self, work: F) -> Result<T, DbError>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else {
            return Err(DbError::Busy("no more computations are taken"));
        };
        let span = Span::current();
        let task = tokio::task::spawn_blocking(move || {
            let value = span.in_scope(work);
            drop(slot);
            value
        });
        task.await
            .map_err(|error| DbError::Internal(format!("a computation: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Barrier, Mutex, mpsc};

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn no_more_than_the_width_runs_at_once() {
        let compute = Compute::of_width(2);
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        // Each ends when another one runs beside it.
        let both = Arc::new(Barrier::new(2));

        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (compute, now, most) = (compute.clone(), Arc::clone(&now), Arc::clone(&most));
                let both = Arc::clone(&both);
                tokio::spawn(async move {
                    let work = move || {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        both.wait();
                        now.fetch_sub(1, Ordering::SeqCst);
                    };
                    compute.run(work).await
                })
            })
            .collect();
        for task in tasks {
            let ended = tokio::time::timeout(std::time::Duration::from_secs(60), task).await;
            ended.expect("two at once").unwrap().unwrap();
        }

        assert_eq!(most.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn short_work_is_behind_no_more_pieces_than_run() {
        let compute = Compute::of_width(1);
        let order = Arc::new(Mutex::new(Vec::new()));
        let (end_first, first_ends) = mpsc::channel::<()>();
        let note = |name: &'static str| {
            let order = Arc::clone(&order);
            move || order.lock().unwrap().push(name)
        };
        let begin = note("piece");
        let mut first = Box::pin(compute.run_piece(move || {
            begin();
            first_ends.recv().unwrap();
        }));
        assert!(poll!(&mut first).is_pending());
        let mut pieces: Vec<_> = (0..5)
            .map(|_| Box::pin(compute.run_piece(note("piece"))))
            .collect();
        for piece in &mut pieces {
            assert!(poll!(piece).is_pending());
        }
        let mut short = Box::pin(compute.run(note("short")));
        assert!(poll!(&mut short).is_pending());

        end_first.send(()).unwrap();
        let all = futures_util::future::try_join_all(pieces);
        let (first, short, rest) = futures_util::join!(first, short, all);
        first.unwrap();
        short.unwrap();
        rest.unwrap();

        let order = order.lock().unwrap().clone();
        assert_eq!(order[..2], ["piece", "short"]);
        assert_eq!(order.len(), 7);
    }
}
