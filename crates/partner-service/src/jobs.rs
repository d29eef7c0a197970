//! What runs by the clock (contract clients-users-notifications.md §4 and §5).
//!
//! Every process has the [`Scheduler`], and each planned run happens once in the
//! deployment (`docs/jobs.md`). A job is a file here that implements [`Job`], and
//! a line in [`all`].

mod clean_up;
mod context;
mod deactivate_expired;
mod job;
mod lease;
mod metrics;
mod notices;
mod on_demand;
mod running;
mod scheduler;
mod unfinished_clients;

use std::sync::Arc;

use actix_web::web::Data;
use pms_runtime::{Runtime, RuntimeError};
use pms_web::server::Background;

pub use context::JobContext;
pub use job::{Job, JobError, Outcome, RunPlan};
pub use lease::Lease;
pub use on_demand::{JobState, Jobs, list};
pub use scheduler::{Options, Scheduler};

use crate::Context;

/// All jobs.
pub fn all() -> Vec<Arc<dyn Job>> {
    let mut jobs = notices::jobs();
    jobs.push(Arc::new(clean_up::CleanUp));
    jobs.push(Arc::new(deactivate_expired::DeactivateExpired));
    jobs.push(Arc::new(unfinished_clients::UnfinishedClients));
    jobs
}

/// The scheduler of a process, unless it runs no jobs.
///
/// # Errors
/// When the schedules are wrong, or the process has metrics of these names.
pub(crate) fn background(
    runtime: &Runtime,
    context: &Data<Context>,
) -> Result<Option<Background>, RuntimeError> {
    if !runtime.settings.jobs.run {
        return Ok(None);
    }
    let context = Arc::new(JobContext::new(runtime, context.clone())?);
    let options = Options::of(&runtime.settings.jobs);
    let registry = runtime.edge.metrics().registry();
    let scheduler = Arc::new(Scheduler::new(context, all(), options, registry)?);
    Ok(Some(Arc::new(move |stopped| {
        tokio::spawn(Arc::clone(&scheduler).run(stopped))
    })))
}
