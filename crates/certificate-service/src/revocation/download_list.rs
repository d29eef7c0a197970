//! `GET /crl/{name}.crl`
//!
//! Public: every relying party must be able to ask. The name is the
//! identifier of the issuing key in hex, or `current` for the newest key.

use std::time::SystemTime;

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, ETAG, Header as _, HttpDate, IF_NONE_MATCH, IfModifiedSince, LAST_MODIFIED,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use pms_web::conditional::has;
use pms_web::{Anyone, ApiError, ApiResult, HttpError, Whole};

use super::lists::Lists;
use super::published::Published;
use crate::embedded::Embedded;

/// Longest time that a copy may be used without asking, in seconds: a
/// revocation is seen by every request after it.
const MAX_AGE: i64 = 300;

/// Sends a list of revoked certificates.
pub(crate) async fn handle(
    _anyone: Anyone,
    request: HttpRequest,
    name: Path<String>,
    embedded: Data<Embedded>,
) -> ApiResult<Whole> {
    let unknown = || {
        let text = "There is no such list of revoked certificates.";
        ApiError::Refused(HttpError::problem(StatusCode::NOT_FOUND, text))
    };
    let vault = embedded.0.as_ref().ok_or_else(unknown)?;
    // An error in an envelope would be taken for a list.
    let list = Lists::get(vault, &name).await.map_err(|error| {
        let message = "a list of revoked certificates can't be made";
        pms_log::error(message, &error.to_string(), |line| {
            tracing::error!(%error, "{line}");
        });
        ApiError::Busy(message)
    })?;
    let list = list.ok_or_else(unknown)?;
    Ok(Whole(answer(&request, &list, vault.clock.now())))
}

fn answer(request: &HttpRequest, list: &Published, now: DateTime<Utc>) -> HttpResponse {
    let known = is_known(request, list);
    let mut response = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    let left = (list.renewed() - now).num_seconds().clamp(0, MAX_AGE);
    response
        .insert_header((ETAG, format!("\"{}\"", list.tag())))
        .insert_header((LAST_MODIFIED, HttpDate::from(SystemTime::from(list.made()))))
        .insert_header((CACHE_CONTROL, format!("public, max-age={left}")));
    if known {
        return response.finish();
    }
    response
        .content_type("application/pkix-crl")
        .body(list.data.clone())
}

/// Whether the client has this list. A tag says it better than a date.
fn is_known(request: &HttpRequest, list: &Published) -> bool {
    if request.headers().contains_key(IF_NONE_MATCH) {
        return has(request, &list.tag());
    }
    let since = IfModifiedSince::parse(request).ok();
    since.is_some_and(|since| SystemTime::from(since.0) >= SystemTime::from(list.made()))
}
