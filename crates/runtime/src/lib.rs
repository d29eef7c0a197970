//! What every service process is made of: settings → database, edge, peers,
//! dispatcher → server. The three services and the all-in-one process only
//! add their modules.

mod base_context;
mod compute;
pub mod documents;
pub mod forward;
pub mod last_resort;
mod lists;
mod outbox;
pub mod peer_command;
mod peers;
mod queues;
pub mod runs;
pub mod searches;
mod start;
mod unpaged;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use base_context::BaseContext;
pub use compute::Compute;
use last_resort::LastResort;
pub use lists::{Lists, Visible};
use pms_database::startup::NotReady;
use pms_database::{Clock, Db, DbError};
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions};
use pms_integrations::{Dispatcher, Esignet, KeyManager, KeycloakUsers, Observer, ServiceToken};
use pms_web::actuator::{ComponentHealth, Health};
use pms_web::edge::Edge;
use pms_web::server::{Application, Module, Mount};
use pms_web::service::Service;
use pms_web::{Settings, SettingsError};
use secrecy::ExposeSecret;
use tokio::sync::watch;
use tokio::task::JoinHandle;
pub use unpaged::Unpaged;

/// Why a process did not start, or stopped.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The configuration is wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The database can't be used.
    #[error("database: {0}")]
    Database(#[from] DbError),
    /// The services can't work with the database: fault and cure.
    #[error("database: {0}")]
    NotReady(NotReady),
    /// The schema can't be brought up to date.
    #[error("migrations: {0}")]
    Migrations(String),
    /// The socket can't be used.
    #[error("server: {0}")]
    Io(#[from] std::io::Error),
    /// The HTTP client can't be built.
    #[error("HTTP client: {0}")]
    Client(#[from] reqwest::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// How often a process looks at its database.
const WATCH_EVERY: Duration = Duration::from_secs(2);

/// The shared parts of a process; cloning shares them.
#[derive(Clone)]
pub struct Runtime {
    /// The configuration.
    pub settings: Arc<Settings>,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The HTTP edge.
    pub edge: Edge,
    /// The service account's token.
    pub token: ServiceToken,
    /// The key manager, as a client.
    pub key_manager: KeyManager,
    /// eSignet, as a client.
    pub esignet: Esignet,
    /// Pooled HTTP client for everything else.
    pub client: reqwest::Client,
    /// Counts calls to peers and passes traces on.
    pub observer: Observer,
    /// Whether deliveries of the outbox are going on.
    delivering: Arc<AtomicBool>,
}

impl Runtime {
    /// Builds the parts; connects to nothing yet. `name` is the process's name
    /// in metrics and in `pg_stat_activity`.
    ///
    /// # Errors
    /// When the settings are impossible.
    pub fn build(settings: Settings, name: &str, clock: Clock) -> Result<Self, RuntimeError> {
        if settings.database.url.expose_secret().is_empty() {
            return Err(SettingsError("database.url must be set".to_owned()).into());
        }
        let store_audits = !settings.audit.url.is_empty();
        let db = Db::new(&settings.database.pool(name, store_audits))?;
        let client = peers::client(&settings)?;
        let edge = pms_web::server::edge(&settings, name, clock.clone(), client.clone())?;
        let observer = Observer::new(edge.metrics().registry(), pms_web::trace::carried)
            .map_err(|error| RuntimeError::Other(error.to_string()))?;
        let account = &settings.service_account;
        let token = ServiceToken::observed(
            client.clone(),
            settings.token_endpoint(),
            (account.client_id.clone(), account.client_secret.clone()),
            observer.clone(),
        );
        let options = KeyManagerOptions {
            base: settings.key_manager_url(),
            crypto: CryptoKey {
                app_id: settings.key_manager.crypto_app_id.clone(),
                ref_id: settings.key_manager.crypto_ref_id.clone(),
            },
            timeout: Duration::from_millis(settings.key_manager.timeout_ms),
            batches: settings.key_manager.url.is_empty(),
        };
        let key_manager =
            KeyManager::new(client.clone(), token.clone(), options).observed(observer.clone());
        let options = peers::esignet(&settings.esignet);
        let esignet = Esignet::new(client.clone(), token.clone(), options, clock.clone())
            .observed(observer.clone());
        let settings = Arc::new(settings);
        Ok(Self {
            settings,
            db,
            clock,
            edge,
            token,
            key_manager,
            esignet,
            client,
            observer,
            delivering: Arc::default(),
        })
    }

    /// Who makes users in the identity provider.
    pub fn keycloak_users(&self) -> KeycloakUsers {
        peers::keycloak_users(self)
    }

    /// The health page of a service: database and outbox.
    pub fn health(&self) -> Health {
        let (db, settings) = (self.db.clone(), Arc::clone(&self.settings));
        let outbox = move || {
            let (db, settings) = (db.clone(), Arc::clone(&settings));
            let check: std::pin::Pin<Box<dyn Future<Output = ComponentHealth> + Send>> =
                Box::pin(async move { outbox::health(&db, &settings).await });
            check
        };
        Health::new(self.db.clone(), vec![("outbox", Box::new(outbox))])
    }

    /// Starts the outbox dispatcher, if this process has one.
    ///
    /// # Errors
    /// When it was started before, or a peer's settings are impossible.
    pub fn dispatch(&self) -> Result<Option<Dispatcher>, RuntimeError> {
        let outbox = &self.settings.outbox;
        if !outbox.dispatch {
            return Ok(None);
        }
        let registry = self.edge.metrics().registry();
        let settings = outbox::dispatcher_settings(outbox);
        Dispatcher::start(&self.db, &queues::plan(self)?, settings, registry)
            .map(Some)
            .map_err(|error| RuntimeError::Other(error.to_string()))
    }

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
        served
    }

    /// Requests and deliveries in flight are finished in the same time, not one
    /// after the other: a process that takes too long is killed.
    async fn serve_and_deliver(
        &self,
        listener: TcpListener,
        application: Application,
        (dispatcher, background, tasks): Beside,
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

    /// The socket that the settings name, or the service's own port.
    ///
    /// # Errors
    /// When it can't be bound.
    pub fn bind(&self, service: &Service) -> Result<TcpListener, RuntimeError> {
        let server = &self.settings.server;
        let port = if server.port == 0 {
            service.port
        } else {
            server.port
        };
        let listener = pms_web::server::listen(&self.settings, port, "server.port");
        Ok(listener?)
    }
}

/// What goes on beside the requests: deliveries, and the tasks of the modules
/// with what tells them to end.
type Beside = (Option<Dispatcher>, watch::Sender<bool>, Vec<JoinHandle<()>>);

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
    let mut settings = Settings::load()?;
    adjust(&mut settings);
    let _log = pms_web::telemetry::start(&settings.telemetry)?;
    for note in &settings.notes {
        tracing::warn!("{note}");
    }
    let runtime = Runtime::build(settings, service.name, Clock::system())?;
    tokio::select! {
        prepared = start::prepare_database(&runtime.settings.database) => prepared?,
        // The first process of a container ignores signals that it doesn't ask for.
        asked = pms_web::server::asked_to_stop() => return Ok(asked?),
    }
    let listener = runtime.bind(service)?;
    let modules = build(&runtime).await?;
    tracing::info!(service = service.name, address = %listener.local_addr()?, "ready");
    let last_resort = LastResort::of(&runtime);
    let stop = async {
        if let Err(error) = pms_web::server::asked_to_stop().await {
            tracing::error!(%error, "signals can't be watched");
        }
        // Threads may hang when everything else has ended.
        last_resort.arm().for_good();
    };
    // Before the service's own routes: `/partners/{partnerId}` would hide one of
    // the forwarded paths.
    let forwarding = forwarding(&runtime).zip(modules.first());
    let extras = forwarding.map(|(forwarding, module)| {
        // Who forwards certificate-service's routes documents them too.
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

/// Looks at the database regardless of who asks for its health, so that a change
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
