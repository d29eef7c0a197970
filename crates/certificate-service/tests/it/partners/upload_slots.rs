//! Uploads of one partner towards a key manager that does not lock
//! (POST /v1/partnermanager/partners/certificate/upload).

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::join_all;
use pms_testkit::Reply;
use pms_testkit::peers::KeyManagerPeer;
use pms_testkit::peers::key_manager::{Line, PeerFailure};
use pms_testkit::waiting::eventually;
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::service::{Replica, Stage};
use crate::support::uploads::upload;

const SLOTS: &str = "SELECT count(*) FROM pms.certificate_turn";
const GIVE: &str = "uploadOtherDomainCertificate";

/// A key manager of the platform, and two providers of devices.
struct Providers {
    stage: Rc<Stage>,
    keys: KeyManagerPeer,
    pem: String,
}

impl Providers {
    fn new(leaves: usize) -> Self {
        let stage = Stage::new();
        let keys = KeyManagerPeer::start();
        let root = Authority::root("Root");
        let issued = (0..leaves).map(|number| root.leaf(&format!("Issued {number}")));
        keys.prepare(issued.collect());
        for id in ["devices", "sensors"] {
            stage.partner(id, "Devices Ltd", "Device_Provider");
        }
        let pem = root.leaf("Devices Ltd");
        Self { stage, keys, pem }
    }

    async fn replica(&self, settings: &[(&str, &str)]) -> Replica {
        let url = self.keys.url();
        let mut all = vec![
            ("key_manager.embedded", "false"),
            ("key_manager.url", url.as_str()),
        ];
        all.extend_from_slice(settings);
        self.stage.start(&all).await
    }

    async fn upload(&self, replica: &Replica, id: &str) -> Reply {
        upload(replica, id, &self.pem, "DEVICE").await
    }

    fn alias(&self, id: &str) -> String {
        let alias = format!("SELECT certificate_alias FROM pms.partner WHERE id = '{id}'");
        self.stage.text(&alias)
    }

    /// As a process leaves it that is killed; tells when the slot ends.
    fn occupy(&self, id: &str, span: &str) -> String {
        self.stage.sql(&format!(
            "INSERT INTO pms.certificate_turn VALUES ('{id}', gen_random_uuid(), \
             clock_timestamp() AT TIME ZONE 'UTC' + interval '{span}')"
        ));
        self.stage.text("SELECT until FROM pms.certificate_turn")
    }

    /// Whether the last of these has the partner, and is what others encrypt with.
    fn assert_agree(&self, id: &str, replies: Vec<Reply>) {
        let alias = self.alias(id);
        let uploads: Vec<_> = replies.into_iter().map(|reply| reply.response()).collect();
        let last = uploads.iter().find(|one| one["certificateId"] == *alias);
        let leaf = last.unwrap()["signedCertificateData"].as_str().unwrap();
        let current = self.keys.current(id);
        assert_eq!(current.len(), 1, "the key manager broke");
        assert_eq!(current[0].trim_end(), leaf);
        assert_eq!(self.keys.most_at_work(id), 1);
        assert_eq!(self.stage.text(SLOTS), "0");
    }
}

#[actix_web::test]
async fn those_of_one_partner_come_one_after_the_other_from_all_replicas() {
    let providers = Providers::new(8);
    providers
        .keys
        .behave(Line::V1_3, Duration::from_millis(100));
    let replicas = [providers.replica(&[]).await, providers.replica(&[]).await];
    let uploads = (0..8).map(|number| providers.upload(&replicas[number % 2], "devices"));

    let replies = join_all(uploads).await;

    providers.assert_agree("devices", replies);
    assert_eq!(providers.keys.calls(GIVE), 8);
    let events = providers.stage.queued("event");
    let reported = events.iter().rfind(|(topic, _)| topic == "PARTNER_UPDATED");
    let data = &reported.unwrap().1["event"]["data"]["partnerData"];
    let current = providers.keys.current("devices");
    assert_eq!(data["certificateData"], current[0].trim_end());
}

#[actix_web::test]
async fn those_of_different_partners_do_not_wait_for_each_other() {
    let providers = Providers::new(2);
    let replica = providers.replica(&[("limits.request_seconds", "3")]).await;
    providers.occupy("devices", "1 hour");

    let free = providers.upload(&replica, "sensors").await;
    let refused = providers.upload(&replica, "devices").await;

    assert_eq!(free.response()["certificateId"], "issued-1");
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(providers.alias("devices"), "NULL");
    assert_eq!(providers.keys.calls(GIVE), 1);
    assert_eq!(providers.stage.text(SLOTS), "1", "it is still the other's");
}

#[actix_web::test]
async fn the_slot_of_a_killed_process_passes_on() {
    let providers = Providers::new(1);
    let replica = providers.replica(&[]).await;
    let until = providers.occupy("devices", "1500 milliseconds");

    let reply = providers.upload(&replica, "devices").await;

    let over = format!("SELECT clock_timestamp() AT TIME ZONE 'UTC' > '{until}'");
    assert_eq!(providers.stage.text(&over), "true");
    providers.assert_agree("devices", vec![reply]);
}

#[actix_web::test]
async fn a_call_without_an_answer_in_time_keeps_the_slot() {
    let providers = Providers::new(2);
    let hasty = providers
        .replica(&[("key_manager.timeout_ms", "500")])
        .await;
    let replica = providers.replica(&[]).await;
    providers
        .keys
        .behave(Line::V1_3, Duration::from_millis(1200));

    let unanswered = providers.upload(&hasty, "devices").await;
    assert_eq!(unanswered.error().0, "PMS_KKS_001");
    assert_eq!(providers.stage.text(SLOTS), "1");
    let reply = providers.upload(&replica, "devices").await;

    providers.assert_agree("devices", vec![reply]);
}

#[actix_web::test]
async fn a_refusal_ends_the_slot_at_once() {
    let providers = Providers::new(4);
    let replica = providers.replica(&[]).await;
    let own = |code: &str| PeerFailure::Error(code.to_owned(), "no".to_owned());
    // The last is taken for "there already" only by one that gave it before.
    for (failure, code) in [
        (own("KER-KMS-034"), "KER-KMS-034"),
        (PeerFailure::Status(500), "PMS_KKS_001"),
        (own("KER-KMS-015"), "KER-KMS-015"),
    ] {
        providers.keys.fail(GIVE, failure);
        let refused = providers.upload(&replica, "devices").await;
        assert_eq!(refused.error().0, code);
        assert_eq!(providers.stage.text(SLOTS), "0");
        assert_eq!(providers.alias("devices"), "NULL");
    }
    providers.keys.recover();

    let reply = providers.upload(&replica, "devices").await;

    providers.assert_agree("devices", vec![reply]);
}

#[actix_web::test]
async fn a_certificate_that_is_there_already_is_known_in_both_lines() {
    for line in [Line::V1_2, Line::V1_3] {
        let providers = Providers::new(1);
        let replica = providers.replica(&[]).await;
        providers.keys.behave(line, Duration::from_millis(500));
        let meanwhile = async {
            eventually("a call is at work", async || {
                providers.keys.most_at_work("devices") == 1
            })
            .await;
            providers.stage.sql("DELETE FROM pms.certificate_turn");
        };

        let (reply, ()) = tokio::join!(providers.upload(&replica, "devices"), meanwhile);

        providers.assert_agree("devices", vec![reply]);
        assert_eq!(providers.keys.calls(GIVE), 2, "{line:?}");
    }
}

#[actix_web::test]
async fn a_client_that_hangs_up_leaves_no_half_of_an_upload() {
    let providers = Providers::new(1);
    let replica = providers.replica(&[]).await;
    providers
        .keys
        .behave(Line::V1_3, Duration::from_millis(500));

    tokio::select! {
        reply = providers.upload(&replica, "devices") => panic!("too fast: {}", reply.text),
        () = eventually("a call is at work", async || providers.keys.most_at_work("devices") == 1) => {}
    }

    eventually("the upload is stored", async || {
        providers.alias("devices") == "issued-1"
    })
    .await;
    assert_eq!(providers.keys.current("devices").len(), 1);
    assert_eq!(providers.stage.text(SLOTS), "0");
}

/// What all this is about: the peer of these tests breaks as the real ones do.
#[actix_web::test]
async fn without_slots_a_key_manager_would_break() {
    let keys = KeyManagerPeer::start();
    keys.behave(Line::V1_3, Duration::from_millis(300));
    let client = reqwest::Client::builder().build().unwrap();
    let give = async |pem: &str| -> Value {
        let request = json!({
            "applicationId": "PARTNER", "referenceId": "devices", "certificateData": pem,
        });
        let requested = client.post(format!("{}/{GIVE}", keys.url()));
        let answer = requested.json(&json!({ "request": request })).send().await;
        answer.unwrap().json().await.unwrap()
    };

    tokio::join!(give("one"), give("two"));

    assert_eq!(keys.most_at_work("devices"), 2);
    assert_eq!(keys.current("devices").len(), 2);
    let broken = "KER-KMS-003";
    assert_eq!(give("three").await["errors"][0]["errorCode"], broken);
    let path = "getCertificate?applicationId=PARTNER&referenceId=devices";
    let requested = client.get(format!("{}/{path}", keys.url())).send().await;
    let answer: Value = requested.unwrap().json().await.unwrap();
    assert_eq!(answer["errors"][0]["errorCode"], broken);
}
