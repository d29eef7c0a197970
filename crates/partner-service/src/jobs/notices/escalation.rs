//! Notices that were not dismissed go to the administrators as well, some days before
//! the end.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;
use pms_database::ends::{EndingCertificate, EndingChip, EndingInterface, EndingKey};
use pms_database::notifications::{self, GivenNotice};
use pms_domain::notification::DISMISSED;
use pms_domain::notification::due::{self, Due};
use serde_json::json;

use super::ending::{Ending, Pages};
use super::giving::NoticeGiver;
use super::identity::{EndingItem, Identity};
use super::notice::{Item, Notice, Recipient};
use super::recipients::{Partners, admins};
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Template codes of subject and body; ours, since the reference has no such mail.
const TEMPLATES: (&str, &str) = ("EXPIRY_ESCALATION_SUBJECT", "EXPIRY_ESCALATION_TEMPLATE");
/// Days in which a partner may have got a notice of an end.
const LOOK_BACK_DAYS: u64 = 60;

/// Things of partners that end in `jobs.escalate_days` days.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    if context.job_settings().escalate_days == 0 {
        return Ok(Outcome::default());
    }
    let admins = admins(context).await?;
    if admins.is_empty() {
        return Ok(Outcome::default());
    }
    let partners = Partners::of(context).await?;
    let mut giver = NoticeGiver::new(context, plan, lease);
    let who = Who { admins, partners };
    escalate::<EndingCertificate>(context, plan, lease, &who, &mut giver).await?;
    escalate::<EndingChip>(context, plan, lease, &who, &mut giver).await?;
    escalate::<EndingInterface>(context, plan, lease, &who, &mut giver).await?;
    escalate::<EndingKey>(context, plan, lease, &who, &mut giver).await?;
    Ok(giver.outcome)
}

struct Who {
    admins: Vec<Recipient>,
    partners: Partners,
}

async fn escalate<T: Ending>(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
    who: &Who,
    giver: &mut NoticeGiver<'_>,
) -> Result<(), JobError> {
    let settings = context.job_settings();
    let days = [settings.escalate_days];
    let span = due::span(&plan.days, &days).filter(|_| settings.notices_of(T::KIND.name()));
    let Some(span) = span else { return Ok(()) };
    let mut pages = Pages::of(span);
    while let Some(page) = pages.next::<T>(context, lease).await? {
        let rows: Vec<&T> = page
            .iter()
            .filter(|row| who.partners.recipient(row.owner()).is_some())
            .collect();
        let ignored = ignored::<T>(context, plan, &rows).await?;
        let mut notices = Vec::new();
        for row in rows {
            let Some(ends_at) = row.ends_at() else {
                continue;
            };
            let Some(due) = due::due(ends_at, &plan.days, &days) else {
                continue;
            };
            let item = row.item(due.period);
            let owner = &row.owner().id;
            let known = ending_item(&item);
            if known.is_some_and(|known| ignored.contains(&(owner.clone(), known))) {
                let admins = who.admins.iter().cloned();
                notices.extend(admins.map(|admin| {
                    let notice = Notice::of(T::KIND, admin, (&item, ends_at), due);
                    escalated(notice, owner, &item, due)
                }));
            }
        }
        giver.give(notices).await?;
    }
    Ok(())
}

/// What the owners of these rows got notices of and did not dismiss.
async fn ignored<T: Ending>(
    context: &JobContext,
    plan: &RunPlan,
    rows: &[&T],
) -> Result<BTreeSet<(String, EndingItem)>, JobError> {
    let owners: BTreeSet<String> = rows.iter().map(|row| row.owner().id.clone()).collect();
    let owners: Vec<String> = owners.into_iter().collect();
    let day = plan.day();
    let since = day
        .checked_sub_days(Days::new(LOOK_BACK_DAYS))
        .unwrap_or(day);
    let given = context.db.read(move |conn| {
        let kind = T::KIND.code();
        Ok(notifications::list_given(
            conn,
            kind,
            &owners,
            since.into(),
        )?)
    });
    let mut standing: BTreeMap<(String, EndingItem), bool> = BTreeMap::new();
    for row in given.await? {
        let GivenNotice {
            partner_id,
            notification_status,
            notification_details_json,
        } = row;
        let Some(identity) = Identity::read(&notification_details_json) else {
            continue;
        };
        let dismissed = notification_status == DISMISSED;
        let known = standing.entry((partner_id, identity.item)).or_default();
        *known |= dismissed;
    }
    let ignored = standing.into_iter().filter(|(_, dismissed)| !dismissed);
    Ok(ignored.map(|(item, _)| item).collect())
}

fn ending_item(item: &Item) -> Option<EndingItem> {
    Identity::of(&item.clone().alone()).map(|identity| identity.item)
}

fn escalated(mut notice: Notice, owner: &str, item: &Item, due: Due) -> Notice {
    let mut set = |name: &str, value| notice.variables.insert(name.to_owned(), value);
    set("ownerId", json!(owner));
    set("itemType", json!(notice.kind.code()));
    set("itemName", json!(item.name()));
    set("daysLeft", json!(due.period));
    notice.templates = TEMPLATES;
    notice.name = format!("{} of {owner}", item.name());
    notice
}
