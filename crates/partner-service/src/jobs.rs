//! What runs by the clock (contract clients-users-notifications.md §4 and §5).
//!
//! Every process has the [`Scheduler`], and each planned run happens once in the
//! deployment (`docs/jobs.md`). A job is a file here with a function that runs it, and
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
use job::plain_job;
pub use job::{Job, JobError, Outcome, RunPlan};
pub use lease::Lease;
pub use on_demand::{JobState, Jobs, list};
pub use scheduler::{Options, Scheduler};

use crate::Context;

/// All jobs.
pub fn all() -> Vec<Arc<dyn Job>> {
    let mut jobs = notices::jobs();
    jobs.extend([
        plain_job!(
            "clean-up",
            |settings| &settings.clean_up_cron,
            clean_up::run
        ),
        plain_job!(
            deactivate_expired::NAME,
            deactivate_expired::cron,
            deactivate_expired::run
        ),
        plain_job!(
            "unfinished-clients",
            |settings| &settings.unfinished_clients_cron,
            unfinished_clients::run,
        ),
    ]);
    let shared = jobs
        .into_iter()
        .map(|job| -> Arc<dyn Job> { Arc::new(job) });
    shared.collect()
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
