//! A stand-in below a path of a running server.

use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use chrono::{DateTime, TimeDelta};
use pms_database::Clock;
use pms_peers::{Claims, Guard, StandIn, Work};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

const PREFIX: &str = "/dev/peers/one";

/// A token gives the roles that it lists, such as `roles:A+B`.
struct Listed;

impl Guard for Listed {
    fn claims(&self, token: &str) -> Option<Claims> {
        let roles = token.strip_prefix("roles:")?.split('+');
        Some(Claims {
            roles: roles.map(str::to_owned).collect(),
            scopes: Vec::new(),
        })
    }
}

pub struct Running<W> {
    pub stand_in: StandIn<W>,
    pub clock: Clock,
    server: actix_test::TestServer,
    http: Client,
}

pub fn run<W: Work>(work: W) -> Running<W> {
    let at = DateTime::parse_from_rfc3339("2026-11-24T10:00:00Z").unwrap();
    let clock = Clock::fixed(at.to_utc());
    let stand_in = StandIn::new(work, Arc::new(Listed), clock.clone(), "").recording();
    let mounted = stand_in.clone();
    let server = actix_test::start(move || App::new().configure(|app| mounted.mount(app, PREFIX)));
    stand_in.moved(&server.url(PREFIX));
    let http = Client::builder()
        .timeout(Duration::from_secs(20))
        .no_proxy();
    Running {
        stand_in,
        clock,
        server,
        http: http.build().unwrap(),
    }
}

impl<W: Work> Running<W> {
    pub fn url(&self, path: &str) -> String {
        self.server.url(&format!("{PREFIX}{path}"))
    }

    /// A request without a token.
    pub fn open(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// A request with a token, as cookie and as bearer token.
    pub fn ask(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.open(method, path)
            .header("Cookie", format!("a=b; Authorization={token}"))
            .bearer_auth(token)
    }

    pub fn wait(&self, seconds: i64) {
        self.clock
            .set(self.clock.now() + TimeDelta::seconds(seconds));
    }
}

pub async fn status(request: RequestBuilder) -> StatusCode {
    request.send().await.unwrap().status()
}

pub async fn read(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, body)
}

/// The error codes of a body.
pub fn codes(body: &Value) -> Vec<&str> {
    let errors = body["errors"].as_array().into_iter().flatten();
    errors
        .map(|error| error["errorCode"].as_str().unwrap())
        .collect()
}
