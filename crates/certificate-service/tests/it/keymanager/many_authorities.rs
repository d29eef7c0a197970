//! POST /v1/keymanager/uploadCACertificate with as many certificates as it takes.

use std::collections::BTreeSet;

use diesel::Connection as _;
use pms_database::certificates::lock_keys_shared;
use pms_testkit::statements;
use serde_json::json;

use crate::support::ca::Authority;
use crate::support::service::Stage;

#[actix_web::test]
async fn a_thousand_authorities_are_stored_with_one_upload_and_no_more() {
    statements::watch();
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let mut trust_list: String = (0..1000)
        .map(|number| Authority::root(&format!("Root {number}")).pem())
        .collect();

    let reply = replica.upload_ca(&trust_list, "AUTH").await;

    assert_eq!(reply.response()["status"], json!("Upload Success."));
    let made = statements::of_service(&stage.database.url());
    let inserts = made.iter().filter(|query| query.starts_with("INSERT"));
    assert!(inserts.count() < 10, "certificates are inserted at once");
    assert!(made.len() < 100, "{} statements", made.len());
    let rows = "SELECT count(*) FROM keymgr.ca_cert_store";
    assert_eq!(stage.text(rows), "1000");

    trust_list += &Authority::root("One more").pem();
    let (code, text) = replica.upload_ca(&trust_list, "AUTH").await.error();
    assert_eq!(code, "KER-PCM-001");
    assert!(text.contains("1000"), "{text}");
    assert_eq!(stage.text(rows), "1000");
}

#[test]
fn many_keys_share_few_locks() {
    let stage = Stage::new();
    let keys: BTreeSet<String> = (0..1000_u32)
        .map(|number| hex::encode(number.wrapping_mul(2_654_435_761).to_be_bytes()))
        .collect();
    let mut conn = stage.database.conn();

    conn.transaction(|conn| {
        lock_keys_shared(conn, &keys)?;
        let held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = \
            (SELECT oid FROM pg_database WHERE datname = current_database())";
        assert_eq!(stage.text(held), "16");
        diesel::QueryResult::Ok(())
    })
    .unwrap();
}
