//! A peer that records every request and answers as a test sets it up.

use std::fmt;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, web};
use pms_peers::{Recorded, broken_off};
use tokio::sync::Notify;

use crate::waiting::found;

/// How a peer behaves from now on.
#[derive(Debug, Clone)]
pub enum Behaviour {
    /// Answers with this status and body.
    Answer(u16, String),
    /// Takes the request and answers only when it behaves otherwise.
    Hang,
    /// Takes the request, then closes the connection without an answer.
    Drop,
}

struct Shared {
    recorded: Mutex<Vec<Recorded>>,
    behaviour: Mutex<Behaviour>,
    changed: Notify,
}

/// A peer on a free port of loopback.
pub struct RecordingPeer {
    server: actix_test::TestServer,
    shared: Arc<Shared>,
}

impl RecordingPeer {
    /// Starts with this behaviour.
    pub fn start(behaviour: Behaviour) -> Self {
        let shared = Arc::new(Shared {
            recorded: Mutex::default(),
            behaviour: Mutex::new(behaviour),
            changed: Notify::new(),
        });
        let mounted = Arc::clone(&shared);
        let server = actix_test::start(move || {
            let shared = Arc::clone(&mounted);
            App::new().default_service(web::to(move |request: HttpRequest, body: web::Bytes| {
                let shared = Arc::clone(&shared);
                async move { answer(&shared, &request, &body).await }
            }))
        });
        Self { server, shared }
    }

    /// Its base address.
    pub fn url(&self) -> String {
        self.server.url("/")
    }

    /// Changes how it answers from the next request on, and those that hang.
    pub fn behave(&self, behaviour: Behaviour) {
        *self.shared.behaviour.lock().unwrap() = behaviour;
        self.shared.changed.notify_waiters();
    }

    /// Its requests so far.
    pub fn recorded(&self) -> Vec<Recorded> {
        self.shared.recorded.lock().unwrap().clone()
    }

    /// Waits until `enough` of what was recorded, or fails.
    pub async fn wait_for(&self, enough: impl Fn(&[Recorded]) -> bool) -> Vec<Recorded> {
        let what = fmt::from_fn(|f| write!(f, "the peer only got {:?}", self.recorded()));
        let look = async || Some(self.recorded()).filter(|recorded| enough(recorded));
        found(what, look).await
    }
}

async fn answer(shared: &Shared, request: &HttpRequest, body: &[u8]) -> HttpResponse {
    let recorded = Recorded::of(request, body);
    shared.recorded.lock().unwrap().push(recorded);
    loop {
        // Before the look, so that a change right after it is not missed.
        let changed = shared.changed.notified();
        let behaviour = shared.behaviour.lock().unwrap().clone();
        match behaviour {
            Behaviour::Answer(status, body) => {
                let status = actix_web::http::StatusCode::from_u16(status).unwrap();
                return HttpResponse::build(status)
                    .content_type("application/json")
                    .body(body);
            }
            Behaviour::Hang => changed.await,
            Behaviour::Drop => return broken_off(),
        }
    }
}
