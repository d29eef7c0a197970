//! Whose turn a row is: leases, clocks, and the order of commits.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use pms_database::outbox::admin::{self, Which};
use pms_database::outbox::queue::{self, Delivery, Outcome};
use pms_database::outbox::{Lane, writer};
use pms_database::{Clock, Db};
use pms_integrations::Dispatcher;
use pms_integrations::dispatcher::Peers;
use pms_testkit::peers::Behaviour;
use uuid::Uuid;

use crate::stage::{Stage, event, order_of, published, settings, ticks};

const MINUTE: Duration = Duration::from_secs(60);

fn now() -> NaiveDateTime {
    Clock::system().now_naive()
}

async fn lease(db: &Db, token: Uuid, now: NaiveDateTime, hold: Duration) -> Vec<Delivery> {
    let lease = move |conn: &mut _| queue::lease(conn, Lane::Event, token, (now, hold), 10);
    db.read(lease).await.unwrap()
}

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

#[actix_web::test]
async fn a_dispatcher_whose_clock_is_ahead_takes_no_leased_row() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;

    let mine = lease(&stage.db, Uuid::new_v4(), now(), MINUTE).await;
    let hour_ahead = now() + chrono::Duration::hours(1);
    let theirs = lease(&stage.db, Uuid::new_v4(), hour_ahead, MINUTE).await;

    assert_eq!((mine.len(), theirs.len()), (1, 0));
}

#[actix_web::test]
async fn a_lease_that_ran_out_settles_nothing_once_somebody_else_has_the_row() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let (slow, quick) = (Uuid::new_v4(), Uuid::new_v4());
    let row = lease(&stage.db, slow, now(), Duration::ZERO)
        .await
        .remove(0);

    let again = lease(&stage.db, quick, now(), MINUTE).await;
    let settle = |token| {
        let done = Outcome::Delivered;
        stage
            .db
            .read(move |conn| queue::settle(conn, row.id, token, &done, now()))
    };

    assert_eq!(again.len(), 1);
    assert!(!settle(slow).await.unwrap());
    assert!(settle(quick).await.unwrap());
}

#[actix_web::test]
async fn queueing_again_leaves_a_delivery_in_progress_alone() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let row = lease(&stage.db, Uuid::new_v4(), now(), MINUTE)
        .await
        .remove(0);

    let again = move |conn: &mut _| admin::retry(conn, Which::One(row.id), now());
    assert_eq!(stage.db.transaction(again).await.unwrap(), 1);

    assert!(
        lease(&stage.db, Uuid::new_v4(), now(), MINUTE)
            .await
            .is_empty()
    );
}

#[actix_web::test]
async fn rows_of_one_key_are_numbered_in_the_order_of_their_commits() {
    let stage = Stage::new(accepts());
    let mut slow = stage.database.conn();
    AnsiTransactionManager::begin_transaction(&mut slow).unwrap();
    writer::event(&mut slow, &event("p1", 0), now()).unwrap();

    let (db, later) = (stage.db.clone(), event("p1", 1));
    let later = actix_web::rt::spawn(async move {
        db.transaction(move |conn| writer::event(conn, &later, now()))
            .await
    });
    // Another key waits for nobody.
    stage.queue("p2", 0..1).await;
    let dispatcher = stage.dispatch();
    stage.settled("delivered").await;
    assert!(!later.is_finished());
    AnsiTransactionManager::commit_transaction(&mut slow).unwrap();
    later.await.unwrap().unwrap();
    stage.settled("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(order_of(&events, "p1"), [0, 1]);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_delivery_ends_before_its_lease_does() {
    let stage = Stage::new(Behaviour::Hang);
    let mut short = settings();
    short.lease = Duration::from_millis(200);
    let dispatcher = stage.dispatch_with(short);
    stage.queue("p1", 0..1).await;

    let given_up = async {
        let mut ticks = ticks();
        while stage.rows()[0].3.is_none() {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), given_up)
        .await
        .unwrap();

    assert_eq!(
        stage.rows()[0].3.as_deref(),
        Some("took longer than its lease")
    );
    dispatcher.stop().await;
}

#[actix_web::test]
async fn every_lane_hears_of_every_commit() {
    let stage = Stage::new(accepts());
    let mut patient = settings();
    patient.poll = Duration::from_secs(3600);
    // Without peers: nothing fails, so nothing waits for a second try.
    let (peers, registry) = (Peers::default(), prometheus::Registry::new());
    let dispatcher =
        Dispatcher::start(&stage.db, &Clock::system(), peers, patient, &registry).unwrap();

    // One signal for all would be taken by the lanes in turn.
    for number in 0..6 {
        stage.queue("p1", number..number + 1).await;
        let mail = |conn: &mut _| {
            writer::mail(conn, "PARTNER_UPDATED", "p1", serde_json::json!({}), now())
        };
        stage.db.transaction(mail).await.unwrap();
        let settled = async {
            let mut ticks = ticks();
            while stage
                .rows()
                .iter()
                .any(|(_, status, ..)| status == "pending")
            {
                ticks.tick().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), settled)
            .await
            .unwrap();
    }
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_dispatcher_that_is_dropped_ends_by_itself() {
    let stage = Stage::new(accepts());
    let alive = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = alive();
    // Without peers, so that no connection counts as a task.
    let (peers, registry) = (Peers::default(), prometheus::Registry::new());
    let dispatcher =
        Dispatcher::start(&stage.db, &Clock::system(), peers, settings(), &registry).unwrap();
    assert!(alive() > before);

    drop(dispatcher);

    let ended = async {
        let mut ticks = ticks();
        while alive() > before {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended)
        .await
        .unwrap();
}

#[actix_web::test]
async fn both_kinds_of_parked_and_waiting_rows_are_counted() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..3).await;
    let row = lease(&stage.db, Uuid::new_v4(), now(), MINUTE)
        .await
        .remove(0);
    let token = Uuid::new_v4();
    let parked = lease(&stage.db, token, now(), MINUTE).await;
    assert!(
        parked.is_empty(),
        "the next of its key waits for {}",
        row.id
    );

    let depths = stage
        .db
        .read(|conn| {
            use diesel::prelude::*;
            use pms_database::schema::outbox::dsl::{outbox, seq, status};
            diesel::update(outbox.filter(seq.eq(2)))
                .set(status.eq("dead"))
                .execute(conn)?;
            queue::depths(conn)
        })
        .await
        .unwrap();

    assert_eq!(depths.len(), 1);
    assert_eq!((depths[0].pending, depths[0].dead), (2, 1));
    assert!(depths[0].oldest.is_some());
}
