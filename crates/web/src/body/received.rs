//! The bytes of a body: how many, and of which media type.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, dev};
use futures_util::StreamExt as _;

use super::budget::BodyBudget;
use crate::edge::Edge;
use crate::http_error::HttpError;
use crate::negotiation;

/// Collects the body, bounded by `limits.body_bytes` and, with the bodies of all other
/// requests, by `limits.bodies_bytes`.
///
/// # Errors
/// 413 for a body above the limit, 400 for one that breaks off, 503 when other bodies
/// leave no room.
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
        let length = bytes.len() + chunk.len();
        if length > limit {
            return Err(too_large());
        }
        BodyBudget::hold(request, length)?;
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

pub(super) fn require_json(request: &HttpRequest) -> Result<(), HttpError> {
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
