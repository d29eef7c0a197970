//! Uploads of one partner that overtake each other: in the end the partner's
//! certificate is the one that others encrypt with
//! (POST /v1/partnermanager/partners/certificate/upload).

use std::sync::Arc;

use actix_test::TestServer;
use futures_util::future::join_all;
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::support::service::Replica;
use crate::support::uploads::Uploads;
use crate::support::wire::{closed, wire};

const GIVEN: &str = "SELECT count(*) FROM keymgr.key_alias WHERE app_id = 'PARTNER'";
const SLOTS: &str = "SELECT count(*) FROM pms.certificate_turn";
const ALIAS: &str = "SELECT certificate_alias FROM pms.partner WHERE id = 'devices'";

/// Whether the partner has the certificate that others encrypt with.
async fn assert_one_certificate(uploads: &Uploads) {
    let issued =
        format!("SELECT signed_cert_data FROM keymgr.partner_cert_store WHERE cert_id = ({ALIAS})");
    let current = uploads.replica.certificate("PARTNER", "devices").await;
    assert_eq!(uploads.stage.text(&issued), current);
    assert_eq!(uploads.last_reported(), current.trim_end());
}

fn id(uploaded: &Value) -> &str {
    uploaded["certificateId"].as_str().unwrap()
}

/// A replica whose key manager's answers to the second step wait for a gate.
async fn slow(uploads: &Uploads) -> (Replica, TestServer, Arc<Semaphore>) {
    let gate = closed();
    let wire = wire(
        uploads.replica.base(),
        "uploadOtherDomainCertificate",
        &gate,
    );
    let address = wire.url("");
    let settings = [("services.certificate_url", address.trim_end_matches('/'))];
    (uploads.stage.start(&settings).await, wire, gate)
}

#[actix_web::test]
async fn one_whose_slot_passed_on_gives_its_certificate_again() {
    let uploads = Uploads::start().await;
    let (slow, _wire, gate) = slow(&uploads).await;
    let others = async {
        uploads.wait_for(GIVEN, "1").await;
        uploads
            .stage
            .sql("UPDATE pms.certificate_turn SET until = until - interval '1 hour'");
        let between = uploads.upload(&uploads.replica).await.response();
        assert_eq!(uploads.stage.text(ALIAS), id(&between));
        gate.add_permits(2);
    };

    let (overtaken, ()) = tokio::join!(uploads.upload(&slow), others);

    assert_eq!(uploads.stage.text(ALIAS), id(&overtaken.response()));
    assert_eq!(uploads.stage.text(GIVEN), "3");
    assert_one_certificate(&uploads).await;
}

#[actix_web::test]
async fn one_whose_certificate_is_still_there_only_takes_the_partner() {
    let uploads = Uploads::start().await;
    let (slow, _wire, gate) = slow(&uploads).await;
    let meanwhile = async {
        uploads.wait_for(GIVEN, "1").await;
        uploads.stage.sql("DELETE FROM pms.certificate_turn");
        gate.add_permits(2);
    };

    let (one, ()) = tokio::join!(uploads.upload(&slow), meanwhile);

    assert_eq!(uploads.stage.text(ALIAS), id(&one.response()));
    assert_eq!(uploads.stage.text(GIVEN), "1");
    assert_one_certificate(&uploads).await;
}

/// Such as a process of an earlier version, or another tool.
#[actix_web::test]
async fn who_changes_the_partner_without_a_slot_is_noticed() {
    let uploads = Uploads::start().await;
    let (slow, _wire, gate) = slow(&uploads).await;
    let meanwhile = async {
        uploads.wait_for(GIVEN, "1").await;
        uploads
            .stage
            .sql("UPDATE pms.partner SET certificate_alias = 'other' WHERE id = 'devices'");
        gate.add_permits(2);
    };

    let (one, ()) = tokio::join!(uploads.upload(&slow), meanwhile);

    assert_eq!(uploads.stage.text(ALIAS), id(&one.response()));
    assert_eq!(gate.available_permits(), 0, "it was given twice");
    assert_one_certificate(&uploads).await;
}

#[actix_web::test]
async fn many_at_once_end_with_one_certificate() {
    let uploads = Uploads::start().await;
    let other = uploads.stage.start(&[]).await;
    for _ in 0..3 {
        let replicas = [&uploads.replica, &other, &uploads.replica, &other];
        let replies = join_all(replicas.map(|replica| uploads.upload(replica))).await;

        assert!(
            replies.iter().all(|reply| reply.status == 200),
            "{replies:?}"
        );
        assert_eq!(uploads.stage.text(SLOTS), "0");
        assert_one_certificate(&uploads).await;
    }
}
