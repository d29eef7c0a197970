//! The members around `request`.

use actix_web::{HttpMessage, HttpRequest};
use chrono::{DateTime, NaiveDateTime, Timelike as _, Utc};

use crate::dialect::Dialect;
use crate::http_error::HttpError;
use crate::lenient::{Json, JsonMembers};

/// All members that are read of a body; the others may hold anything.
pub(super) const MEMBERS: [&str; 5] = ["id", "version", "requesttime", "requestTime", "request"];

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
    pub(super) fn of_members(members: &JsonMembers) -> Self {
        let text = |name: &str| match members.get(name) {
            None | Some(Json::Array(_) | Json::Object(_) | Json::TooDeep) => String::new(),
            Some(Json::Null) => "null".to_owned(),
            Some(Json::Text(text)) => text.clone(),
            Some(Json::Bool(value)) => value.to_string(),
            Some(Json::Number(number)) => number.to_string(),
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

/// A number is repeated, and compared, as it is spelled.
pub(super) fn text(value: Option<Json>) -> Result<Option<String>, HttpError> {
    match value {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(Json::Bool(value)) => Ok(Some(value.to_string())),
        Some(Json::Number(number)) => Ok(Some(number.to_string())),
        Some(Json::Array(_) | Json::Object(_) | Json::TooDeep) => Err(HttpError::UNREADABLE),
    }
}

/// `yyyy-MM-dd'T'HH:mm:ss.SSS'Z'` and nothing else; blank counts as absent.
/// The key manager takes any form, because its request times are not read.
pub(super) fn time(
    value: Option<Json>,
    dialect: Option<Dialect>,
) -> Result<Option<DateTime<Utc>>, HttpError> {
    if matches!(dialect, Some(Dialect::KeyManager)) {
        return Ok(None);
    }
    match value {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Text(text)) if text.trim().is_empty() => Ok(None),
        Some(Json::Text(text)) => request_time(&text).map(Some).ok_or(HttpError::UNREADABLE),
        Some(_) => Err(HttpError::UNREADABLE),
    }
}

/// The request time under the spelling of the other dialects.
pub(super) fn misspelled_time(members: &JsonMembers, own: &str) -> Option<DateTime<Utc>> {
    let spellings = ["requesttime", "requestTime"];
    let other = spellings.into_iter().find(|name| *name != own)?;
    request_time(members.get(other)?.as_text()?)
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
