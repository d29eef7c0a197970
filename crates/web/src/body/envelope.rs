//! The members around `request`.

use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};
use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::http_error::HttpError;

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

/// `id` and `version` as refusals repeat them: what is missing becomes an empty
/// text, what is null the text `null` (contract envelope-and-search.md §7.2,
/// contract keymanager.md §1). Stored with the HTTP request once its body has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Echo {
    pub(crate) id: String,
    pub(crate) version: String,
}

impl Echo {
    pub(super) fn of_members(members: &Map<String, Value>) -> Self {
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

pub(super) fn text(value: Option<Value>) -> Result<Option<String>, HttpError> {
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
pub(super) fn time(
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
pub(super) fn misspelled_time(members: &Map<String, Value>, own: &str) -> Option<DateTime<Utc>> {
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
