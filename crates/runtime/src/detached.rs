//! Work of a request that goes on when the request is given up: its client hangs up, or its
//! time is over. A process that stops waits for it.

use std::sync::{Arc, OnceLock};

use pms_web::{ApiError, ApiResult, trace};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::Instrument as _;

/// How much of it a process does at once: requests that are given up count for no
/// connection any more.
const MOST: usize = 1000;

/// Runs such work. Cloning shares the count.
#[derive(Clone, Default)]
pub struct Detached(Arc<Shared>);

#[derive(Default)]
struct Shared {
    /// That of the process: those of the HTTP workers end with the last request.
    runtime: OnceLock<Handle>,
    running: watch::Sender<usize>,
}

/// Counts for as long as it lives.
struct Counted(Detached);

impl Detached {
    /// Does `work` in a task of its own, under the trace of the request. It must end by
    /// itself, and call no peer on a connection that an HTTP worker may have opened: it ends
    /// with the worker.
    ///
    /// # Errors
    /// Those of `work`; busy when there is too much of it.
    pub async fn run<T, F>(&self, work: F) -> ApiResult<T>
    where
        T: Send + 'static,
        F: Future<Output = ApiResult<T>> + Send + 'static,
    {
        if self.running() >= MOST {
            return Err(ApiError::Busy("too many requests were given up"));
        }
        let counted = self.begin();
        let work = async move {
            let _counted = counted;
            work.await
        };
        let work = trace::passed_on(work).in_current_span();
        let task = match self.0.runtime.get() {
            Some(runtime) => runtime.spawn(work),
            None => tokio::spawn(work),
        };
        let done = task.await;
        done.unwrap_or_else(|error| Err(ApiError::unexpected(error)))
    }

    /// From now on the work is done by the runtime that this is called in.
    pub(crate) fn stay_here(&self) {
        // Another server of the same process has set it.
        let _ = self.0.runtime.set(Handle::current());
    }

    /// How much is going on.
    pub(crate) fn running(&self) -> usize {
        *self.0.running.borrow()
    }

    /// Waits until nothing is going on.
    pub(crate) async fn rest(&self) {
        let mut running = self.0.running.subscribe();
        // An error means that the sender is gone, which this holds.
        let _ = running.wait_for(|running| *running == 0).await;
    }

    fn begin(&self) -> Counted {
        self.0.running.send_modify(|running| *running += 1);
        Counted(self.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let running = &self.0.0.running;
        running.send_modify(|running| *running = running.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[actix_web::test]
    async fn work_goes_on_when_its_request_is_given_up_and_a_stop_waits_for_it() {
        let detached = Detached::default();
        let (go_on, told) = oneshot::channel::<()>();
        let (done, is_done) = oneshot::channel::<()>();
        let work = async move {
            told.await.unwrap();
            done.send(()).unwrap();
            Ok(())
        };
        let mut request = Box::pin(detached.run(work));
        // Begun, and given up.
        assert!(futures_util::poll!(&mut request).is_pending());
        drop(request);
        assert_eq!(detached.running(), 1);
        let mut rest = Box::pin(detached.rest());
        assert!(futures_util::poll!(&mut rest).is_pending());

        go_on.send(()).unwrap();

        rest.await;
        is_done.await.unwrap();
        assert_eq!(detached.running(), 0);
    }
}
