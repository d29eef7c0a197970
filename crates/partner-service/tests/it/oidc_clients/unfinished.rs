//! Calls that eSignet answered and nobody heard: the job `unfinished-clients` makes
//! both sides agree.

use std::time::Duration;

use pms_partner_service::jobs::{Jobs, Outcome, RunPlan};
use pms_runtime::Runtime;
use pms_testkit::peers::Fault;
use pms_testkit::peers::esignet::Release;
use serde_json::json;
use tokio::sync::watch;

use super::stage::{CLIENT_ID, Clients, change, owner, request, with};

async fn impatient(release: Release) -> Clients {
    Clients::with(release, |builder| {
        builder
            .setting("esignet.timeout_ms", "500")
            .setting("outbox.retry_first_ms", "20")
            .setting("outbox.retry_longest_ms", "50")
    })
    .await
}

pub async fn sweep(clients: &Clients, dry_run: bool) -> Outcome {
    let (_stop, stopped) = watch::channel(false);
    // A process of its own, since metrics are registered once in each.
    let app = &clients.stage.app;
    let settings = (*app.runtime.settings).clone();
    let runtime = Runtime::build(settings, "jobs", app.clock.clone()).unwrap();
    let jobs = Jobs::new(&runtime).unwrap();
    let now = app.clock.now();
    let plan = RunPlan {
        planned_at: now,
        days: vec![now.date_naive()],
        now,
        dry_run,
    };
    let run = jobs.run_plan("unfinished-clients", &plan, stopped);
    run.await.unwrap()
}

/// As if the calls were over for an hour.
pub fn an_hour_later(clients: &Clients) {
    clients.stage.sql(
        "UPDATE oidc_client_intent SET busy_until =
           clock_timestamp() AT TIME ZONE 'UTC' - interval '1 hour'",
    );
}

/// What was done: examined, changed, skipped, failed.
pub fn numbers(outcome: &Outcome) -> [u64; 4] {
    [
        outcome.examined,
        outcome.changed,
        outcome.skipped,
        outcome.failed,
    ]
}

pub fn queued(clients: &Clients) -> String {
    let rows = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client' AND status <> 'delivered'";
    clients.stage.text(rows).unwrap()
}

async fn deliver(clients: &Clients) {
    let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
    let all = |clients: &Clients| queued(clients) == "0";
    clients.until("eSignet is told", all).await;
    dispatcher.stop().await;
}

fn status_at_esignet(clients: &Clients) -> String {
    clients.esignet.clients()[0].status.clone()
}

#[actix_web::test]
async fn a_registration_that_nobody_repeats_ends_at_esignet_and_can_still_be_repeated() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = impatient(release).await;
        clients.esignet.fail(Fault::Reset);
        clients.create(&owner(), request()).await.error();
        clients.esignet.recover();
        assert_eq!(status_at_esignet(&clients), "ACTIVE");
        // The user may be about to repeat the call.
        assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
        an_hour_later(&clients);

        let dry = sweep(&clients, true).await;
        let swept = sweep(&clients, false).await;
        let again = sweep(&clients, false).await;

        let line = format!(
            "end the client {CLIENT_ID} of acme at eSignet, unless it is stored or may be another's"
        );
        assert_eq!((dry.lines, queued(&clients)), (vec![line], "1".to_owned()));
        assert_eq!(numbers(&swept), [1, 1, 0, 0], "{release:?}");
        assert_eq!(numbers(&again), [0; 4]);
        deliver(&clients).await;
        assert_eq!(status_at_esignet(&clients), "INACTIVE", "{release:?}");
        an_hour_later(&clients);
        assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
        let repeated = clients.create(&owner(), request()).await;
        assert_eq!(repeated.response()["clientId"], CLIENT_ID);
        assert_eq!(status_at_esignet(&clients), "ACTIVE");
        assert_eq!(clients.count("oidc_client_intent"), "0");
    }
}

#[actix_web::test]
async fn what_was_stored_or_is_asked_again_meanwhile_is_left_alone() {
    let clients = impatient(Release::Newer).await;
    clients.esignet.fail(Fault::Reset);
    clients.create(&owner(), request()).await.error();
    clients.esignet.recover();
    an_hour_later(&clients);
    // Queued, and repeated before it is delivered.
    sweep(&clients, false).await;
    clients.create(&owner(), request()).await.response();

    deliver(&clients).await;

    assert_eq!(status_at_esignet(&clients), "ACTIVE");
    // A row of a call that asks now.
    clients.stage.sql(
        "INSERT INTO oidc_client_intent (client_id, rp_id, digest, kind, busy_until, cr_by, cr_dtimes)
         SELECT id, rp_id, digest, 'update',
           clock_timestamp() AT TIME ZONE 'UTC' + interval '1 hour' * hours, 'acme', '2026-11-24'
         FROM oidc_client, (VALUES ('over', -1), ('busy', 1)) AS calls (digest, hours)",
    );
    assert_eq!(numbers(&sweep(&clients, false).await), [1, 0, 1, 0]);
    assert_eq!(queued(&clients), "0");
}

#[actix_web::test]
async fn an_update_whose_answer_was_lost_is_taken_back_at_esignet() {
    for release in [Release::Older, Release::Newer, Release::Strict] {
        let clients = impatient(release).await;
        clients.created().await;
        let logo = |clients: &Clients| clients.esignet.clients()[0].client["logoUri"].clone();
        clients.esignet.fail(Fault::Slow(Duration::from_secs(2)));
        clients.update(&owner(), change()).await.error();
        clients.esignet.recover();
        assert_eq!(logo(&clients), "https://acme.example/new.png");
        assert_eq!(clients.count("oidc_client_intent"), "1");
        assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
        an_hour_later(&clients);

        let swept = sweep(&clients, false).await;
        deliver(&clients).await;

        assert_eq!(numbers(&swept), [1, 1, 0, 0], "{release:?}");
        assert_eq!(logo(&clients), "https://acme.example/logo.png");
        assert_eq!(clients.count("oidc_client_intent"), "0");
        // And the partner may repeat it.
        clients.update(&owner(), change()).await.response();
        assert_eq!(logo(&clients), "https://acme.example/new.png");
        assert_eq!(clients.count("oidc_client_intent"), "0");
    }
}

#[actix_web::test]
async fn an_update_that_esignet_refuses_leaves_nothing_to_finish() {
    let clients = impatient(Release::Newer).await;
    clients.created().await;
    clients.esignet.forget();

    clients.update(&owner(), change()).await.error();

    assert_eq!(clients.count("oidc_client_intent"), "0");
}

#[actix_web::test]
async fn a_delivery_beside_an_update_is_sent_again_behind_it() {
    let clients = impatient(Release::Newer).await;
    clients.created().await;
    // A call asks eSignet now; what it changes there is not stored yet.
    clients.stage.sql(
        "INSERT INTO oidc_client_intent (client_id, rp_id, digest, kind, busy_until, cr_by, cr_dtimes)
         SELECT id, rp_id, 'busy', 'update',
           clock_timestamp() AT TIME ZONE 'UTC' + interval '1 hour', 'acme', '2026-11-24'
         FROM oidc_client",
    );
    let mut conn = clients.stage.app.database.conn();
    pms_database::outbox::writer::client_update(&mut conn, CLIENT_ID).unwrap();

    let dispatcher = clients.stage.app.runtime.dispatch().unwrap().unwrap();
    let twice = |clients: &Clients| {
        let tried = "SELECT count(*) FROM outbox WHERE lane = 'oidc-client' AND attempts > 1";
        clients.stage.text(tried).as_deref() == Some("1")
    };
    clients.until("it is sent again", twice).await;
    clients.stage.sql("DELETE FROM oidc_client_intent");
    let all = |clients: &Clients| queued(clients) == "0";
    clients.until("it is delivered behind the call", all).await;
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_client_of_another_relying_party_is_left_alone_at_esignet() {
    let clients = impatient(Release::Newer).await;
    clients.esignet.fail(Fault::Reset);
    clients.create(&owner(), request()).await.error();
    clients.esignet.recover();
    let requested = clients.requests().remove(0).2;
    clients.esignet.forget();
    clients
        .esignet
        .put_client(&with(requested, "relyingPartyId", json!("another")));
    an_hour_later(&clients);

    let swept = sweep(&clients, false).await;

    assert_eq!(numbers(&swept), [1, 0, 1, 0]);
    assert_eq!(queued(&clients), "0");
    // It is told once.
    assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
    assert_eq!(status_at_esignet(&clients), "ACTIVE");
}

#[actix_web::test]
async fn a_question_is_kept_while_esignet_is_away_and_an_older_rows_is_reported() {
    let clients = impatient(Release::Newer).await;
    clients.esignet.fail(Fault::Reset);
    clients.create(&owner(), request()).await.error();
    an_hour_later(&clients);

    clients.esignet.fail(Fault::Status(503));
    let away = sweep(&clients, false).await;
    clients.esignet.recover();
    // Rows of older versions say neither what was asked nor until when.
    clients
        .stage
        .sql("UPDATE oidc_client_intent SET ending = NULL, busy_until = NULL");
    let older = sweep(&clients, false).await;

    assert_eq!(numbers(&away), [1, 0, 0, 1]);
    assert_eq!(numbers(&older), [1, 0, 1, 0]);
    assert_eq!(numbers(&sweep(&clients, false).await), [0; 4]);
    assert_eq!(queued(&clients), "0");
    // The same call still takes the client up.
    let repeated = clients.create(&owner(), request()).await;
    assert_eq!(repeated.response()["clientId"], CLIENT_ID);
}
