//! Logs: for people on a terminal, JSON lines otherwise; and the middleware
//! that gives every request an id, a log line, its headers and its metrics.

use std::io::IsTerminal;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage};
use tracing::Instrument;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::edge::Edge;
use crate::settings::{LogFormat, SettingsError, TelemetrySettings};
use crate::trace;

/// Starts logging to standard output (JSON) or standard error (for people).
///
/// # Errors
/// When the filter can't be read or logging was started before.
pub fn start(settings: &TelemetrySettings) -> Result<(), SettingsError> {
    let filter = EnvFilter::try_new(&settings.log)
        .map_err(|error| SettingsError(format!("telemetry.log: {error}")))?;
    let people = match settings.format {
        LogFormat::Auto => std::io::stderr().is_terminal(),
        LogFormat::Pretty => true,
        LogFormat::Json => false,
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_span_events(FmtSpan::NONE);
    let outcome = if people {
        builder.with_writer(std::io::stderr).compact().try_init()
    } else {
        builder
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(false)
            .try_init()
    };
    outcome.map_err(|error| SettingsError(format!("logging can't be started: {error}")))
}

/// The id of a request: accepted from the caller, else made here.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Longer trace ids than any tracing system makes are not logged.
const LONGEST_TRACE: usize = 128;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

fn request_id(headers: &HeaderMap) -> String {
    let sent = headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let usable = |text: &&str| {
        !text.is_empty()
            && text.len() <= 64
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte))
    };
    sent.filter(usable)
        .map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned)
}

/// Middleware: id, span, headers, metrics, one log line.
///
/// # Errors
/// Only what the inner service fails with.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let edge = Edge::of(request.request());
    let id = request_id(request.headers());
    let text = |name: &str| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
            .filter(|text| text.len() <= LONGEST_TRACE)
            .map(str::to_owned)
    };
    let trace_id = text("x-b3-traceid").or_else(|| text("traceparent"));
    let https = is_https(&request);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!(
        "request",
        request_id = %id,
        trace = trace_id,
        method = %request.method(),
        user = tracing::field::Empty,
    );
    let method = request.method().clone();
    let headers = trace::of(request.headers(), &id);
    // No clone of the request may live across this call: actix routes it in place.
    let served = next.call(request).instrument(span.clone());
    let response = trace::under(headers, served).await?;
    let mut response = with_headers(response, &id, https);
    if edge.is_draining() {
        // A connection that stays open would be cut later, perhaps with a request on it.
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let took = started.elapsed();
    let status = response.status().as_u16();
    edge.metrics().observe(known(&method), &route, status, took);
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| {
        if route.contains("/actuator/") {
            tracing::debug!(target: "access", route, status, micros, "served");
        } else {
            tracing::info!(target: "access", route, status, micros, "served");
        }
    });
    Ok(response)
}

/// The method as a label: anybody can invent methods, and every label costs memory.
fn known(method: &Method) -> &str {
    match method.as_str() {
        name @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => name,
        _ => "OTHER",
    }
}

fn is_https(request: &ServiceRequest) -> bool {
    request.connection_info().scheme() == "https"
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
    // Who says how long to keep an answer must not be contradicted.
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
