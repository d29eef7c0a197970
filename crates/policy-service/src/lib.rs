//! The policy service: policy groups, policies, and the documents that say what
//! partners may do.

mod config;
mod path_id;
mod policies;
mod policy_groups;
mod routes;
mod schemas;

use std::sync::Arc;

use actix_web::web;
use pms_database::{Clock, Db, Stamp};
use pms_domain::policy::PolicySchemas;
use pms_runtime::{Lists, Runtime, RuntimeError, Unpaged};
use pms_web::Caller;
use pms_web::server::Module;
use pms_web::service::POLICY;
use pms_web::settings::PolicySettings;

pub use routes::routes;

/// What the use cases work with.
pub struct Context {
    db: Db,
    clock: Clock,
    settings: PolicySettings,
    schemas: PolicySchemas,
    unpaged: Unpaged,
    lists: Lists,
}

impl Context {
    /// Reads what the settings name and puts the parts together.
    ///
    /// # Errors
    /// When a policy schema can't be read.
    pub async fn build(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let settings = runtime.settings.policy.clone();
        let schemas = schemas::load(&runtime.client, &settings.schemas).await?;
        let unpaged = Unpaged::new(runtime, "policy")?;
        Ok(Self {
            db: runtime.db.clone(),
            clock: runtime.clock.clone(),
            settings,
            schemas,
            lists: Lists::new(runtime, &POLICY, unpaged.clone()),
            unpaged,
        })
    }

    /// Who changes something, and when: now.
    fn stamp(&self, caller: &Caller) -> Stamp {
        Stamp::new(caller.user_id(), self.clock.now_naive())
    }
}

impl AsRef<Lists> for Context {
    fn as_ref(&self) -> &Lists {
        &self.lists
    }
}

/// The service, ready to be mounted.
///
/// # Errors
/// When a policy schema can't be read.
pub async fn module(runtime: &Runtime) -> Result<Module, RuntimeError> {
    let context = web::Data::new(Context::build(runtime).await?);
    Ok(Module {
        service: &POLICY,
        routes: routes().into(),
        documented: Arc::from([]),
        data: Arc::new(move |app| {
            app.app_data(context.clone());
        }),
        health: runtime.health(),
    })
}
