//! `POST /dev/hub`: one address for everything, distinguished by `hub.mode`

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use url::form_urlencoded;

use super::access::AccessError;
use super::{Hub, publishing, subscribing};

/// More fields than any request to a hub has.
const MAX_FIELDS: usize = 50;
/// Longest topic name.
const MAX_TOPIC: usize = 128;

/// Fields of the query and of a form body, by name.
pub(super) struct Fields(HashMap<String, String>);

impl Fields {
    fn of(request: &HttpRequest, body: &[u8]) -> Self {
        let is_form = request.content_type() == "application/x-www-form-urlencoded";
        let form = if is_form { body } else { &[] };
        let query = form_urlencoded::parse(request.query_string().as_bytes());
        let pairs = query.chain(form_urlencoded::parse(form)).take(MAX_FIELDS);
        Self(
            pairs
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// A field that was sent and isn't empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The topic. Only names that need no rewriting for the role names are taken.
    pub(super) fn topic(&self) -> Result<&str, Denied> {
        let named = |topic: &&str| {
            topic.len() <= MAX_TOPIC
                && topic
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        };
        self.get("hub.topic").filter(named).ok_or_else(|| {
            denied(
                StatusCode::BAD_REQUEST,
                "hub.topic is missing or not a topic name",
            )
        })
    }
}

/// Does what `hub.mode` says.
pub(super) async fn hub_request(hub: Data<Hub>, request: HttpRequest, body: Bytes) -> HttpResponse {
    hub.0.faults.around(|| answer(&hub, &request, &body)).await
}

fn answer(hub: &Hub, request: &HttpRequest, body: &[u8]) -> HttpResponse {
    let fields = Fields::of(request, body);
    let answer = match fields.get("hub.mode") {
        Some("register") => publishing::register(&hub.0, request, &fields),
        Some("publish") => publishing::publish(&hub.0, request, &fields, body),
        Some("subscribe") => subscribing::subscribe(&hub.0, request, &fields),
        Some("unsubscribe") => subscribing::unsubscribe(&hub.0, request, &fields),
        Some(_) => Err(denied(StatusCode::BAD_REQUEST, "hub.mode is not supported")),
        None => Err(denied(StatusCode::BAD_REQUEST, "hub.mode is missing")),
    };
    answer.unwrap_or_else(HttpResponse::from)
}

/// The hub's way to say yes.
pub(super) fn accepted(status: StatusCode) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("application/x-www-form-urlencoded")
        .body("hub.mode=accepted")
}

/// The hub's way to say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Denied {
    status: StatusCode,
    reason: &'static str,
}

/// A refusal. It may have status 200.
pub(super) const fn denied(status: StatusCode, reason: &'static str) -> Denied {
    Denied { status, reason }
}

impl From<Denied> for HttpResponse {
    fn from(denied: Denied) -> Self {
        // The reference doesn't percent-encode the reason either.
        Self::build(denied.status)
            .content_type("application/x-www-form-urlencoded")
            .body(format!("hub.mode=denied&hub.reason={}", denied.reason))
    }
}

impl From<AccessError> for Denied {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::Unauthorized => denied(
                StatusCode::UNAUTHORIZED,
                "The Authorization cookie holds no good token",
            ),
            AccessError::Forbidden => denied(
                StatusCode::FORBIDDEN,
                "The token lacks the role for this topic",
            ),
        }
    }
}
