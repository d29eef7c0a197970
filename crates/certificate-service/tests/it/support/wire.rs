//! A wire between a replica and its key manager that holds answers back.

use std::sync::Arc;
use std::time::Duration;

use actix_test::TestServer;
use actix_web::{App, HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;

struct Wire {
    target: String,
    /// Answers to this endpoint wait for the gate.
    held: &'static str,
    gate: Arc<Semaphore>,
    client: reqwest::Client,
}

/// A gate that lets nothing through until it gets permits.
pub fn closed() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(0))
}

/// Passes everything on to `target`, and the answers back; those of the endpoint
/// `held` only when the gate has a permit for each.
pub fn wire(target: &str, held: &'static str, gate: &Arc<Semaphore>) -> TestServer {
    let client = reqwest::Client::builder().timeout(Duration::from_secs(30));
    let wire = web::Data::new(Wire {
        target: target.to_owned(),
        held,
        gate: Arc::clone(gate),
        client: client.build().unwrap(),
    });
    actix_test::start(move || {
        App::new()
            .app_data(wire.clone())
            .default_service(web::to(pass_on))
    })
}

async fn pass_on(wire: web::Data<Wire>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes()).unwrap();
    let address = format!("{}{}", wire.target, request.uri());
    let mut outgoing = wire.client.request(method, address);
    for name in ["cookie", "authorization", "content-type"] {
        if let Some(value) = request.headers().get(name) {
            outgoing = outgoing.header(name, value.as_bytes());
        }
    }
    let answer = outgoing.body(body).send().await.unwrap();
    let text = answer.text().await.unwrap();
    if request.path().ends_with(wire.held) {
        wire.gate.acquire().await.unwrap().forget();
    }
    HttpResponse::Ok()
        .content_type("application/json")
        .body(text)
}
