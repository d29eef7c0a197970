//! The certificate service: the embedded key manager behind `/v1/keymanager`,
//! and the certificate routes of the partner manager.
//!
//! The partner manager's routes speak to *a* key manager through its REST
//! contract, also when that is this very process; only [`keymanager`] knows
//! keys and trust stores.

pub mod admin;
mod authorities_gauge;
mod context;
mod embedded;
mod errors;
mod expiry_period;
mod in_process;
mod kek;
mod keymanager;
mod keys;
mod misps;
mod partners;
mod revocation;
mod session_keys;
mod trust;
mod trust_chain;
mod vault;

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use pms_integrations::key_manager::OwnKeyManager;
use pms_runtime::{Compute, Runtime, RuntimeError};
use pms_web::openapi::Written;
use pms_web::server::Module;
use pms_web::service::CERTIFICATE;
use pms_web::{Route, Rows};

use crate::embedded::Embedded;
use crate::in_process::InProcess;

pub use context::Context;
pub use vault::Vault;

/// The route table of the partner manager's certificates, whichever key manager is
/// behind them: the rows of each folder, which stand in its file.
pub fn routes() -> Vec<Route> {
    let rows = &Rows::of(&CERTIFICATE);
    [
        partners::routes(rows),
        trust_chain::routes(rows),
        revocation::routes(rows),
        misps::routes(rows),
    ]
    .concat()
}

/// The route table of the embedded key manager.
pub fn key_manager_routes() -> Vec<Route> {
    keymanager::routes(&Rows::below(&CERTIFICATE, "/v1/keymanager"))
}

/// The service, ready to be mounted, and what a process that mounts others beside
/// it gives them.
pub struct Service {
    /// Its routes.
    pub module: Module,
    /// The embedded key manager as its own process's client; `None` where there is
    /// none.
    pub own_key_manager: Option<Arc<dyn OwnKeyManager>>,
}

/// The service, ready to be mounted.
///
/// # Errors
/// As [`service`].
pub async fn module(runtime: &Runtime) -> Result<Module, RuntimeError> {
    Ok(service(runtime).await?.module)
}

/// The service, for a process that serves others beside it.
///
/// With an embedded key manager this opens the private keys, and makes the
/// first ones on an empty database.
///
/// # Errors
/// When the key encryption key is missing or wrong, or the database can't be
/// used.
pub async fn service(runtime: &Runtime) -> Result<Service, RuntimeError> {
    let compute = Compute::default();
    let context = Data::new(Context::new(runtime, compute.clone())?);
    if runtime.settings.key_manager_url().is_empty() {
        tracing::warn!(
            "neither key_manager.url nor services.certificate_url (the address of this service) \
             is set: certificates of partners can't be uploaded"
        );
    }
    let mut table = routes();
    let vault = if runtime.settings.key_manager.embedded {
        table.extend(key_manager_routes());
        revocation::issued::fill_all(&runtime.db).await?;
        authorities_gauge::watch(runtime)?;
        Some(Data::new(Vault::open(runtime, compute).await?))
    } else {
        None
    };
    let own_key_manager = vault.as_ref().map(|vault| {
        let own: Arc<dyn OwnKeyManager> = Arc::new(InProcess::new(vault.clone(), runtime));
        own
    });
    let embedded = Data::new(Embedded(vault.clone()));
    let data = move |app: &mut ServiceConfig| {
        app.app_data(embedded.clone());
        app.app_data(context.clone());
        if let Some(vault) = &vault {
            app.app_data(vault.clone());
        }
    };
    Ok(Service {
        module: Module {
            service: &CERTIFICATE,
            routes: table.into(),
            documented: Arc::new([]),
            document: Written::default(),
            data: Arc::new(data),
            health: runtime.health(),
            background: None,
        },
        own_key_manager,
    })
}
