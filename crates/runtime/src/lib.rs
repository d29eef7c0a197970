//! What every service process is made of: settings → database, edge, peers,
//! dispatcher → server. The three services and the all-in-one process only
//! add their modules.

mod audited_command;
mod base_context;
mod compute;
mod detached;
pub mod documents;
mod error;
pub mod forward;
mod hourly;
mod lists;
mod memory_guard;
mod open_files;
mod outbox;
pub mod peer_command;
mod peers;
mod process;
mod queues;
pub mod runs;
pub mod searches;
mod serving;
mod start;
pub mod stop_limit;
mod unpaged;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

pub use audited_command::AuditedCommand;
pub use base_context::BaseContext;
pub use compute::Compute;
pub use detached::Detached;
pub use error::RuntimeError;
pub use lists::{Lists, Visible};
pub use memory_guard::{MemoryGuard, guard_memory};
pub use open_files::raise_open_files;
use pms_database::{Clock, Db};
use pms_integrations::key_manager::{CryptoKey, KeyManagerOptions};
use pms_integrations::{Dispatcher, Esignet, KeyManager, KeycloakUsers, Observer, ServiceToken};
use pms_web::actuator::{ComponentHealth, Health};
use pms_web::edge::Edge;
use pms_web::service::Service;
use pms_web::{Settings, SettingsError};
pub use process::{run_process, run_service};
use secrecy::ExposeSecret;
pub use unpaged::Unpaged;

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
    /// Work that goes on when its request is given up.
    pub detached: Detached,
    /// Whether deliveries of the outbox are going on.
    delivering: Arc<AtomicBool>,
}

/// A setting that must be there, and the property of a deployment that gives it.
fn missing(key: &str, property: &str, settings: &Settings) -> SettingsError {
    let deployment = &settings.deployment;
    if deployment.is_empty() {
        return SettingsError(format!("{key} must be set"));
    }
    SettingsError(format!(
        "{key} must be set: {deployment} has no {property}. Are address, name, profile and \
         label right?"
    ))
}

impl Runtime {
    /// Builds the parts; connects to nothing yet. `name` is the process's name
    /// in metrics and in `pg_stat_activity`.
    ///
    /// # Errors
    /// When the settings are impossible.
    pub fn build(settings: Settings, name: &str, clock: Clock) -> Result<Self, RuntimeError> {
        if settings.database.url.expose_secret().is_empty() {
            return Err(missing("database.url", "javax.persistence.jdbc.url", &settings).into());
        }
        let store_audits = !settings.audit.url.is_empty();
        let db = Db::new(&settings.database.pool(name, store_audits))?;
        let client = peers::client(&settings)?;
        let edge = pms_web::server::edge(&settings, name, clock.clone(), client.clone())?;
        let observer = Observer::new(edge.metrics().registry(), pms_web::trace::carried)?
            .repeating_on(peers::fresh_connections(&settings));
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
            detached: Detached::default(),
            delivering: Arc::default(),
        })
    }

    /// Looks at the settings of peers that only the dispatcher reads; starts nothing.
    ///
    /// # Errors
    /// Names the first one that keeps a service from starting.
    pub fn check_peers(&self) -> Result<(), RuntimeError> {
        queues::plan(self).map(drop)
    }

    /// The client that makes users in the identity provider.
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
        let dispatcher = Dispatcher::start(&self.db, &queues::plan(self)?, settings, registry)?;
        Ok(Some(dispatcher))
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
