//! The middleware that gives every request an id, a log line, its headers and its
//! metrics.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use tracing::Instrument;

use super::json::REQUEST;
use crate::connection::Connection;
use crate::dispatch::{UNMATCHED, observed, unanswered};
use crate::edge::Edge;
use crate::sent::{self, Held};
use crate::trace;

/// The id of a request: accepted from the caller, else made here.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// Longer trace ids than any tracing system makes are not logged.
const LONGEST_TRACE: usize = 128;
/// What is logged of a header that any client can make long.
const LONGEST_HEADER: usize = 256;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the headers of a request say about where it comes from, found in one pass.
#[derive(Default)]
struct Origin<'a> {
    id: Option<&'a str>,
    b3: Option<&'a str>,
    parent: Option<&'a str>,
}

impl<'a> Origin<'a> {
    fn of(headers: &'a HeaderMap) -> Self {
        let mut origin = Self::default();
        for (name, value) in headers {
            let place = match name.as_str() {
                "x-request-id" => &mut origin.id,
                "x-b3-traceid" => &mut origin.b3,
                "traceparent" => &mut origin.parent,
                _ => continue,
            };
            // As everywhere, the first one counts.
            if place.is_none() {
                *place = value.to_str().ok();
            }
        }
        origin
    }

    fn request_id(&self) -> Arc<str> {
        let usable = |text: &&str| {
            !text.is_empty()
                && text.len() <= 64
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
        };
        self.id.filter(usable).map_or_else(new_id, Arc::from)
    }

    fn trace(&self) -> Option<&'a str> {
        let short = |text: &&str| text.len() <= LONGEST_TRACE;
        self.b3.filter(short).or(self.parent.filter(short))
    }
}

/// A UUID from this thread's generator: asking the system for every request would
/// cost more, and nothing secret hangs on it.
fn new_id() -> Arc<str> {
    let id = uuid::Builder::from_random_bytes(rand::random()).into_uuid();
    let mut text = uuid::Uuid::encode_buffer();
    Arc::from(&*id.hyphenated().encode_lower(&mut text))
}

/// Middleware: id, span, headers, metrics, one log line.
///
/// # Errors
/// Only what the inner service fails with.
pub async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let edge = Edge::of(request.request());
    let origin = Origin::of(request.headers());
    let id = origin.request_id();
    let span = tracing::info_span!(
        REQUEST,
        request_id = &*id,
        traceId = origin.trace(),
        req.method = request.method().as_str(),
        req.user = tracing::field::Empty,
    );
    let https = is_https(&request);
    let method = known(request.method());
    let carried = trace::TraceContext::of(request.headers(), &id);
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let connection = Connection::of(&request);
    if let Some(connection) = &connection {
        connection.serves();
    }
    let held = Held::of(&mut request);
    // No clone of the request may live across this call: actix routes it in place.
    let served = next.call(request).instrument(span.clone());
    let response = trace::under(carried, served).await;
    if let Some(connection) = connection {
        connection.answers();
    }
    let mut response = with_headers(response?, &id, https);
    if edge.is_draining() {
        // A connection that stays open would be cut later, perhaps with a request on it.
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    let observed = observed(response.request());
    let (took, status) = (started.elapsed(), response.status().as_u16());
    observed.count(edge.metrics(), (method, status), took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| log_access(&response, &observed.route, micros));
    Ok(sent::ready(response, held))
}

/// The line about a request, with the names of contract config-and-deploy.md §11. The
/// path is the route's: what stands in its place may be a key; where there is no route, it
/// is the part that routes have, and one word more. A body that is streamed
/// has no size here.
fn log_access(response: &ServiceResponse<impl MessageBody>, route: &str, micros: u64) {
    let wrong = (route == UNMATCHED).then(|| unanswered(response.request()));
    let route = wrong.as_deref().unwrap_or(route);
    let status = response.status().as_u16();
    let sent = match response.response().body().size() {
        BodySize::None => Some(0),
        BodySize::Sized(bytes) => Some(bytes),
        BodySize::Stream => None,
    };
    let request = response.request();
    let text = |name| {
        let value: &HeaderValue = request.headers().get(name)?;
        let text = value.to_str().ok()?;
        text.get(..LONGEST_HEADER).or(Some(text))
    };
    let agent = text(header::USER_AGENT);
    let forwarded = text(header::X_FORWARDED_FOR);
    // What follows the path of a page may be a code or a token.
    let referer = text(header::REFERER).and_then(|page| page.split(['?', '#']).next());
    let host = request
        .peer_addr()
        .map(|peer| tracing::field::display(peer.ip()));
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                target: "access",
                statusCode = status,
                req.requestURI = route,
                bytesSent = sent,
                timeTaken = micros,
                req.userAgent = agent,
                req.xForwardedFor = forwarded,
                req.referer = referer,
                req.remoteHost = host,
            )
        };
    }
    if route.contains("/actuator/") {
        line!(debug);
    } else {
        line!(info);
    }
}

/// The method as a label: any client can invent methods, and every label costs memory.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn is_https(request: &ServiceRequest) -> bool {
    let headers = request.headers();
    let forwarded =
        headers.contains_key(header::FORWARDED) || headers.contains_key(&FORWARDED_PROTO);
    if forwarded {
        return request.connection_info().scheme() == "https";
    }
    match request.uri().scheme_str() {
        Some(scheme) => scheme == "https",
        None => request.app_config().secure(),
    }
}

/// The headers of every response (contract envelope-and-search.md §7.5).
fn with_headers<B>(mut response: ServiceResponse<B>, id: &str, https: bool) -> ServiceResponse<B> {
    let headers = response.headers_mut();
    let fixed = [
        (
            header::CACHE_CONTROL,
            "no-cache, no-store, max-age=0, must-revalidate",
        ),
        (header::PRAGMA, "no-cache"),
        (header::EXPIRES, "0"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
        (header::X_XSS_PROTECTION, "0"),
    ];
    // A handler that says how long to keep an answer must not be contradicted.
    let kept = headers.contains_key(header::CACHE_CONTROL);
    for (name, value) in fixed {
        if kept && (name == header::PRAGMA || name == header::EXPIRES) {
            continue;
        }
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if https {
        let value = HeaderValue::from_static("max-age=31536000 ; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    response
}
