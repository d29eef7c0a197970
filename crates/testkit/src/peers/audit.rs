//! An Audit Manager (integrations contract §3.4).

use std::sync::Mutex;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::stand_in::{Asked, StandIn, Work, faulty};

/// What a record must have, and the longest it may be.
const REQUIRED: [(&str, usize); 10] = [
    ("eventId", 64),
    ("eventName", 128),
    ("eventType", 64),
    ("hostName", 128),
    ("hostIp", 256),
    ("applicationId", 64),
    ("applicationName", 128),
    ("sessionUserId", 256),
    ("createdBy", 256),
    ("description", 2048),
];

#[derive(Default)]
struct Records(Mutex<Vec<Value>>);

/// An Audit Manager on a free port of loopback.
pub struct AuditPeer {
    stand_in: StandIn<Records>,
}

impl AuditPeer {
    /// Starts with nothing recorded.
    pub fn start() -> Self {
        Self {
            stand_in: StandIn::start(Records::default()),
        }
    }

    /// Its endpoint.
    pub fn url(&self) -> String {
        self.stand_in.url("/v1/auditmanager/audits")
    }

    /// The records that it took, oldest first.
    pub fn records(&self) -> Vec<Value> {
        self.stand_in.shared.work.0.lock().unwrap().clone()
    }
}

faulty!(AuditPeer);

impl Work for Records {
    const ROLE: Option<&'static str> = None;
    const BEARER: bool = false;

    fn answer(&self, asked: &Asked<'_>) -> HttpResponse {
        let body: Value = serde_json::from_slice(asked.body).unwrap_or_default();
        let record = &body["request"];
        let valid = |(name, longest): &(&str, usize)| {
            let text = record[name].as_str().unwrap_or_default();
            !text.is_empty() && text.len() <= *longest
        };
        if !REQUIRED.iter().all(valid) || record["actionTimeStamp"].as_str().is_none() {
            return HttpResponse::Ok().json(json!({
                "response": null,
                "errors": [{ "errorCode": "KER-AUD-001", "message": "Invalid Audit Request" }],
            }));
        }
        self.0.lock().unwrap().push(record.clone());
        HttpResponse::Ok().json(json!({ "response": { "status": true }, "errors": null }))
    }
}
