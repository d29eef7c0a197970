//! An upload that breaks off anywhere can be repeated: the same end, nothing
//! lost, nothing twice (POST /v1/partnermanager/partners/certificate/upload).

use actix_test::TestServer;
use diesel::connection::SimpleConnection as _;
use serde_json::Value;

use crate::support::service::Replica;
use crate::support::uploads::Uploads;
use crate::support::wire::{closed, wire};

const STATE: &str = "SELECT concat_ws('|', approval_status, is_active) FROM pms.partner \
                     WHERE id = 'devices'";
const STORED: &str = "SELECT count(*) FROM keymgr.partner_cert_store";

/// A replica that loses patience soon, and whose key manager's answers to
/// `endpoint` get lost on the way. The call may still be at work for all it
/// knows, so the partner's slot passes on only after a while.
async fn impatient(uploads: &Uploads, endpoint: &'static str) -> (Replica, TestServer) {
    let wire = wire(uploads.replica.base(), endpoint, &closed());
    let address = wire.url("");
    let settings = [
        ("services.certificate_url", address.trim_end_matches('/')),
        ("limits.request_seconds", "2"),
        ("key_manager.timeout_ms", "2500"),
    ];
    (uploads.stage.start(&settings).await, wire)
}

/// Whether the partner has the certificate of this answer, everywhere.
async fn assert_current(uploads: &Uploads, uploaded: &Value) {
    let alias = "SELECT certificate_alias FROM pms.partner WHERE id = 'devices'";
    assert_eq!(
        uploads.stage.text(alias),
        uploaded["certificateId"].as_str().unwrap()
    );
    assert_eq!(uploads.stage.text(STATE), "approved|t");
    let leaf = uploaded["signedCertificateData"].as_str().unwrap();
    let current = uploads.replica.certificate("PARTNER", "devices").await;
    assert_eq!(current.trim_end(), leaf);
    assert_eq!(uploads.last_reported(), leaf);
}

fn topics(uploads: &Uploads) -> Vec<String> {
    let events = uploads.stage.queued("event").into_iter();
    events.map(|(topic, _)| topic).collect()
}

const ONCE: [&str; 2] = ["PARTNER_UPDATED", "CA_CERTIFICATE_UPLOADED"];

#[actix_web::test]
async fn an_answer_of_the_key_manager_gets_lost() {
    for (endpoint, kept) in [
        (
            "uploadPartnerCertificate",
            "SELECT count(*) FROM keymgr.partner_cert_store",
        ),
        (
            "uploadOtherDomainCertificate",
            "SELECT count(*) FROM keymgr.key_alias WHERE app_id = 'PARTNER'",
        ),
    ] {
        let uploads = Uploads::start().await;
        let (impatient, _wire) = impatient(&uploads, endpoint).await;

        let broken = uploads.upload(&impatient).await;

        assert_eq!(broken.status, 503, "{endpoint}: {}", broken.text);
        uploads.wait_for(kept, "1").await;
        assert_eq!(uploads.stage.text(STATE), "InProgress|f");
        assert!(topics(&uploads).is_empty());

        let repeated = uploads.upload(&uploads.replica).await.response();
        assert_current(&uploads, &repeated).await;
        assert_eq!(topics(&uploads), ONCE, "{endpoint}");
        assert_eq!(
            uploads.stage.text(STORED),
            "2",
            "the first one is an orphan"
        );
    }
}

#[actix_web::test]
async fn the_process_dies_before_it_commits() {
    let uploads = Uploads::start().await;
    let mut holder = uploads.stage.database.conn();
    holder
        .batch_execute("BEGIN; SELECT 1 FROM pms.partner WHERE id = 'devices' FOR UPDATE")
        .unwrap();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let die = async {
        uploads.wait_for(waiting, "1").await;
        assert_eq!(uploads.stage.text(kill), "1");
    };

    let (broken, ()) = tokio::join!(uploads.upload(&uploads.replica), die);

    assert_eq!(broken.error().0, "PMS_PRT_500");
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(uploads.stage.text(STATE), "InProgress|f");
    assert!(topics(&uploads).is_empty());
    let repeated = uploads.upload(&uploads.replica).await.response();
    assert_current(&uploads, &repeated).await;
    assert_eq!(topics(&uploads), ONCE);
}

#[actix_web::test]
async fn the_answer_gets_lost_after_the_commit() {
    let uploads = Uploads::start().await;
    let (impatient, _wire) = impatient(&uploads, "none").await;
    let mut holder = uploads.stage.database.conn();
    holder
        .batch_execute("BEGIN; SELECT 1 FROM pms.partner WHERE id = 'devices' FOR UPDATE")
        .unwrap();

    let broken = uploads.upload(&impatient).await;

    assert_eq!(broken.status, 503);
    holder.batch_execute("COMMIT").unwrap();
    uploads.wait_for(STATE, "approved|t").await;
    assert_eq!(topics(&uploads), ONCE);
    // The client does not know and tries again: the last certificate counts,
    // and each is told once.
    let repeated = uploads.upload(&uploads.replica).await.response();
    assert_current(&uploads, &repeated).await;
    assert_eq!(topics(&uploads), [ONCE, ONCE].concat());
    let same = "SELECT count(DISTINCT order_key) FROM pms.outbox WHERE lane = 'event'";
    assert_eq!(
        uploads.stage.text(same),
        "1",
        "so the last one arrives last"
    );
    assert_eq!(uploads.stage.text(STORED), "2");
}
