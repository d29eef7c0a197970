//! What a client can do to the server with a bare socket: memory and connections that
//! it may hold, and how long.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use pms_testkit::TestApp;
use pms_testkit::waiting::eventually;
use pms_web::server::{Application, serve};
use pms_web::service::POLICY;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::sample::{module, start};

const BASE: &str = "/v1/policymanager";

/// Far more than any limit of these tests.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server as `serve` starts it, whose limits are short.
struct Stage {
    app: TestApp,
    address: SocketAddr,
    stop: tokio::sync::oneshot::Sender<()>,
    server: actix_web::rt::task::JoinHandle<std::io::Result<()>>,
}

impl Stage {
    async fn new(settings: &[(&str, &str)]) -> Self {
        let builder = TestApp::builder()
            .setting("server.drain_seconds", "0")
            .setting("server.shutdown_seconds", "1")
            .settings(settings);
        let app = start(builder, &POLICY).await;
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let application = Application {
            edge: app.runtime.edge.clone(),
            modules: vec![module(&app.runtime, &POLICY)],
            extras: None,
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let settings = app.runtime.settings.clone();
        let server = actix_web::rt::spawn(async move {
            let stop = async {
                let _ = stopped.await;
            };
            let (finishing, _) = tokio::sync::oneshot::channel();
            serve(listener, &settings, application, stop, finishing).await
        });
        Self {
            app,
            address,
            stop,
            server,
        }
    }

    async fn end(self) {
        self.stop.send(()).unwrap();
        self.server.await.unwrap().unwrap();
    }

    async fn send(&self, head: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(head.as_bytes()).await.unwrap();
        socket
    }
}

/// The status line of the next answer.
async fn status(socket: &mut TcpStream) -> String {
    let mut start = [0; 12];
    let read = socket.read_exact(&mut start);
    tokio::time::timeout(PATIENCE, read)
        .await
        .expect("an answer")
        .unwrap();
    String::from_utf8_lossy(&start).into_owned()
}

/// Sends `part` again and again until the connection is closed.
async fn until_closed(socket: &mut TcpStream, part: &[u8], pause: Duration) {
    let sending = async {
        while socket.write_all(part).await.is_ok() {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
        }
    };
    tokio::time::timeout(PATIENCE, sending)
        .await
        .expect("an end of the connection");
}

#[actix_web::test]
async fn a_body_in_chunks_is_not_taken_after_the_answer() {
    let stage = Stage::new(&[]).await;
    let token = stage.app.token("admin", &["PARTNER_ADMIN"]);
    let known = format!("cookie: Authorization={token}\r\n");
    let large = format!("{:x}\r\n{}\r\n", 65_536, "x".repeat(65_536));

    for (method, path, cookie, expected) in [
        ("POST", "/things", "", "401"),
        ("POST", "/none", &*known, "404"),
        ("DELETE", "/things", &known, "405"),
        ("POST", "/things", &known, "413"),
        ("GET", "/things/literal", &known, "200"),
        ("GET", "/actuator/health/liveness", "", "200"),
        ("GET", "/swagger-ui", "", "302"),
    ] {
        let mut socket = stage
            .send(&format!(
                "{method} {BASE}{path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                 {cookie}transfer-encoding: chunked\r\n\r\n1\r\n{{\r\n"
            ))
            .await;
        if expected == "413" {
            for _ in 0..65 {
                socket.write_all(large.as_bytes()).await.unwrap();
            }
        }

        let answer = status(&mut socket).await;
        until_closed(&mut socket, b"1\r\n \r\n", Duration::from_millis(50)).await;

        assert_eq!(answer, format!("HTTP/1.1 {expected}"), "{method} {path}");
    }
    // As fast as it can be sent.
    let mut socket = stage
        .send(&format!(
            "POST {BASE}/things HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        ))
        .await;
    until_closed(&mut socket, large.as_bytes(), Duration::ZERO).await;
    stage.end().await;
}

#[actix_web::test]
async fn a_body_in_chunks_that_is_read_leaves_its_connection_open() {
    let stage = Stage::new(&[]).await;
    let token = stage.app.token("admin", &["PARTNER_ADMIN"]);
    let body = stage.app.v1(&json!({ "name": "n" })).to_string();
    let (first, second) = body.split_at(9);
    let request = format!(
        "POST {BASE}/things HTTP/1.1\r\nhost: x\r\ncookie: Authorization={token}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n\
         9\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        second.len()
    );
    let mut socket = stage.send(&request).await;

    for _ in 0..2 {
        let mut answer = String::new();
        while !answer.contains("\"errors\":[]}") {
            let mut part = [0; 4096];
            let read = tokio::time::timeout(PATIENCE, socket.read(&mut part)).await;
            let read = read.unwrap().unwrap();
            assert!(read > 0, "closed after {answer}");
            answer.push_str(&String::from_utf8_lossy(&part[..read]));
        }
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        socket.write_all(request.as_bytes()).await.unwrap();
    }
    drop(socket);
    stage.end().await;
}

#[actix_web::test]
async fn a_connection_whose_next_head_does_not_come_is_closed() {
    let stage = Stage::new(&[("limits.connection_seconds", "1")]).await;
    let mut socket = stage
        .send(&format!("GET {BASE}/none HTTP/1.1\r\nhost: x\r\n\r\n"))
        .await;
    assert_eq!(status(&mut socket).await, "HTTP/1.1 401");

    // A head that grows is no request.
    let head = format!("GET {BASE}/none HTTP/1.1\r\nx: ");
    socket.write_all(head.as_bytes()).await.unwrap();

    until_closed(&mut socket, b"x", Duration::from_millis(50)).await;
    stage.end().await;
}

#[actix_web::test]
async fn a_request_that_takes_longer_than_a_connection_may_rest_is_answered() {
    let stage = Stage::new(&[
        ("limits.connection_seconds", "1"),
        ("limits.request_seconds", "3"),
    ])
    .await;
    let token = stage.app.token("admin", &["PARTNER_ADMIN"]);

    let mut socket = stage
        .send(&format!(
            "GET {BASE}/slow HTTP/1.1\r\nhost: x\r\ncookie: Authorization={token}\r\n\r\n"
        ))
        .await;

    assert_eq!(status(&mut socket).await, "HTTP/1.1 503");
    drop(socket);
    stage.end().await;
}

/// A client that requests a page of 1.5 MB and reads nothing of it.
async fn reader_of_nothing(stage: &Stage) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut socket = socket.connect(stage.address).await.unwrap();
    let head = format!("GET {BASE}/swagger-ui/swagger-ui-bundle.js HTTP/1.1\r\nhost: x\r\n\r\n");
    socket.write_all(head.as_bytes()).await.unwrap();
    socket
}

/// What the socket still gives, to its end or error.
async fn rest(socket: &mut TcpStream) -> usize {
    let mut all = Vec::new();
    let read = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut all)).await;
    let _ = read.expect("an end");
    all.len()
}

#[actix_web::test]
async fn an_answer_of_which_nothing_is_taken_ends_with_its_connection() {
    for limit in ["limits.unread_seconds", "limits.connection_seconds"] {
        let stage = Stage::new(&[(limit, "1")]).await;
        let mut socket = reader_of_nothing(&stage).await;
        let local = socket.local_addr().unwrap();

        eventually("the server gives the connection up", async || {
            !is_established(stage.address, local)
        })
        .await;

        // All of the answer would be 1.5 MB.
        let taken = rest(&mut socket).await;
        assert!(taken < 1_000_000, "{limit}: {taken}");
        stage.end().await;
    }
}

/// Whether the kernel still holds the server's end of a connection.
fn is_established(server: SocketAddr, client: SocketAddr) -> bool {
    let port = |address: SocketAddr| format!("0100007F:{:04X}", address.port());
    let pair = format!("{} {} 01", port(server), port(client));
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    table.contains(&pair)
}

#[actix_web::test]
async fn a_page_that_is_read_is_whole() {
    let stage = Stage::new(&[]).await;
    let url = format!(
        "http://{}{BASE}/swagger-ui/swagger-ui-bundle.js",
        stage.address
    );

    let answer = reqwest::get(&url).await.unwrap();

    let length = answer.content_length().unwrap();
    let read = answer.bytes().await.unwrap().len();
    assert_eq!(u64::try_from(read).unwrap(), length);
    assert!(length > 1_000_000, "{length}");
    stage.end().await;
}
