//! Notices to partners of their own things, and to administrators of the licences
//! of MISPs (contract clients-users-notifications.md §4.4).

use pms_database::ends::{
    EndingCertificate, EndingChip, EndingInterface, EndingKey, EndingLicence,
};
use pms_domain::notification::due;

use super::ending::{Ending, Pages};
use super::giving::NoticeGiver;
use super::learning;
use super::notice::{Notice, Recipient};
use super::recipients::{Partners, admins};
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Certificates of partners.
pub(super) async fn certificates(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.notices_of(EndingCertificate::KIND.name()) {
        return Ok(Outcome::default());
    }
    let learnt = learning::certificates(context, plan, lease).await?;
    let periods = &settings.partner_certificates_periods;
    let mut outcome = of_partners::<EndingCertificate>(context, plan, lease, periods).await?;
    outcome.add(learnt);
    Ok(outcome)
}

/// Certificates of FTM chips.
pub(super) async fn chips(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.notices_of(EndingChip::KIND.name()) {
        return Ok(Outcome::default());
    }
    let learnt = learning::chips(context, plan, lease).await?;
    let periods = &settings.ftm_certificates_periods;
    let mut outcome = of_partners::<EndingChip>(context, plan, lease, periods).await?;
    outcome.add(learnt);
    Ok(outcome)
}

/// SBIs.
pub(super) async fn interfaces(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.notices_of(EndingInterface::KIND.name()) {
        return Ok(Outcome::default());
    }
    of_partners::<EndingInterface>(context, plan, lease, &settings.sbis_periods).await
}

/// API keys.
pub(super) async fn keys(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let periods = &context.job_settings().api_keys_periods;
    of_partners::<EndingKey>(context, plan, lease, periods).await
}

/// Licences of MISPs, of which administrators get notices.
pub(super) async fn licences(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.notices_of(EndingLicence::KIND.name()) {
        return Ok(Outcome::default());
    }
    let periods = &settings.misp_licences_periods;
    let Some(span) = due::span(&plan.days, periods) else {
        return Ok(Outcome::default());
    };
    let admins = admins(context).await?;
    let mut giver = NoticeGiver::new(context, plan, lease);
    let mut pages = Pages::of(span);
    while let Some(page) = pages.next::<EndingLicence>(context, lease).await? {
        let licences = page.iter().filter(|row| !context.skips(&row.owner.id));
        let notices = licences.flat_map(|licence| {
            let admins = admins.iter().cloned();
            admins.filter_map(|admin| notice(licence, admin, plan, periods))
        });
        giver.give(notices.collect()).await?;
    }
    Ok(giver.outcome)
}

async fn of_partners<T: Ending>(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
    periods: &[u32],
) -> Result<Outcome, JobError> {
    let Some(span) = due::span(&plan.days, periods) else {
        return Ok(Outcome::default());
    };
    let partners = Partners::of(context).await?;
    let mut giver = NoticeGiver::new(context, plan, lease);
    let mut pages = Pages::of(span);
    while let Some(page) = pages.next::<T>(context, lease).await? {
        let notices = page.iter().filter_map(|row| {
            let to = partners.recipient(row.owner())?;
            notice(row, to, plan, periods)
        });
        giver.give(notices.collect()).await?;
    }
    Ok(giver.outcome)
}

/// The notice that is due, if one is.
fn notice<T: Ending>(row: &T, to: Recipient, plan: &RunPlan, periods: &[u32]) -> Option<Notice> {
    let ends_at = row.ends_at()?;
    let due = due::due(ends_at, &plan.days, periods)?;
    let item = row.item(due.period);
    Some(Notice::of(T::KIND, to, (&item, ends_at), due))
}
