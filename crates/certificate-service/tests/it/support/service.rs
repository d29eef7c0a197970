//! Replicas of the service on one database, each its own key manager.

use std::net::TcpListener;
use std::rc::Rc;

use chrono::{DateTime, Utc};
use pms_database::Clock;
use pms_runtime::{Runtime, RuntimeError};
use pms_testkit::bodies::plain;
use pms_testkit::peers::IdentityPeer;
use pms_testkit::rows::PartnerRow;
use pms_testkit::{Reply, TestDatabase, Who, tokens};
use pms_web::server::Module;
use serde_json::{Value, json};
use tokio::sync::oneshot;

pub const KM: &str = "/v1/keymanager";
pub const PARTNERS: &str = "/v1/partnermanager/partners";
pub const KEK: &str = "4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b";

/// The database and the peers that replicas share.
pub struct Stage {
    pub database: TestDatabase,
    pub clock: Clock,
    identity: IdentityPeer,
    client: reqwest::Client,
}

/// One running process.
pub struct Replica {
    stage: Rc<Stage>,
    base: String,
    stop: Option<oneshot::Sender<()>>,
}

impl Stage {
    pub fn new() -> Rc<Self> {
        Self::with_clock(Clock::fixed(at("2026-11-24T10:00:00Z")))
    }

    pub fn with_clock(clock: Clock) -> Rc<Self> {
        let client = reqwest::Client::builder()
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .unwrap();
        let (database, identity) = (TestDatabase::seeded(), IdentityPeer::start());
        Rc::new(Self {
            database,
            clock,
            identity,
            client,
        })
    }

    /// The shared parts of a process, whose key manager is at `address`.
    pub fn runtime(&self, address: &str, overrides: &[(&str, &str)]) -> Runtime {
        let (url, jwks) = (self.database.url(), self.identity.jwks_url());
        let token = self.identity.token_endpoint();
        let mut settings: Vec<(&str, &str)> = vec![
            ("database.url", &url),
            ("database.pool_size", "4"),
            ("server.workers", "1"),
            ("server.drain_seconds", "0"),
            ("server.shutdown_seconds", "1"),
            ("outbox.dispatch", "false"),
            ("auth.issuer", tokens::ISSUER),
            ("auth.jwks_url", &jwks),
            ("service_account.token_endpoint", &token),
            ("service_account.client_secret", "test"),
            ("audit.url", "http://127.0.0.1:9/audits"),
            ("services.certificate_url", address),
            ("key_manager.kek", KEK),
        ];
        settings.extend_from_slice(overrides);
        let settings = pms_web::Settings::with_overrides(&settings).unwrap();
        Runtime::build(settings, "test", self.clock.clone()).unwrap()
    }

    /// What a process makes of these settings at its start.
    pub async fn module(&self, overrides: &[(&str, &str)]) -> Result<Module, RuntimeError> {
        pms_certificate_service::module(&self.runtime("http://127.0.0.1:9", overrides)).await
    }

    /// One running process.
    pub async fn start(self: &Rc<Self>, overrides: &[(&str, &str)]) -> Replica {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let runtime = self.runtime(&base, overrides);
        let module = pms_certificate_service::module(&runtime).await.unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        actix_web::rt::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            runtime
                .serve(listener, vec![module], None, stopped)
                .await
                .unwrap();
        });
        Replica {
            stage: Rc::clone(self),
            base,
            stop: Some(stop),
        }
    }

    pub fn sql(&self, statements: &str) {
        self.database.sql(statements);
    }

    /// One value as text, or `NULL`.
    pub fn text(&self, query: &str) -> String {
        self.database
            .text(query)
            .unwrap_or_else(|| "NULL".to_owned())
    }

    /// A partner, `InProgress` and not active.
    pub fn partner(&self, id: &str, name: &str, kind: &str) {
        self.database.partner(&PartnerRow {
            id,
            user: id,
            name: Some(name),
            kind,
            group: None,
            status: "InProgress",
            active: false,
            alias: None,
            email: &format!("{id}@example.org"),
            ..PartnerRow::default()
        });
    }

    /// Topic and payload of the queued rows of a queue, oldest first; trust chains
    /// are events too.
    pub fn queued(&self, wanted: &str) -> Vec<(String, Value)> {
        self.database.queued(wanted)
    }

    pub fn audits(&self) -> Vec<String> {
        self.queued("audit").into_iter().map(|(id, _)| id).collect()
    }
}

impl Replica {
    /// Its address, without a path.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub async fn send(&self, who: &Who, method: &str, path: &str, body: Option<String>) -> Reply {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self
            .stage
            .client
            .request(method, format!("{}{path}", self.base));
        let expires = self.stage.clock.now().timestamp() + 3600;
        let token = match who {
            Who::Nobody => None,
            Who::Token(token) => Some(token.clone()),
            Who::User(name, roles) => {
                let roles: Vec<&str> = roles.iter().map(String::as_str).collect();
                Some(tokens::sign(&tokens::claims(name, &roles, expires)))
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
        Reply {
            status,
            headers: Vec::new(),
            text: response.text().await.unwrap(),
        }
    }

    /// `POST` of a request in its envelope.
    pub async fn post(&self, who: &Who, path: &str, request: Value) -> Reply {
        let body =
            json!({ "id": "an id", "version": "1.0", "requesttime": null, "request": request });
        self.send(who, "POST", path, Some(body.to_string())).await
    }

    /// The present time as requests of the newer kind tell it.
    pub fn request_time(&self) -> String {
        let now = self.stage.clock.now();
        now.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
    }

    /// The present time, in seconds since 1970.
    pub fn now(&self) -> i64 {
        self.stage.clock.now().timestamp()
    }

    /// What a client without a token gets, headers and all.
    pub async fn fetch(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = self.stage.client.get(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    pub async fn get(&self, who: &Who, path: &str) -> Reply {
        self.send(who, "GET", path, None).await
    }

    /// An operation of the key manager, by a caller who may.
    pub async fn km(&self, operation: &str, request: Value) -> Reply {
        self.post(&zonal(), &format!("{KM}/{operation}"), request)
            .await
    }

    /// Adds certificates to the trust of a domain, and expects it to work.
    pub async fn trust(&self, pem: &str, domain: &str) {
        let reply = self.upload_ca(pem, domain).await;
        assert_eq!(
            reply.response()["status"],
            "Upload Success.",
            "{}",
            reply.text
        );
    }

    pub async fn upload_ca(&self, pem: &str, domain: &str) -> Reply {
        let request = json!({ "certificateData": pem, "partnerDomain": domain });
        self.km("uploadCACertificate", request).await
    }

    pub async fn upload_partner(&self, pem: &str, organization: &str, domain: &str) -> Reply {
        let request = json!({
            "certificateData": pem,
            "organizationName": organization,
            "partnerDomain": domain,
        });
        self.km("uploadPartnerCertificate", request).await
    }

    /// PEM of the current certificate of a key.
    pub async fn certificate(&self, app_id: &str, ref_id: &str) -> String {
        let path = format!("{KM}/getCertificate?applicationId={app_id}&referenceId={ref_id}");
        self.get(&zonal(), &path).await.response()["certificate"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have failed before, which its own panic tells.
            let _gone = stop.send(());
        }
    }
}

/// A caller who may use every operation of the key manager.
pub fn zonal() -> Who {
    Who::user("zonal", &["ZONAL_ADMIN", "PARTNER_ADMIN", "KEY_MAKER"])
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A success of the key manager, which echoes the `id` and `version` of the tests'
/// requests.
pub fn echoed(response: &Value) -> Value {
    let mut body = unnamed(response);
    body["id"] = json!("an id");
    body["version"] = json!("1.0");
    body
}

/// A success of a read of the key manager, which has no envelope to echo.
pub fn unnamed(response: &Value) -> Value {
    let mut body = plain(response);
    body["errors"] = Value::Null;
    body
}

/// `(errorCode, message)`.
pub fn error(code: &str, message: &str) -> (String, String) {
    (code.to_owned(), message.to_owned())
}
