//! What goes wrong on demand.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use tokio::sync::Notify;

/// What goes wrong at a stand-in from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It does its work, but answers only after this time, or when it recovers.
    Slow(Duration),
    /// It answers with this status, and does nothing.
    Status(u16),
    /// It does its work, then closes the connection without an answer.
    Reset,
    /// It answers 200 with this body, and does nothing.
    Body(String),
}

/// The switch of the faults.
#[derive(Default)]
pub struct Faults {
    present: Mutex<Option<Fault>>,
    recovered: Notify,
}

impl Faults {
    /// Goes wrong from now on.
    pub fn fail(&self, fault: Fault) {
        *self.present.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }

    /// Works again; what a slow answer held back goes out now.
    pub fn recover(&self) {
        *self.present.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.recovered.notify_waiters();
    }

    /// What goes wrong at present.
    pub fn present(&self) -> Option<Fault> {
        let fault = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        fault.clone()
    }

    /// Answers as `work` does, or as the present fault has it.
    pub async fn around(&self, work: impl FnOnce() -> HttpResponse) -> HttpResponse {
        // Before the look, so that a recovery right after it is not missed.
        let recovered = self.recovered.notified();
        match self.present() {
            None => work(),
            Some(Fault::Slow(pause)) => {
                let answer = work();
                // Either way the answer goes out.
                let _ = tokio::time::timeout(pause, recovered).await;
                answer
            }
            Some(Fault::Status(status)) => {
                let status = StatusCode::from_u16(status);
                HttpResponse::build(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
                    .body("out of order")
            }
            Some(Fault::Reset) => {
                work();
                broken_off()
            }
            Some(Fault::Body(body)) => HttpResponse::Ok()
                .content_type("application/json")
                .body(body),
        }
    }
}

/// An answer whose body breaks off, which makes the server close the connection.
pub fn broken_off() -> HttpResponse {
    let broken = futures_util::stream::once(async {
        Err::<web::Bytes, _>(std::io::Error::other("dropped"))
    });
    HttpResponse::Ok()
        .no_chunking(10)
        .streaming(Box::pin(broken))
}
