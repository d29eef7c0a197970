//! A wire to a key manager, on which answers get lost, late or wrong.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_test::TestServer;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, web};
use serde_json::Value;
use tokio::sync::watch;

/// What happens to the calls of an operation from now on.
#[derive(Debug, Clone)]
pub enum Trouble {
    /// The request waits until the wire is well again.
    HoldRequest,
    /// The key manager does its work; the answer waits.
    HoldAnswer,
    /// This status comes instead, and the key manager hears nothing.
    Status(u16),
    /// This body comes instead, and the key manager hears nothing.
    Body(String),
}

/// One call that came by.
#[derive(Debug, Clone)]
pub struct Call {
    pub operation: String,
    pub token: String,
    /// None while there is no answer.
    pub status: Option<u16>,
    pub content: Value,
}

struct Shared {
    target: String,
    client: reqwest::Client,
    troubles: watch::Sender<HashMap<String, Trouble>>,
    calls: Mutex<Vec<Call>>,
}

/// A wire on a port of loopback.
pub struct Wire {
    server: TestServer,
    shared: Arc<Shared>,
}

impl Wire {
    /// To the server at `target`, which need not be there yet.
    pub fn to(target: &str) -> Self {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .pool_max_idle_per_host(0);
        let shared = Arc::new(Shared {
            target: target.to_owned(),
            client: client.build().unwrap(),
            troubles: watch::Sender::default(),
            calls: Mutex::default(),
        });
        let mounted = Arc::clone(&shared);
        let server = actix_test::start(move || {
            App::new()
                .app_data(web::Data::from(Arc::clone(&mounted)))
                .default_service(web::to(pass))
        });
        Self { server, shared }
    }

    pub fn url(&self) -> String {
        self.server.url("/v1/keymanager")
    }

    pub fn trouble(&self, operation: &str, trouble: Trouble) {
        self.shared.troubles.send_modify(|troubles| {
            troubles.insert(operation.to_owned(), trouble);
        });
    }

    /// All is well again; what was held goes on.
    pub fn recover(&self) {
        self.shared.troubles.send_modify(HashMap::clear);
    }

    pub fn calls(&self) -> Vec<Call> {
        self.shared.calls.lock().unwrap().clone()
    }

    /// How often an operation was asked for.
    pub fn times(&self, operation: &str) -> usize {
        let calls = self.calls();
        calls.iter().filter(|c| c.operation == operation).count()
    }

    /// The tokens that came with the calls.
    pub fn tokens(&self) -> BTreeSet<String> {
        self.calls().into_iter().map(|call| call.token).collect()
    }
}

async fn pass(shared: web::Data<Shared>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let operation = request.path().split('/').nth(3).unwrap_or_default();
    let header = |name: &str| {
        let value = request.headers().get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let number = {
        let mut calls = shared.calls.lock().unwrap();
        calls.push(Call {
            operation: operation.to_owned(),
            token: header("authorization").unwrap_or_default(),
            status: None,
            content: serde_json::from_slice(&body).unwrap_or_default(),
        });
        calls.len() - 1
    };
    let trouble = shared.troubles.borrow().get(operation).cloned();
    let answer = match trouble {
        Some(Trouble::Status(status)) => {
            HttpResponse::build(StatusCode::from_u16(status).unwrap()).body("out of order")
        }
        Some(Trouble::Body(body)) => HttpResponse::Ok()
            .content_type("application/json")
            .body(body),
        Some(Trouble::HoldRequest) => {
            released(&shared, operation).await;
            forward(&shared, &request, body).await
        }
        Some(Trouble::HoldAnswer) => {
            let answer = forward(&shared, &request, body).await;
            released(&shared, operation).await;
            answer
        }
        None => forward(&shared, &request, body).await,
    };
    shared.calls.lock().unwrap()[number].status = Some(answer.status().as_u16());
    answer
}

async fn released(shared: &Shared, operation: &str) {
    let mut troubles = shared.troubles.subscribe();
    let well = troubles.wait_for(|troubles| !troubles.contains_key(operation));
    drop(well.await);
}

async fn forward(shared: &Shared, request: &HttpRequest, body: web::Bytes) -> HttpResponse {
    let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let address = format!("{}{}", shared.target, request.uri());
    let mut requested = shared.client.request(method, address);
    for name in ["cookie", "authorization", "content-type"] {
        if let Some(value) = request.headers().get(name) {
            requested = requested.header(name, value.as_bytes());
        }
    }
    let answer = async {
        let answer = requested.body(body).send().await?;
        Ok::<_, reqwest::Error>((answer.status(), answer.text().await?))
    };
    match answer.await {
        Ok((status, text)) => HttpResponse::build(StatusCode::from_u16(status.as_u16()).unwrap())
            .content_type("application/json")
            .body(text),
        Err(_) => HttpResponse::BadGateway().finish(),
    }
}
