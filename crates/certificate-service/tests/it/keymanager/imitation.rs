//! No caller gets a certificate that could be taken for one of our authorities.

use pms_pki::certificate::Attribute;
use pms_pki::{Certificate, reading};
use rcgen::DnType;
use serde_json::json;

use crate::support::ca::{Authority, partner_key};
use crate::support::keys::{KeyOf, named};
use crate::support::service::{Replica, Stage, error};

async fn ours(replica: &Replica, app_id: &str) -> Certificate {
    reading::read_certificate(&replica.certificate(app_id, "").await).unwrap()
}

/// Replaces a key by one with another name.
async fn rename(replica: &Replica, app_id: &str) {
    let mut request = named(app_id, "");
    request["force"] = json!(true);
    request["commonName"] = json!("Renamed");
    let reply = replica.km("generateMasterKey/CERTIFICATE", request).await;
    reply.response();
}

#[actix_web::test]
async fn neither_the_name_nor_the_key_of_our_authorities_is_issued() {
    let stage = Stage::new();
    let replica = stage.start(&[]).await;
    let root = Authority::root("Root");
    replica.trust(&root.pem(), "AUTH").await;
    let mut authorities = [ours(&replica, "PMS").await, ours(&replica, "ROOT").await];
    check(&stage, &replica, &root, &authorities).await;

    // Nor those that they had once.
    rename(&replica, "ROOT").await;
    rename(&replica, "PMS").await;
    check(&stage, &replica, &root, &authorities).await;
    authorities = [ours(&replica, "PMS").await, ours(&replica, "ROOT").await];
    check(&stage, &replica, &root, &authorities).await;
}

async fn check(stage: &Stage, replica: &Replica, root: &Authority, authorities: &[Certificate]) {
    let kinds = [
        (DnType::CountryName, Attribute::Country),
        (DnType::StateOrProvinceName, Attribute::State),
        (DnType::LocalityName, Attribute::Locality),
        (DnType::OrganizationName, Attribute::Organization),
        (
            DnType::OrganizationalUnitName,
            Attribute::OrganizationalUnit,
        ),
        (DnType::CommonName, Attribute::CommonName),
    ];

    for authority in authorities {
        let subject = authority.subject();
        let names: Vec<_> = kinds
            .iter()
            .filter_map(|(kind, of)| Some((kind.clone(), subject.first(*of)?)))
            .collect();
        let organization = subject.first(Attribute::Organization).unwrap();
        let plain = [
            (DnType::OrganizationName, "Acme"),
            (DnType::CommonName, "Acme"),
        ];
        let refused = [
            (root.certify(&names, partner_key()), organization),
            (root.certify(&plain, &KeyOf(authority.clone())), "Acme"),
        ];
        for (pem, organization) in refused {
            let reply = replica.upload_partner(&pem, organization, "AUTH").await;
            let expected = error("KER-PCM-001", "Invalid Certificate uploaded.");
            assert_eq!((reply.status, reply.error()), (200, expected));
        }
    }
    let stored = "SELECT count(*) FROM keymgr.partner_cert_store";
    assert_eq!(stage.text(stored), "0");
}
