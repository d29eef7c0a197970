//! A running server with provider and hub, and a client for it.

use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use actix_web::{App, HttpServer};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use pms::hub::{Hub, HubOptions};
use pms::identity::{Identity, IdentityOptions};
use pms_database::Clock;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

pub const REALM: &str = "/auth/realms/mosip";
pub const TOKEN: &str = "/auth/realms/mosip/protocol/openid-connect/token";
pub const SECRET: &str = "s3cret & more";

/// Provider and hub behind a port of their own, with a clock that only tests move.
pub struct Site {
    pub base: Url,
    pub identity: Identity,
    pub hub: Hub,
    pub clock: Clock,
    pub data: TempDir,
    pub http: Client,
}

impl Site {
    pub async fn start() -> Self {
        Self::with_hub(|_| {}).await
    }

    pub async fn with_hub(change: impl FnOnce(&mut HubOptions)) -> Self {
        let data = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Clock::system().now());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let identity = open(data.path(), &base, &clock);

        let mut options =
            HubOptions::new(base.join("/dev/hub/").unwrap(), Arc::new(identity.clone()));
        options.first_pause = Duration::from_millis(1);
        options.clock = clock.clone();
        change(&mut options);
        let hub = Hub::open(options).unwrap();

        let (served, mounted) = (identity.clone(), hub.clone());
        let server = HttpServer::new(move || {
            App::new()
                .configure(|app| served.configure(app))
                .configure(|app| mounted.configure(app))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        actix_web::rt::spawn(server);

        let redirects = reqwest::redirect::Policy::none();
        let timeout = Duration::from_secs(20);
        let http = Client::builder()
            .redirect(redirects)
            .timeout(timeout)
            .no_proxy();
        Self {
            base,
            identity,
            hub,
            clock,
            data,
            http: http.build().unwrap(),
        }
    }

    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path))
    }

    /// Asks the token endpoint.
    pub async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        read(self.post(TOKEN).form(form).send().await.unwrap()).await
    }

    /// Tokens of a user by the password grant.
    pub async fn password_grant(&self, username: &str, password: &str) -> (StatusCode, Value) {
        let (client, grant) = (("client_id", "pms-demo"), ("grant_type", "password"));
        self.token(&[
            client,
            grant,
            ("username", username),
            ("password", password),
        ])
        .await
    }

    /// Registers a user by the JSON endpoint.
    pub async fn create_user(&self, user: Value) -> (StatusCode, Value) {
        read(
            self.post("/auth/realms/mosip/dev/users")
                .json(&user)
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    /// The claims of a token, its signature checked with the key the server publishes.
    pub async fn claims(&self, token: &str, audience: &str) -> Value {
        let jwks: JwkSet = self
            .http
            .get(self.identity.jwks_url())
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let header = decode_header(token).unwrap();
        let key = jwks.find(&header.kid.unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_audience(&[audience]);
        validation.set_issuer(&[self.identity.issuer().as_str()]);
        decode::<Value>(token, &DecodingKey::from_jwk(key).unwrap(), &validation)
            .unwrap()
            .claims
    }

    /// The claims of the access token in an answer of the token endpoint.
    pub async fn access_claims(&self, tokens: &Value) -> Value {
        self.claims(tokens["access_token"].as_str().unwrap(), "mosip-pms-client")
            .await
    }

    /// Moves the clock forward.
    pub fn wait(&self, seconds: i64) {
        self.clock
            .set(self.clock.now() + chrono::TimeDelta::seconds(seconds));
    }
}

pub fn open(data: &Path, base: &Url, clock: &Clock) -> Identity {
    let mut options = IdentityOptions::new(data.to_owned(), base.clone(), SECRET.into());
    options.clock = clock.clone();
    Identity::open(options).unwrap()
}

/// Status and JSON body.
pub async fn read(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    let text = response.text().await.unwrap();
    (
        status,
        serde_json::from_str(&text).unwrap_or(Value::String(text)),
    )
}

/// An error body of the token endpoint.
pub fn error(code: &str, description: &str) -> Value {
    json!({"error": code, "error_description": description})
}
