//! In the domain FTM the certificate that a provider uploaded is trusted, since its chips are signed
//! below it. It vouches for its own organisation alone (contract keymanager.md §8.2).

use std::rc::Rc;

use rcgen::{DnType, KeyPair};
use serde_json::json;

use crate::support::ca::Authority;
use crate::support::revocation::{is_trusted, trusting};
use crate::support::service::{Replica, Stage, at, error};

struct Ftm {
    stage: Rc<Stage>,
    replica: Replica,
    root: Authority,
    provider: Authority,
}

impl Ftm {
    /// A provider whose own authority lets it issue, with a certificate from us.
    async fn start(settings: &[(&str, &str)]) -> Self {
        let stage = Stage::new();
        let (replica, root) = trusting(&stage, settings).await;
        // What an administrator uploads at the same instant would count as the partner's.
        stage.clock.set(at("2026-11-24T11:00:00Z"));
        let provider = root.issuing_partner("X Ltd");
        let reply = replica
            .upload_partner(&provider.pem(), "X Ltd", "FTM")
            .await;
        reply.response();
        Self {
            stage,
            replica,
            root,
            provider,
        }
    }

    /// How the upload of a certificate that `issuer` signed for this organisation ends.
    async fn upload(&self, issuer: &Authority, organization: &str) -> Result<(), (String, String)> {
        let key = KeyPair::generate().unwrap();
        let names = [
            (DnType::OrganizationName, organization),
            (DnType::CommonName, "below"),
        ];
        let leaf = issuer.certify(&names, &key);
        assert!(is_trusted(&self.replica, &leaf, "FTM").await);
        let reply = self
            .replica
            .upload_partner(&leaf, organization, "FTM")
            .await;
        if reply.json()["errors"] == json!(null) {
            return Ok(());
        }
        Err(reply.error())
    }
}

fn refused() -> Result<(), (String, String)> {
    let text = "Root CA/Intermediate CA Certificates not found.";
    Err(error("KER-PCM-006", text))
}

#[actix_web::test]
async fn a_provider_vouches_for_its_own_chips_and_for_no_stranger() {
    let ftm = Ftm::start(&[]).await;

    assert_eq!(ftm.upload(&ftm.provider, "B Ltd").await, refused());
    assert_eq!(ftm.upload(&ftm.provider, "X Ltd").await, Ok(()));
}

#[actix_web::test]
async fn what_an_administrator_puts_below_a_provider_does_not_reach_further() {
    let ftm = Ftm::start(&[]).await;
    let below = ftm.provider.sub("Below");
    ftm.replica.trust(&below.pem(), "FTM").await;

    assert_eq!(ftm.upload(&below, "B Ltd").await, refused());
    assert_eq!(ftm.upload(&below, "X Ltd").await, Ok(()));
}

#[actix_web::test]
async fn an_authority_that_was_there_before_stays_one_when_a_partner_uploads_it() {
    let ftm = Ftm::start(&[]).await;
    let sub = ftm.root.sub("Sub");
    ftm.replica.trust(&sub.pem(), "FTM").await;
    ftm.stage.clock.set(at("2026-11-24T12:00:00Z"));
    // Any partner can hand in a certificate of another one's key.
    let reply = ftm
        .replica
        .upload_partner(&sub.pem(), "Test CA", "FTM")
        .await;
    reply.response();

    assert_eq!(ftm.upload(&sub, "B Ltd").await, Ok(()));
}

#[actix_web::test]
async fn the_switch_lets_providers_vouch_for_others() {
    let switch = ("pki.partner_certificates_as_authorities", "true");
    let ftm = Ftm::start(&[switch]).await;

    assert_eq!(ftm.upload(&ftm.provider, "B Ltd").await, Ok(()));
}
