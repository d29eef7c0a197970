//! Clients that eSignet has of others: neither a call that is broken off nor an answer that
//! is lost gives them to who posts their key, and no job ends them.

use std::time::{Duration, Instant};

use futures_util::future::join;
use pms_database::Clock;
use pms_testkit::peers::esignet::Release;
use pms_testkit::peers::{Behaviour, EsignetPeer, Fault, RecordingPeer};
use pms_testkit::waiting::eventually;
use pms_testkit::{Reply, TestAppBuilder, Who};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::stage::{CLIENT_ID, Clients, NOW, owner, request, rsa_key};
use super::unfinished::{an_hour_later, numbers, queued, sweep};
use crate::support::BASE;

/// Answers that tell nothing of the outcome, and of an eSignet that did nothing.
const AWAY: Fault = Fault::Status(503);

async fn with_stranger(
    release: Release,
    configure: impl FnOnce(TestAppBuilder) -> TestAppBuilder,
) -> Clients {
    let clients = Clients::with(release, configure).await;
    put(&clients, "stranger", "ACTIVE");
    clients
}

fn put(clients: &Clients, owner: &str, status: &str) {
    clients.esignet.put_client(&json!({
        "clientId": CLIENT_ID, "relyingPartyId": owner, "publicKey": rsa_key(),
        "redirectUris": ["https://stranger.example"], "status": status,
    }));
}

/// Nothing is here, and eSignet has the client as it was.
fn assert_left_alone(clients: &Clients) {
    assert_eq!(clients.count("oidc_client"), "0");
    let held = &clients.esignet.clients()[0];
    assert_eq!(
        held.client["redirectUris"],
        json!(["https://stranger.example"])
    );
    let changes = clients.requests().into_iter();
    assert_eq!(changes.filter(|(method, ..)| method == "PUT").count(), 0);
}

async fn refused(clients: &Clients, who: &Who) {
    let reply = clients.create(who, request()).await;
    assert_eq!(reply.error().0, "duplicate_client_id");
}

/// Begins the call on a connection of its own, and resets that when eSignet has got it.
async fn broken_off(clients: &Clients, request: &Value) {
    let app = &clients.stage.app;
    let url = app.url("");
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let token = app.token("acme", &["AUTH_PARTNER"]);
    let body = app.v1(request).to_string();
    let call = format!(
        "POST {BASE}/oauth/client HTTP/1.1\r\nhost: {address}\r\n\
         cookie: Authorization={token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len(),
    );
    let before = clients.requests().len();
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(call.as_bytes()).await.unwrap();
    eventually("eSignet gets the call", async || {
        clients.requests().len() > before
    })
    .await;
    stream.set_zero_linger().unwrap();
    drop(stream);
    eventually("the service gives the request up", async || {
        app.runtime.edge.running().list().is_empty()
    })
    .await;
}

#[actix_web::test]
async fn a_call_that_its_client_breaks_off_leaves_no_claim_on_what_esignet_refuses() {
    for release in [Release::Older, Release::Newer] {
        let clients = with_stranger(release, |builder| builder).await;
        clients.esignet.fail(Fault::Slow(Duration::from_secs(60)));

        broken_off(&clients, &request()).await;
        assert_eq!(clients.count("oidc_client_intent"), "1");
        // The refusal goes out now.
        clients.esignet.recover();

        clients
            .until("the refusal is noted", |clients| {
                clients.count("oidc_client_intent") == "0"
            })
            .await;
        refused(&clients, &owner()).await;
        assert_left_alone(&clients);
    }
}

#[actix_web::test]
async fn what_a_call_made_that_its_client_broke_off_is_taken_up_by_the_same_call() {
    let clients = Clients::with(Release::Older, |builder| {
        builder.setting("esignet.timeout_ms", "2000")
    })
    .await;
    clients.esignet.fail(Fault::Slow(Duration::from_secs(60)));
    broken_off(&clients, &request()).await;
    clients.esignet.recover();

    let repeated = clients.create(&owner(), request()).await;

    assert_eq!(repeated.response()["clientId"], CLIENT_ID);
    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn a_lost_answer_proves_nothing_against_what_esignet_says() {
    let clients = Clients::of(Release::Newer).await;
    clients.esignet.fail(AWAY);
    clients.create(&owner(), request()).await.error();
    assert_eq!(clients.count("oidc_client_intent"), "1");
    put(&clients, "stranger", "ACTIVE");
    clients.esignet.recover();

    for who in [owner(), Who::admin()] {
        refused(&clients, &who).await;
        assert_left_alone(&clients);
        assert_eq!(clients.count("oidc_client_intent"), "0");
    }
}

#[actix_web::test]
async fn a_lost_answer_proves_nothing_when_esignet_had_refused_the_key_before() {
    let clients = with_stranger(Release::Older, |builder| builder).await;
    refused(&clients, &owner()).await;
    clients.esignet.fail(AWAY);
    clients.create(&owner(), request()).await.error();
    clients.esignet.recover();

    for _ in 0..2 {
        refused(&clients, &owner()).await;
        assert_left_alone(&clients);
    }
    // Nor for the job.
    an_hour_later(&clients);
    assert_eq!(numbers(&sweep(&clients, false).await), [1, 0, 1, 0]);
    assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
    assert_eq!(queued(&clients), "0");
    assert_left_alone(&clients);
    // An administrator knows whose it is.
    let taken = clients.create(&Who::admin(), request()).await;
    assert_eq!(taken.response()["clientId"], CLIENT_ID);
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_eq!(clients.count("oidc_client_held"), "0");
}

#[actix_web::test]
async fn a_record_that_hangs_makes_no_refusal_unknown() {
    let hangs = RecordingPeer::start(Behaviour::Hang);
    let clients = with_stranger(Release::Newer, |builder| {
        builder
            // Far more than the record may take.
            .setting("esignet.timeout_ms", "25000")
            .setting("esignet.client_read_url", &hangs.url())
    })
    .await;
    let began = Instant::now();

    refused(&clients, &owner()).await;

    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(hangs.recorded().len(), 1);
    assert_eq!(clients.count("oidc_client_intent"), "0");
    assert_left_alone(&clients);
}

/// Makes the call, and does `meanwhile` to the database when eSignet has got it.
async fn with_meanwhile(clients: &Clients, meanwhile: &str) -> Reply {
    clients.esignet.fail(Fault::Slow(Duration::from_secs(60)));
    let before = clients.requests().len();
    let change = async {
        eventually("eSignet gets the call", async || {
            clients.requests().len() > before
        })
        .await;
        clients.stage.sql(meanwhile);
        clients.esignet.recover();
    };
    let caller = owner();
    join(clients.create(&caller, request()), change).await.0
}

#[actix_web::test]
async fn a_call_whose_time_is_over_leaves_the_intent_of_the_next_one_alone() {
    let clients = with_stranger(Release::Older, |builder| builder).await;
    // As a call that found the time of this one over.
    let next = "UPDATE oidc_client_intent
        SET busy_until = clock_timestamp() AT TIME ZONE 'UTC' + interval '1 hour'";

    let refused = with_meanwhile(&clients, next).await;

    assert_eq!(refused.error().0, "duplicate_client_id");
    let busy = "SELECT count(*) FROM oidc_client_intent
        WHERE busy_until > clock_timestamp() AT TIME ZONE 'UTC' + interval '30 minutes'";
    assert_eq!(clients.stage.text(busy).as_deref(), Some("1"));
    // The refusal is noted for it.
    assert_eq!(clients.count("oidc_client_held"), "1");
    assert_left_alone(&clients);
}

#[actix_web::test]
async fn a_refusal_that_is_noted_late_still_keeps_the_next_call_from_the_client() {
    let clients = with_stranger(Release::Older, |builder| builder).await;
    clients.esignet.fail(AWAY);
    clients.create(&owner(), request()).await.error();
    let noted = "INSERT INTO oidc_client_held (client_id, cr_dtimes)
        SELECT client_id, cr_dtimes FROM oidc_client_intent";

    let refused = with_meanwhile(&clients, noted).await;

    assert_eq!(refused.error().0, "duplicate_client_id");
    assert_left_alone(&clients);
}

/// An answer with this code of an error.
fn failing(code: &str) -> Fault {
    let error = json!({ "errorCode": code, "errorMessage": code });
    Fault::Body(json!({ "response": null, "errors": [error] }).to_string())
}

#[actix_web::test]
async fn a_key_that_esignet_does_not_like_is_not_noted_as_one_that_it_has() {
    for (code, record, noted) in [
        ("invalid_public_key", None, "0"),
        // What contradicts itself, and what may be about the call, proves nothing.
        ("duplicate_client_id", None, "1"),
        ("invalid_public_key", Some(failing("unknown_error")), "1"),
        ("invalid_public_key", Some(AWAY), "1"),
    ] {
        let records = EsignetPeer::of(Release::Newer, Clock::fixed(NOW.parse().unwrap()));
        let read = format!(
            "{}/v1/esignet/client-mgmt/client",
            records.url().trim_end_matches('/')
        );
        let clients = Clients::with(Release::Strict, |builder| {
            builder.setting("esignet.client_read_url", &read)
        })
        .await;
        clients.esignet.fail(failing(code));
        if let Some(fault) = record {
            records.fail(fault);
        }

        let reply = clients.create(&owner(), request()).await;

        assert_eq!(reply.error().0, code);
        assert_eq!(clients.count("oidc_client_intent"), "0");
        assert_eq!(clients.count("oidc_client_held"), noted, "{code}");
    }
}

#[actix_web::test]
async fn a_client_that_was_ended_at_esignet_is_for_an_administrator_alone() {
    let clients = Clients::of(Release::Newer).await;
    put(&clients, "acme", "INACTIVE");

    for _ in 0..2 {
        refused(&clients, &owner()).await;
        assert_left_alone(&clients);
        assert_eq!(clients.esignet.clients()[0].status, "INACTIVE");
    }

    let taken = clients.create(&Who::admin(), request()).await;
    assert_eq!(taken.response()["clientId"], CLIENT_ID);
    assert_eq!(clients.esignet.clients()[0].status, "ACTIVE");
}
