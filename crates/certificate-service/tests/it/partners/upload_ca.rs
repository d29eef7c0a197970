//! POST /v1/partnermanager/partners/certificate/ca/upload

use pms_testkit::bodies::{plain, refused};
use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::support::ca::Authority;
use crate::support::service::{PARTNERS, Replica, Stage, error};

async fn upload(replica: &Replica, pem: &str, domain: &str) -> Reply {
    let who = Who::user("manager", &["PARTNERMANAGER"]);
    let request = json!({ "certificateData": pem, "partnerDomain": domain });
    replica
        .post(&who, &format!("{PARTNERS}/certificate/ca/upload"), request)
        .await
}

#[actix_web::test]
async fn the_key_managers_answer_is_passed_on() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");

    let reply = upload(&replica, &root.pem(), "AUTH").await;
    let expected =
        plain(&json!({ "status": "Upload Success.", "timestamp": "2026-11-24T10:00:00" }));
    assert_eq!(reply.timeless(), expected);
    let again = upload(&replica, &root.pem(), "AUTH").await;
    let expected = refused("KER-PCM-003", "Certificate already exists in store.");
    assert_eq!((again.status, again.timeless()), (200, expected));

    let audits = stage.queued("audit");
    let ids: Vec<_> = audits.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(
        ids,
        ["PMS_PRT_102", "PMS_PRT_202", "PMS_PRT_102", "PMS_PRT_402"]
    );
    assert_eq!(
        (&audits[1].1["user"], &audits[1].1["id"]),
        (&json!("manager"), &json!("NO_ID"))
    );
    assert!(stage.queued("event").is_empty());
}

#[actix_web::test]
async fn a_second_upload_of_a_chain_is_refused_as_one_that_is_there() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    let chain = [root.sub("Sub").pem(), root.pem()].concat();

    let stored = upload(&replica, &chain, "AUTH").await;
    let again = upload(&replica, &chain, "AUTH").await;

    assert_eq!(stored.response()["status"], "Upload Success.");
    let there = error("KER-PCM-003", "Certificate already exists in store.");
    assert_eq!((again.status, again.error()), (200, there));
    let audits = stage.audits();
    assert_eq!(
        audits,
        ["PMS_PRT_102", "PMS_PRT_202", "PMS_PRT_102", "PMS_PRT_402"]
    );
}

#[actix_web::test]
async fn a_key_manager_that_is_away_has_its_own_code() {
    let stage = Stage::new();
    let remote = [
        ("key_manager.embedded", "false"),
        ("key_manager.url", "http://127.0.0.1:9/v1/keymanager"),
    ];
    let replica = stage.start(&remote).await;

    let reply = upload(&replica, &Authority::root("Root").pem(), "AUTH").await;

    let message = "Error while accessing the API.Please check the logs.";
    assert_eq!(
        (reply.status, reply.error()),
        (200, error("PMS_KKS_001", message))
    );
    assert_eq!(stage.audits(), ["PMS_PRT_102"]);
}
