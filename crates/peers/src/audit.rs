//! The Audit Manager (contract integrations.md §3.4).
//!
//! `POST /v1/auditmanager/audits` takes one record. Everything but `id` and
//! `idType` must be there, and nothing may be too long.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::NaiveDateTime;
use serde_json::{Value, json};

use crate::{Incoming, Needs, Newest, Work, header, stamp};

/// Its endpoint.
pub const PATH: &str = "/v1/auditmanager/audits";

/// What a record must have, and the longest it may be.
const REQUIRED: [(&str, usize); 13] = [
    ("eventId", 64),
    ("eventName", 128),
    ("eventType", 64),
    ("hostName", 128),
    ("hostIp", 256),
    ("applicationId", 64),
    ("applicationName", 128),
    ("sessionUserId", 256),
    ("sessionUserName", 128),
    ("createdBy", 256),
    ("moduleName", 128),
    ("moduleId", 64),
    ("description", 2048),
];
/// What it may have.
const OPTIONAL: [(&str, usize); 2] = [("id", 64), ("idType", 64)];

/// The records that it took.
#[derive(Default)]
pub struct Audits(Newest<Value>);

impl Audits {
    /// The records, oldest first.
    pub fn records(&self) -> Vec<Value> {
        self.0.all()
    }

    /// How many there are.
    pub fn amount(&self) -> usize {
        self.0.len()
    }
}

impl Work for Audits {
    fn needs(&self, _method: &Method, _path: &str) -> Needs {
        Needs {
            token: true,
            role: None,
            bearer: false,
        }
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        if incoming.path != PATH {
            return HttpResponse::NotFound().finish();
        }
        if incoming.request.method() != Method::POST {
            return HttpResponse::MethodNotAllowed().finish();
        }
        let json_kind = header(incoming.request, "content-type")
            .is_some_and(|kind| kind.starts_with("application/json"));
        if !json_kind {
            return HttpResponse::UnsupportedMediaType().finish();
        }
        let body: Value = serde_json::from_slice(incoming.body).unwrap_or_default();
        let record = body.get("request").filter(|record| is_valid(record));
        let Some(record) = record else {
            let error = json!({ "errorCode": "KER-AUD-001", "message": "Invalid Audit Request" });
            return HttpResponse::Ok().json(envelope(incoming, &Value::Null, &json!([error])));
        };
        self.0.push(record.clone(), incoming.body.len());
        HttpResponse::Ok().json(envelope(incoming, &json!({ "status": true }), &json!([])))
    }
}

fn is_valid(record: &Value) -> bool {
    let within = |(name, longest): &(&str, usize)| {
        let text = record.get(name).and_then(Value::as_str);
        // Lengths are those of Java's strings.
        text.map(|text| {
            (
                text.trim().is_empty(),
                text.encode_utf16().count() <= *longest,
            )
        })
    };
    let required = |field: &(&str, usize)| within(field) == Some((false, true));
    let optional = |field: &(&str, usize)| {
        record.get(field.0).is_none_or(Value::is_null)
            || within(field).is_some_and(|(_blank, fits)| fits)
    };
    let time = record.get("actionTimeStamp").and_then(Value::as_str);
    REQUIRED.iter().all(required)
        && OPTIONAL.iter().all(optional)
        && time.is_some_and(|time| {
            NaiveDateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S.%3fZ").is_ok()
        })
}

fn envelope(incoming: &Incoming<'_>, response: &Value, errors: &Value) -> Value {
    json!({
        "id": null, "version": null, "responsetime": stamp(incoming.now), "metadata": null,
        "response": response, "errors": errors,
    })
}
