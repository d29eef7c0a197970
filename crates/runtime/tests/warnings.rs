//! What a process warns of at its start. A program of its own: tests of one process
//! share its log.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "test code"
)]

use std::sync::Arc;

use pms_runtime::{Runtime, RuntimeError};
use pms_testkit::{TestApp, logs};
use pms_web::openapi::Written;
use pms_web::server::Module;
use pms_web::service::PARTNER;

#[actix_web::test]
async fn without_an_audit_manager_no_audit_record_is_said_to_wait() {
    let waits = |queue: &str| vec![format!("rows of the queue {queue} wait")];
    for queue in ["audit", "mail"] {
        logs::watch(&waits(queue));
    }
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
    let app = TestApp::builder()
        .setting("audit.url", "")
        .start(build)
        .await;

    let dispatcher = app.runtime.dispatch().unwrap().unwrap();
    dispatcher.stop().await;

    assert_eq!(logs::holding(&waits("mail")).len(), 1, "it is written here");
    assert_eq!(logs::holding(&waits("audit")), Vec::<String>::new());
}
