//! What `make bench-instructions` runs under callgrind: a hot read, many times, in
//! one process and without a socket.
//!
//! `bench-instructions policy|partner|unchanged REQUESTS`. The settings are those
//! of a service process (`PMS__…`), `TOKEN` is an access token of its issuer. The
//! rows are those of `benches/rows.sql`. Start-up and warm-up cost the same
//! whatever the number of requests, so the difference of two runs is the requests'.

use std::io::{Error, Result};

use actix_web::body::to_bytes;
use actix_web::dev::Service as _;
use actix_web::http::header::{COOKIE, ETAG, HeaderValue, IF_NONE_MATCH};
use actix_web::test::{TestRequest, init_service};
use pms_database::Clock;
use pms_runtime::Runtime;
use pms_web::server::Application;
use pms_web::{Settings, layered};

const PARTNERS: usize = 10_000;
const POLICIES: usize = 10_000;

fn path(kind: &str, number: usize) -> String {
    let partner = (number * 7919) % PARTNERS;
    match kind {
        "partner" => format!("/v1/partnermanager/partners/bt{partner}"),
        _ => {
            let policy = partner % POLICIES;
            format!("/v1/policymanager/policies/bp{policy}/partner/bt{partner}")
        }
    }
}

#[actix_web::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (kind, requests) = (arguments.next(), arguments.next());
    let kind = kind.ok_or_else(|| Error::other("policy, partner or unchanged"))?;
    let requests = requests.and_then(|text| text.parse().ok());
    let requests: usize = requests.ok_or_else(|| Error::other("how many requests"))?;
    let token = std::env::var("TOKEN").map_err(Error::other)?;
    let settings = Settings::load().map_err(Error::other)?;
    let _log = pms_web::telemetry::start(&settings.telemetry, "bench").map_err(Error::other)?;
    let runtime = Runtime::build(settings, "bench", Clock::system()).map_err(Error::other)?;
    let policies = pms_policy_service::module(&runtime).await;
    let partners = pms_partner_service::module(&runtime).await;
    // As deployed: one service in a process.
    let module = match kind.as_str() {
        "partner" => partners.map_err(Error::other)?,
        _ => policies.map_err(Error::other)?,
    };
    let extras = match kind.as_str() {
        "partner" => pms_partner_service::forwarding(&runtime),
        _ => None,
    };
    let application = Application {
        edge: runtime.edge.clone(),
        modules: vec![module],
        extras,
    };
    let app = init_service(layered!(application)).await;
    let cookie = format!("Authorization={token}");
    let mut tag: Option<HeaderValue> = None;
    let mut bytes = 0;
    for number in 0..requests {
        let unchanged = kind == "unchanged";
        let path = path(&kind, if unchanged { 1 } else { number });
        let mut request = TestRequest::get()
            .uri(&path)
            .insert_header((COOKIE, cookie.as_str()));
        if let Some(tag) = &tag {
            request = request.insert_header((IF_NONE_MATCH, tag.clone()));
        }
        let response = app.call(request.to_request()).await;
        let response = response.map_err(|error| Error::other(error.to_string()))?;
        let expected = if tag.is_some() { 304 } else { 200 };
        if response.status().as_u16() != expected {
            return Err(Error::other(format!("{path}: {}", response.status())));
        }
        if unchanged {
            tag = response.headers().get(ETAG).cloned();
        }
        let body = to_bytes(response.into_body()).await;
        let body = body.map_err(|_broken| Error::other("a body breaks off"))?;
        if expected == 200 && !body.ends_with(b"\"errors\":[]}") {
            return Err(Error::other(format!("{path} is refused")));
        }
        bytes += body.len();
    }
    if bytes == 0 {
        return Err(Error::other("no answer had a body"));
    }
    Ok(())
}
