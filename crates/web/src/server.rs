//! Starting and stopping a server.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::actuator::{self, Health};
use crate::auth::{Ownership, RoleMatrix, Verifier, VerifierSettings, authenticate};
use crate::connection;
use crate::cors::{Cors, share};
use crate::dispatch;
use crate::edge::{Edge, EdgeParts};
use crate::metrics::Metrics;
use crate::openapi::{self, Written};
use crate::route::{Access, Route};
use crate::service::{CERTIFICATE, Service};
use crate::settings::{Settings, SettingsError};
use crate::telemetry::observe;

/// Mounts what a service needs besides its routes: its data.
pub type Mount = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

/// Work beside the requests: started with the server, once in a process. It ends
/// soon after the channel says `true`, or is closed.
pub type Background = Arc<dyn Fn(watch::Receiver<bool>) -> JoinHandle<()> + Send + Sync>;

/// One service, ready to be mounted in any number of workers.
#[derive(Clone)]
pub struct Module {
    /// Which service it is.
    pub service: &'static Service,
    /// Its rows of the route table.
    pub routes: Arc<[Route]>,
    /// Rows of other services that its API document lists too.
    pub documented: Arc<[Route]>,
    /// Its API document, once it was asked for; the workers share it.
    pub document: Written,
    /// Its application data.
    pub data: Mount,
    /// Its health page.
    pub health: Health,
    /// What it does beside the requests.
    pub background: Option<Background>,
}

/// A whole application: modules behind one edge.
#[derive(Clone)]
pub struct Application {
    /// Shared state of the edge.
    pub edge: Edge,
    /// The services.
    pub modules: Vec<Module>,
    /// Mounted before the services' routes: forwarding, development pages.
    pub extras: Option<Mount>,
}

impl Application {
    /// Looks for mistakes in the route tables, before anything is mounted.
    ///
    /// # Errors
    /// Names the first route whose role property is not in the matrix: it would
    /// answer 403 to every caller.
    pub fn check(&self) -> Result<(), String> {
        let routes = self.modules.iter().flat_map(|module| module.routes.iter());
        for route in routes {
            let row = &route.descriptor;
            if let Access::Role(property) = row.access
                && !self.edge.roles().knows(property)
            {
                return Err(format!(
                    "{} {}: no role property {property} in the matrix",
                    row.method, row.path
                ));
            }
        }
        Ok(())
    }

    /// Mounts everything; call it in the configuration of an actix [`App`]
    /// that [`layered!`](crate::layered) has wrapped.
    pub fn mount(&self, app: &mut ServiceConfig) {
        app.app_data(web::Data::new(self.edge.clone()));
        if let Some(extras) = &self.extras {
            extras(app);
        }
        for module in &self.modules {
            (module.data)(app);
            actuator::mount(app, module.service.own, &module.health);
            openapi::mount(app, module);
        }
        let routes = self.modules.iter().flat_map(|module| module.routes.iter());
        dispatch::mount(app, routes);
    }
}

/// The edge that the settings describe.
///
/// # Errors
/// When the role overrides or the metric names are wrong.
pub fn edge(
    settings: &Settings,
    application: &str,
    clock: pms_database::Clock,
    client: reqwest::Client,
) -> Result<Edge, SettingsError> {
    let mut issuers = vec![settings.auth.issuer.to_string()];
    issuers.extend(settings.auth.accepted_issuers.iter().cloned());
    issuers.retain(|issuer| !issuer.is_empty());
    if issuers.is_empty() {
        return Err(SettingsError(match settings.deployment.as_str() {
            "" => "auth.issuer must be set".to_owned(),
            deployment => {
                format!("auth.issuer must be set: {deployment} has no auth.server.admin.issuer.uri")
            }
        }));
    }
    let verifier = Verifier::new(
        VerifierSettings {
            issuers,
            jwks_url: settings.jwks_url(),
            audiences: settings.auth.allowed_audiences.clone(),
        },
        client,
    );
    let metrics =
        Metrics::new(application).map_err(|error| SettingsError(format!("metrics: {error}")))?;
    Ok(Edge::new(EdgeParts {
        verifier,
        roles: RoleMatrix::with_overrides(&settings.roles, settings.security.key_manager_roles)
            .map_err(SettingsError)?,
        ownership: Ownership {
            mode: settings.security.ownership,
            legacy_for: settings.security.ownership_legacy_for.clone(),
        },
        cors: Cors::new(&settings.cors.allowed_origins).map_err(SettingsError)?,
        clock,
        metrics,
        body_limit: settings.limits.body_bytes,
        bodies_limit: settings.limits.bodies_bytes,
        request_timeout: Duration::from_secs(settings.limits.request_seconds.get()),
        key_manager_port: settings.key_manager.port,
    }))
}

/// Wraps an application into its middleware: first observation, then other
/// origins, then the firewall and authentication. A macro, because actix's types can't be named.
#[macro_export]
macro_rules! layered {
    ($application:expr) => {{
        let application: $crate::server::Application = $application;
        ::actix_web::App::new()
            .configure(move |app| application.mount(app))
            .wrap(::actix_web::middleware::from_fn($crate::auth::authenticate))
            .wrap(::actix_web::middleware::from_fn($crate::cors::share))
            .wrap(::actix_web::middleware::from_fn($crate::telemetry::observe))
    }};
}

/// Serves until `stop` is ready; it is first asked when the server runs. Then readiness fails while connections are still
/// taken, for `server.drain_seconds`, so that balancers turn elsewhere; then what
/// is in flight is finished, within `server.shutdown_seconds`, and `finishing` is
/// told, for what else ends then.
///
/// # Errors
/// When a route table is wrong, the listener can't be used, or the server ends
/// before it is asked to.
pub async fn serve(
    listener: TcpListener,
    settings: &Settings,
    application: Application,
    stop: impl Future<Output = ()>,
    finishing: tokio::sync::oneshot::Sender<()>,
) -> std::io::Result<()> {
    application.check().map_err(std::io::Error::other)?;
    let workers = match settings.server.workers {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        workers => workers,
    };
    let edge = application.edge.clone();
    let key_manager = key_manager_listener(settings, &application)?;
    let server = HttpServer::new(move || {
        let application = application.clone();
        App::new()
            .configure(move |app| application.mount(app))
            .wrap(from_fn(authenticate))
            .wrap(from_fn(share))
            .wrap(from_fn(observe))
    })
    .on_connect(connection::watch(settings.limits))
    .workers(workers)
    .max_connections(4096)
    .client_request_timeout(Duration::from_secs(10))
    // How long what a client still sends is taken after an early answer, so that it sees it.
    .client_disconnect_timeout(Duration::from_secs(1))
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(settings.server.shutdown_seconds)
    .disable_signals()
    .listen(listener)?;
    let server = match key_manager {
        Some(listener) => server.listen(listener)?.run(),
        None => server.run(),
    };
    let handle = server.handle();
    let mut running = tokio::spawn(server);
    tokio::select! {
        biased;
        // A server that ends by itself has failed: the process must not live on.
        ended = &mut running => {
            ended.map_err(std::io::Error::other)??;
            return Err(std::io::Error::other("the server ended without a request to stop"));
        }
        () = stop => {}
    }
    edge.drain();
    let drain = Duration::from_secs(settings.server.drain_seconds);
    if !drain.is_zero() {
        tracing::info!(?drain, "stopping: not ready any more, still serving");
        tokio::time::sleep(drain).await;
    }
    tracing::info!("stopping: finishing the requests in flight");
    // The receiver may be gone already.
    let _ = finishing.send(());
    handle.stop(true).await;
    running.await.map_err(std::io::Error::other)?
}

/// The key manager's own socket, if the settings name one and it is served here.
fn key_manager_listener(
    settings: &Settings,
    application: &Application,
) -> std::io::Result<Option<TcpListener>> {
    let port = settings.key_manager.port;
    let mut routes = application
        .modules
        .iter()
        .flat_map(|module| module.routes.iter());
    let served = routes.any(|route| route.descriptor.path.starts_with(CERTIFICATE.own));
    if port == 0 || !served {
        return Ok(None);
    }
    listen(settings, port, "key_manager.port").map(Some)
}

/// Opens a socket at `server.host`; `setting` is what the port comes from.
///
/// # Errors
/// One line that names the address and what to correct.
pub fn listen(settings: &Settings, port: u16, setting: &str) -> std::io::Result<TcpListener> {
    let host = settings.server.host.as_str();
    TcpListener::bind((host, port)).map_err(|error| {
        let fault = format!("{host}:{port} can't be bound: {error}");
        let cure = format!("End what listens there, or correct server.host or {setting}");
        std::io::Error::new(error.kind(), format!("{fault}. {cure}"))
    })
}

/// Ready when SIGTERM or SIGINT requests the process to stop.
///
/// # Errors
/// When the signals can't be watched.
pub async fn stop_requested() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named_with_its_setting() {
        let settings = Settings::with_overrides(&[("server.host", "127.0.0.1")]).unwrap();
        let first = listen(&settings, 0, "server.port").unwrap();
        let port = first.local_addr().unwrap().port();

        let refused = listen(&settings, port, "server.port").unwrap_err();

        let text = refused.to_string();
        assert_eq!(refused.kind(), std::io::ErrorKind::AddrInUse);
        assert!(text.contains(&format!("127.0.0.1:{port}")), "{text}");
        assert!(text.contains("server.port"), "{text}");
    }
}
