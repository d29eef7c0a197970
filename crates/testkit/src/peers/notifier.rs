//! A kernel notifier (integrations contract §3.2).

use std::sync::Mutex;

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::multipart::parts;
use super::stand_in::{Asked, StandIn, Work, faulty, header};

/// One mail that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMail {
    /// `mailTo`.
    pub to: String,
    /// `mailSubject`.
    pub subject: String,
    /// `mailContent`.
    pub content: String,
}

#[derive(Default)]
struct Mails(Mutex<Vec<SentMail>>);

/// A notifier on a free port of loopback.
pub struct NotifierPeer {
    stand_in: StandIn<Mails>,
}

impl NotifierPeer {
    /// Starts with nothing sent.
    pub fn start() -> Self {
        Self {
            stand_in: StandIn::start(Mails::default()),
        }
    }

    /// Its e-mail endpoint.
    pub fn url(&self) -> String {
        self.stand_in.url("/v1/notifier/email/send")
    }

    /// The mails that it sent, oldest first.
    pub fn sent(&self) -> Vec<SentMail> {
        self.stand_in.shared.work.0.lock().unwrap().clone()
    }
}

faulty!(NotifierPeer);

impl Work for Mails {
    const ROLE: Option<&'static str> = Some("ZONAL_ADMIN");
    const BEARER: bool = true;

    fn answer(&self, asked: &Asked<'_>) -> HttpResponse {
        let content_type = header(asked.request, "content-type");
        let parts = parts(content_type.as_deref(), asked.body).unwrap_or_default();
        let text = |name: &str| {
            let found = parts.iter().find(|part| part.name == name);
            found.map(|part| part.value.clone()).unwrap_or_default()
        };
        let mail = SentMail {
            to: text("mailTo"),
            subject: text("mailSubject"),
            content: text("mailContent"),
        };
        let valid = mail.to.split_once('@').is_some_and(|(name, domain)| {
            !name.is_empty() && domain.contains('.') && !mail.to.contains(char::is_whitespace)
        });
        let refused = if !valid {
            Some((
                "KER-NOE-001",
                "To must be valid. It can't be empty or null or invalid address.",
            ))
        } else if mail.subject.is_empty() {
            Some((
                "KER-NOE-002",
                "Subject must be valid. It can't be empty or null.",
            ))
        } else if mail.content.is_empty() {
            Some((
                "KER-NOE-003",
                "Content must be valid. It can't be empty or null.",
            ))
        } else {
            None
        };
        if let Some((code, message)) = refused {
            let errors = json!([{ "errorCode": code, "message": message }]);
            return HttpResponse::Ok().json(envelope(&Value::Null, &errors));
        }
        self.0.lock().unwrap().push(mail);
        let response = json!({ "status": "success", "message": "Email Request submitted" });
        HttpResponse::Ok().json(envelope(&response, &Value::Null))
    }
}

fn envelope(response: &Value, errors: &Value) -> Value {
    json!({
        "id": null, "version": null, "responsetime": "2026-11-24T10:00:00.000Z",
        "metadata": null, "response": response, "errors": errors,
    })
}
