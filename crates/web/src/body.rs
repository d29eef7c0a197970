//! Request bodies: envelope, leniency, field rules (contract envelope-and-search.md §3).

mod budget;
mod envelope;
mod nul;
mod received;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
pub(crate) use budget::BodyBudget;
pub use envelope::Envelope;
pub(crate) use envelope::{Echo, request_time};
use envelope::{misspelled_time, text, time};
use nul::TextWithNul;
pub(crate) use nul::refusal_of_nul;
pub use received::collect;
use received::require_json;
use serde::de::DeserializeOwned;

use crate::checks::{Checks, Request};
use crate::dialect::Dialect;
use crate::edge::Edge;
use crate::http_error::HttpError;
use crate::lenient::{self, Json, JsonMembers, parse_members};
use crate::route::Descriptor;

/// The `request` member of the envelope, read leniently and checked.
///
/// Fails with the exact 400 answer of the contract. What the envelope says
/// about itself is kept aside for the route (echo, request time).
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T> Body<T> {
    /// The request.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + Request + 'static> FromRequest for Body<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let kind = require_json(&request);
            let bytes = match &kind {
                Err(refusal) if request.headers().contains_key(CONTENT_TYPE) => {
                    return Err(refusal.clone().into());
                }
                _ => collect(&request, payload).await?,
            };
            // With neither content type nor body, the missing body counts.
            if bytes.is_empty() {
                return Err(HttpError::UNREADABLE.into());
            }
            kind?;
            Ok(Self(read(&request, bytes).await?))
        })
    }
}

/// Reads a body: a large one, which may take a while, on a thread where no other
/// request waits for it.
async fn read<T: DeserializeOwned + Request + 'static>(
    request: &HttpRequest,
    bytes: Vec<u8>,
) -> Result<T, HttpError> {
    let dialect = dialect_of(request);
    let reading = move |bytes: &[u8]| {
        let mut found = Found::default();
        (found.read(bytes, dialect), found)
    };
    let turn = Edge::of(request).bodies().turn(bytes.len()).await;
    let (outcome, found) = match turn {
        None => reading(&bytes),
        Some(turn) => {
            let span = tracing::Span::current();
            let aside = move || {
                let read = span.in_scope(|| reading(&bytes));
                drop(turn);
                read
            };
            // It fails only if the reading panicked or the runtime ends.
            let read = tokio::task::spawn_blocking(aside).await;
            read.map_err(|_unread| HttpError::UNREADABLE)?
        }
    };
    found.keep(request);
    outcome
}

/// What a body says beside its request, as far as it could be read.
#[derive(Default)]
struct Found {
    echo: Option<Echo>,
    envelope: Option<Envelope>,
    with_nul: Option<TextWithNul>,
}

impl Found {
    /// Keeps it with the HTTP request.
    fn keep(self, request: &HttpRequest) {
        let mut extensions = request.extensions_mut();
        if let Some(echo) = self.echo {
            extensions.insert(echo);
        }
        if let Some(envelope) = self.envelope {
            extensions.insert(envelope);
        }
        if let Some(with_nul) = self.with_nul {
            extensions.insert(with_nul);
        }
    }

    fn read<T: DeserializeOwned + Request>(
        &mut self,
        bytes: &[u8],
        dialect: Option<Dialect>,
    ) -> Result<T, HttpError> {
        let members = parse_members(bytes, &envelope::MEMBERS);
        let mut members = members.map_err(|error| unreadable(&error))?;
        self.echo = Some(Echo::of_members(&members));
        let time_member = dialect.map_or("requesttime", Dialect::time_member);
        let content = members
            .swap_remove("request")
            .filter(|content| !content.is_null());
        self.envelope = Some(Envelope {
            id: text(members.swap_remove("id"))?,
            version: text(members.swap_remove("version"))?,
            time: time(members.swap_remove(time_member), dialect)?,
            misspelled_time: misspelled_time(&members, time_member),
            has_request: content.is_some(),
        });
        let content = match content {
            Some(content) => content,
            None if T::OPTIONAL => Json::Object(JsonMembers::new()),
            None => {
                let refusal = HttpError::field("request", "must not be null");
                return Err(broken(dialect, refusal));
            }
        };
        let read = lenient::read_noting::<T>(&content).map_err(|error| unreadable(&error))?;
        let (content, with_nul) = read;
        self.with_nul = with_nul.map(|path| TextWithNul(format!("request.{path}")));
        let mut fields = Checks::default();
        content.check(&mut fields);
        match fields.finish() {
            Err(refusal) => Err(broken(dialect, refusal)),
            Ok(()) => Ok(content),
        }
    }
}

fn unreadable(error: &dyn std::fmt::Display) -> HttpError {
    // What the error quotes may be a secret that was pasted in the wrong place.
    let error = error.to_string();
    let error = error.split('"').next().unwrap_or_default();
    tracing::debug!(error, "the body can't be read");
    HttpError::UNREADABLE
}

fn dialect_of(request: &HttpRequest) -> Option<Dialect> {
    let extensions = request.extensions();
    let route = extensions.get::<Rc<Descriptor>>();
    route.map(|route| route.dialect)
}

/// The answer to a broken rule of the request: `refusal`, unless the route says the same
/// about all of them, as the policy service's newer PATCH calls do
/// (contract envelope-and-search.md §6.4).
pub(crate) fn broken_rule(request: &HttpRequest, refusal: HttpError) -> HttpError {
    broken(dialect_of(request), refusal)
}

fn broken(dialect: Option<Dialect>, refusal: HttpError) -> HttpError {
    match dialect {
        Some(Dialect::V2 {
            strict_body: true, ..
        }) => HttpError::problem(StatusCode::BAD_REQUEST, "Validation failure"),
        _ => refusal,
    }
}
