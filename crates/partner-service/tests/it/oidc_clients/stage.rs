//! A partner service with an eSignet and a policy that clients can be made for.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pms_database::Clock;
use pms_testkit::peers::EsignetPeer;
use pms_testkit::peers::esignet::Release;
use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, TestAppBuilder, Who};
use serde_json::{Value, json};

use crate::support::{Row, Stage};

pub const NOW: &str = "2026-11-24T10:00:00Z";
pub const MODULUS: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
/// The client id of [`rsa_key`], as the contract has it.
pub const CLIENT_ID: &str = "OWQ8wnuNvjjbAuMzrSQk-ApB-uQA7NmlTccD0uNIIkc";
/// The document of the policy `p-1`.
pub const POLICY: &str = r#"{"authTokenType":"policy","allowedAuthTypes":[{"authType":"otp","mandatory":false},{"authType":"BIO","authSubType":"FACE","mandatory":false}],"allowedKycAttributes":[{"attributeName":"fullName"},{"attributeName":"FULLNAME"},{"attributeName":"gender"}]}"#;

pub struct Clients {
    pub stage: Stage,
    /// Takes clients.
    pub esignet: EsignetPeer,
    /// Has the discovery document and the mappings, whatever is wrong with the other.
    pub documents: EsignetPeer,
}

impl Clients {
    pub async fn start() -> Self {
        Self::of(Release::Newer).await
    }

    pub async fn of(release: Release) -> Self {
        Self::with(release, |builder| builder).await
    }

    /// The partner `acme` has an approved request for the policy `p-1`.
    pub async fn with(
        release: Release,
        configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder,
    ) -> Self {
        let clock = Clock::fixed(NOW.parse().unwrap());
        let esignet = EsignetPeer::of(release, clock);
        let documents = EsignetPeer::start();
        let (url, claims, acrs) = (
            esignet.url(),
            documents.claims_mapping_url(),
            documents.acr_mapping_url(),
        );
        let discovery = format!(
            "{}/v1/esignet/oidc/.well-known/openid-configuration",
            documents.url().trim_end_matches('/')
        );
        let stage = Stage::with(|builder| {
            configure(
                builder
                    .setting("esignet.url", &url)
                    .setting("esignet.discovery_url", &discovery)
                    .setting("esignet.claims_mapping_url", &claims)
                    .setting("esignet.acr_mapping_url", &acrs),
            )
        })
        .await;
        stage.policy("p-1", Some("g-1"), "Policy One", true);
        stage.sql(&format!(
            "UPDATE auth_policy SET policy_file_id = '{POLICY}' WHERE id = 'p-1'"
        ));
        stage.partner(&Row::default());
        stage.mapping("m-1", "acme", "p-1", "approved");
        Self {
            stage,
            esignet,
            documents,
        }
    }

    pub async fn create(&self, who: &Who, request: Value) -> Reply {
        self.stage.send(who, "POST", "/oauth/client", request).await
    }

    pub async fn create_older(&self, who: &Who, request: Value) -> Reply {
        self.stage.send(who, "POST", "/oidc/client", request).await
    }

    pub async fn update(&self, who: &Who, request: Value) -> Reply {
        let path = format!("/oauth/client/{CLIENT_ID}");
        self.stage.send(who, "PUT", &path, request).await
    }

    /// A stored client of `acme`, which eSignet has.
    pub async fn created(&self) {
        let reply = self.create(&owner(), request()).await;
        assert_eq!(reply.response()["status"], "ACTIVE");
        self.stage.forget();
    }

    pub fn column(&self, column: &str) -> Option<String> {
        self.stage.text(&format!(
            "SELECT {column} FROM oidc_client WHERE id = '{CLIENT_ID}'"
        ))
    }

    pub fn count(&self, table: &str) -> String {
        let query = format!("SELECT count(*) FROM {table}");
        self.stage.text(&query).unwrap()
    }

    /// What eSignet was asked to change: method, path, body.
    pub fn requests(&self) -> Vec<(String, String, Value)> {
        let managed = self.esignet.recorded().into_iter();
        let managed = managed
            .filter(|request| request.uri.contains("client-mgmt") && request.method != "GET");
        managed
            .map(|request| {
                let path = request.uri.replace("/v1/esignet/client-mgmt", "");
                let requested = request.json()["request"].clone();
                (request.method, path, requested)
            })
            .collect()
    }

    pub fn topics(&self) -> Vec<String> {
        let events = self.stage.app.events().into_iter();
        events.map(|(topic, _)| topic).collect()
    }

    /// Waits until `done`.
    pub async fn until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        eventually(what, async || done(self)).await;
    }
}

pub fn owner() -> Who {
    Who::user("acme", &["AUTH_PARTNER"])
}

pub fn rsa_key() -> Value {
    json!({ "kty": "RSA", "n": MODULUS, "e": "AQAB", "alg": "RS256", "use": "sig", "kid": "key-1" })
}

/// Another key, by its number.
pub fn other_key(number: u8) -> Value {
    let mut modulus = URL_SAFE_NO_PAD.decode(MODULUS).unwrap();
    modulus[100] = number;
    json!({ "kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB" })
}

/// A new client, as the portal asks for it.
pub fn request() -> Value {
    json!({
        "name": "Bank",
        "policyId": "p-1",
        "publicKey": rsa_key(),
        "authPartnerId": "acme",
        "logoUri": "https://acme.example/logo.png",
        "redirectUris": ["https://acme.example/back", "acme.app://back"],
        "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Bank", "fra": "Banque" },
    })
}

/// A change, as the portal asks for it.
pub fn change() -> Value {
    json!({
        "logoUri": "https://acme.example/new.png",
        "redirectUris": ["https://acme.example/elsewhere"],
        "status": "ACTIVE",
        "grantTypes": ["authorization_code"],
        "clientName": "New Bank",
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "New Bank" },
    })
}

pub fn with(mut request: Value, name: &str, value: Value) -> Value {
    request[name] = value;
    request
}

pub fn without(mut request: Value, name: &str) -> Value {
    request.as_object_mut().unwrap().remove(name);
    request
}
