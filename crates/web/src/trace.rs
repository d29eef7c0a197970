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
    static CARRIED: TraceContext;
}

/// What is passed on of a request. Headers are made of it when a peer is called,
/// which few requests need.
#[derive(Debug, Clone, Default)]
pub(crate) struct TraceContext {
    id: Option<Arc<str>>,
    traces: Option<Arc<[(&'static str, HeaderValue)]>>,
}

impl TraceContext {
    /// What to pass on of a request with this id.
    pub(crate) fn of(received: &Received, id: &Arc<str>) -> Self {
        let mut traces: Vec<(&'static str, HeaderValue)> = Vec::new();
        for (name, value) in received {
            let name = name.as_str();
            if !name.starts_with(['t', 'b', 'x']) || value.len() > LONGEST {
                continue;
            }
            let name = PASSED_ON.into_iter().find(|passed| *passed == name);
            // The first of several counts.
            let name = name.filter(|name| traces.iter().all(|(known, _)| known != name));
            if let Some(name) = name
                && let Ok(value) = HeaderValue::from_bytes(value.as_bytes())
            {
                traces.push((name, value));
            }
        }
        Self {
            id: Some(Arc::clone(id)),
            traces: (!traces.is_empty()).then(|| traces.into()),
        }
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let id = self.id.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(id)) = id {
            headers.insert(REQUEST_ID, id);
        }
        for (name, value) in self.traces.iter().flat_map(|traces| traces.iter()) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
        headers
    }
}

fn of_task() -> TraceContext {
    CARRIED.try_with(TraceContext::clone).unwrap_or_default()
}

/// The trace headers of the request that this task serves; none elsewhere.
pub fn carried() -> HeaderMap {
    CARRIED.try_with(TraceContext::headers).unwrap_or_default()
}

/// Serves a request under its trace.
pub(crate) async fn under<T>(carried: TraceContext, served: impl Future<Output = T>) -> T {
    let id = carried.id.clone();
    CARRIED
        .scope(carried, pms_database::request::serving(id, served))
        .await
}

/// Work of the request that this task serves, for a task of its own.
pub fn passed_on<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    under(of_task(), work)
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

        let carried_then = TraceContext::of(&received, &Arc::from("id-1"));
        let inside = under(carried_then, async { carried() }).await;

        assert_eq!(inside.len(), 2);
        assert_eq!(inside["traceparent"], "00-1-2-01");
        assert_eq!(inside["x-request-id"], "id-1");
        assert!(carried().is_empty());
    }
}
