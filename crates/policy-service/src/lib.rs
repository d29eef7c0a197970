//! The policy service: policy groups, policies, and the documents that say what
//! partners may do.

mod config;
mod policies;
mod policy_groups;
mod schemas;

use std::ops::Deref;
use std::sync::Arc;

use actix_web::web;
use pms_database::Lookup;
use pms_database::policies::{PolicyForPartner, VersionForPartner};
use pms_domain::policy::PolicySchemas;
use pms_runtime::{BaseContext, Compute, Runtime, RuntimeError};
use pms_web::openapi::Written;
use pms_web::server::Module;
use pms_web::service::POLICY;
use pms_web::settings::PolicySettings;
use pms_web::{Route, Rows};

/// The route table: the rows of each folder, which stand in its file.
pub fn routes() -> Vec<Route> {
    let rows = &Rows::of(&POLICY);
    [
        policy_groups::routes(rows),
        policies::routes(rows),
        config::routes(rows),
    ]
    .concat()
}

/// What the use cases work with.
pub struct Context {
    base: BaseContext,
    settings: PolicySettings,
    /// Those of the partner service, which clients may ask for here.
    credential_types: Vec<String>,
    schemas: PolicySchemas,
    compute: Compute,
    policies_for_partners: Lookup<PolicyForPartner>,
    versions_for_partners: Lookup<VersionForPartner>,
}

impl Context {
    /// Reads what the settings name and puts the parts together.
    ///
    /// # Errors
    /// When a policy schema can't be read.
    pub async fn build(runtime: &Runtime) -> Result<Self, RuntimeError> {
        let settings = runtime.settings.policy.clone();
        let schemas = schemas::load(&runtime.client, &settings.schemas).await?;
        Ok(Self {
            base: BaseContext::new(runtime, &POLICY, "policy")?,
            settings,
            credential_types: runtime.settings.partner.credential_types.clone(),
            schemas,
            compute: Compute::default(),
            policies_for_partners: Lookup::new(&runtime.db),
            versions_for_partners: Lookup::new(&runtime.db),
        })
    }
}

impl Deref for Context {
    type Target = BaseContext;

    fn deref(&self) -> &BaseContext {
        &self.base
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
        document: Written::default(),
        data: Arc::new(move |app| {
            app.app_data(context.clone());
        }),
        health: runtime.health(),
        background: None,
    })
}
