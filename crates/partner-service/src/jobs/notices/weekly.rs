//! The weekly summary for administrators
//! (contract clients-users-notifications.md §4.5).

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};
use pms_database::ends::{EndingCertificate, EndingChip, EndingInterface, EndingKey};
use pms_domain::notification::Kind;
use pms_domain::notification::due::{Due, WEEK, within_week};
use pms_domain::schedule;
use serde_json::{Map, Value, json};

use super::ending::{Ending, Pages};
use super::giving::NoticeGiver;
use super::learning;
use super::notice::{Item, Notice, Recipient};
use super::recipients::{Partners, admins};
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};
use crate::notifications::NotificationDetails;

/// Characters of the column.
const COLUMN: usize = 50_000;
/// Characters of details without an item: the names of the lists.
const FRAME: usize = 200;
/// Items that are kept of a kind while a summary is made; the column holds some
/// hundred.
const MOST_KEPT: usize = 5_000;
/// How much earlier than the begin of the day a row of this summary may be: clocks
/// of others differ.
const SLACK: TimeDelta = TimeDelta::minutes(10);

/// What a summary has of one kind.
struct Part {
    kind: Kind,
    /// All of them, also those that are not kept.
    amount: u64,
    items: Vec<(NaiveDateTime, Item)>,
}

/// A summary, cut to what the column holds.
struct Summary {
    details: NotificationDetails,
    variables: Map<String, Value>,
}

/// The summary of the week that begins on the newest day of the run.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let settings = context.job_settings();
    if !settings.notices_of(Kind::WeeklySummary.name()) {
        return Ok(Outcome::default());
    }
    let admins = admins(context).await?;
    if admins.is_empty() {
        return Ok(Outcome::default());
    }
    let mut learnt = learning::certificates(context, plan, lease).await?;
    let partners = Partners::of(context).await?;
    let day = plan.day();
    let certificates = collect::<EndingCertificate>(context, lease, &partners, day).await?;
    let mut parts = vec![certificates];
    if settings.notices_of(Kind::FtmChipCertificate.name()) {
        learnt.add(learning::chips(context, plan, lease).await?);
        parts.push(collect::<EndingChip>(context, lease, &partners, day).await?);
    }
    if settings.notices_of(Kind::Interface.name()) {
        parts.push(collect::<EndingInterface>(context, lease, &partners, day).await?);
    }
    if settings.notices_of(Kind::ApiKey.name()) {
        parts.push(collect::<EndingKey>(context, lease, &partners, day).await?);
    }
    let mut giver = NoticeGiver::new(context, plan, lease);
    let amount: u64 = parts.iter().map(|part| part.amount).sum();
    giver.outcome.count("items", amount);
    if amount > 0 {
        let begin = schedule::begin_of(day, context.zone).unwrap_or(plan.planned_at);
        let since = begin.naive_utc() - SLACK;
        let summary = Summary::of(parts, day);
        let notices = admins
            .into_iter()
            .map(|admin| summary.notice(admin, day, since));
        giver.give(notices.collect()).await?;
    }
    learnt.add(giver.outcome);
    Ok(learnt)
}

async fn collect<T: Ending>(
    context: &JobContext,
    lease: &Lease,
    partners: &Partners,
    day: NaiveDate,
) -> Result<Part, JobError> {
    let mut part = Part {
        kind: T::KIND,
        amount: 0,
        items: Vec::new(),
    };
    let after = day.checked_add_days(Days::new(u64::from(WEEK) + 1));
    let Some(after) = after else { return Ok(part) };
    let mut pages = Pages::of((day.into(), after.into()));
    while let Some(page) = pages.next::<T>(context, lease).await? {
        for row in &page {
            let Some(ends_at) = row.ends_at().filter(|end| within_week(*end, day)) else {
                continue;
            };
            if partners.recipient(row.owner()).is_none() {
                continue;
            }
            part.amount += 1;
            if part.items.len() < MOST_KEPT {
                part.items.push((ends_at, row.item(WEEK)));
            }
        }
    }
    // What ends first stands first, and stays when the list is cut.
    part.items.sort_by_key(|(ends_at, _)| *ends_at);
    Ok(part)
}

impl Summary {
    /// Whole items, as many as the column holds, those that end first of each kind;
    /// the numbers are those of all.
    fn of(parts: Vec<Part>, day: NaiveDate) -> Self {
        let amount = |kind: Kind| {
            let part = parts.iter().find(|part| part.kind == kind);
            part.map_or(0, |part| part.amount)
        };
        let total: u64 = parts.iter().map(|part| part.amount).sum();
        let numbers = [
            ("partnerCertificateCount", amount(Kind::PartnerCertificate)),
            ("ftmChipCertificateCount", amount(Kind::FtmChipCertificate)),
            ("sbiCount", amount(Kind::Interface)),
            ("apiKeyCount", amount(Kind::ApiKey)),
        ];
        let (details, kept) = cut(parts);
        let week = day.checked_add_days(Days::new(u64::from(WEEK)));
        let date = |day: NaiveDate| day.format("%d-%m-%Y").to_string();
        let mut variables = Map::new();
        let mut set = |name: &str, value: Value| variables.insert(name.to_owned(), value);
        for (name, number) in numbers {
            set(name, json!(number));
        }
        set("fromDate", json!(date(day)));
        set("toDate", json!(date(week.unwrap_or(day))));
        set("leftOut", json!(total.saturating_sub(kept)));
        let certificates = details.certificate_details.iter().flatten();
        let ids: Vec<&str> = certificates
            .filter_map(|item| item.partner_id.as_deref())
            .collect();
        set("partnerIdList", json!(ids));
        set("certificateDetails", json!(details.certificate_details));
        // The templates ask these for their size.
        set(
            "ftmDetails",
            json!(details.ftm_details.as_deref().unwrap_or_default()),
        );
        set(
            "sbiDetails",
            json!(details.sbi_details.as_deref().unwrap_or_default()),
        );
        set(
            "apiKeyDetails",
            json!(details.api_key_details.as_deref().unwrap_or_default()),
        );
        Self { details, variables }
    }

    fn notice(&self, admin: Recipient, day: NaiveDate, since: NaiveDateTime) -> Notice {
        let mut variables = self.variables.clone();
        variables.insert("partnerId".to_owned(), json!(admin.id));
        Notice {
            kind: Kind::WeeklySummary,
            to: admin,
            due: Due { day, period: WEEK },
            details: self.details.clone(),
            templates: Kind::WeeklySummary.templates(),
            variables,
            once_since: Some(since),
            name: "the summary".to_owned(),
        }
    }
}

/// The items that the column holds, taken from the kinds in turn, and their number.
fn cut(parts: Vec<Part>) -> (NotificationDetails, u64) {
    let mut details = NotificationDetails {
        certificate_details: Some(Vec::new()),
        ..NotificationDetails::default()
    };
    let mut lists: Vec<_> = parts
        .into_iter()
        .map(|part| part.items.into_iter().map(|(_, item)| item))
        .collect();
    let (mut left, mut kept) = (COLUMN - FRAME, 0);
    loop {
        let mut taken = false;
        for list in &mut lists {
            let Some(item) = list.next() else { continue };
            // And a comma.
            let size = item.json().to_string().chars().count() + 1;
            if size > left {
                return (details, kept);
            }
            left -= size;
            kept += 1;
            taken = true;
            add(&mut details, item);
        }
        if !taken {
            return (details, kept);
        }
    }
}

fn add(details: &mut NotificationDetails, item: Item) {
    match item {
        Item::Certificate(item) => details
            .certificate_details
            .get_or_insert_default()
            .push(item),
        Item::Chip(item) => details.ftm_details.get_or_insert_default().push(item),
        Item::Interface(item) => details.sbi_details.get_or_insert_default().push(item),
        Item::ApiKey(item) => details.api_key_details.get_or_insert_default().push(item),
        Item::Licence(item) => details
            .misp_license_key_details
            .get_or_insert_default()
            .push(item),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notifications::{ApiKeyNotice, CertificateNotice};

    fn certificates(amount: usize, name: &str) -> Part {
        let item = |number: usize| {
            let item = CertificateNotice {
                certificate_id: Some(format!("c-{number}")),
                issued_to: Some(name.to_owned()),
                partner_id: Some(format!("p-{number}")),
                ..CertificateNotice::default()
            };
            (NaiveDateTime::MIN, Item::Certificate(item))
        };
        Part {
            kind: Kind::PartnerCertificate,
            amount: u64::try_from(amount).unwrap(),
            items: (0..amount).map(item).collect(),
        }
    }

    fn day() -> NaiveDate {
        "2026-11-28".parse().unwrap()
    }

    #[test]
    fn a_wide_summary_is_cut_at_whole_items_and_its_number_stays_true() {
        // Characters count, not bytes; and JSON escapes quotes.
        for name in ["CN=short", &"ü".repeat(900), &"\"".repeat(900)] {
            let summary = Summary::of(vec![certificates(3_000, name)], day());

            let json = serde_json::to_string(&summary.details).unwrap();
            let length = json.chars().count();
            assert!(length <= COLUMN, "{length}");
            assert!(length > COLUMN - 3_000, "{length}");
            let kept = summary.details.certificate_details.unwrap().len();
            assert_eq!(summary.variables["partnerCertificateCount"], json!(3_000));
            assert_eq!(summary.variables["leftOut"], json!(3_000 - kept));
            let ids = summary.variables["partnerIdList"].as_array().unwrap();
            assert_eq!(ids.len(), kept);
        }
    }

    #[test]
    fn every_kind_has_its_share() {
        let key = |number: usize| {
            let item = ApiKeyNotice {
                api_key_name: Some(format!("k-{number}")),
                ..ApiKeyNotice::default()
            };
            (NaiveDateTime::MIN, Item::ApiKey(item))
        };
        let keys = Part {
            kind: Kind::ApiKey,
            amount: 2,
            items: (0..2).map(key).collect(),
        };

        let summary = Summary::of(vec![certificates(3_000, "CN=x"), keys], day());

        assert_eq!(summary.details.api_key_details.unwrap().len(), 2);
        assert_eq!(summary.variables["apiKeyCount"], json!(2));
        assert_eq!(summary.variables["fromDate"], json!("28-11-2026"));
        assert_eq!(summary.variables["toDate"], json!("05-12-2026"));
        assert_eq!(summary.variables["sbiDetails"], json!([]));
    }
}
