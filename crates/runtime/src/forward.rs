//! partner-service passes certificate-service's prefixes on, unchanged
//! (decision 4): in-cluster callers know only one address.

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::TryStreamExt as _;
use pms_web::dispatch::busy;
use pms_web::server::Mount;

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

/// Headers that belong to one connection.
const HOP_BY_HOP: [header::HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::HOST,
    header::CONTENT_LENGTH,
];

/// Forwards [`PREFIXES`] to `target`, such as `http://pms-certificate.pms`.
pub fn mount(client: reqwest::Client, target: &str) -> Mount {
    let target: Arc<str> = target.trim_end_matches('/').into();
    Arc::new(move |app: &mut ServiceConfig| {
        for prefix in PREFIXES {
            let (client, target) = (client.clone(), Arc::clone(&target));
            app.service(
                web::resource(prefix).to(move |request: HttpRequest, body: web::Bytes| {
                    let (client, target) = (client.clone(), Arc::clone(&target));
                    async move { forward(&client, &target, &request, body).await }
                }),
            );
        }
    })
}

async fn forward(
    client: &reqwest::Client,
    target: &str,
    request: &HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let url = format!("{target}{}", request.uri());
    let Ok(method) = reqwest::Method::from_bytes(request.method().as_str().as_bytes()) else {
        return HttpResponse::BadRequest().finish();
    };
    let mut outgoing = client.request(method, url).body(body);
    for (name, value) in request.headers() {
        if !HOP_BY_HOP.contains(name) {
            outgoing = outgoing.header(name.as_str(), value.as_bytes());
        }
    }
    let answer = match outgoing.send().await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!(error = %error.without_url(), "certificate-service can't be reached");
            return busy(request.path());
        }
    };
    let status = StatusCode::from_u16(answer.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        let name = header::HeaderName::from_bytes(name.as_str().as_bytes());
        if let (Ok(name), Ok(value)) = (name, header::HeaderValue::from_bytes(value.as_bytes()))
            && !HOP_BY_HOP.contains(&name)
        {
            response.append_header((name, value));
        }
    }
    response.streaming(answer.bytes_stream().map_err(std::io::Error::other))
}
