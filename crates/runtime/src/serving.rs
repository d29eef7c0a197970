//! Requests, and what goes on beside them: deliveries of the outbox, tasks of the
//! modules, the look at the database. All end in the same time.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use pms_database::Db;
use pms_integrations::Dispatcher;
use pms_web::server::{Application, Module, Mount};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::{Runtime, RuntimeError};

/// How often a process looks at its database.
const WATCH_EVERY: Duration = Duration::from_secs(2);

/// Work that is not a request: the deliveries, and the tasks of the modules with the
/// channel that ends them.
type BackgroundWork = (Option<Dispatcher>, watch::Sender<bool>, Vec<JoinHandle<()>>);

impl Runtime {
    /// Serves `modules` on `listener` until `stop` is ready.
    ///
    /// # Errors
    /// When the server fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        modules: Vec<Module>,
        extras: Option<Mount>,
        stop: impl Future<Output = ()>,
    ) -> Result<(), RuntimeError> {
        self.detached.stay_here();
        let dispatcher = self.dispatch()?;
        let watch = tokio::spawn(watch_database(self.db.clone()));
        let (background, stopped) = watch::channel(false);
        let started = modules
            .iter()
            .filter_map(|module| module.background.clone());
        let tasks: Vec<_> = started.map(|start| start(stopped.clone())).collect();
        let application = Application {
            edge: self.edge.clone(),
            modules,
            extras,
        };
        let served = self
            .serve_and_deliver(listener, application, (dispatcher, background, tasks), stop)
            .await;
        watch.abort();
        // Work that was begun is finished before the process ends. `StopLimit` ends a
        // process whose work hangs.
        self.detached.rest().await;
        self.db.rest().await;
        served
    }

    /// Requests and deliveries in flight are finished in the same time, not one
    /// after the other: a process that takes too long is killed.
    async fn serve_and_deliver(
        &self,
        listener: TcpListener,
        application: Application,
        (dispatcher, background, tasks): BackgroundWork,
        stop: impl Future<Output = ()>,
    ) -> Result<(), RuntimeError> {
        let (finishing, finish) = tokio::sync::oneshot::channel();
        let delivering = Arc::clone(&self.delivering);
        delivering.store(dispatcher.is_some(), Ordering::Relaxed);
        let limit = Duration::from_secs(self.settings.server.shutdown_seconds.max(1));
        let stopping = async move {
            // An error means that the server has ended.
            let _ = finish.await;
            let deliveries = async {
                let Some(dispatcher) = dispatcher else { return };
                let stopped = tokio::time::timeout(limit, dispatcher.stop()).await;
                if stopped.is_err() {
                    tracing::warn!("a delivery takes too long; its row is delivered again later");
                } else {
                    delivering.store(false, Ordering::Relaxed);
                }
            };
            tokio::join!(deliveries, end(background, tasks, limit));
        };
        let serving =
            pms_web::server::serve(listener, &self.settings, application, stop, finishing);
        let (served, ()) = tokio::join!(serving, stopping);
        Ok(served?)
    }
}

/// Ends the tasks of the modules; what takes longer than `limit` breaks off.
async fn end(background: watch::Sender<bool>, tasks: Vec<JoinHandle<()>>, limit: Duration) {
    // An error means that the tasks have ended already.
    let _ = background.send(true);
    let until = tokio::time::Instant::now() + limit;
    for mut task in tasks {
        match tokio::time::timeout_at(until, &mut task).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "work in the background failed"),
            Err(_elapsed) => {
                task.abort();
                tracing::warn!("work in the background takes too long and breaks off");
            }
        }
    }
}

/// Looks at the database whether its health is asked for or not, so that a change
/// is logged, the metric is true, and connections from a read-only time are given
/// up soon.
async fn watch_database(db: Db) {
    let mut ticks = tokio::time::interval(WATCH_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        db.ping(WATCH_EVERY).await;
    }
}
