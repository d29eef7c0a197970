//! How often the key manager is asked for personal data.

use std::time::Duration;

use futures_util::future::join_all;
use pms_testkit::peers::KeyManagerPeer;
use pms_testkit::peers::key_manager::{PeerFailure, lost, unseal};
use pms_testkit::{TestAppBuilder, Who};
use serde_json::{Value, json};

use crate::support::{Row, Stage, auth_partner};

/// With a key manager of ours, which takes batches.
pub async fn ours(configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder) -> Stage {
    let keys = KeyManagerPeer::start();
    let base = keys.base();
    let mut stage = Stage::with(|builder| {
        configure(
            builder
                .setting("key_manager.url", "")
                .setting("services.certificate_url", &base),
        )
    })
    .await;
    stage.keys = keys;
    stage
}

pub fn sealed(stage: &Stage, id: &str) {
    let keys = &stage.keys;
    let (address, phone) = (keys.seal(&format!("Street of {id}")), keys.seal("700-1"));
    let email = keys.seal(&format!("{id}@example.org"));
    stage.partner(&Row {
        id,
        address: &address,
        phone: &phone,
        email: &email,
        email_hash: Some("h"),
        ..Row::default()
    });
}

/// What the database holds.
pub fn address(stage: &Stage, id: &str) -> String {
    let query = format!("SELECT address FROM partner WHERE id = '{id}'");
    stage.text(&query).unwrap()
}

pub async fn profile(stage: &Stage, id: &str) -> Value {
    let path = format!("/partners/{id}");
    stage.get(&Who::admin(), &path).await.response()
}

#[actix_web::test]
async fn a_column_that_cannot_be_decrypted_is_sent_again_after_a_minute_and_no_other_is() {
    let stage = Stage::start().await;
    let (phone, email) = (lost(), stage.keys.seal("info@acme.org"));
    stage.partner(&Row {
        phone: &phone,
        email: &email,
        ..Row::default()
    });
    let start = stage.app.clock.now();
    let after = |seconds| stage.app.clock.set(start + Duration::from_secs(seconds));

    for (seconds, calls) in [(0, 2), (0, 2), (59, 2), (60, 3), (119, 3), (120, 4)] {
        after(seconds);
        let read = profile(&stage, "acme").await;

        assert_eq!(read["contactNumber"], json!(phone));
        assert_eq!(read["emailId"], "info@acme.org");
        assert_eq!(read["address"], "1 Main Street");
        assert_eq!(stage.keys.calls("decrypt"), calls, "after {seconds} s");
    }
}

#[actix_web::test]
async fn a_column_that_changes_is_read_anew() {
    let stage = ours(|builder| builder).await;
    sealed(&stage, "acme");
    assert_eq!(profile(&stage, "acme").await["contactNumber"], "700-1");

    let phone = stage.keys.seal("700-2");
    stage.sql(&format!("UPDATE partner SET contact_no = '{phone}'"));
    let changed = profile(&stage, "acme").await;
    stage.sql("UPDATE partner SET contact_no = '700-3'");
    let in_clear = profile(&stage, "acme").await;

    assert_eq!(changed["contactNumber"], "700-2");
    assert_eq!(in_clear["contactNumber"], "700-3");
    assert_eq!(in_clear["emailId"], "acme@example.org");
    assert_eq!(stage.keys.calls("decryptBatch"), 3);
}

#[actix_web::test]
async fn requests_for_one_row_at_once_share_one_call() {
    let stage = ours(|builder| builder).await;
    sealed(&stage, "acme");

    let reads = join_all((0..24).map(|_| profile(&stage, "acme"))).await;

    assert!(reads.iter().all(|read| *read == reads[0]));
    assert_eq!(reads[0]["address"], "Street of acme");
    assert_eq!(stage.keys.calls("decryptBatch"), 1);
}

#[actix_web::test]
async fn a_page_costs_one_call_and_its_rows_are_those_of_single_reads() {
    let stage = ours(|builder| builder).await;
    for number in 0..10 {
        sealed(&stage, &format!("own-{number}"));
    }
    let search = json!({
        "partnerType": "Auth_Partner", "sort": [],
        "filters": [{ "columnName": "id", "type": "startsWith", "value": "own-" }],
        "pagination": { "pageStart": 0, "pageFetch": 10 },
    });

    let page = async || {
        let request = search.clone();
        let reply = stage
            .send(&Who::admin(), "POST", "/partners/search", request)
            .await;
        reply.response()
    };
    let (first, second) = (page().await, page().await);

    assert_eq!(first["data"].as_array().unwrap().len(), 10);
    assert_eq!(first["data"], second["data"]);
    assert_eq!(first["data"][3]["emailId"], "own-3@example.org");
    assert_eq!(profile(&stage, "own-7").await["address"], "Street of own-7");
    let details = stage.get(&Who::admin(), "/partners").await.response();
    assert!(details.to_string().contains("Street of own-5"));
    assert_eq!(stage.keys.calls("decryptBatch"), 1);
}

#[actix_web::test]
async fn without_bytes_for_it_nothing_is_kept() {
    let stage = ours(|builder| builder.setting("personal_data.cache_bytes", "0")).await;
    sealed(&stage, "acme");

    for calls in 1..=2 {
        assert_eq!(profile(&stage, "acme").await["contactNumber"], "700-1");
        assert_eq!(stage.keys.calls("decryptBatch"), calls);
    }
}

#[actix_web::test]
async fn requests_that_share_a_call_share_its_failure() {
    let stage = ours(|builder| builder).await;
    sealed(&stage, "acme");
    stage.keys.fail("decryptBatch", PeerFailure::Status(503));

    let who = auth_partner("acme");
    let replies = (0..8).map(|_| stage.get(&who, "/partners/acme"));
    for reply in join_all(replies).await {
        assert!(!reply.text.contains("700-1"));
    }

    stage.keys.recover();
    assert_eq!(profile(&stage, "acme").await["contactNumber"], "700-1");
}

#[actix_web::test]
async fn a_registration_costs_one_call_of_our_own_key_manager() {
    let stage = ours(|builder| builder).await;
    let register = async |id: &str| {
        let request = json!({
            "partnerId": id, "organizationName": id, "address": "1 Main Street",
            "contactNumber": "700", "emailId": format!("{id}@acme.org"),
            "partnerType": "auth_partner", "policyGroup": "Group One",
        });
        let who = Who::user(id, &[]);
        stage
            .send(&who, "POST", "/partners", request)
            .await
            .response()
    };

    assert_eq!(register("one").await["status"], "InProgress");
    assert_eq!(stage.keys.calls("encryptBatch"), 1);
    assert_eq!(stage.keys.recorded().len(), 1);
    let email = stage.text("SELECT email_id FROM partner WHERE id = 'one'");
    assert_eq!(unseal(&email.unwrap()).as_deref(), Some("one@acme.org"));

    // A version that lacks the endpoint, in the middle of an update.
    stage.keys.fail("encryptBatch", PeerFailure::Status(404));
    assert_eq!(register("two").await["status"], "InProgress");
    let single = stage.keys.recorded();
    let single = single
        .iter()
        .filter(|request| request.uri.ends_with("/encrypt"))
        .count();
    assert_eq!(single, 3);
}
