//! Certificates of partners, kept the way that real key managers keep them:
//! nothing is locked, so two uploads at once leave two current certificates.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::{Shared, refused, succeeded};

/// Whose answers are given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Line {
    /// 1.2.0: one code for whatever it does not take.
    V1_2,
    /// 1.3.0.
    #[default]
    V1_3,
}

#[derive(Default)]
pub(super) struct Partners(Mutex<State>);

#[derive(Default)]
struct State {
    prepared: VecDeque<String>,
    issued: usize,
    line: Line,
    takes: Duration,
    given: HashMap<String, Given>,
}

/// What others encrypt for one partner with.
#[derive(Default)]
struct Given {
    current: Vec<String>,
    earlier: Vec<String>,
    at_work: usize,
    most_at_work: usize,
}

impl Partners {
    pub(super) fn prepare(&self, leaves: Vec<String>) {
        self.0.lock().unwrap().prepared.extend(leaves);
    }

    pub(super) fn behave(&self, line: Line, takes: Duration) {
        let mut state = self.0.lock().unwrap();
        (state.line, state.takes) = (line, takes);
    }

    pub(super) fn current(&self, partner_id: &str) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let given = state.given.get(partner_id);
        given.map(|given| given.current.clone()).unwrap_or_default()
    }

    pub(super) fn most_at_work(&self, partner_id: &str) -> usize {
        let state = self.0.lock().unwrap();
        state
            .given
            .get(partner_id)
            .map_or(0, |given| given.most_at_work)
    }
}

/// `POST /uploadPartnerCertificate`: issues what was prepared.
pub(super) fn issue(shared: &Shared) -> HttpResponse {
    let (leaf, id) = {
        let mut state = shared.partners.0.lock().unwrap();
        state.issued += 1;
        (
            state.prepared.pop_front(),
            format!("issued-{}", state.issued),
        )
    };
    let Some(leaf) = leaf else {
        return refused(
            "KER-PCM-006",
            "Root CA/Intermediate CA Certificates not found.",
        );
    };
    shared
        .certificates
        .lock()
        .unwrap()
        .insert(id.clone(), leaf.clone());
    succeeded(&json!({
        "signedCertificateData": leaf, "certificateId": id,
        "timestamp": "2026-11-24T10:00:00.123456",
    }))
}

/// `POST /uploadOtherDomainCertificate`: reads, takes its time, writes.
pub(super) async fn give(shared: &Shared, content: &Value) -> HttpResponse {
    let partner_id = content["referenceId"].as_str().unwrap_or_default();
    let pem = content["certificateData"].as_str().unwrap_or_default();
    let (seen, takes) = {
        let mut state = shared.partners.0.lock().unwrap();
        let takes = state.takes;
        let given = state.given.entry(partner_id.to_owned()).or_default();
        given.at_work += 1;
        given.most_at_work = given.most_at_work.max(given.at_work);
        (given.current.clone(), takes)
    };
    tokio::time::sleep(takes).await;
    let mut state = shared.partners.0.lock().unwrap();
    let line = state.line;
    let given = state.given.entry(partner_id.to_owned()).or_default();
    given.at_work -= 1;
    if seen.len() > 1 {
        return no_unique_alias();
    }
    if seen.first().is_some_and(|current| current == pem) {
        return same_certificate(line);
    }
    // The identifier of its row is made of the certificate, and must be unique.
    if given
        .earlier
        .iter()
        .chain(&given.current)
        .any(|one| one == pem)
    {
        return HttpResponse::InternalServerError().finish();
    }
    given.current.retain(|current| !seen.contains(current));
    given.earlier.extend(seen);
    given.current.push(pem.to_owned());
    succeeded(&json!({ "status": "Upload Success", "timestamp": "2026-11-24T10:00:00.123456" }))
}

/// `GET /getCertificate` of the application `PARTNER`.
pub(super) fn current(shared: &Shared, query: &str) -> HttpResponse {
    let named = |part: &str| part.strip_prefix("referenceId=").map(str::to_owned);
    let partner_id = query.split('&').find_map(named).unwrap_or_default();
    match shared.partners.current(&partner_id).as_slice() {
        [one] => succeeded(&json!({ "certificate": one })),
        [] => refused("KER-KMS-012", "Key Generation Process is not completed."),
        _ => no_unique_alias(),
    }
}

fn no_unique_alias() -> HttpResponse {
    refused("KER-KMS-003", "No unique alias is found")
}

fn same_certificate(line: Line) -> HttpResponse {
    match line {
        Line::V1_2 => refused(
            "KER-KMS-015",
            "Upload of certificate will not be allowed to update other domain certificate.",
        ),
        Line::V1_3 => refused(
            "KER-KMS-035",
            "Certificate Already Exist, not allowed to upload same certificate again",
        ),
    }
}
