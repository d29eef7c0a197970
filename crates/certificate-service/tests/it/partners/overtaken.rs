//! Uploads of one partner that overtake each other: in the end the partner's
//! certificate is the one that others encrypt with
//! (POST /v1/partnermanager/partners/certificate/upload).

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_test::TestServer;
use futures_util::future::join_all;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::ca::Authority;
use crate::support::service::{PARTNERS, Replica, Stage};
use crate::support::wire::{closed, wire};

const GIVEN: &str = "SELECT count(*) FROM keymgr.key_alias WHERE app_id = 'PARTNER'";
const SLOTS: &str = "SELECT count(*) FROM pms.certificate_turn";
const ALIAS: &str = "SELECT certificate_alias FROM pms.partner WHERE id = 'devices'";

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

    async fn wait_for(&self, query: &str, wanted: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.stage.text(query) != wanted {
            assert!(Instant::now() < deadline, "{query}: never {wanted}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Whether the partner has the certificate that others encrypt with.
    async fn assert_one_certificate(&self) {
        let issued = format!(
            "SELECT signed_cert_data FROM keymgr.partner_cert_store WHERE cert_id = ({ALIAS})"
        );
        let current = self.replica.certificate("PARTNER", "devices").await;
        assert_eq!(self.stage.text(&issued), current);
        let events = self.stage.queued("event");
        let told = events.iter().rfind(|(topic, _)| topic == "PARTNER_UPDATED");
        let data = &told.unwrap().1["event"]["data"]["partnerData"];
        assert_eq!(data["certificateData"], current.trim_end());
    }
}

fn id(uploaded: &Value) -> &str {
    uploaded["certificateId"].as_str().unwrap()
}

/// A replica whose key manager's answers to the second step wait for a gate.
async fn slow(world: &World) -> (Replica, TestServer, Arc<Semaphore>) {
    let gate = closed();
    let wire = wire(world.replica.base(), "uploadOtherDomainCertificate", &gate);
    let address = wire.url("");
    let settings = [("services.certificate_url", address.trim_end_matches('/'))];
    (world.stage.start(&settings).await, wire, gate)
}

#[actix_web::test]
async fn one_whose_slot_passed_on_gives_its_certificate_again() {
    let world = World::start().await;
    let (slow, _wire, gate) = slow(&world).await;
    let others = async {
        world.wait_for(GIVEN, "1").await;
        world
            .stage
            .sql("UPDATE pms.certificate_turn SET until = until - interval '1 hour'");
        let between = world.upload(&world.replica).await.response();
        assert_eq!(world.stage.text(ALIAS), id(&between));
        gate.add_permits(2);
    };

    let (overtaken, ()) = tokio::join!(world.upload(&slow), others);

    assert_eq!(world.stage.text(ALIAS), id(&overtaken.response()));
    assert_eq!(world.stage.text(GIVEN), "3");
    world.assert_one_certificate().await;
}

#[actix_web::test]
async fn one_whose_certificate_is_still_there_only_takes_the_partner() {
    let world = World::start().await;
    let (slow, _wire, gate) = slow(&world).await;
    let meanwhile = async {
        world.wait_for(GIVEN, "1").await;
        world.stage.sql("DELETE FROM pms.certificate_turn");
        gate.add_permits(2);
    };

    let (one, ()) = tokio::join!(world.upload(&slow), meanwhile);

    assert_eq!(world.stage.text(ALIAS), id(&one.response()));
    assert_eq!(world.stage.text(GIVEN), "1");
    world.assert_one_certificate().await;
}

/// Such as a process of an earlier version, or another tool.
#[actix_web::test]
async fn who_changes_the_partner_without_a_slot_is_noticed() {
    let world = World::start().await;
    let (slow, _wire, gate) = slow(&world).await;
    let meanwhile = async {
        world.wait_for(GIVEN, "1").await;
        world
            .stage
            .sql("UPDATE pms.partner SET certificate_alias = 'other' WHERE id = 'devices'");
        gate.add_permits(2);
    };

    let (one, ()) = tokio::join!(world.upload(&slow), meanwhile);

    assert_eq!(world.stage.text(ALIAS), id(&one.response()));
    assert_eq!(gate.available_permits(), 0, "it was given twice");
    world.assert_one_certificate().await;
}

#[actix_web::test]
async fn many_at_once_end_with_one_certificate() {
    let world = World::start().await;
    let other = world.stage.start(&[]).await;
    for _ in 0..3 {
        let replicas = [&world.replica, &other, &world.replica, &other];
        let replies = join_all(replicas.map(|replica| world.upload(replica))).await;

        assert!(
            replies.iter().all(|reply| reply.status == 200),
            "{replies:?}"
        );
        assert_eq!(world.stage.text(SLOTS), "0");
        world.assert_one_certificate().await;
    }
}
