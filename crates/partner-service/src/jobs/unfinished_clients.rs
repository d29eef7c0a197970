//! Finishes what calls about OIDC clients left half done at eSignet, because their
//! process was killed or eSignet's answer was lost (`docs/clients.md`).
//!
//! A client that is not stored is ended at eSignet, unless it is another's there, or may be:
//! eSignet had it before it was asked. The same call still takes it up. A client that is
//! stored is given to eSignet as it is stored. Both go through the queue `oidc-client`.

use std::time::Duration;

use pms_database::locks::{self, Lock};
use pms_database::oidc_clients::held;
use pms_database::oidc_clients::unfinished::{self, Unfinished};
use pms_database::outbox::writer;
use pms_database::{Connection, DbError, oidc_clients};
use pms_integrations::esignet::{ClientRecord, Owner, UnstoredClient};

use super::{JobContext, JobError, Lease, Outcome, RunPlan};

/// How long a call must be over: its user may repeat it at once, which ends it best.
const GRACE: Duration = Duration::from_mins(15);
/// Questions that are loaded at once.
const PAGE: i32 = 100;

/// What becomes of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Finished {
    /// The stored client is queued for eSignet.
    Given,
    /// The end of the client is queued for eSignet.
    Ended,
    /// The client is another relying party's at eSignet.
    Foreign,
    /// eSignet had it before it was asked.
    HeldBefore,
    /// The row does not say what eSignet was asked.
    Unknown,
    /// The client was stored, or another call has taken the question up.
    Over,
}

/// The sweep.
pub(super) async fn run(
    context: &JobContext,
    plan: &RunPlan,
    lease: &Lease,
) -> Result<Outcome, JobError> {
    let mut outcome = Outcome::default();
    let mut last: Option<Unfinished> = None;
    loop {
        let after = last.take();
        let page = context
            .db
            .read(move |conn| Ok(unfinished::list(conn, GRACE, after.as_ref(), PAGE)?))
            .await?;
        let Some(newest) = page.last() else {
            return Ok(outcome);
        };
        last = Some(newest.clone());
        for question in page {
            lease.check().await?;
            outcome.examined += 1;
            if plan.dry_run {
                outcome.changed += 1;
                outcome.line(line(&question));
                continue;
            }
            match finish(context, &question).await {
                Ok(Finished::Given | Finished::Ended) => outcome.changed += 1,
                Ok(
                    Finished::Foreign | Finished::HeldBefore | Finished::Unknown | Finished::Over,
                ) => {
                    outcome.skipped += 1;
                }
                Err(why) => {
                    let client = question.client_id;
                    tracing::warn!(client, why, "a call about an OIDC client stays unfinished");
                    outcome.failed += 1;
                }
            }
        }
    }
}

async fn finish(context: &JobContext, question: &Unfinished) -> Result<Finished, String> {
    let owner = match question.is_update() {
        // A stored client: it is the partner's.
        true => Owner::Partner,
        false => owner(context, question).await?,
    };
    let found = question.clone();
    let finished = context
        .db
        .transaction(move |conn| finish_stored(conn, &found, owner));
    let finished = finished.await.map_err(|error| error.to_string())?;
    log(question, finished);
    Ok(finished)
}

/// Whose the client is at eSignet, which may have got it by another way than this service.
/// By default eSignet does not tell.
async fn owner(context: &JobContext, question: &Unfinished) -> Result<Owner, String> {
    let record = context.esignet.record(&question.client_id).await;
    if record == ClientRecord::Unreachable {
        return Err("eSignet does not tell whose the client is".to_owned());
    }
    Ok(record.owner(&question.rp_id))
}

fn finish_stored(
    conn: &mut Connection,
    question: &Unfinished,
    owner: Owner,
) -> Result<Finished, DbError> {
    let client_id = question.client_id.as_str();
    locks::hold(conn, Lock::OidcClient(client_id))?;
    if !unfinished::take(conn, question, GRACE)? {
        return Ok(Finished::Over);
    }
    let is_stored = oidc_clients::find(conn, client_id)?.is_some();
    if question.is_update() {
        if !is_stored {
            return Ok(Finished::Over);
        }
        // What the delivery makes true lets it forget the question.
        writer::client_update(conn, client_id)?;
        return Ok(Finished::Given);
    }
    if is_stored {
        return Ok(Finished::Over);
    }
    if owner == Owner::Another {
        return Ok(Finished::Foreign);
    }
    if held::is_noted(conn, client_id)? {
        return Ok(Finished::HeldBefore);
    }
    let change = question.ending.clone().map(serde_json::from_value);
    let Some(Ok(change)) = change else {
        return Ok(Finished::Unknown);
    };
    let unstored = UnstoredClient {
        intent: question.intent(),
        change,
    };
    writer::client_end(conn, client_id, &unstored.payload())?;
    Ok(Finished::Ended)
}

/// One line for each question, since its caller got no answer.
fn log(question: &Unfinished, finished: Finished) {
    let (client, partner) = (&question.client_id, &question.rp_id);
    match finished {
        Finished::Given => tracing::warn!(
            client,
            partner,
            "an update of the OIDC client never ended: eSignet is given what is stored; the \
             partner may repeat the update"
        ),
        Finished::Ended => tracing::warn!(
            client,
            partner,
            "a registration of the OIDC client never ended: eSignet is told to end the client; \
             the same call, repeated by the partner, makes it active"
        ),
        Finished::Foreign => tracing::warn!(
            client,
            partner,
            "a registration of the OIDC client never ended, and eSignet has the client for \
             another relying party: nothing is changed there; ask the partner for another key"
        ),
        Finished::HeldBefore => tracing::warn!(
            client,
            partner,
            "a registration of the OIDC client never ended, and eSignet had the client before \
             it was asked: nothing is changed there; if it is the partner's, an administrator \
             takes it up by the same call"
        ),
        Finished::Unknown => tracing::warn!(
            client,
            partner,
            "a registration of the OIDC client never ended, and an older version did not note \
             what it asked: have the partner repeat the call, or end the client at eSignet if it \
             is there"
        ),
        Finished::Over => {}
    }
}

fn line(question: &Unfinished) -> String {
    let (client, partner) = (&question.client_id, &question.rp_id);
    if question.is_update() {
        format!("give eSignet the client {client} of {partner} as it is stored")
    } else {
        format!(
            "end the client {client} of {partner} at eSignet, unless it is stored or may be another's"
        )
    }
}
