//! When the certificates of FTM chips are valid.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use futures_util::stream::{self, StreamExt as _};
use pms_database::ftm_chips::{ChipCertificate, OwnChip, keep_certificates};
use pms_domain::{BusinessError, ErrorDef};
use pms_integrations::key_manager::UNREACHABLE;

use crate::{Context, certificates};

/// Most certificates that one list asks the key manager for; it is told those of
/// the others another time.
const MOST_ASKED: usize = 500;
/// Calls at once.
const CALLS_AT_ONCE: usize = 8;

/// When a certificate is valid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) begins: NaiveDateTime,
    pub(super) ends: NaiveDateTime,
}

/// When the certificate in `pem` is valid.
///
/// # Errors
/// When it can't be read.
pub(super) fn period_of(pem: &str) -> Result<Period, ErrorDef> {
    let validity = certificates::validity(pem)?;
    Ok(Period {
        begins: validity.not_before.naive_utc(),
        ends: validity.not_after.naive_utc(),
    })
}

/// What a list shows of a certificate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// When the certificate that the key manager made begins.
    pub(super) uploaded_at: NaiveDateTime,
    /// When the certificate that the provider uploaded ends; `None` in a deployment
    /// that doesn't tell.
    pub(super) ends: Option<NaiveDateTime>,
}

/// The certificates of chips by their ids, as far as they are known here or the
/// key manager tells them: one that it doesn't tell must not keep the others from
/// being listed.
pub(super) async fn of_chips(context: &Context, chips: &[OwnChip]) -> HashMap<String, Shown> {
    let mut known = HashMap::new();
    let mut unknown = Vec::new();
    for chip in chips {
        let Some(alias) = chip.certificate_alias.as_deref() else {
            continue;
        };
        match chip.certificate.as_ref().and_then(shown) {
            Some(shown) => {
                known.insert(alias.to_owned(), visible(context, shown));
            }
            None => unknown.push(alias),
        }
    }
    unknown.sort_unstable();
    unknown.dedup();
    unknown.truncate(MOST_ASKED);
    let fetched: Vec<(String, Shown)> = stream::iter(unknown)
        .map(|alias| async move {
            ask(context, alias)
                .await
                .map(|shown| (alias.to_owned(), shown))
        })
        .buffer_unordered(CALLS_AT_ONCE)
        .filter_map(|answer| async move { answer })
        .collect()
        .await;
    keep(context, &fetched).await;
    known.extend(fetched);
    known
}

fn shown(certificate: &ChipCertificate) -> Option<Shown> {
    Some(Shown {
        uploaded_at: certificate.issued_not_before?,
        ends: Some(certificate.uploaded_not_after),
    })
}

/// Without signed certificates, the end of the uploaded one is not shown.
fn visible(context: &Context, shown: Shown) -> Shown {
    Shown {
        ends: shown.ends.filter(|_| context.signed_certificates),
        ..shown
    }
}

async fn ask(context: &Context, alias: &str) -> Option<Shown> {
    let answer = if context.signed_certificates {
        pair(context, alias).await
    } else {
        single(context, alias).await
    };
    answer
        .inspect_err(|error| {
            let message = "a chip is listed without its certificate";
            // Of a key manager that can't be reached the log has a line already.
            if *error != UNREACHABLE.into() {
                pms_log::warn(message, &error.to_string(), |line| {
                    tracing::warn!(%error, certificate = alias, "{line}");
                });
            }
        })
        .ok()
}

async fn pair(context: &Context, alias: &str) -> Result<Shown, BusinessError> {
    let pair = context
        .key_manager
        .partner_signed_certificate(alias)
        .await?;
    Ok(Shown {
        uploaded_at: period_of(&pair.mosip_signed_certificate_data)?.begins,
        ends: Some(period_of(&pair.ca_signed_certificate_data)?.ends),
    })
}

async fn single(context: &Context, alias: &str) -> Result<Shown, BusinessError> {
    let certificate = context.key_manager.partner_certificate(alias).await?;
    Ok(Shown {
        uploaded_at: period_of(&certificate.certificate_data)?.begins,
        ends: None,
    })
}

/// Keeps what was fetched, so that it is not fetched again. The list does not depend
/// on it.
async fn keep(context: &Context, fetched: &[(String, Shown)]) {
    let learnt: Vec<ChipCertificate> = fetched
        .iter()
        .filter_map(|(alias, shown)| {
            Some(ChipCertificate {
                certificate_id: alias.clone(),
                uploaded_not_after: shown.ends?,
                issued_not_before: Some(shown.uploaded_at),
            })
        })
        .collect();
    if learnt.is_empty() {
        return;
    }
    let write = move |conn: &mut pms_database::Connection| Ok(keep_certificates(conn, &learnt)?);
    if let Err(error) = context.db.transaction(write).await {
        let message = "the dates of chips' certificates are not kept";
        pms_log::warn(message, &error.to_string(), |line| {
            tracing::warn!(%error, "{line}");
        });
    }
}
