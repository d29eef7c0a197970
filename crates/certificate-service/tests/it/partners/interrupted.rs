//! An upload that breaks off anywhere can be repeated: the same end, nothing
//! lost, nothing twice (POST /v1/partnermanager/partners/certificate/upload).

use std::rc::Rc;
use std::time::{Duration, Instant};

use actix_test::TestServer;
use diesel::connection::SimpleConnection as _;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use crate::support::ca::Authority;
use crate::support::service::{PARTNERS, Replica, Stage};
use crate::support::wire::{closed, wire};

const STATE: &str = "SELECT concat_ws('|', approval_status, is_active) FROM pms.partner \
                     WHERE id = 'devices'";
const STORED: &str = "SELECT count(*) FROM keymgr.partner_cert_store";

/// A device provider, and a replica that is well.
struct World {
    stage: Rc<Stage>,
    replica: Replica,
    pem: String,
}

impl World {
    async fn start() -> Self {
        let stage = Stage::new();
        let replica = stage.start(&[]).await;
        let root = Authority::root("Root");
        replica.trust(&root.pem(), "DEVICE").await;
        stage.partner("devices", "Devices Ltd", "Device_Provider");
        let pem = root.leaf("Devices Ltd");
        Self {
            stage,
            replica,
            pem,
        }
    }

    async fn upload(&self, replica: &Replica) -> Reply {
        let request = json!({
            "partnerId": "devices", "certificateData": self.pem, "partnerDomain": "DEVICE",
        });
        let who = Who::user("devices", &["DEVICE_PROVIDER"]);
        let path = format!("{PARTNERS}/certificate/upload");
        replica.post(&who, &path, request).await
    }

    /// A replica that loses patience soon, and whose key manager's answers to
    /// `endpoint` get lost on the way. The call may still be at work for all it
    /// knows, so the partner's slot passes on only after a while.
    async fn impatient(&self, endpoint: &'static str) -> (Replica, TestServer) {
        let wire = wire(self.replica.base(), endpoint, &closed());
        let address = wire.url("");
        let settings = [
            ("services.certificate_url", address.trim_end_matches('/')),
            ("limits.request_seconds", "2"),
            ("key_manager.timeout_ms", "2500"),
        ];
        (self.stage.start(&settings).await, wire)
    }

    /// Waits until a query gives a text.
    async fn wait_for(&self, query: &str, wanted: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.stage.text(query) != wanted {
            assert!(Instant::now() < deadline, "{query}: never {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether the partner has the certificate of this answer, everywhere.
    async fn assert_current(&self, uploaded: &Value) {
        let alias = "SELECT certificate_alias FROM pms.partner WHERE id = 'devices'";
        assert_eq!(
            self.stage.text(alias),
            uploaded["certificateId"].as_str().unwrap()
        );
        assert_eq!(self.stage.text(STATE), "approved|t");
        let leaf = uploaded["signedCertificateData"].as_str().unwrap();
        let current = self.replica.certificate("PARTNER", "devices").await;
        assert_eq!(current.trim_end(), leaf);
        let events = self.stage.queued("event");
        let told = events.iter().rfind(|(topic, _)| topic == "PARTNER_UPDATED");
        let data = &told.unwrap().1["event"]["data"]["partnerData"];
        assert_eq!(data["certificateData"], leaf);
    }

    fn topics(&self) -> Vec<String> {
        let events = self.stage.queued("event").into_iter();
        events.map(|(topic, _)| topic).collect()
    }
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
        let world = World::start().await;
        let (impatient, _wire) = world.impatient(endpoint).await;

        let broken = world.upload(&impatient).await;

        assert_eq!(broken.status, 503, "{endpoint}: {}", broken.text);
        world.wait_for(kept, "1").await;
        assert_eq!(world.stage.text(STATE), "InProgress|f");
        assert!(world.topics().is_empty());

        let repeated = world.upload(&world.replica).await.response();
        world.assert_current(&repeated).await;
        assert_eq!(world.topics(), ONCE, "{endpoint}");
        assert_eq!(world.stage.text(STORED), "2", "the first one is an orphan");
    }
}

#[actix_web::test]
async fn the_process_dies_before_it_commits() {
    let world = World::start().await;
    let mut holder = world.stage.database.conn();
    holder
        .batch_execute("BEGIN; SELECT 1 FROM pms.partner WHERE id = 'devices' FOR UPDATE")
        .unwrap();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    let kill = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
                WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let die = async {
        world.wait_for(waiting, "1").await;
        assert_eq!(world.stage.text(kill), "1");
    };

    let (broken, ()) = tokio::join!(world.upload(&world.replica), die);

    assert_eq!(broken.error().0, "PMS_PRT_500");
    holder.batch_execute("ROLLBACK").unwrap();
    assert_eq!(world.stage.text(STATE), "InProgress|f");
    assert!(world.topics().is_empty());
    let repeated = world.upload(&world.replica).await.response();
    world.assert_current(&repeated).await;
    assert_eq!(world.topics(), ONCE);
}

#[actix_web::test]
async fn the_answer_gets_lost_after_the_commit() {
    let world = World::start().await;
    let (impatient, _wire) = world.impatient("none").await;
    let mut holder = world.stage.database.conn();
    holder
        .batch_execute("BEGIN; SELECT 1 FROM pms.partner WHERE id = 'devices' FOR UPDATE")
        .unwrap();

    let broken = world.upload(&impatient).await;

    assert_eq!(broken.status, 503);
    holder.batch_execute("COMMIT").unwrap();
    world.wait_for(STATE, "approved|t").await;
    assert_eq!(world.topics(), ONCE);
    // The client does not know and tries again: the last certificate counts,
    // and each is told once.
    let repeated = world.upload(&world.replica).await.response();
    world.assert_current(&repeated).await;
    assert_eq!(world.topics(), [ONCE, ONCE].concat());
    let same = "SELECT count(DISTINCT order_key) FROM pms.outbox WHERE lane = 'event'";
    assert_eq!(world.stage.text(same), "1", "so the last one arrives last");
    assert_eq!(world.stage.text(STORED), "2");
}
