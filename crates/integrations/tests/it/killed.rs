//! A dispatcher killed with SIGKILL: a process of its own, made of this test
//! binary, so that nothing of it survives.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pms_database::{Db, DbSettings};
use pms_testkit::peers::{Behaviour, DatasharePeer};

use crate::stage::{Stage, order_of, published, settings, start};
use crate::trust_chains;

const DATABASE: &str = "PMS_TEST_DISPATCH_DATABASE";
const IDENTITY: &str = "PMS_TEST_DISPATCH_IDENTITY";
const HUB: &str = "PMS_TEST_DISPATCH_HUB";
const DATASHARE: &str = "PMS_TEST_DISPATCH_DATASHARE";

/// The other process; nothing when it is run as an ordinary test.
#[actix_web::test]
async fn dispatch_until_killed() {
    let (Ok(url), Ok(identity), Ok(hub)) = (
        std::env::var(DATABASE),
        std::env::var(IDENTITY),
        std::env::var(HUB),
    ) else {
        return;
    };
    let db = Db::new(&DbSettings {
        url: url.into(),
        pool_size: 4,
        acquire_timeout: Duration::from_secs(3),
        statement_timeout: Duration::from_secs(10),
        application: "killed".to_owned(),
        store_audits: false,
    })
    .unwrap();
    let _dispatcher = match std::env::var(DATASHARE) {
        Ok(datashare) => trust_chains::start(&db, &identity, &hub, &datashare),
        Err(_) => start(&db, &identity, &hub, settings()),
    };
    // The parent kills this process; the limit is for a parent that can't.
    tokio::time::timeout(Duration::from_secs(60), std::future::pending::<()>())
        .await
        .ok();
}

fn spawn(stage: &Stage) -> Child {
    command(stage).spawn().unwrap()
}

fn command(stage: &Stage) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "killed::dispatch_until_killed", "--nocapture"])
        .env(DATABASE, stage.database.url())
        .env(IDENTITY, stage.identity.token_endpoint())
        .env(HUB, stage.hub.url())
        .stdout(Stdio::null());
    command
}

#[actix_web::test]
async fn killed_between_commit_and_delivery_nothing_is_lost() {
    let stage = Stage::new(Behaviour::Answer(202, String::new()));
    // Committed while no dispatcher runs: the service died right after.
    stage.queue("p1", 0..3).await;

    let mut child = spawn(&stage);
    stage.all_become("delivered").await;

    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(order_of(&published(&stage.hub.recorded()), "p1"), [0, 1, 2]);
}

#[actix_web::test]
async fn killed_in_the_middle_of_a_delivery_the_lease_runs_out_and_another_delivers() {
    let stage = Stage::new(Behaviour::Hang);
    stage.queue("p1", 0..3).await;
    let mut child = spawn(&stage);
    stage
        .hub
        .wait_for(|recorded| !published(recorded).is_empty())
        .await;

    child.kill().unwrap();
    child.wait().unwrap();
    stage.hub.behave(Behaviour::Answer(202, String::new()));
    let dispatcher = stage.dispatch();
    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(order_of(&events, "p1"), [0, 1, 2]);
    let first = &events[0]["event"]["id"];
    let times = events
        .iter()
        .filter(|event| event["event"]["id"] == *first)
        .count();
    assert!(
        times >= 2,
        "the interrupted event came again under the same id"
    );
    dispatcher.stop().await;
}

#[actix_web::test]
async fn killed_between_share_and_publication_another_shares_anew() {
    let (stage, share) = (Stage::new(Behaviour::Hang), DatasharePeer::start());
    trust_chains::upload(&stage).await;
    let mut child = command(&stage).env(DATASHARE, share.url()).spawn().unwrap();
    stage
        .hub
        .wait_for(|recorded| !published(recorded).is_empty())
        .await;

    child.kill().unwrap();
    child.wait().unwrap();
    let before = share.shares().len();
    stage.hub.behave(Behaviour::Answer(202, String::new()));
    let identity = stage.identity.token_endpoint();
    let dispatcher = trust_chains::start(&stage.db, &identity, &stage.hub.url(), &share.url());
    stage.all_become("delivered").await;

    let shares = share.shares();
    assert!(
        shares.len() > before,
        "no address of the dead process is used"
    );
    let (event, _) = trust_chains::published_once(&stage);
    let address = &event["event"]["data"]["certChainDatashareUrl"];
    assert_eq!(*address, shares.last().unwrap().url);
    dispatcher.stop().await;
}
