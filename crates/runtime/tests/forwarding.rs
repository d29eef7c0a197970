//! What partner-service passes on to certificate-service, and what it keeps.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "test code"
)]

use std::sync::Arc;

use actix_test::TestServer;
use actix_web::{App, HttpResponse, web};
use futures_util::future::join_all;
use pms_integrations::observer::Peer;
use pms_runtime::{Runtime, RuntimeError, forward};
use pms_testkit::peers::{Behaviour, RecordingPeer};
use pms_testkit::waiting::eventually;
use pms_testkit::{TestApp, TestAppBuilder, logs};
use pms_web::layered;
use pms_web::openapi::Written;
use pms_web::server::{Application, Module};
use pms_web::service::PARTNER;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const UPLOAD: &str = "/v1/partnermanager/partners/certificate/upload";

struct Stage {
    app: TestApp,
    server: TestServer,
}

impl Stage {
    async fn new(target: &str) -> Self {
        Self::with(target, TestApp::builder()).await
    }

    async fn with(target: &str, builder: TestAppBuilder) -> Self {
        let build = async |runtime: &Runtime| {
            Ok::<_, RuntimeError>(Module {
                service: &PARTNER,
                routes: Vec::new().into(),
                documented: Vec::new().into(),
                document: Written::default(),
                data: Arc::new(|_| {}),
                health: runtime.health(),
                background: None,
            })
        };
        let app = builder.start(build).await;
        let application = Application {
            edge: app.runtime.edge.clone(),
            modules: Vec::new(),
            extras: Some(forward::mount(
                app.runtime.client.clone(),
                target,
                app.runtime.observer.breaker(Peer::CertificateService),
            )),
        };
        let server = actix_test::start(move || layered!(application.clone()));
        Self { app, server }
    }

    fn cookie(&self) -> String {
        let token = self.app.token("admin", &["PARTNER_ADMIN"]);
        format!("Authorization={token}")
    }

    fn upload(&self, body: String) -> reqwest::RequestBuilder {
        let request = self.app.runtime.client.post(self.server.url(UPLOAD));
        request.header("cookie", self.cookie()).body(body)
    }

    /// Calls that the breaker refused, as the metrics count them.
    fn refused(&self) -> u64 {
        let page = self.app.runtime.edge.metrics().page(&self.app.db());
        let page = String::from_utf8(page.unwrap()).unwrap();
        let mut lines = page.lines();
        let line = lines.find(|line| line.starts_with("peer_calls_refused_total{"));
        let number = line.unwrap().rsplit(' ').next();
        number.unwrap().parse().unwrap()
    }

    /// Sends a request with this target as it is, and reads all of the answer.
    async fn raw(&self, method: &str, target: &str) -> String {
        self.raw_of_length(method, target, 0).await
    }

    /// Announces an upload of so many bytes, sends none of them, and reads the answer.
    async fn raw_upload(&self, length: usize) -> String {
        self.raw_of_length("POST", UPLOAD, length).await
    }

    async fn raw_of_length(&self, method: &str, target: &str, length: usize) -> String {
        let address = self.server.addr();
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "{method} {target} HTTP/1.1\r\nhost: x\r\ncookie: {}\r\ncontent-length: {length}\r\n\
             te: trailers\r\nx-request-id: mine\r\nconnection: close\r\n\r\n",
            self.cookie()
        );
        socket.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        socket.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn recording() -> RecordingPeer {
    RecordingPeer::start(Behaviour::Answer(200, r#"{"from":"peer"}"#.to_owned()))
}

#[actix_web::test]
async fn bodies_pass_as_far_as_the_limit_of_the_service() {
    let counting = actix_test::start(|| {
        let count = async |body: web::Bytes| HttpResponse::Ok().body(body.len().to_string());
        let limit = web::PayloadConfig::new(8_000_000);
        App::new().app_data(limit).default_service(web::to(count))
    });
    let stage = Stage::new(&counting.url("")).await;

    let fits = stage.upload("x".repeat(1_000_000)).send().await.unwrap();
    let large = stage.raw_upload(4_194_305).await;

    assert_eq!(fits.status(), 200);
    assert_eq!(fits.headers()["content-length"], "7");
    assert!(!fits.headers().contains_key("transfer-encoding"));
    assert_eq!(fits.text().await.unwrap(), "1000000");
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    assert!(
        large.contains("content-type: application/problem+json\r\n"),
        "{large}"
    );
}

#[actix_web::test]
async fn only_path_and_query_say_where_a_request_goes() {
    let peer = recording();
    let stage = Stage::new(&peer.url()).await;

    for (method, target) in [
        ("GET", "http://other.test/v1/partnermanager/misps?a=b"),
        ("GET", ".other.test://x/v1/partnermanager/misps?a=b"),
        ("GET", "x://other.test:1/v1/partnermanager/misps?a=b"),
        ("HEAD", "/v1/partnermanager/misps?a=b"),
    ] {
        let before = peer.recorded().len();

        let answer = stage.raw(method, target).await;

        assert!(answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
        let requested = peer.recorded().pop().unwrap();
        assert_eq!(requested.uri, "/v1/partnermanager/misps?a=b");
        assert_eq!(
            (peer.recorded().len(), requested.method.as_str()),
            (before + 1, method)
        );
    }
}

#[actix_web::test]
async fn nobody_climbs_from_a_forwarded_prefix_to_the_key_manager() {
    let peer = recording();
    let stage = Stage::new(&peer.url()).await;

    for path in [
        "/v1/partnermanage%72/misps/../../keymanager/decrypt",
        "/v1/partnermanager/misps/../../keymanager/decrypt",
        "/v1/partnermanager/misps/%2e%2e/%2E%2E/keymanager/decrypt",
        "/v1/partnermanager/crl/..%2f..%2fkeymanager/decrypt",
        "/v1/partnermanager/crl/..\\..\\keymanager/decrypt",
        "/v1/partnermanage%72/crl/x",
    ] {
        let answer = stage.raw("POST", path).await;

        assert!(answer.starts_with("HTTP/1.1 400"), "{path}: {answer}");
    }
    assert!(peer.recorded().is_empty());
}

#[actix_web::test]
async fn an_unreachable_certificate_service_is_503_with_retry_after() {
    let stage = Stage::new("http://127.0.0.1:9").await;

    let reply = stage.upload("{}".to_owned()).send().await.unwrap();

    assert_eq!(reply.status(), 503);
    assert_eq!(reply.headers()["retry-after"], "2");
}

#[actix_web::test]
async fn a_certificate_service_that_hangs_is_not_waited_for_by_every_request() {
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let builder = TestApp::builder().setting("limits.request_seconds", "1");
    let stage = Stage::with(&frozen.url(), builder).await;
    let send = async || stage.upload("x".to_owned()).send().await.unwrap();

    for _ in 0..3 {
        assert_eq!(send().await.status(), 503);
    }
    for _ in 0..5 {
        let answer = send().await;
        assert_eq!(answer.status(), 503);
        assert!(answer.headers().contains_key("retry-after"));
    }

    // A request that waits is one that the peer recorded.
    assert_eq!(frozen.recorded().len(), 3);
}

#[actix_web::test]
async fn requests_that_are_refused_meanwhile_are_counted_and_have_no_line_each() {
    let texts = ["calm-request", "certificate_service"].map(str::to_owned);
    logs::watch(&texts);
    let [ids, peer] = texts;
    let frozen = RecordingPeer::start(Behaviour::Hang);
    let builder = TestApp::builder().setting("limits.request_seconds", "1");
    let stage = Stage::with(&frozen.url(), builder).await;
    let send = async |id: &str| {
        let request = stage.upload("x".to_owned()).header("x-request-id", id);
        request.send().await.unwrap().status()
    };

    join_all((0..3).map(|_| send("hung"))).await;
    join_all((0..200).map(|_| send(&ids))).await;
    frozen.behave(Behaviour::Answer(200, "{}".to_owned()));
    eventually("it is called again", async || send(&ids).await == 200).await;

    let mut own = logs::holding(&[ids]);
    own.retain(|line| line.contains("WARN") || line.contains("ERROR"));
    assert_eq!(own, Vec::<String>::new());
    let refused = stage.refused();
    assert!(refused >= 200, "{refused}");
    let told: Vec<u64> = logs::holding(&[peer])
        .iter()
        .filter_map(|line| line.split_once(" refused=")?.1.split_whitespace().next())
        .map(|number| number.parse().unwrap())
        .collect();
    assert!(told.len() <= 2, "{told:?}");
    assert_eq!(told.iter().sum::<u64>(), refused);
}
