//! The jobs that notify people of what ends
//! (contract clients-users-notifications.md §4.3 to §5).

mod authorities;
mod ending;
mod escalation;
mod giving;
mod identity;
mod key_mails;
mod learning;
mod notice;
mod own_things;
mod recipients;
mod weekly;

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use pms_web::settings::JobSettings;

use super::{Job, JobContext, JobError, Lease, Outcome, RunPlan};

/// A job that gives notices.
struct NoticeJob {
    name: &'static str,
    cron: fn(&JobSettings) -> &String,
    run: Run,
}

type Run =
    for<'a> fn(&'a JobContext, &'a RunPlan, &'a Lease) -> BoxFuture<'a, Result<Outcome, JobError>>;

impl Job for NoticeJob {
    fn name(&self) -> &'static str {
        self.name
    }

    fn cron<'a>(&self, settings: &'a JobSettings) -> &'a str {
        (self.cron)(settings)
    }

    fn run<'a>(
        &'a self,
        context: &'a JobContext,
        plan: &'a RunPlan,
        lease: &'a Lease,
    ) -> BoxFuture<'a, Result<Outcome, JobError>> {
        (self.run)(context, plan, lease)
    }
}

/// The jobs of notices.
pub(super) fn jobs() -> Vec<Arc<dyn Job>> {
    let jobs = [
        NoticeJob {
            name: "ca-certificates",
            cron: |settings| &settings.ca_certificates_cron,
            run: |context, plan, lease| authorities::run(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "partner-certificates",
            cron: |settings| &settings.partner_certificates_cron,
            run: |context, plan, lease| own_things::certificates(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "ftm-certificates",
            cron: |settings| &settings.ftm_certificates_cron,
            run: |context, plan, lease| own_things::chips(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "sbis",
            cron: |settings| &settings.sbis_cron,
            run: |context, plan, lease| own_things::interfaces(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "api-keys",
            cron: |settings| &settings.api_keys_cron,
            run: |context, plan, lease| key_mails::run(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "misp-licences",
            cron: |settings| &settings.misp_licences_cron,
            run: |context, plan, lease| own_things::licences(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "weekly-summary",
            cron: |settings| &settings.weekly_summary_cron,
            run: |context, plan, lease| weekly::run(context, plan, lease).boxed(),
        },
        NoticeJob {
            name: "escalation",
            cron: |settings| &settings.escalation_cron,
            run: |context, plan, lease| escalation::run(context, plan, lease).boxed(),
        },
    ];
    let mut shared: Vec<Arc<dyn Job>> = Vec::with_capacity(jobs.len());
    for job in jobs {
        shared.push(Arc::new(job));
    }
    shared
}
