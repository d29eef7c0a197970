//! The kernel notifier (contract integrations.md §3.2).
//!
//! `POST /v1/notifier/email/send` takes the texts `mailTo` and `mailCc` (each
//! as often as there are addresses), `mailSubject`, `mailContent` and the files
//! `attachments`. It names everything that is wrong with a mail at once.

use actix_web::http::Method;
use actix_web::{HttpResponse, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use crate::multipart::{Part, is_form, parts};
use crate::{Incoming, Needs, Newest, Work, header, stamp};

/// Its e-mail endpoint.
pub const PATH: &str = "/v1/notifier/email/send";
/// One of the roles that may send mails.
const ROLE: &str = "ZONAL_ADMIN";

/// One mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// When it was sent.
    pub at: DateTime<Utc>,
    /// Its recipients.
    pub to: Vec<String>,
    /// Further recipients.
    pub cc: Vec<String>,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub content: String,
    /// Names of the files with it.
    pub attachments: Vec<String>,
}

/// The mails that were sent.
#[derive(Default)]
pub struct Notifier(Newest<Mail>);

impl Notifier {
    /// The mails, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.0.all()
    }

    /// How many there are.
    pub fn amount(&self) -> usize {
        self.0.len()
    }
}

impl Work for Notifier {
    fn needs(&self, _method: &Method, _path: &str) -> Needs {
        Needs {
            token: true,
            role: Some(ROLE),
            bearer: true,
        }
    }

    fn answer(&self, incoming: &Incoming<'_>) -> HttpResponse {
        if incoming.path != PATH {
            return HttpResponse::NotFound().finish();
        }
        if incoming.request.method() != Method::POST {
            return HttpResponse::MethodNotAllowed().finish();
        }
        let kind = header(incoming.request, "content-type");
        if !kind.as_deref().is_some_and(is_form) {
            return HttpResponse::UnsupportedMediaType().finish();
        }
        let Some(parts) = parts(kind.as_deref(), incoming.body) else {
            let error = json!([{
                "errorCode": "KER-NOE-500",
                "message": "Failed to parse multipart servlet request",
            }]);
            let answer = envelope(incoming, &Value::Null, &error);
            return HttpResponse::build(StatusCode::INTERNAL_SERVER_ERROR).json(answer);
        };
        let mail = mail(&parts, incoming.now);
        let errors = refusals(&mail);
        if !errors.is_empty() {
            return HttpResponse::Ok().json(envelope(incoming, &Value::Null, &json!(errors)));
        }
        let bytes = incoming.body.len();
        self.0.push(mail, bytes);
        let response = json!({ "status": "success", "message": "Email Request submitted" });
        HttpResponse::Ok().json(envelope(incoming, &response, &Value::Null))
    }
}

fn mail(parts: &[Part], at: DateTime<Utc>) -> Mail {
    let texts = |name: &str| -> Vec<String> {
        let found = parts.iter().filter(|part| part.name == name);
        found
            .filter(|part| part.file_name.is_none())
            .map(Part::text)
            .collect()
    };
    let attachments = parts.iter().filter(|part| part.name == "attachments");
    Mail {
        at,
        to: addresses(texts("mailTo")),
        cc: addresses(texts("mailCc")),
        // A text that comes more than once is joined.
        subject: texts("mailSubject").join(","),
        content: texts("mailContent").join(","),
        attachments: attachments
            .filter_map(|part| part.file_name.clone())
            .collect(),
    }
}

/// A single text may hold several addresses, with commas between them.
fn addresses(mut texts: Vec<String>) -> Vec<String> {
    match texts.pop() {
        Some(only) if texts.is_empty() => {
            let parts = only.split(',').map(str::trim);
            parts.map(str::to_owned).collect()
        }
        last => {
            texts.extend(last);
            texts
        }
    }
}

fn refusals(mail: &Mail) -> Vec<Value> {
    let mut errors = Vec::new();
    let mut refuse = |code: &str, message: &str| {
        errors.push(json!({ "errorCode": code, "message": message }));
    };
    if mail.to.is_empty() || !mail.to.iter().all(|address| is_address(address)) {
        refuse(
            "KER-NOE-001",
            "To must be valid. It can't be empty or null or invalid address.",
        );
    }
    if mail.subject.trim().is_empty() {
        refuse(
            "KER-NOE-002",
            "Subject must be valid. It can't be empty or null.",
        );
    }
    if mail.content.trim().is_empty() {
        refuse(
            "KER-NOE-003",
            "Content must be valid. It can't be empty or null.",
        );
    }
    errors
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        let labels: Vec<&str> = domain.split('.').collect();
        !name.is_empty()
            && labels.len() > 1
            && labels.iter().all(|label| !label.is_empty())
            && !domain.contains('@')
            && !text.contains(char::is_whitespace)
    })
}

fn envelope(incoming: &Incoming<'_>, response: &Value, errors: &Value) -> Value {
    json!({
        "id": null, "version": null, "responsetime": stamp(incoming.now),
        "metadata": null, "response": response, "errors": errors,
    })
}
