//! The trace of a request, for the calls that serve it.

use std::sync::Arc;

use actix_web::http::header::HeaderMap as Received;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// What is passed on beside the request's id: W3C and B3, each as it came.
const PASSED_ON: [&str; 8] = [
    "traceparent",
    "tracestate",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-flags",
];
/// Names the request, in the rows that it queues too.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longer values than any tracing system makes are not passed on.
const LONGEST: usize = 512;

tokio::task_local! {
    static CARRIED: HeaderMap;
}

/// The trace headers of the request that this task serves; none elsewhere.
pub fn carried() -> HeaderMap {
    CARRIED.try_with(HeaderMap::clone).unwrap_or_default()
}

/// Serves a request under its trace.
pub(crate) async fn under<T>(headers: HeaderMap, served: impl Future<Output = T>) -> T {
    let id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let id = id.map(Arc::from);
    CARRIED
        .scope(headers, pms_database::request::serving(id, served))
        .await
}

/// Work of the request that this task serves, for a task of its own.
pub fn passed_on<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    under(carried(), work)
}

/// What to pass on of a request with this id.
pub(crate) fn of(received: &Received, id: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for name in PASSED_ON {
        let value = received
            .get(name)
            .filter(|value| value.len() <= LONGEST)
            .and_then(|value| HeaderValue::from_bytes(value.as_bytes()).ok());
        if let Some(value) = value {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use actix_web::http::header;

    use super::*;

    #[tokio::test]
    async fn only_what_serves_a_request_carries_its_trace() {
        let mut received = Received::new();
        let name = |name| header::HeaderName::from_static(name);
        let value = |text: &str| header::HeaderValue::from_str(text).unwrap();
        received.insert(name("traceparent"), value("00-1-2-01"));
        received.insert(name("x-b3-traceid"), value(&"x".repeat(600)));
        received.insert(name("cookie"), value("Authorization=secret"));

        let inside = under(of(&received, "id-1"), async { carried() }).await;

        assert_eq!(inside.len(), 2);
        assert_eq!(inside["traceparent"], "00-1-2-01");
        assert_eq!(inside["x-request-id"], "id-1");
        assert!(carried().is_empty());
    }
}
