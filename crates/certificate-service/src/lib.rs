//! The certificate service: the embedded key manager behind `/v1/keymanager`,
//! and the certificate routes of the partner manager.
//!
//! The partner manager's routes speak to *a* key manager through its REST
//! contract, also when that is this very process; only [`keymanager`] knows
//! keys and trust stores.

mod compute;
mod failures;
mod kek;
mod keymanager;
mod keys;
mod partners;
mod routes;
mod trust;
mod vault;

use std::sync::Arc;

use actix_web::web::{Data, ServiceConfig};
use pms_database::{Clock, Db};
use pms_integrations::KeyManager;
use pms_runtime::{Runtime, RuntimeError};
use pms_web::server::Module;
use pms_web::service::CERTIFICATE;

pub use routes::{key_manager_routes, routes};
pub use vault::Vault;

/// What the partner manager's certificate routes work with.
pub struct Context {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The key manager: a remote one, or this process itself.
    pub key_manager: KeyManager,
}

/// The service, ready to be mounted.
///
/// With an embedded key manager this opens the private keys, and makes the
/// first ones on an empty database.
///
/// # Errors
/// When the key encryption key is missing or wrong, or the database can't be
/// used.
pub async fn module(runtime: &Runtime) -> Result<Module, RuntimeError> {
    let context = Data::new(Context {
        db: runtime.db.clone(),
        clock: runtime.clock.clone(),
        key_manager: runtime.key_manager.clone(),
    });
    if runtime.settings.key_manager_url().is_empty() {
        tracing::warn!(
            "neither key_manager.url nor services.certificate_url (the address of this service) \
             is set: certificates of partners can't be uploaded"
        );
    }
    let mut table = routes();
    let vault = if runtime.settings.key_manager.embedded {
        table.extend(key_manager_routes());
        Some(Data::new(Vault::open(runtime).await?))
    } else {
        None
    };
    let data = move |app: &mut ServiceConfig| {
        app.app_data(context.clone());
        if let Some(vault) = &vault {
            app.app_data(vault.clone());
        }
    };
    Ok(Module {
        service: &CERTIFICATE,
        routes: table.into(),
        documented: Arc::new([]),
        data: Arc::new(data),
        health: runtime.health(),
    })
}
