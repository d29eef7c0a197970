//! Notices of root and intermediate certificates that end, to administrators
//! (contract clients-users-notifications.md §4.3).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveDateTime};
use pms_domain::notification::Kind;
use pms_domain::notification::due::{self, Due};
use pms_integrations::key_manager::{CaCertificate, CaQuery};

use super::giving::NoticeGiver;
use super::notice::{Item, Notice, Recipient, wire_time};
use super::recipients::admins;
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};
use crate::notifications::CertificateNotice;

/// Certificates of a page; key managers may have fewer on theirs.
const PAGE_SIZE: i64 = 1000;
/// Most pages of certificates that end on one day.
const MOST_PAGES: i64 = 100;

/// Root and intermediate certificates.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    // Without certificates of authorities there are no notices of them.
    if !context.settings().features.trust_certificates {
        return Ok(Outcome::default());
    }
    let kinds = [Kind::RootCertificate, Kind::IntermediateCertificate];
    let kinds: Vec<Kind> = kinds
        .into_iter()
        .filter(|kind| settings.notices_of(kind.name()))
        .collect();
    let mut giver = NoticeGiver::new(context, plan, lease);
    if kinds.is_empty() {
        return Ok(giver.outcome);
    }
    let admins = admins(context).await?;
    if admins.is_empty() {
        return Ok(giver.outcome);
    }
    let periods = &settings.ca_certificates_periods;
    for day in days_of_ends(&plan.days, periods) {
        for &kind in &kinds {
            lease.check().await?;
            let found = ending_on(context, kind, day).await?;
            let notices = found.iter().flat_map(|certificate| {
                let admins = admins.iter().cloned();
                admins.filter_map(|admin| notice(kind, certificate, admin, plan, periods))
            });
            giver.give(notices.collect()).await?;
        }
    }
    Ok(giver.outcome)
}

/// The days on which what is due can end.
fn days_of_ends(days: &[NaiveDate], periods: &[u32]) -> BTreeSet<NaiveDate> {
    let ends = days.iter().flat_map(|day| {
        let after = |period: &u32| day.checked_add_days(Days::new(u64::from(*period)));
        periods.iter().filter_map(after)
    });
    ends.collect()
}

/// All pages of the certificates of a type that end on a day.
async fn ending_on(
    context: &JobContext,
    kind: Kind,
    day: NaiveDate,
) -> Result<Vec<CaCertificate>, JobError> {
    let mut found: Vec<CaCertificate> = Vec::new();
    for page_number in 1..=MOST_PAGES {
        let query = CaQuery {
            ca_certificate_type: Some(kind.name().to_owned()),
            exclude_mosip_ca: true,
            valid_till_date: Some(format!("{day}T23:59:59.999Z")),
            page_number,
            page_size: PAGE_SIZE,
            ..CaQuery::default()
        };
        let page = context.key_manager.ca_certificates(&query).await;
        let page = page
            .map_err(|error| JobError::Failed(format!("certificates of authorities: {error}")))?;
        let rows = page.all_partner_certificates.unwrap_or_default();
        if rows.is_empty() {
            return Ok(found);
        }
        found.extend(rows);
        let total = usize::try_from(page.total_records).unwrap_or(0);
        if found.len() >= total {
            return Ok(found);
        }
    }
    tracing::warn!(%day, "too many certificates of authorities end on one day");
    Ok(found)
}

fn notice(
    kind: Kind,
    certificate: &CaCertificate,
    admin: Recipient,
    plan: &RunPlan,
    periods: &[u32],
) -> Option<Notice> {
    let ends_at = certificate.valid_till_date.as_ref()?.read()?;
    let due = due::due(ends_at, &plan.days, periods)?;
    let item = item(kind, certificate, ends_at, due);
    Some(Notice::of(kind, admin, (&item, ends_at), due))
}

fn item(kind: Kind, certificate: &CaCertificate, ends_at: NaiveDateTime, due: Due) -> Item {
    Item::Certificate(CertificateNotice {
        certificate_id: certificate.cert_id.clone(),
        issued_by: certificate.issued_by.clone(),
        issued_to: certificate.issued_to.clone(),
        partner_id: None,
        partner_domain: certificate.partner_domain.clone(),
        expiry_date_time: Some(wire_time(ends_at)),
        expiry_period: Some(due.period.to_string()),
        certificate_type: Some(kind.name().to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_is_requested_once() {
        let days: Vec<NaiveDate> = ["2026-11-23", "2026-11-24"]
            .iter()
            .map(|day| day.parse().unwrap())
            .collect();

        let ends: Vec<String> = days_of_ends(&days, &[2, 1, 0])
            .iter()
            .map(NaiveDate::to_string)
            .collect();

        assert_eq!(
            ends,
            ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]
        );
    }
}
