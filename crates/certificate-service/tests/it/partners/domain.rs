//! Whether the domain of POST /v1/partnermanager/partners/certificate/upload
//! must fit the partner's type.

use std::rc::Rc;

use pms_testkit::{Reply, Who};
use serde_json::json;

use crate::support::ca::Authority;
use crate::support::service::{PARTNERS, Replica, Stage, error};

/// A device provider and a MISP whose authority every domain trusts.
async fn stage(settings: &[(&str, &str)]) -> (Rc<Stage>, Replica, Authority) {
    let stage = Stage::new();
    let replica = stage.start(settings).await;
    let root = Authority::root("Root");
    for domain in ["AUTH", "DEVICE", "MISP"] {
        replica.trust(&root.pem(), domain).await;
    }
    stage.partner("devices", "Devices Ltd", "Device_Provider");
    stage.partner("misp", "Misp Ltd", "MISP_Partner");
    (stage, replica, root)
}

async fn upload(replica: &Replica, partner: &str, pem: &str, domain: &str) -> Reply {
    let request = json!({
        "partnerId": partner, "certificateData": pem, "partnerDomain": domain,
    });
    let path = format!("{PARTNERS}/certificate/upload");
    replica.post(&Who::admin(), &path, request).await
}

#[actix_web::test]
async fn an_enforced_domain_is_that_of_the_type() {
    let enforced = [("pki.enforce_partner_domain", "true")];
    let (stage, replica, root) = stage(&enforced).await;
    let leaf = root.leaf("Devices Ltd");

    let wrong = upload(&replica, "devices", &leaf, "AUTH").await;

    let message = "Invalid Partner Domain.";
    assert_eq!(
        (wrong.status, wrong.error()),
        (200, error("KER-PCM-011", message))
    );
    assert_eq!(wrong.json()["id"], "mosip.partnermanagement");
    assert_eq!(
        stage.text("SELECT count(*) FROM keymgr.partner_cert_store"),
        "0"
    );
    assert_eq!(stage.audits(), ["PMS_PRT_103", "PMS_PRT_403"]);
    upload(&replica, "devices", &leaf, "device")
        .await
        .response();
    for domain in ["MISP", "Auth"] {
        let leaf = root.leaf("Misp Ltd");
        upload(&replica, "misp", &leaf, domain).await.response();
    }
}

#[actix_web::test]
async fn any_domain_is_passed_on_unless_enforced() {
    let (_stage, replica, root) = stage(&[]).await;

    let reply = upload(&replica, "devices", &root.leaf("Devices Ltd"), "AUTH").await;

    assert_eq!(reply.response()["timestamp"], "2026-11-24T10:00:00");
}
