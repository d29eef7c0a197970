//! A device provider that uploads its certificate to replicas.

use std::rc::Rc;

use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, Who};
use serde_json::{Value, json};

use super::ca::Authority;
use super::service::{PARTNERS, Replica, Stage};

/// The provider `devices`, and a replica that is well.
pub struct Uploads {
    pub stage: Rc<Stage>,
    pub replica: Replica,
    /// Its certificate.
    pub pem: String,
}

impl Uploads {
    pub async fn start() -> Self {
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

    pub async fn upload(&self, replica: &Replica) -> Reply {
        upload(replica, "devices", &self.pem, "DEVICE").await
    }

    /// Waits until a query gives a text.
    pub async fn wait_for(&self, query: &str, wanted: &str) {
        let what = format!("{wanted} from {query}");
        eventually(what, async || self.stage.text(query) == wanted).await;
    }

    /// The certificate that the last event tells of the partner.
    pub fn last_reported(&self) -> Value {
        let events = self.stage.queued("event");
        let last = events.iter().rfind(|(topic, _)| topic == "PARTNER_UPDATED");
        last.unwrap().1["event"]["data"]["partnerData"]["certificateData"].clone()
    }
}

/// A partner's user uploads its certificate.
pub async fn upload(replica: &Replica, partner: &str, pem: &str, domain: &str) -> Reply {
    let request = json!({
        "partnerId": partner, "certificateData": pem, "partnerDomain": domain,
    });
    let who = Who::user(partner, &["DEVICE_PROVIDER"]);
    let path = format!("{PARTNERS}/certificate/upload");
    replica.post(&who, &path, request).await
}
