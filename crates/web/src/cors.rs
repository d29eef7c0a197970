//! Cross-origin calls of a portal on another host (contract portal.md §1.3).
//!
//! Off unless origins are configured. An origin is compared exactly; there is
//! no wildcard, since every call carries credentials.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use url::Url;

use crate::auth::is_below_a_service;
use crate::edge::Edge;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "accept, accept-language, content-type, x-request-id, x-requested-with, xsrf-token, x-xsrf-token",
);
/// Seconds that a browser may remember the answer to its question.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const TRUE: HeaderValue = HeaderValue::from_static("true");

/// The origins whose pages may call the services and read the answers.
#[derive(Debug, Clone, Default)]
pub struct Cors {
    origins: Vec<String>,
}

impl Cors {
    /// Reads the operator's list; empty entries are skipped.
    ///
    /// # Errors
    /// One line about an entry that is no origin.
    pub fn new(origins: &[String]) -> Result<Self, String> {
        let wanted = origins
            .iter()
            .map(|origin| origin.trim())
            .filter(|origin| !origin.is_empty());
        let read = wanted.map(|origin| {
            normal(origin).ok_or_else(|| {
                format!(
                    "cors.allowed_origins: {origin} is no origin such as https://portal.example.org"
                )
            })
        });
        let origins = read.collect::<Result<_, _>>()?;
        Ok(Self { origins })
    }

    fn is_on(&self) -> bool {
        !self.origins.is_empty()
    }

    /// The sender's origin, if its pages may read the answer.
    fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let known = self
            .origins
            .iter()
            .any(|known| known.as_bytes() == origin.as_bytes());
        known.then(|| origin.clone())
    }
}

/// The origin as browsers spell it.
fn normal(origin: &str) -> Option<String> {
    let url = Url::parse(origin).ok()?;
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
        && !origin.contains('*');
    (bare && matches!(url.scheme(), "http" | "https")).then(|| url.origin().ascii_serialization())
}

/// Middleware: answers the questions that browsers ask before a call, ahead of
/// authentication, and marks every other answer for the origins that may read
/// it.
///
/// # Errors
/// Only what the inner service fails with.
pub async fn share(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let edge = Edge::of(request.request());
    if !edge.cors().is_on() || !is_below_a_service(request.uri().path()) {
        return Ok(next.call(request).await?.map_into_left_body());
    }
    let origin = edge.cors().allowed(request.headers());
    let mut response = if origin.is_some() && is_preflight(&request) {
        request.into_response(preflight()).map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let headers = response.headers_mut();
    // Caches must not give one origin's answer to another, marked or not.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    Ok(response)
}

fn is_preflight(request: &ServiceRequest) -> bool {
    let asks = |name: HeaderName| request.headers().contains_key(name);
    request.method() == Method::OPTIONS && asks(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
        .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, MAX_AGE))
        .append_header((header::VARY, "Access-Control-Request-Method"))
        .append_header((header::VARY, "Access-Control-Request-Headers"))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_spelled_as_browsers_do() {
        let list = ["https://Portal.example.org:443/".to_owned(), " ".to_owned()];

        let cors = Cors::new(&list).unwrap();

        assert_eq!(cors.origins, ["https://portal.example.org"]);
        assert!(!Cors::new(&[String::new()]).unwrap().is_on());
    }

    #[test]
    fn what_is_no_single_origin_is_refused() {
        for origin in [
            "*",
            "null",
            "https://*.example.org",
            "portal.example.org",
            "https://portal.example.org/x",
            "https://u@portal.example.org",
            "file:///",
        ] {
            assert!(Cors::new(&[origin.to_owned()]).is_err(), "{origin}");
        }
    }
}
