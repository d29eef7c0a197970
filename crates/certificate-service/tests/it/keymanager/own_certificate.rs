//! Certificates that were issued to partners vouch for nobody, and renew nothing
//! (contract keymanager.md §8.2).

use std::rc::Rc;

use pms_pki::{Certificate, reading};
use pms_testkit::{Reply, Who};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::{Value, json};

use crate::support::ca::{Authority, LONG, partner_key};
use crate::support::keys::{KeyOf, named};
use crate::support::service::{Replica, Stage, error};
use crate::support::uploads::upload;

const NOT_FOUND: (&str, &str) = (
    "KER-PCM-006",
    "Root CA/Intermediate CA Certificates not found.",
);
const SWITCH: (&str, &str) = ("pki.partner_certificates_as_authorities", "true");

struct Partners {
    stage: Rc<Stage>,
    replica: Replica,
    root: Authority,
}

impl Partners {
    /// Two partners of the same kind, one of which has a certificate in `domain`.
    async fn start(domain: &str, settings: &[(&str, &str)]) -> Self {
        let stage = Stage::new();
        let replica = stage.start(settings).await;
        let root = Authority::root("Root");
        replica.trust(&root.pem(), domain).await;
        stage.partner("x", "X Ltd", "Device_Provider");
        stage.partner("m", "B Ltd", "Device_Provider");
        let partners = Self {
            stage,
            replica,
            root,
        };
        partners
            .upload("x", &partners.root.leaf("X Ltd"), domain)
            .await
            .response();
        partners
    }

    async fn upload(&self, partner: &str, pem: &str, domain: &str) -> Reply {
        upload(&self.replica, partner, pem, domain).await
    }

    /// PEM and id of the certificate that partner x has.
    fn held(&self) -> (String, String) {
        let of = |column: &str| {
            self.stage.text(&format!(
                "SELECT {column} FROM keymgr.partner_cert_store s \
                 JOIN pms.partner p ON p.certificate_alias = s.cert_id WHERE p.id = 'x'"
            ))
        };
        (of("signed_cert_data"), of("s.cert_id"))
    }

    fn rows(&self) -> String {
        self.stage
            .text("SELECT count(*) FROM keymgr.partner_cert_store")
    }

    /// A new key for an application, with another name.
    async fn renew(&self, app_id: &str) {
        let mut request = named(app_id, "");
        request["force"] = json!(true);
        let operation = "generateMasterKey/CERTIFICATE";
        self.replica.km(operation, request).await.response();
    }
}

/// A certificate for `organization` that the key of partner x signs below its
/// certificate from us.
fn signed_by_partner(held: &str, organization: &str, key: &KeyPair) -> String {
    let issuer = Issuer::from_ca_cert_pem(held, partner_key()).unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, organization);
    params
        .distinguished_name
        .push(DnType::CommonName, "stranger");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ((y1, m1, d1), (y2, m2, d2)) = LONG;
    params.not_before = rcgen::date_time_ymd(y1, m1, d1);
    params.not_after = rcgen::date_time_ymd(y2, m2, d2);
    params.signed_by(key, &issuer).unwrap().pem()
}

fn refused() -> (String, String) {
    error(NOT_FOUND.0, NOT_FOUND.1)
}

#[actix_web::test]
async fn a_partner_can_not_approve_a_stranger_under_anothers_name() {
    for domain in ["AUTH", "DEVICE", "MISP"] {
        let partners = Partners::start(domain, &[]).await;
        let (held, _) = partners.held();
        let key = KeyPair::generate().unwrap();
        let stranger = signed_by_partner(&held, "B Ltd", &key);

        let reply = partners.upload("m", &stranger, domain).await;

        assert_eq!(reply.error(), refused(), "{domain}");
        let state =
            "SELECT concat_ws('|', certificate_alias, is_active) FROM pms.partner WHERE id = 'm'";
        assert_eq!(partners.stage.text(state), "f", "{domain}");
        // The trust of the domain is as before.
        let request = json!({ "certificateData": stranger, "partnerDomain": domain });
        let trusted = partners.replica.km("verifyCertificateTrust", request).await;
        assert_eq!(trusted.response()["status"], json!(true), "{domain}");
    }
}

#[actix_web::test]
async fn new_root_and_pms_keys_open_no_door() {
    let partners = Partners::start("DEVICE", &[]).await;
    let (held, _) = partners.held();
    let key = KeyPair::generate().unwrap();
    let stranger = signed_by_partner(&held, "B Ltd", &key);

    for app_id in ["ROOT", "PMS"] {
        partners.renew(app_id).await;
        let other = partners.root.leaf("X Ltd");
        partners.upload("x", &other, "DEVICE").await.response();

        let reply = partners.upload("m", &stranger, "DEVICE").await;
        assert_eq!(reply.error(), refused(), "{app_id}");
    }
    // Nor does another certificate of the PMS key, by an authority from outside.
    let pms = reading::read_certificate(&partners.replica.certificate("PMS", "").await).unwrap();
    let again = partners.root.certify_authority("PMS again", &KeyOf(pms));
    let mut request = named("PMS", "");
    request["certificateData"] = json!(again);
    partners
        .replica
        .km("uploadCertificate", request)
        .await
        .response();
    partners.replica.trust(&again, "DEVICE").await;
    let reply = partners.upload("m", &stranger, "DEVICE").await;
    assert_eq!(reply.error(), refused());
}

#[actix_web::test]
async fn an_authority_below_a_partner_is_trusted_for_nothing_either() {
    let partners = Partners::start("DEVICE", &[]).await;
    let (held, _) = partners.held();
    let key = KeyPair::generate().unwrap();
    let middle = signed_by_partner(&held, "Middle", &key);
    partners.replica.trust(&middle, "DEVICE").await;
    let issuer = Issuer::from_ca_cert_pem(&middle, &key).unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::OrganizationName, "B Ltd");
    params
        .distinguished_name
        .push(DnType::CommonName, "second level");
    let ((y1, m1, d1), (y2, m2, d2)) = LONG;
    params.not_before = rcgen::date_time_ymd(y1, m1, d1);
    params.not_after = rcgen::date_time_ymd(y2, m2, d2);
    let leaf = params.signed_by(partner_key(), &issuer).unwrap().pem();

    let reply = partners.upload("m", &leaf, "DEVICE").await;

    assert_eq!(reply.error(), refused());
}

#[actix_web::test]
async fn a_partner_that_hands_in_its_certificate_from_us_gets_it_back() {
    let partners = Partners::start("AUTH", &[]).await;
    let (held, id) = partners.held();
    let rows = partners.rows();
    let events = partners.stage.queued("event").len();

    let reply = partners.upload("x", &held, "AUTH").await.response();

    assert_eq!(reply["certificateId"], json!(id));
    let pem = |value: &Value| -> Certificate {
        reading::read_certificate(value.as_str().unwrap()).unwrap()
    };
    let same = reading::read_certificate(&held).unwrap();
    assert_eq!(pem(&reply["signedCertificateData"]).der(), same.der());
    assert_eq!(partners.rows(), rows, "nothing was issued");
    assert!(
        partners.stage.queued("event").len() > events,
        "it is told all the same"
    );
    // After our keys were replaced it is still in force.
    partners.renew("ROOT").await;
    partners.renew("PMS").await;
    let reply = partners.upload("x", &held, "AUTH").await.response();
    assert_eq!(reply["certificateId"], json!(id));
    assert_eq!(partners.rows(), rows);
}

#[actix_web::test]
async fn any_other_certificate_from_us_is_refused() {
    let partners = Partners::start("AUTH", &[]).await;
    let (held, _) = partners.held();
    // Another party's, under the same name.
    partners
        .stage
        .sql("UPDATE pms.partner SET name = 'X Ltd' WHERE id = 'm'");
    let reply = partners.upload("m", &held, "AUTH").await;
    assert_eq!(reply.error(), refused());
    // In another domain.
    partners.replica.trust(&partners.root.pem(), "MISP").await;
    let reply = partners.upload("x", &held, "MISP").await;
    assert_eq!(reply.error(), refused());
    // An earlier one of one's own.
    partners
        .upload("x", &partners.root.leaf("X Ltd"), "AUTH")
        .await
        .response();
    let reply = partners.upload("x", &held, "AUTH").await;
    assert_eq!(reply.error(), refused());
    // A revoked one.
    let (held, id) = partners.held();
    let request = json!({ "reason": "superseded" });
    let who = Who::user("admin", &["PARTNER_ADMIN"]);
    let body = json!({
        "id": "mosip.pms.revoke.certificate.post", "version": "1.0",
        "requestTime": partners.replica.request_time(), "request": request,
    });
    let path = format!("/v1/partnermanager/certificates/{id}/revoke");
    let revoked = partners
        .replica
        .send(&who, "POST", &path, Some(body.to_string()))
        .await;
    revoked.response();
    let reply = partners.upload("x", &held, "AUTH").await;
    assert_eq!(reply.error(), refused());
    // What the key of PMS signs besides.
    let data = partners.replica.certificate("PMS", "PII-DATA").await;
    partners
        .stage
        .sql("UPDATE pms.partner SET name = 'IITB' WHERE id = 'm'");
    let reply = partners.upload("m", &data, "AUTH").await;
    assert_eq!(reply.error(), refused());
}

#[actix_web::test]
async fn the_switch_brings_the_reference_back() {
    let partners = Partners::start("DEVICE", &[SWITCH]).await;
    let (held, id) = partners.held();
    let key = KeyPair::generate().unwrap();

    let stranger = signed_by_partner(&held, "B Ltd", &key);
    let stranger = partners.upload("m", &stranger, "DEVICE").await.response();
    let renewed = partners.upload("x", &held, "DEVICE").await.response();

    assert!(stranger["certificateId"].is_string());
    assert_ne!(renewed["certificateId"], json!(id));
}
