//! `GET /oidc-clients/{clientId}/diagnosis`
//!
//! Tells an administrator or the owner what is known of a client here and at
//! eSignet, and in plain words what keeps it from working. Beyond the reference.

use actix_web::web;
use pms_database::oidc_clients::{self, OidcClient};
use pms_database::outbox::Queue;
use pms_database::outbox::admin::{self, Entry};
use pms_database::partners::{self, Partner};
use pms_database::policies::{self, PolicyFacts};
use pms_database::{Connection, DbError, mapping_requests};
use pms_domain::oidc_clients::{errors, split};
use pms_domain::partner::mapping;
use pms_integrations::esignet::ClientRecord;
use pms_web::{ApiResult, Caller};
use serde_json::{Map, Value};

use super::diagnosis::{Diagnosis, Problem};
use super::get::Client;
use super::{available, key, require_own};
use crate::{Context, certificates};

/// Updates of a client that are shown.
const SHOWN: i64 = 20;

/// What the database knows.
struct Known {
    client: OidcClient,
    partner: Option<Partner>,
    policy: Option<PolicyFacts>,
    approved: bool,
    updates: Vec<Entry>,
}

/// Tells what is known of a client, and what keeps it from working.
///
/// # Errors
/// As reading the client.
pub async fn handle(
    caller: Caller,
    client_id: web::Path<String>,
    context: web::Data<Context>,
) -> ApiResult<Diagnosis> {
    available(&context)?;
    let client_id = client_id.into_inner();
    let known = context.db.read(move |conn| read(conn, &caller, &client_id));
    let known = known.await?;
    let record = context.esignet.record(&known.client.id).await;
    let mut problems = stored_problems(&known, context.now());
    problems.extend(certificate_problem(&context, known.partner.as_ref()).await);
    problems.extend(esignet_problems(&context, &known.client, &record).await);
    let policy_name = known.policy.map(|policy| policy.name);
    Ok(Diagnosis {
        client_id: known.client.id.clone(),
        stored: Client::of(known.client, policy_name.unwrap_or_default()),
        esignet: record.into(),
        updates: known.updates.into_iter().map(Into::into).collect(),
        problems,
    })
}

fn read(conn: &mut Connection, caller: &Caller, client_id: &str) -> Result<Known, DbError> {
    let client = oidc_clients::find(conn, client_id)?.ok_or(errors::CLIENT_UNKNOWN)?;
    require_own(conn, caller, &client.rp_id, errors::NOT_OWN_TO_READ)?;
    let requests = mapping_requests::list(conn, &client.rp_id, &client.policy_id)?;
    Ok(Known {
        partner: partners::find(conn, &client.rp_id)?,
        policy: policies::find_with_group(conn, &client.policy_id)?.map(|found| found.policy),
        approved: requests
            .iter()
            .any(|request| request.status_code == mapping::APPROVED),
        updates: admin::list_of_key(conn, Queue::OidcClient, client_id, SHOWN)?,
        client,
    })
}

fn problem(code: &'static str, text: impl Into<String>) -> Problem {
    Problem {
        code,
        text: text.into(),
    }
}

/// What the rows say.
fn stored_problems(known: &Known, now: chrono::NaiveDateTime) -> Vec<Problem> {
    let mut found = Vec::new();
    let client = &known.client;
    if client.is_deactivated() {
        found.push(problem(
            "client-inactive",
            "The client was deactivated, which is for good. Create one with a new key.",
        ));
    }
    match &known.partner {
        None => found.push(problem("partner-missing", "The partner is gone.")),
        Some(partner) if !partner.is_active => {
            found.push(problem("partner-inactive", "The partner is not active."));
        }
        Some(_) => {}
    }
    match &known.policy {
        None => found.push(problem("policy-missing", "The policy is gone.")),
        Some(policy) if !policy.is_active => {
            found.push(problem("policy-inactive", "The policy is not active."));
        }
        Some(policy) if policy.valid_to_date <= now => {
            found.push(problem("policy-ended", "The policy's validity has ended."));
        }
        Some(_) => {}
    }
    if !known.approved {
        found.push(problem(
            "policy-not-approved",
            "No request of the partner for the policy is approved.",
        ));
    }
    found.extend(key_problems(&client.public_key));
    let waiting = |entry: &&Entry| entry.status == "pending" || entry.status == "dead";
    if let Some(entry) = known.updates.iter().find(waiting) {
        let why = entry
            .last_error
            .as_deref()
            .unwrap_or("it was not tried yet");
        found.push(problem(
            "update-not-delivered",
            format!("eSignet has not got the last change of the client: {why}"),
        ));
    }
    found
}

/// What the stored key says.
fn key_problems(text: &str) -> Vec<Problem> {
    let Ok(mut members) = serde_json::from_str::<Map<String, Value>>(text) else {
        return vec![problem("key-unreadable", "The stored key can't be read.")];
    };
    let mut found = Vec::new();
    if key::make_public(&mut members) {
        found.push(problem(
            "key-private",
            "Private members of the key are stored, and eSignet was given them: those who have read \
             them can sign in the client's name. Create a client with a new key and end this one.",
        ));
    }
    let kid = members.get("kid").and_then(Value::as_str);
    if kid.unwrap_or_default().trim().is_empty() {
        found.push(problem(
            "key-without-kid",
            "The key has no `kid`; signatures that name one are not matched to it.",
        ));
    }
    found
}

/// Whether the partner's certificate can be used.
async fn certificate_problem(context: &Context, partner: Option<&Partner>) -> Option<Problem> {
    let alias = partner?.certificate_alias.as_deref().unwrap_or_default();
    if alias.is_empty() {
        return Some(problem(
            "certificate-missing",
            "The partner has no certificate.",
        ));
    }
    let Ok(certificate) = context.key_manager.partner_certificate(alias).await else {
        return Some(problem(
            "certificate-untold",
            "The key manager does not tell the partner's certificate.",
        ));
    };
    match certificates::validity(&certificate.certificate_data) {
        Err(_) => Some(problem(
            "certificate-unreadable",
            "The partner's certificate can't be read.",
        )),
        Ok(validity) if validity.not_after.naive_utc() < context.now() => Some(problem(
            "certificate-expired",
            "The partner's certificate has expired.",
        )),
        Ok(_) => None,
    }
}

/// What eSignet's record and its discovery document say.
async fn esignet_problems(
    context: &Context,
    client: &OidcClient,
    record: &ClientRecord,
) -> Vec<Problem> {
    let mut found = Vec::new();
    match record {
        ClientRecord::Missing => found.push(problem(
            "esignet-missing",
            "eSignet has no such client. An administrator of eSignet must register it.",
        )),
        ClientRecord::Unreachable | ClientRecord::Refused => found.push(problem(
            "esignet-unreachable",
            "eSignet can't be reached, or refuses us.",
        )),
        ClientRecord::Found(record) => {
            let status = record.get("status").and_then(Value::as_str);
            if status.is_some_and(|status| !status.eq_ignore_ascii_case(&client.status)) {
                let status = status.unwrap_or_default();
                found.push(problem(
                    "esignet-status",
                    format!(
                        "The client is {} here and {status} at eSignet.",
                        client.status
                    ),
                ));
            }
        }
        // Its silence keeps no client from working.
        ClientRecord::NotOffered | ClientRecord::NoAddress => {}
    }
    let Ok(supported) = context.esignet.supported().await else {
        return found;
    };
    for (kind, code, own, known) in [
        (
            "ACR value",
            "acr-unknown",
            split(&client.acr_values),
            &supported.acr_values,
        ),
        (
            "claim",
            "claim-unknown",
            split(&client.claims),
            &supported.claims,
        ),
    ] {
        let Some(known) = known else { continue };
        for value in own.iter().filter(|value| !known.contains(value)) {
            found.push(problem(
                code,
                format!("eSignet does not know the {kind} {value}."),
            ));
        }
    }
    found
}
