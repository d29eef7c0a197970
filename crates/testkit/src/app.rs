//! A whole service on a free port, with a database of its own.

mod reply;

use chrono::{DateTime, Utc};
use pms_database::{Clock, Db};
use pms_runtime::{Runtime, RuntimeError};
use pms_web::layered;
use pms_web::server::{Application, Module};
use serde_json::{Value, json};

pub use self::reply::{Reply, Who};
use crate::TestDatabase;
use crate::peers::IdentityPeer;
use crate::tokens;

/// Builds a [`TestApp`].
pub struct TestAppBuilder {
    settings: Vec<(String, String)>,
    seeded: bool,
    database: Option<TestDatabase>,
    at: DateTime<Utc>,
}

/// A running service.
pub struct TestApp {
    /// Its database.
    pub database: TestDatabase,
    /// Its clock, which stands still.
    pub clock: Clock,
    /// Its shared parts.
    pub runtime: Runtime,
    server: actix_test::TestServer,
    client: reqwest::Client,
    _identity: IdentityPeer,
}

impl TestApp {
    /// A service on an empty migrated database.
    pub async fn start<F>(build: F) -> Self
    where
        F: AsyncFnOnce(&Runtime) -> Result<Module, RuntimeError>,
    {
        Self::builder().start(build).await
    }

    /// Builds a service with settings of its own.
    pub fn builder() -> TestAppBuilder {
        let at = DateTime::parse_from_rfc3339("2026-11-24T10:00:00Z").unwrap();
        TestAppBuilder {
            settings: Vec::new(),
            seeded: false,
            database: None,
            at: at.with_timezone(&Utc),
        }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    /// A pool on its database.
    pub fn db(&self) -> Db {
        self.database.db()
    }

    /// A token for a user, good for an hour of the app's clock.
    pub fn token(&self, user: &str, roles: &[&str]) -> String {
        let expires = self.clock.now().timestamp() + 3600;
        tokens::sign(&tokens::claims(user, roles, expires))
    }

    /// `GET`.
    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        self.send(who, "GET", path, None).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, who: &Who, path: &str, body: &Value) -> Reply {
        self.send(who, "POST", path, Some(body.to_string())).await
    }

    /// `PUT` with a JSON body.
    pub async fn put(&self, who: &Who, path: &str, body: &Value) -> Reply {
        self.send(who, "PUT", path, Some(body.to_string())).await
    }

    /// `PATCH` with a JSON body.
    pub async fn patch(&self, who: &Who, path: &str, body: &Value) -> Reply {
        self.send(who, "PATCH", path, Some(body.to_string())).await
    }

    /// Any request; a body is sent as `application/json`, whatever it holds.
    pub async fn send(&self, who: &Who, method: &str, path: &str, body: Option<String>) -> Reply {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, self.url(path));
        let token = match who {
            Who::Nobody => None,
            Who::Token(token) => Some(token.clone()),
            Who::User(name, roles) => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                Some(self.token(name, &roles))
            }
        };
        if let Some(token) = token {
            request = request.header("cookie", format!("Authorization={token}"));
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or("?").to_owned()))
            .collect();
        Reply {
            status,
            headers,
            text: response.text().await.unwrap(),
        }
    }

    /// A V1 request envelope with the app's time.
    pub fn v1(&self, request: &Value) -> Value {
        json!({
            "id": "string",
            "version": "string",
            "requesttime": self.now_text(),
            "metadata": {},
            "request": request,
        })
    }

    /// The app's time as envelopes spell it.
    pub fn now_text(&self) -> String {
        self.clock
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    }

    /// Queued events: topic and envelope, oldest first.
    pub fn events(&self) -> Vec<(String, Value)> {
        self.database.queued("event")
    }

    /// Queued audit records: event id and record, oldest first. Stored only
    /// when the app has an `audit.url`, which the builder sets.
    pub fn audits(&self) -> Vec<(String, Value)> {
        self.database.queued("audit")
    }

    /// Queued mails: kind and content, oldest first.
    pub fn mails(&self) -> Vec<(String, Value)> {
        self.database.queued("mail")
    }
}

impl TestAppBuilder {
    /// Sets `section.key`.
    #[must_use]
    pub fn setting(mut self, key: &str, value: &str) -> Self {
        self.settings.push((key.to_owned(), value.to_owned()));
        self
    }

    /// Sets each `section.key`.
    #[must_use]
    pub fn settings(self, settings: &[(&str, impl AsRef<str>)]) -> Self {
        let each = settings.iter();
        each.fold(self, |builder, (key, value)| {
            builder.setting(key, value.as_ref())
        })
    }

    /// Starts on a database with the default rows.
    #[must_use]
    pub fn seeded(mut self) -> Self {
        self.seeded = true;
        self
    }

    /// Starts on this database, which has the schema already.
    #[must_use]
    pub fn on(mut self, database: TestDatabase) -> Self {
        self.database = Some(database);
        self
    }

    /// Sets the clock.
    #[must_use]
    pub fn at(mut self, at: DateTime<Utc>) -> Self {
        self.at = at;
        self
    }

    /// Starts the service. No dispatcher runs: what is queued stays queued.
    pub async fn start<F>(self, build: F) -> TestApp
    where
        F: AsyncFnOnce(&Runtime) -> Result<Module, RuntimeError>,
    {
        let database = match self.database {
            Some(database) => database,
            None if self.seeded => TestDatabase::seeded(),
            None => TestDatabase::new(),
        };
        let identity = IdentityPeer::start();
        let (url, jwks, token) = (
            database.url(),
            identity.jwks_url(),
            identity.token_endpoint(),
        );
        let mut settings: Vec<(&str, &str)> = vec![
            ("database.url", &url),
            ("database.pool_size", "4"),
            ("auth.issuer", tokens::ISSUER),
            ("auth.jwks_url", &jwks),
            ("service_account.token_endpoint", &token),
            ("service_account.client_secret", "test"),
            ("audit.url", "http://127.0.0.1:9/audits"),
        ];
        settings.extend(
            self.settings
                .iter()
                .map(|(key, value)| (key.as_str(), value.as_str())),
        );
        let settings = pms_web::Settings::with_overrides(&settings).unwrap();
        let clock = Clock::fixed(self.at);
        let runtime = Runtime::build(settings, "test", clock.clone()).unwrap();
        let module = build(&runtime).await.unwrap();
        let application = Application {
            edge: runtime.edge.clone(),
            modules: vec![module],
            extras: None,
        };
        application.check().unwrap();
        let server = actix_test::start(move || layered!(application.clone()));
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        TestApp {
            database,
            clock,
            runtime,
            server,
            client,
            _identity: identity,
        }
    }
}
