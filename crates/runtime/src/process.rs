//! A whole service process: load, start, serve, stop.

use std::sync::Arc;

use pms_database::Clock;
use pms_web::Settings;
use pms_web::server::{Module, Mount};
use pms_web::service::Service;

use crate::stop_limit::StopLimit;
use crate::{Runtime, RuntimeError, documents, guard_memory, raise_open_files, start};

/// A whole service process: load, start, serve, stop.
///
/// # Errors
/// One clear line about why it did not start.
pub async fn run_service(
    service: &'static Service,
    build: impl AsyncFnOnce(&Runtime) -> Result<Module, RuntimeError>,
    forwarding: impl FnOnce(&Runtime) -> Option<Mount>,
) -> Result<(), RuntimeError> {
    let alone = async |runtime: &Runtime| Ok(vec![build(runtime).await?]);
    run_process(service, |_settings| {}, alone, forwarding).await
}

/// [`run_service`] for a process that serves other modules beside its own, which
/// is the first of those that `build` gives; `adjust` has the last word about the
/// settings.
///
/// # Errors
/// As [`run_service`].
pub async fn run_process(
    service: &'static Service,
    adjust: impl FnOnce(&mut Settings),
    build: impl AsyncFnOnce(&Runtime) -> Result<Vec<Module>, RuntimeError>,
    forwarding: impl FnOnce(&Runtime) -> Option<Mount>,
) -> Result<(), RuntimeError> {
    // Before any secret is read.
    let guarded = guard_memory();
    raise_open_files();
    let mut settings = Settings::load()?;
    adjust(&mut settings);
    let _log = pms_web::telemetry::start(&settings.telemetry, service.name)?;
    guarded.log();
    for note in &settings.notes {
        tracing::warn!("{note}");
    }
    let runtime = Runtime::build(settings, service.name, Clock::system())?;
    tokio::select! {
        prepared = start::prepare_database(&runtime.settings.database) => prepared?,
        // The first process of a container ignores signals that it doesn't ask for.
        stopped = pms_web::server::stop_requested() => return Ok(stopped?),
    }
    let listener = runtime.bind(service)?;
    let modules = build(&runtime).await?;
    let address = listener.local_addr()?;
    let stop_limit = StopLimit::of(&runtime);
    // First asked when the server runs: nothing is left then that could keep this
    // process from serving.
    let stop = async {
        tracing::info!(service = service.name, %address, "ready");
        if let Err(error) = pms_web::server::stop_requested().await {
            tracing::error!(%error, "signals can't be watched");
        }
        // Threads may hang when everything else has ended.
        stop_limit.arm().for_good();
    };
    // Before the service's own routes: `/partners/{partnerId}` would hide one of
    // the forwarded paths.
    let forwarding = forwarding(&runtime).zip(modules.first());
    let extras = forwarding.map(|(forwarding, module)| {
        // A process that forwards certificate-service's routes documents them too.
        let target = &runtime.settings.services.certificate_url;
        let documents = documents::mount(module, runtime.client.clone(), target);
        let both: Mount = Arc::new(move |app| {
            forwarding(app);
            documents(app);
        });
        both
    });
    runtime.serve(listener, modules, extras, stop).await
}
