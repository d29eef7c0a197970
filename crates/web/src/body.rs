//! Request bodies: envelope, leniency, field rules (envelope contract §3).

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev};
use chrono::{DateTime, NaiveDateTime, Utc};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::checks::{Checks, Request};
use crate::dialect::Dialect;
use crate::edge::Edge;
use crate::lenient::{Lenient, parse};
use crate::refusal::Refusal;
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

impl<T: DeserializeOwned + Request + 'static> FromRequest for Body<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Self::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let bytes = read_all(&request, payload).await?;
            Ok(Self(read(&request, &bytes)?))
        })
    }
}

/// Collects the body, bounded by `limits.body_bytes`.
async fn read_all(request: &HttpRequest, mut payload: dev::Payload) -> Result<Vec<u8>, Refusal> {
    require_json(request)?;
    let limit = Edge::of(request).body_limit();
    let mut bytes = Vec::new();
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else {
            return Err(Refusal::UNREADABLE);
        };
        if bytes.len() + chunk.len() > limit {
            return Err(Refusal::problem(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request body is larger than this service accepts.",
            ));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn require_json(request: &HttpRequest) -> Result<(), Refusal> {
    let sent = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let parsed = sent.and_then(|text| text.parse::<mime::Mime>().ok());
    let is_json = parsed.as_ref().is_some_and(|kind| {
        kind.type_() == mime::APPLICATION
            && (kind.subtype() == mime::JSON || kind.suffix() == Some(mime::JSON))
    });
    if is_json {
        return Ok(());
    }
    let shown = sent
        .filter(|text| !text.is_empty())
        .unwrap_or("application/octet-stream");
    Err(Refusal::problem(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        format!("Content-Type '{shown}' is not supported."),
    ))
}

fn read<T: DeserializeOwned + Request>(request: &HttpRequest, bytes: &[u8]) -> Result<T, Refusal> {
    let unreadable = |error: &dyn std::fmt::Display| {
        tracing::debug!(%error, "the body can't be read");
        Refusal::UNREADABLE
    };
    let body = parse(bytes).map_err(|error| unreadable(&error))?;
    let Value::Object(mut members) = body else {
        return Err(Refusal::UNREADABLE);
    };
    let dialect = request
        .extensions()
        .get::<Rc<Descriptor>>()
        .map(|route| route.dialect);
    let time_member = dialect.map_or("requesttime", Dialect::time_member);
    let content = members
        .remove("request")
        .filter(|content| !content.is_null());
    let envelope = Envelope {
        id: text(members.remove("id"))?,
        version: text(members.remove("version"))?,
        time: time(members.remove(time_member), dialect)?,
        has_request: content.is_some(),
    };
    request.extensions_mut().insert(envelope);
    let content = match content {
        Some(content) => content,
        None if T::OPTIONAL => Value::Object(serde_json::Map::new()),
        None if matches!(
            dialect,
            Some(Dialect::V2 {
                strict_body: true,
                ..
            })
        ) =>
        {
            return Err(Refusal::problem(
                StatusCode::BAD_REQUEST,
                "Validation failure",
            ));
        }
        None => return Err(Refusal::field("request", "must not be null")),
    };
    let content = T::deserialize(Lenient(content)).map_err(|error| unreadable(&error))?;
    let mut fields = Checks::default();
    content.check(&mut fields);
    fields.finish()?;
    Ok(content)
}

fn text(value: Option<Value>) -> Result<Option<String>, Refusal> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(Value::Bool(value)) => Ok(Some(value.to_string())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(Value::Array(_) | Value::Object(_)) => Err(Refusal::UNREADABLE),
    }
}

/// `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` and nothing else; blank counts as absent.
/// The key manager takes any form, because nobody reads its request times.
fn time(value: Option<Value>, dialect: Option<Dialect>) -> Result<Option<DateTime<Utc>>, Refusal> {
    if matches!(dialect, Some(Dialect::KeyManager)) {
        return Ok(None);
    }
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => request_time(&text).map(Some).ok_or(Refusal::UNREADABLE),
        Some(_) => Err(Refusal::UNREADABLE),
    }
}

fn request_time(text: &str) -> Option<DateTime<Utc>> {
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
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.3fZ")
        .ok()
        .map(|at| at.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_times_have_exactly_one_form() {
        assert!(request_time("2025-07-11T13:45:37.123Z").is_some());
        for wrong in [
            "2025-07-11T13:45:37Z",
            "2025-07-11T13:45:37.1234Z",
            "2025-07-11T13:45:37.123+00:00",
            "2025-02-30T13:45:37.123Z",
            "2025-07-11 13:45:37.123Z",
        ] {
            assert_eq!(request_time(wrong), None, "{wrong}");
        }
    }
}
