//! Request bodies: envelope, leniency, field rules (contract envelope-and-search.md §3).

#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::checks::{Checks, Request};
use crate::dialect::Dialect;
use crate::edge::Edge;
use crate::http_error::HttpError;
use crate::lenient::{self, parse};
use crate::negotiation;
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

/// The members around `request`; stored with the HTTP request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `id`, as sent.
    pub id: Option<String>,
    /// `version`, as sent.
    pub version: Option<String>,
    /// `requesttime` or `requestTime`, whichever the dialect reads.
    pub time: Option<DateTime<Utc>>,
    /// The time under the other spelling, where it is well-formed. It is no member
    /// of the dialect, but what some clients send.
    pub misspelled_time: Option<DateTime<Utc>>,
    /// Whether `request` was there and not null.
    pub has_request: bool,
}

impl Envelope {
    /// The envelope of this request; empty if no body was read.
    pub fn of(request: &HttpRequest) -> Self {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .unwrap_or_default()
    }
}

/// Field path of a text with the character NUL; stored with the HTTP request. It
/// is an error only if the text gets as far as the database, which can neither
/// hold it nor look for it: many operations have an answer of their own before.
#[derive(Debug, Clone, PartialEq, Eq)]
struct TextWithNul(String);

/// The refusal of a request for its text with NUL: by the field, as far as it is
/// known.
pub(crate) fn refusal_of_nul(request: &HttpRequest) -> HttpError {
    let extensions = request.extensions();
    let path = extensions.get().map(|TextWithNul(path)| path.as_str());
    HttpError::field(path.unwrap_or("request"), "must not hold the character NUL")
}

/// `id` and `version` as refusals repeat them: what is missing becomes an empty
/// text, what is null the text `null` (contract envelope-and-search.md §7.2,
/// contract keymanager.md §1). Stored with the HTTP request once its body has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Echo {
    pub(crate) id: String,
    pub(crate) version: String,
}

impl Echo {
    fn of_members(members: &Map<String, Value>) -> Self {
        let text = |name: &str| match members.get(name) {
            None | Some(Value::Array(_) | Value::Object(_)) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        Self {
            id: text("id"),
            version: text("version"),
        }
    }

    /// The `id` and `version` to repeat; both `None` if no body was read.
    pub(crate) fn of(request: &HttpRequest) -> (Option<String>, Option<String>) {
        request
            .extensions()
            .get::<Self>()
            .map(|echo| (echo.id.clone(), echo.version.clone()))
            .unzip()
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
            Ok(Self(read(&request, &bytes)?))
        })
    }
}

/// Collects the body, bounded by `limits.body_bytes`.
///
/// # Errors
/// 413 for a body above the limit, 400 for one that breaks off.
pub async fn collect(
    request: &HttpRequest,
    mut payload: dev::Payload,
) -> Result<Vec<u8>, HttpError> {
    let limit = Edge::of(request).body_limit();
    // Before any of it is sent, if the client says how much it will be.
    if announced(request).is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else {
            return Err(HttpError::UNREADABLE);
        };
        if bytes.len() + chunk.len() > limit {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// `Content-Length`; a number that is too large to hold is the largest one.
fn announced(request: &HttpRequest) -> Option<usize> {
    let length = request.headers().get(CONTENT_LENGTH)?.to_str().ok()?;
    let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| length.parse().unwrap_or(usize::MAX))
}

fn too_large() -> HttpError {
    HttpError::problem(
        StatusCode::PAYLOAD_TOO_LARGE,
        "The request body is larger than this service accepts.",
    )
}

fn require_json(request: &HttpRequest) -> Result<(), HttpError> {
    let sent = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let sent = sent.map(str::trim).filter(|text| !text.is_empty());
    let mut parts = sent
        .unwrap_or("application/octet-stream")
        .split(';')
        .map(str::trim);
    let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
    if negotiation::is_json(&kind) {
        return Ok(());
    }
    let shown = parts
        .filter(|part| !part.is_empty())
        .fold(kind, |shown, part| shown + ";" + part);
    Err(HttpError::problem(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        format!("Content-Type '{shown}' is not supported."),
    ))
}

fn read<T: DeserializeOwned + Request>(
    request: &HttpRequest,
    bytes: &[u8],
) -> Result<T, HttpError> {
    let unreadable = |error: &dyn std::fmt::Display| {
        // What the error quotes may be a secret that was pasted in the wrong place.
        let error = error.to_string();
        let error = error.split('"').next().unwrap_or_default();
        tracing::debug!(error, "the body can't be read");
        HttpError::UNREADABLE
    };
    let body = parse(bytes).map_err(|error| unreadable(&error))?;
    let Value::Object(mut members) = body else {
        return Err(HttpError::UNREADABLE);
    };
    request.extensions_mut().insert(Echo::of_members(&members));
    let dialect = request
        .extensions()
        .get::<Rc<Descriptor>>()
        .map(|route| route.dialect);
    let time_member = dialect.map_or("requesttime", Dialect::time_member);
    let strict = matches!(
        dialect,
        Some(Dialect::V2 {
            strict_body: true,
            ..
        })
    );
    let content = members
        .remove("request")
        .filter(|content| !content.is_null());
    let envelope = Envelope {
        id: text(members.remove("id"))?,
        version: text(members.remove("version"))?,
        time: time(members.remove(time_member), dialect)?,
        misspelled_time: misspelled_time(&members, time_member),
        has_request: content.is_some(),
    };
    request.extensions_mut().insert(envelope);
    let content = match content {
        Some(content) => content,
        None if T::OPTIONAL => Value::Object(Map::new()),
        None if strict => return Err(validation_failure()),
        None => return Err(HttpError::field("request", "must not be null")),
    };
    let read = lenient::read_noting::<T>(&content).map_err(|error| unreadable(&error))?;
    let (content, with_nul) = read;
    if let Some(path) = with_nul {
        let path = format!("request.{path}");
        request.extensions_mut().insert(TextWithNul(path));
    }
    let mut fields = Checks::default();
    content.check(&mut fields);
    match fields.finish() {
        Err(_) if strict => Err(validation_failure()),
        Err(refusal) => Err(refusal),
        Ok(()) => Ok(content),
    }
}

/// What the policy service's newer PATCH calls say about any broken rule
/// (contract envelope-and-search.md §6.4).
fn validation_failure() -> HttpError {
    HttpError::problem(StatusCode::BAD_REQUEST, "Validation failure")
}

fn text(value: Option<Value>) -> Result<Option<String>, HttpError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Bool(value)) => Ok(Some(value.to_string())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Array(_) | Value::Object(_)) => Err(HttpError::UNREADABLE),
    }
}

/// `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` and nothing else; blank counts as absent.
/// The key manager takes any form, because its request times are not read.
fn time(
    value: Option<Value>,
    dialect: Option<Dialect>,
) -> Result<Option<DateTime<Utc>>, HttpError> {
    if matches!(dialect, Some(Dialect::KeyManager)) {
        return Ok(None);
    }
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => request_time(&text).map(Some).ok_or(HttpError::UNREADABLE),
        Some(_) => Err(HttpError::UNREADABLE),
    }
}

/// The request time under the spelling of the other dialects.
fn misspelled_time(members: &Map<String, Value>, own: &str) -> Option<DateTime<Utc>> {
    let spellings = ["requesttime", "requestTime"];
    let other = spellings.into_iter().find(|name| *name != own)?;
    request_time(members.get(other)?.as_str()?)
}

/// Milliseconds and a literal `Z`, to the digit.
pub(crate) fn request_time(text: &str) -> Option<DateTime<Utc>> {
    // chrono alone would take any number of fraction digits.
    let shape = "dddd-dd-ddTdd:dd:dd.dddZ";
    let fits = text.len() == shape.len()
        && text
            .bytes()
            .zip(shape.bytes())
            .all(|(found, wanted)| match wanted {
                b'd' => found.is_ascii_digit(),
                _ => found == wanted,
            });
    if !fits {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.3fZ").ok()?;
    // A leap second: chrono takes it, the pattern does not.
    (at.nanosecond() < 1_000_000_000).then(|| at.and_utc())
}
