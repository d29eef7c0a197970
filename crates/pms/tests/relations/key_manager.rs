//! Partner certificates and personal data go to Key Manager: the contract
//! between two processes of ours, one configuration key apart.

use std::process::Command;

use actix_web::{App, HttpResponse, web};
use pms_testkit::{TestDatabase, Who, tokens};
use serde_json::json;

use crate::api::{mail, partner};
use crate::ca::Authority;
use crate::gate::Gate;
use crate::process::{Process, free_port, service};
use crate::system::{SECRET, System, eventually};
use crate::wire::Wire;

/// A key manager of its own, with a database of its own, and a deployment that
/// uses it by way of a gate and a wire.
pub struct Stage {
    pub system: System,
    pub wire: Wire,
    pub gate: Gate,
    pub authority: Authority,
    keys: TestDatabase,
    port: u16,
}

impl Stage {
    pub fn new() -> Self {
        let mut system = System::new();
        let port = free_port();
        let wire = Wire::to(&format!("http://127.0.0.1:{port}"));
        let gate = Gate::before_http(&wire.url());
        system.set("key_manager.url", &gate.url(&wire.url()));
        system.set("key_manager.embedded", "false");
        Self {
            system,
            wire,
            gate,
            authority: Authority::new("Root"),
            keys: TestDatabase::seeded(),
            port,
        }
    }

    /// The key manager's process.
    pub fn start_keys(&self) -> Process {
        let dir = self.system.dir();
        let mut command: Command = service("certificate-service");
        command
            .env("PMS__SERVER__HOST", "127.0.0.1")
            .env("PMS__SERVER__PORT", self.port.to_string())
            .env("PMS__DATABASE__URL", self.keys.url())
            .env("PMS__AUTH__ISSUER", tokens::ISSUER)
            .env("PMS__AUTH__JWKS_URL", self.system.identity.jwks_url())
            .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET)
            .env("PMS__OUTBOX__DISPATCH", "false")
            .env("PMS__KEY_MANAGER__KEK_FILE", dir.join("kek"));
        Process::start(command, dir, "key-manager").listening(self.port)
    }

    /// Approval status, activity and whether there is a certificate.
    pub fn state(&self, id: &str) -> String {
        self.system.value(&format!(
            "SELECT concat_ws('|', approval_status, is_active, certificate_alias IS NOT NULL) \
             FROM pms.partner WHERE id = '{id}'"
        ))
    }

    /// Topics of the queued events.
    pub fn topics(&self) -> Vec<String> {
        let rows = self.system.outbox().into_iter();
        let events = rows.filter(|row| ["event", "trust-chain"].contains(&row.queue.as_str()));
        events.map(|row| row.topic).collect()
    }
}

pub const ONCE: [&str; 2] = ["PARTNER_UPDATED", "CA_CERTIFICATE_UPLOADED"];

#[actix_web::test]
async fn a_separate_key_manager_serves_with_one_key_of_the_configuration() {
    let stage = Stage::new();
    let (_keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();

    api.trust(&stage.authority).await.unwrap().response();
    api.onboard("bank-one", &stage.authority).await;

    assert_eq!(stage.state("bank-one"), "approved|t|t");
    assert_eq!(stage.topics()[..2], ONCE);
    let path = "/v1/partnermanager/partners/bank-one";
    let details = api.get(&Who::admin(), path).await.response();
    assert_eq!(details["emailId"], mail("bank-one"), "{details}");
    let sealed = "SELECT email_id LIKE 'VkVSX1Iy%' FROM pms.partner WHERE id = 'bank-one'";
    assert_eq!(stage.system.value(sealed), "true");
    let certificate = api
        .get(&partner("bank-one"), &format!("{path}/certificate"))
        .await;
    let event = &stage.system.outbox();
    let reported = event.iter().find(|row| row.topic == "PARTNER_UPDATED");
    let data = &reported.unwrap().payload["event"]["data"]["partnerData"];
    assert_eq!(
        data["certificateData"].as_str().unwrap().trim(),
        certificate.response()["certificateData"]
            .as_str()
            .unwrap()
            .trim()
    );
    for (operation, times) in [
        ("uploadCACertificate", 1),
        ("uploadPartnerCertificate", 1),
        ("uploadOtherDomainCertificate", 1),
        ("encrypt", 3),
    ] {
        assert_eq!(stage.wire.times(operation), times, "{operation}");
    }
    assert_eq!(stage.wire.times("decryptBatch"), 0, "it is ours alone");
    assert_eq!(stage.wire.tokens().len(), 1, "one token for all calls");
}

/// Seconds that a token is good for here.
const LIFETIME: i64 = 4;

/// A provider whose tokens live for seconds.
fn impatient_provider() -> actix_test::TestServer {
    let token = async || {
        let now = pms_database::Clock::system().now().timestamp();
        let roles = ["ZONAL_ADMIN", "PARTNER_ADMIN"];
        let name = "service-account-mosip-pms-client";
        let mut claims = tokens::claims(name, &roles, now + LIFETIME);
        claims["jti"] = json!(uuid::Uuid::new_v4());
        let answer = json!({ "access_token": tokens::sign(&claims), "expires_in": LIFETIME });
        HttpResponse::Ok().json(answer)
    };
    actix_test::start(move || App::new().route("/token", web::post().to(token)))
}

#[actix_web::test]
async fn the_token_is_kept_and_renewed_before_it_expires() {
    let mut stage = Stage::new();
    let provider = impatient_provider();
    let endpoint = provider.url("/token");
    stage
        .system
        .set("service_account.token_endpoint", &endpoint);
    let (_keys, _process) = (stage.start_keys(), stage.system.start().await);
    let api = stage.system.api();

    // The same authority again and again: refused, but by the key manager.
    eventually("a third token", async || {
        api.trust(&stage.authority).await.unwrap();
        stage.wire.tokens().len() >= 3
    })
    .await;

    let calls = stage.wire.calls();
    assert!(calls.len() > 10, "kept: {} calls", calls.len());
    assert!(
        calls.iter().all(|call| call.status == Some(200)),
        "never refused: {calls:?}"
    );
}
