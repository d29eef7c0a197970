//! The journey of an end: the clock of the jobs goes forward towards the end of a
//! partner's certificate, and each stop shows who is told: notices, mails, and what
//! the portal's bell has.

use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveDateTime};
use serde_json::{Value, json};

use super::DemoOptions;
use super::client::{Account, Deployment, text_at};
use super::journey::{self, PASSWORD, Summary};
use crate::commands::{CommandError, say};

const BASE: &str = "/v1/partnermanager";
/// Days before the end at which the clock stops.
const STOPS: [u64; 4] = [30, 8, 7, 0];
/// How long a mail may take.
const PATIENCE: u32 = 50;

/// Plays the journey; every stop is checked.
pub(super) async fn play(options: &DemoOptions) -> Result<Summary, CommandError> {
    let mut summary = journey::play(options).await?;
    let partner = summary
        .iter()
        .find(|(name, _)| *name == "Partner")
        .map(|(_, id)| id.clone())
        .unwrap_or_default();
    let deployment = Deployment::new(options.url.clone(), None, &options.client_id)?;
    let account = deployment.sign_in(&partner, PASSWORD).await?;
    let end = end_of_certificate(&account).await?;
    say(format_args!(
        "\nThe certificate of {partner} ends on {end} UTC.\n"
    ));
    let mut given = 0;
    for days in STOPS {
        let day = end.date().checked_sub_days(Days::new(days));
        let day = day.ok_or_else(|| wrong("the end is too early"))?;
        given += stop(&deployment, &account, (day, days)).await?;
    }
    summary.push(("Notices", given.to_string()));
    Ok(summary)
}

async fn end_of_certificate(account: &Account) -> Result<NaiveDateTime, CommandError> {
    let path = format!("{BASE}/expiries?withinDays=366&type=partner-certificate");
    let ending = account.get(&path).await?;
    let end = text_at(&ending, "/data/0/expiryDateTime");
    let end = end.ok_or_else(|| wrong("the partner's certificate is not among what ends"))?;
    end.parse()
        .map_err(|error| CommandError::about("expiryDateTime", error))
}

/// Moves the clock to a day, and shows what that brought.
async fn stop(
    deployment: &Deployment,
    account: &Account,
    (day, left): (NaiveDate, u64),
) -> Result<u64, CommandError> {
    let moved = deployment
        .post_page("/dev/clock", &json!({ "day": day }))
        .await?;
    say(format_args!("{day}, {left} days before the end"));
    let jobs = moved
        .get("jobs")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut given = 0;
    for job in &jobs {
        let name = text_at(job, "/name").unwrap_or_default();
        let amount = job.get("given").and_then(Value::as_u64).unwrap_or(0);
        given += amount;
        if let Some(error) = text_at(job, "/error") {
            say(format_args!("    {name}: {error}"));
        } else if amount > 0 {
            say(format_args!("    {name}: {amount} notices"));
        }
    }
    let path = format!("{BASE}/notifications?pageNo=0&pageSize=4&notificationStatus=active");
    let bell = account.get(&path).await?;
    let newest = bell.pointer("/data/0").unwrap_or(&Value::Null);
    let period = newest.pointer("/notificationDetails/certificateDetails/0/expiryPeriod");
    if period.and_then(Value::as_str) != Some(left.to_string().as_str()) {
        return Err(wrong("the bell does not show the notice of this day"));
    }
    let shown = bell
        .get("totalResults")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    let created = text_at(newest, "/createdDateTime").unwrap_or_default();
    say(format_args!(
        "    bell: {shown} active, the newest of {created}: {left} days left"
    ));
    if let Some(subject) = mail(deployment).await {
        say(format_args!("    mail: {subject}"));
    }
    Ok(given)
}

/// Subject of the newest mail about an end; nothing where no stand-in takes mails.
async fn mail(deployment: &Deployment) -> Option<String> {
    for _ in 0..PATIENCE {
        let mails = deployment
            .open_page("/dev/mails.json?limit=20")
            .await
            .ok()?;
        let newest = mails.as_array()?.first().cloned();
        let subject = newest.as_ref().and_then(|mail| text_at(mail, "/subject"));
        if let Some(subject) = subject.filter(|subject| subject.contains("expires")) {
            return Some(subject.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    None
}

fn wrong(text: &str) -> CommandError {
    CommandError(text.to_owned())
}
