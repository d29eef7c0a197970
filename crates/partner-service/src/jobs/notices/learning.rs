//! Asking the key manager when certificates end, once for each: the embedded one in
//! batches, another one by some calls at a time. What is known here is not requested.

use chrono::NaiveDateTime;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use pms_database::ends::{self, After, KnownEnd};
use pms_database::ftm_chips::{ChipCertificate, keep_certificates};
use pms_database::{Connection, DbError};
use pms_domain::BusinessError;
use pms_integrations::key_manager::UNREACHABLE;
use pms_pki::Certificate;
use pms_pki::reading::read_certificate;

use super::giving::count;
use crate::jobs::{JobContext, JobError, Lease, Outcome, RunPlan};

/// Certificates of partners that are asked for at once.
const BATCH: i64 = 1000;
/// Chips that are asked for before what was learnt is kept.
const CHIPS: i64 = 100;
/// Calls at once.
const CALLS_AT_ONCE: usize = 8;
/// Longest name that is kept, in characters.
const LONGEST_NAME: usize = 2000;

/// Learns the ends of partners' certificates that are not known yet. What the key
/// manager does not have, or can't be read, is counted; what it does not tell is
/// counted as failed, and asked for another time.
pub(super) async fn certificates(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let mut outcome = Outcome::default();
    if plan.dry_run {
        return Ok(outcome);
    }
    let mut after = String::new();
    loop {
        lease.check().await?;
        let key = after.clone();
        let page = context.db.read(move |conn| {
            let after = After {
                key: &key,
                limit: BATCH,
            };
            Ok(ends::list_unknown(conn, after)?)
        });
        let page = page.await?;
        let Some((last, _)) = page.last() else {
            return Ok(outcome);
        };
        after.clone_from(last);
        let mut aliases: Vec<&str> = page.iter().map(|(_, alias)| alias.as_str()).collect();
        aliases.sort_unstable();
        aliases.dedup();
        let answers = context.key_manager.known_certificates(&aliases).await;
        let requested = aliases.len();
        let aliases = aliases.into_iter().map(str::to_owned);
        let answered = aliases.zip(answers).filter_map(|(alias, answer)| {
            let pem = answer.ok()?.map(|found| found.certificate_data);
            Some((alias, pem))
        });
        let answered: Vec<(String, Option<String>)> = answered.collect();
        let failed = requested - answered.len();
        keep(context, read(answered).await?, &mut outcome).await?;
        outcome.failed += count(failed);
        if failed == requested {
            tracing::warn!("the key manager does not tell when certificates end");
            return Ok(outcome);
        }
    }
}

/// Reads certificates, off the threads that serve requests.
async fn read(answers: Vec<(String, Option<String>)>) -> Result<Vec<Option<KnownEnd>>, JobError> {
    let read = move || {
        let answers = answers.into_iter();
        let ends = answers.map(|(alias, pem)| {
            let certificate = read_certificate(&pem?).ok();
            if certificate.is_none() {
                tracing::warn!(certificate = alias, "the certificate can't be read");
            }
            Some(end_of(alias, &certificate?))
        });
        ends.collect()
    };
    tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| JobError::Failed(error.to_string()))
}

async fn keep(
    context: &JobContext,
    ends: Vec<Option<KnownEnd>>,
    outcome: &mut Outcome,
) -> Result<(), JobError> {
    let requested = ends.len();
    let known: Vec<KnownEnd> = ends.into_iter().flatten().collect();
    outcome.count("learnt", count(known.len()));
    outcome.count("unknown", count(requested - known.len()));
    context
        .db
        .transaction(move |conn| Ok(ends::keep_ends(conn, &known)?))
        .await?;
    Ok(())
}

fn end_of(certificate_id: String, certificate: &Certificate) -> KnownEnd {
    let clip = |text: String| text.chars().take(LONGEST_NAME).collect::<String>();
    KnownEnd {
        certificate_id,
        subject: Some(clip(certificate.subject().text())),
        issuer: Some(clip(certificate.issuer().text())),
        not_after: not_after(certificate),
    }
}

fn not_after(certificate: &Certificate) -> NaiveDateTime {
    certificate.validity().not_after.naive_utc()
}

/// As [`certificates`], for FTM chips: both the certificate that the provider
/// uploaded, whose end counts, and the one that was made of it. Where the key manager
/// does not say the former, nothing is learnt.
pub(super) async fn chips(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let mut outcome = Outcome::default();
    if plan.dry_run || !context.signed_certificates {
        return Ok(outcome);
    }
    let mut after = String::new();
    loop {
        lease.check().await?;
        let key = after.clone();
        let page = context.db.read(move |conn| {
            let after = After {
                key: &key,
                limit: CHIPS,
            };
            Ok(ends::list_unknown_chips(conn, after)?)
        });
        let page = page.await?;
        let Some((last, _)) = page.last() else {
            return Ok(outcome);
        };
        after.clone_from(last);
        let mut aliases: Vec<String> = page.into_iter().map(|(_, alias)| alias).collect();
        aliases.sort_unstable();
        aliases.dedup();
        let requested = aliases.len();
        let mut calls: Vec<BoxFuture<'_, ChipAnswer>> = Vec::with_capacity(requested);
        for alias in aliases {
            calls.push(ask_chip(context, alias).boxed());
        }
        let calls = stream::iter(calls).buffer_unordered(CALLS_AT_ONCE);
        let answers: Vec<ChipAnswer> = calls.collect().await;
        let failed = answers.iter().filter(|answer| answer.is_err()).count();
        let known: Vec<Chip> = answers.into_iter().flatten().flatten().collect();
        outcome.count("learnt", count(known.len()));
        outcome.count("unknown", count(requested - failed - known.len()));
        keep_chips(context, known).await?;
        if failed > 0 {
            outcome.failed += count(failed);
            return Ok(outcome);
        }
    }
}

/// What a chip's certificates say.
struct Chip {
    dates: ChipCertificate,
    end: KnownEnd,
}

/// Nothing for a certificate that the key manager does not have.
type ChipAnswer = Result<Option<Chip>, BusinessError>;

async fn ask_chip(context: &JobContext, alias: String) -> ChipAnswer {
    let pair = match context.key_manager.partner_signed_certificate(&alias).await {
        Ok(pair) => pair,
        Err(error) if error == UNREACHABLE.into() => return Err(error),
        Err(_refusal) => return Ok(None),
    };
    let uploaded = read_certificate(&pair.ca_signed_certificate_data);
    let issued = read_certificate(&pair.mosip_signed_certificate_data);
    let (Ok(uploaded), Ok(issued)) = (uploaded, issued) else {
        tracing::warn!(certificate = alias, "the certificate can't be read");
        return Ok(None);
    };
    Ok(Some(Chip {
        dates: ChipCertificate {
            certificate_id: alias.clone(),
            uploaded_not_after: not_after(&uploaded),
            issued_not_before: Some(issued.validity().not_before.naive_utc()),
        },
        end: end_of(alias, &issued),
    }))
}

async fn keep_chips(context: &JobContext, known: Vec<Chip>) -> Result<(), JobError> {
    let keep = move |conn: &mut Connection| -> Result<(), DbError> {
        let (dates, ends): (Vec<_>, Vec<_>) =
            known.into_iter().map(|chip| (chip.dates, chip.end)).unzip();
        keep_certificates(conn, &dates)?;
        ends::keep_ends(conn, &ends)?;
        Ok(())
    };
    context.db.transaction(keep).await?;
    Ok(())
}
