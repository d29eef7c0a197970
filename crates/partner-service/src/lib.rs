//! partner-service: partners, the policies they ask for, their API keys.
//!
//! Folders are nouns and files are verbs. The file of a folder has the rows of its
//! endpoints in the route table; [`routes`] joins them.

pub mod api_keys;
pub mod bio_extractors;
mod certificates;
mod context;
pub mod credential_types;
pub mod device_registry;
pub mod devices;
pub mod expiries;
pub mod ftm_chips;
pub mod hardware;
pub mod interfaces;
pub mod jobs;
pub mod mappings;
pub mod notifications;
pub mod oidc_clients;
mod operator_pattern;
pub mod partners;
mod personal_data;
mod policies;
pub mod roles;
pub mod sign_in;
pub mod system_config;
pub mod users;
mod visibility;

use std::sync::Arc;

use actix_web::web;
use pms_integrations::observer::Peer;
use pms_runtime::{Runtime, RuntimeError, forward};
use pms_web::openapi::Written;
use pms_web::server::{Module, Mount};
use pms_web::service::PARTNER;
use pms_web::{Route, Rows};

pub use context::Context;

/// The operation that older retrievals name in their answers, whatever they retrieve.
const RETRIEVE: &str = "mosip.partnermanagement.partners.retrieve";

/// The route table: the rows of each folder and module.
#[rustfmt::skip]
pub fn routes() -> Vec<Route> {
    let rows = &Rows::of(&PARTNER);
    [
        partners::routes(rows),
        mappings::routes(rows),
        api_keys::routes(rows),
        bio_extractors::routes(rows),
        credential_types::routes(rows),
        sign_in::routes(rows),
        devices::routes(rows),
        interfaces::routes(rows),
        ftm_chips::routes(rows),
        device_registry::routes(rows),
        oidc_clients::routes(rows),
        notifications::routes(rows),
        expiries::routes(rows),
        users::routes(rows),
        roles::routes(rows),
        system_config::routes(rows),
    ].concat()
}

/// The service, ready to be mounted.
///
/// # Errors
/// When the settings are impossible.
pub async fn module(runtime: &Runtime) -> Result<Module, RuntimeError> {
    expiries::gauges::watch(runtime)?;
    let context = web::Data::new(Context::new(runtime)?);
    let background = jobs::background(runtime, &context)?;
    Ok(Module {
        service: &PARTNER,
        routes: routes().into(),
        documented: Arc::from([]),
        document: Written::default(),
        data: Arc::new(move |app| {
            app.app_data(context.clone());
        }),
        health: runtime.health(),
        background,
    })
}

/// Passes the certificate prefixes on to certificate-service, if it is known
/// where that is.
pub fn forwarding(runtime: &Runtime) -> Option<Mount> {
    let target = &runtime.settings.services.certificate_url;
    let breaker = runtime.observer.breaker(Peer::CertificateService);
    (!target.is_empty()).then(|| forward::mount(runtime.client.clone(), target, breaker))
}
