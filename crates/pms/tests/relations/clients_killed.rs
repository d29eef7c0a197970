//! SIGKILL between the intent, eSignet and the commit of an OIDC client: the same
//! call, at the next process, ends right.

mod swept;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::PgConnection;
use diesel::connection::SimpleConnection as _;
use pms_database::Clock;
use pms_testkit::Reply;
use pms_testkit::peers::esignet::Release;
use pms_testkit::peers::{Behaviour, EsignetPeer, Fault, RecordingPeer};
use serde_json::{Value, json};

use crate::api::{Api, partner};
use crate::ca::Authority;
use crate::peers::Peers;
use crate::process::Process;
use crate::system::{System, eventually};

const CLIENTS: &str = "/v1/partnermanager/oauth/client";
const BANK: &str = "bank-one";
const LOGO: &str = "https://bank.example/logo.png";
/// The logo that an update gives it.
const NEW_LOGO: &str = "https://bank.example/new.png";
const POLICY: &str = "mpolicy-default-auth";
/// A policy that clients can be made for.
const DOCUMENT: &str = r#"{"authTokenType":"policy","allowedAuthTypes":[{"authType":"otp","mandatory":false}],"allowedKycAttributes":[{"attributeName":"fullName"},{"attributeName":"gender"}]}"#;

/// A deployment with a partner, and an eSignet.
struct Scene {
    system: System,
    peers: Peers,
    esignet: EsignetPeer,
    /// Has the discovery document, whatever is wrong with the other.
    documents: EsignetPeer,
}

impl Scene {
    async fn start(release: Release) -> (Self, Process) {
        let (mut system, peers) = (System::new(), Peers::start());
        peers.introduce(&mut system);
        let esignet = EsignetPeer::of(release, Clock::system());
        let documents = EsignetPeer::start();
        introduce(&mut system, &esignet, &documents);
        system.sql(&format!(
            "UPDATE pms.auth_policy SET policy_type = 'Auth', policy_file_id = '{DOCUMENT}'
             WHERE id = '{POLICY}'"
        ));
        let process = system.start().await;
        let authority = Authority::new("Root");
        let api = system.api();
        api.trust(&authority).await.unwrap().response();
        api.onboard(BANK, &authority).await;
        let scene = Self {
            system,
            peers,
            esignet,
            documents,
        };
        (scene, process)
    }

    fn count(&self, what: &str) -> String {
        self.system.value(&format!("SELECT count(*) FROM {what}"))
    }

    /// Lets no client be written until the connection is dropped.
    fn hold_writes(&self) -> PgConnection {
        let mut other = self.system.database.conn();
        other
            .batch_execute("BEGIN; LOCK TABLE pms.oidc_client IN SHARE MODE")
            .unwrap();
        other
    }

    /// Whether a session waits to write a client.
    fn a_write_waits(&self) -> bool {
        // Tables of other tests have the same ids in the same server.
        let waiting = "pg_locks WHERE NOT granted AND relation = 'pms.oidc_client'::regclass
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        self.count(waiting) != "0"
    }

    /// How many clients eSignet has.
    fn held(&self) -> usize {
        self.esignet.clients().len()
    }

    /// Kills the process when `so`, while `call` waits for its answer, and starts
    /// the next one.
    async fn killed_when(
        &self,
        process: Process,
        so: impl Fn() -> bool,
        call: impl Future<Output = Result<Reply, reqwest::Error>>,
    ) {
        let kill = async {
            eventually("the moment of the kill", async || so()).await;
            process.kill();
        };
        let (lost, ()) = tokio::join!(call, kill);
        assert!(lost.is_err(), "the process was killed before its answer");
    }

    /// As if the calls had been over for this long.
    fn later_by(&self, time: &str) {
        self.system.sql(&format!(
            "UPDATE pms.oidc_client_intent SET busy_until =
               clock_timestamp() AT TIME ZONE 'UTC' - interval '{time}'"
        ));
    }

    /// The client is once here, once at eSignet, and published once.
    async fn assert_whole(&self, client_id: &str, clients: usize) {
        let number = clients.to_string();
        assert_eq!(self.count("pms.oidc_client"), number);
        assert_eq!(self.count("pms.oidc_client_intent"), "0");
        assert_eq!(self.held(), clients);
        let held = self.esignet.clients();
        let held = held.iter().find(|held| held.client_id == client_id);
        assert_eq!(held.unwrap().status, "ACTIVE");
        self.system.all_delivered().await;
        let reported = self.peers.events().into_iter().filter(|event| {
            event["topic"] == "OIDC_CLIENT_CREATED"
                && event["event"]["data"]["clientData"]["clientId"] == *client_id
        });
        let mut ids: Vec<String> = reported
            .map(|event| event["event"]["id"].as_str().unwrap().to_owned())
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 1, "at least once, and one event");
    }
}

/// Gives a deployment the addresses of its eSignet.
fn introduce(system: &mut System, esignet: &EsignetPeer, documents: &EsignetPeer) {
    let discovery = format!(
        "{}/v1/esignet/oidc/.well-known/openid-configuration",
        documents.url().trim_end_matches('/')
    );
    system.set("esignet.url", &esignet.url());
    system.set("esignet.discovery_url", &discovery);
    system.set("esignet.timeout_ms", "3000");
}

/// A new key, so that every kill is about a client of its own.
fn request() -> Value {
    let pair = rcgen::KeyPair::generate().unwrap();
    let (x, y) = pair.public_key_raw().split_at(1).1.split_at(32);
    json!({
        "name": "Bank",
        "policyId": POLICY,
        "publicKey": {
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig",
            "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        },
        "authPartnerId": BANK,
        "logoUri": LOGO,
        "redirectUris": ["https://bank.example/back"],
        "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Bank" },
    })
}

async fn create(api: &Api, request: &Value) -> Result<Reply, reqwest::Error> {
    api.ask(&partner(BANK), "POST", CLIENTS, request.clone())
        .await
}

/// Gives a client another logo.
async fn update(api: &Api, id: &str) -> Result<Reply, reqwest::Error> {
    let change = json!({
        "logoUri": NEW_LOGO,
        "redirectUris": ["https://bank.example/back"],
        "status": "ACTIVE",
        "grantTypes": ["authorization_code"],
        "clientName": "Bank",
        "clientAuthMethods": ["private_key_jwt"],
        "clientNameLangMap": { "eng": "Bank" },
    });
    api.ask(&partner(BANK), "PUT", &format!("{CLIENTS}/{id}"), change)
        .await
}

/// The same call again; the client's id.
async fn repeated(api: &Api, request: &Value) -> String {
    let reply = create(api, request).await.unwrap();
    let response = reply.response();
    assert_eq!(response["status"], "ACTIVE", "{}", reply.text);
    response["clientId"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_call_that_is_killed_anywhere_ends_right_when_it_is_repeated() {
    kill_anywhere(Release::Newer).await;
}

#[actix_web::test]
async fn a_call_to_an_esignet_that_refuses_repetitions_ends_right_when_it_is_repeated() {
    kill_anywhere(Release::Strict).await;
}

async fn kill_anywhere(release: Release) {
    let (mut scene, process) = Scene::start(release).await;
    process.stop();

    // Between the intent and eSignet, which does not even get the call.
    let nobody = RecordingPeer::start(Behaviour::Hang);
    scene
        .system
        .set("esignet.oauth_client_create_url", &nobody.url());
    let process = scene.system.start().await;
    let (api, first) = (scene.system.api(), request());
    let requested = || !nobody.recorded().is_empty();
    scene
        .killed_when(process, requested, create(&api, &first))
        .await;
    assert_eq!(scene.count("pms.oidc_client_intent"), "1");
    assert_eq!(scene.held(), 0);
    scene.system.set("esignet.oauth_client_create_url", "");
    let process = scene.system.start().await;
    // It waits for as long as the call of the dead process may be at work; below, that
    // time is made to have passed.
    let id = repeated(&api, &first).await;
    scene.assert_whole(&id, 1).await;

    // Between eSignet's work and its answer.
    scene.esignet.fail(Fault::Slow(Duration::from_secs(600)));
    let second = request();
    let registered = || scene.held() == 2;
    scene
        .killed_when(process, registered, create(&api, &second))
        .await;
    scene.esignet.recover();
    scene.later_by("1 second");
    assert_eq!(scene.count("pms.oidc_client"), "1");
    let process = scene.system.start().await;
    let id = repeated(&api, &second).await;
    scene.assert_whole(&id, 2).await;

    // Between eSignet's answer and the commit.
    let other = scene.hold_writes();
    let third = request();
    let writes = || scene.a_write_waits();
    scene
        .killed_when(process, writes, create(&api, &third))
        .await;
    assert_eq!(scene.held(), 3);
    drop(other);
    scene.later_by("1 second");
    assert_eq!(scene.count("pms.oidc_client"), "2");
    let process = scene.system.start().await;
    let id = repeated(&api, &third).await;
    scene.assert_whole(&id, 3).await;

    // Behind the commit: the repetition hears that the client is there.
    process.kill();
    let process = scene.system.start().await;
    let reply = create(&api, &third).await.unwrap();
    assert_eq!(reply.error().0, "PMS_ESI_001");
    scene.assert_whole(&id, 3).await;

    // An update, between eSignet's answer and the commit.
    let other = scene.hold_writes();
    scene.killed_when(process, writes, update(&api, &id)).await;
    drop(other);
    let process = scene.system.start().await;
    update(&api, &id).await.unwrap().response();
    let logo = format!("SELECT logo_uri FROM pms.oidc_client WHERE id = '{id}'");
    assert_eq!(scene.system.value(&logo), NEW_LOGO);
    let held = scene.esignet.clients();
    let held = held.iter().find(|held| held.client_id == id).unwrap();
    assert_eq!(held.client["logoUri"], NEW_LOGO);
    process.stop();
}

#[actix_web::test]
async fn of_two_processes_with_the_same_key_at_once_one_makes_the_client() {
    let (scene, one) = Scene::start(Release::Newer).await;
    let mut beside = scene.system.beside();
    introduce(&mut beside, &scene.esignet, &scene.documents);
    let two = beside.start().await;
    scene.esignet.fail(Fault::Slow(Duration::from_millis(500)));
    let (request, api, other) = (request(), scene.system.api(), beside.api());

    let (first, second) = tokio::join!(create(&api, &request), create(&other, &request));

    let (first, second) = (first.unwrap(), second.unwrap());
    let mut reported: Vec<String> = [&first, &second]
        .iter()
        .map(|reply| {
            let code = &reply.json()["errors"][0]["errorCode"];
            code.as_str().unwrap_or("created").to_owned()
        })
        .collect();
    reported.sort();
    assert_eq!(reported, ["PMS_ESI_001", "created"]);
    let id = scene.esignet.clients()[0].client_id.clone();
    scene.assert_whole(&id, 1).await;
    one.stop();
    two.stop();
}
