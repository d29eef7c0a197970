//! What every job can reach.

use std::ops::Deref;
use std::sync::Arc;

use actix_web::web::Data;
use pms_database::Stamp;
use pms_domain::schedule::Tz;
use pms_runtime::{Runtime, RuntimeError};
use pms_web::Settings;
use pms_web::settings::JobSettings;

use crate::Context;

/// What every job can reach: what use cases can, and the settings. Audit records
/// are written by `db.audited`, as those of use cases are.
pub struct JobContext {
    service: Data<Context>,
    settings: Arc<Settings>,
    /// The shared parts of the process.
    pub runtime: Runtime,
    /// The zone of schedules and days.
    pub zone: Tz,
}

impl JobContext {
    /// The context of the jobs of a process.
    ///
    /// # Errors
    /// When the configured zone does not exist.
    pub fn new(runtime: &Runtime, service: Data<Context>) -> Result<Self, RuntimeError> {
        Ok(Self {
            service,
            settings: Arc::clone(&runtime.settings),
            runtime: runtime.clone(),
            zone: runtime.settings.jobs.zone()?,
        })
    }

    /// A context of its own, where no service is mounted.
    ///
    /// # Errors
    /// When the settings are impossible.
    pub fn alone(runtime: &Runtime) -> Result<Self, RuntimeError> {
        Self::new(runtime, Data::new(Context::new(runtime)?))
    }

    /// The whole configuration.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The section about jobs.
    pub fn job_settings(&self) -> &JobSettings {
        &self.settings.jobs
    }

    /// Author and time of a change by a job, now.
    pub fn stamp_of(&self, author: &str) -> Stamp {
        Stamp::new(author, self.now())
    }

    /// Whether jobs pass over a partner.
    pub fn skips(&self, partner_id: &str) -> bool {
        let skipped = &self.settings.jobs.skip_partners;
        skipped.iter().any(|id| id == partner_id)
    }
}

impl Deref for JobContext {
    type Target = Context;

    fn deref(&self) -> &Context {
        &self.service
    }
}
