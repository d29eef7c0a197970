//! partner-service passes certificate-service's prefixes on, unchanged:
//! in-cluster callers know only one address.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::SizedStream;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use futures_util::TryStreamExt as _;
use pms_integrations::Breaker;
use pms_integrations::http::reason;
use pms_web::Edge;
use pms_web::body::collect;
use pms_web::dispatch::{below, busy};
use pms_web::server::Mount;
use pms_web::telemetry::RequestId;

/// Paths below `/v1/partnermanager` that certificate-service owns.
pub const PREFIXES: [&str; 8] = [
    "/v1/partnermanager/misps",
    "/v1/partnermanager/misps/{tail:.*}",
    "/v1/partnermanager/partners/certificate/{tail:.*}",
    "/v1/partnermanager/partners/partner-certificates-details",
    "/v1/partnermanager/trust-chain-certificates",
    "/v1/partnermanager/trust-chain-certificates/{tail:.*}",
    "/v1/partnermanager/certificates/{tail:.*}",
    "/v1/partnermanager/crl/{tail:.*}",
];

/// Stands in [`PREFIXES`] for all paths below one.
const TAIL: &str = "/{tail:.*}";

/// Headers that belong to one connection, and the request id, which is ours.
const NOT_PASSED_ON: [&str; 11] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-authenticate",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-request-id",
];

/// Forwards [`PREFIXES`] to `target`, such as `http://pms-certificate.pms`; not
/// while `breaker` says that it hangs.
pub fn mount(client: reqwest::Client, target: &str, breaker: Breaker) -> Mount {
    let target: Arc<str> = target.trim_end_matches('/').into();
    Arc::new(move |app: &mut ServiceConfig| {
        for prefix in PREFIXES {
            let to = Arc::new(Target {
                client: client.clone(),
                address: Arc::clone(&target),
                breaker: breaker.clone(),
            });
            let pass_on = move |request: HttpRequest, body: web::Payload| {
                let to = Arc::clone(&to);
                async move {
                    let limit = Edge::of(&request).request_timeout();
                    let answer = forward(&to, limit, &request, body);
                    let in_time = tokio::time::timeout(limit, answer).await;
                    in_time.unwrap_or_else(|_| busy(request.path()))
                }
            };
            match prefix.strip_suffix(TAIL) {
                Some(prefix) => app.service(below(prefix, pass_on)),
                None => app.service(web::resource(prefix).to(pass_on)),
            };
        }
    })
}

/// Where requests are passed on to.
struct Target {
    client: reqwest::Client,
    address: Arc<str>,
    breaker: Breaker,
}

/// What is left of a request's time when its answer is given up: the breaker must
/// hear of it before the request ends.
const MARGIN: Duration = Duration::from_millis(100);

async fn forward(
    to: &Target,
    limit: Duration,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let until = Instant::now() + limit;
    let body = match collect(request, payload.into_inner()).await {
        Ok(body) => body,
        Err(refusal) => return refusal.answer(request.path(), Edge::of(request).now()),
    };
    // Never the whole URI: a client may send one with a host of its own.
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let Ok(method) = reqwest::Method::from_bytes(request.method().as_str().as_bytes()) else {
        return HttpResponse::BadRequest().finish();
    };
    let Ok(permit) = to.breaker.permit() else {
        return busy(request.path());
    };
    // The time that the client took for its body is gone.
    let left = until.saturating_duration_since(Instant::now());
    let target = &to.address;
    let mut outgoing = to
        .client
        .request(method, format!("{target}{path}"))
        .timeout(left.saturating_sub(MARGIN))
        .body(body);
    for (name, value) in request.headers() {
        if !NOT_PASSED_ON.contains(&name.as_str()) {
            outgoing = outgoing.header(name.as_str(), value.as_bytes());
        }
    }
    if let Some(id) = request.extensions().get::<RequestId>() {
        outgoing = outgoing.header("x-request-id", &*id.0);
    }
    let answer = outgoing.send().await;
    match &answer {
        Err(error) if error.is_timeout() => permit.timed_out(),
        _ => permit.answered(),
    }
    match answer {
        Ok(answer) => response(request, answer),
        Err(error) => {
            let error = reason(&error);
            pms_log::error("certificate-service can't be reached", error, |line| {
                tracing::error!(error, "{line}");
            });
            busy(request.path())
        }
    }
}

fn response(request: &HttpRequest, answer: reqwest::Response) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        let passed = !NOT_PASSED_ON.contains(&name.as_str());
        let name = header::HeaderName::from_bytes(name.as_str().as_bytes());
        if let (true, Ok(name), Ok(value)) = (
            passed,
            name,
            header::HeaderValue::from_bytes(value.as_bytes()),
        ) {
            response.append_header((name, value));
        }
    }
    let length = answer.content_length();
    if request.method() == Method::HEAD {
        return response.finish();
    }
    let stream = answer.bytes_stream().map_err(std::io::Error::other);
    match length {
        Some(length) => response.body(SizedStream::new(length, stream)),
        None => response.streaming(stream),
    }
}
