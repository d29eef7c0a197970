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

use super::job::{PlainJob, plain_job};

/// The jobs of notices.
pub(super) fn jobs() -> Vec<PlainJob> {
    vec![
        plain_job!(
            "ca-certificates",
            |settings| &settings.ca_certificates_cron,
            authorities::run
        ),
        plain_job!(
            "partner-certificates",
            |settings| &settings.partner_certificates_cron,
            own_things::certificates
        ),
        plain_job!(
            "ftm-certificates",
            |settings| &settings.ftm_certificates_cron,
            own_things::chips
        ),
        plain_job!(
            "sbis",
            |settings| &settings.sbis_cron,
            own_things::interfaces
        ),
        plain_job!(
            "api-keys",
            |settings| &settings.api_keys_cron,
            key_mails::run
        ),
        plain_job!(
            "misp-licences",
            |settings| &settings.misp_licences_cron,
            own_things::licences
        ),
        plain_job!(
            "weekly-summary",
            |settings| &settings.weekly_summary_cron,
            weekly::run
        ),
        plain_job!(
            "escalation",
            |settings| &settings.escalation_cron,
            escalation::run
        ),
    ]
}
