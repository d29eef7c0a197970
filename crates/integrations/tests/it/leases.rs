//! Whose turn a row is: leases, clocks, and the order of commits.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use futures_util::future::BoxFuture;
use pms_database::outbox::acknowledging::{self, Ended, Outcome};
use pms_database::outbox::admin::{self, Which};
use pms_database::outbox::leases::{self, Delivery};
use pms_database::outbox::{Queue, depths, writer};
use pms_database::{Clock, Db};
use pms_integrations::dispatcher::{Deliverer, Plan, Undelivered};
use pms_testkit::peers::Behaviour;
use pms_testkit::waiting::eventually;
use uuid::Uuid;

use crate::stage::{Stage, event, order_of, published, settings, start_with};

const MINUTE: Duration = Duration::from_secs(60);

fn now() -> NaiveDateTime {
    Clock::system().now_naive()
}

/// A peer that takes anything at once.
struct Anything;

impl Deliverer for Anything {
    fn deliver<'a>(&'a self, _row: &'a Delivery) -> BoxFuture<'a, Result<(), Undelivered>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn lease(db: &Db, token: Uuid, hold: Duration) -> Vec<Delivery> {
    let lease = move |conn: &mut _| leases::lease(conn, Queue::Event, token, hold, 10);
    db.read(lease).await.unwrap()
}

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

#[actix_web::test]
async fn a_leased_row_is_taken_by_no_other() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;

    let mine = lease(&stage.db, Uuid::new_v4(), MINUTE).await;
    let theirs = lease(&stage.db, Uuid::new_v4(), MINUTE).await;

    assert_eq!((mine.len(), theirs.len()), (1, 0));
}

#[actix_web::test]
async fn what_a_process_with_a_wrong_clock_queues_is_delivered_at_once() {
    let stage = Stage::new(accepts());
    let dispatcher = stage.dispatch();
    let hour = chrono::Duration::hours(1);
    for (number, at) in [(0, now() + hour), (1, now() - hour)] {
        let event = event("p1", number);
        let queue = move |conn: &mut _| writer::event(conn, &event, at);
        stage.db.transaction(queue).await.unwrap();
    }

    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(order_of(&events, "p1"), [0, 1]);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_pause_ends_by_the_clock_of_the_database() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let mut conn = stage.database.conn();
    for (after, due) in [(Duration::ZERO, 1), (MINUTE, 0)] {
        let token = Uuid::new_v4();
        let row = leases::lease(&mut conn, Queue::Event, token, MINUTE, 10)
            .unwrap()
            .remove(0);
        let error = "no".to_owned();
        let ended = Ended {
            id: row.id,
            token,
            order_key: row.order_key,
            outcome: Outcome::Retry { after, error },
        };
        assert!(acknowledging::acknowledge(&mut conn, Queue::Event, &ended).unwrap());
        let again = leases::lease(&mut conn, Queue::Event, token, Duration::ZERO, 10).unwrap();
        assert_eq!(again.len(), due);
    }
}

#[actix_web::test]
async fn a_lease_that_ran_out_acknowledges_nothing_once_another_has_the_row() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let (slow, quick) = (Uuid::new_v4(), Uuid::new_v4());
    let row = lease(&stage.db, slow, Duration::ZERO).await.remove(0);

    let again = lease(&stage.db, quick, MINUTE).await;
    let acknowledge = |token| {
        let done = Ended {
            id: row.id,
            token,
            order_key: row.order_key.clone(),
            outcome: Outcome::Delivered,
        };
        stage
            .db
            .read(move |conn| acknowledging::acknowledge(conn, Queue::Event, &done))
    };

    assert_eq!(again.len(), 1);
    assert!(!acknowledge(slow).await.unwrap());
    assert!(acknowledge(quick).await.unwrap());
}

#[actix_web::test]
async fn queueing_again_leaves_a_delivery_in_progress_alone() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let row = lease(&stage.db, Uuid::new_v4(), MINUTE).await.remove(0);

    let again = move |conn: &mut _| admin::retry(conn, Which::One(row.id));
    assert_eq!(stage.db.transaction(again).await.unwrap(), 1);

    assert!(lease(&stage.db, Uuid::new_v4(), MINUTE).await.is_empty());
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
    // Rows of another key don't wait.
    stage.queue("p2", 0..1).await;
    let dispatcher = stage.dispatch();
    stage.all_become("delivered").await;
    assert!(!later.is_finished());
    AnsiTransactionManager::commit_transaction(&mut slow).unwrap();
    later.await.unwrap().unwrap();
    stage.all_become("delivered").await;

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

    eventually("it is given up", async || stage.rows()[0].3.is_some()).await;

    assert_eq!(
        stage.rows()[0].3.as_deref(),
        Some("took longer than its lease")
    );
    dispatcher.stop().await;
}

#[actix_web::test]
async fn every_queue_hears_of_every_commit() {
    let stage = Stage::new(accepts());
    let mut patient = settings();
    patient.poll = Duration::from_secs(3600);
    let plan = Plan::default()
        .deliver(Queue::Event, Anything)
        .deliver(Queue::Mail, Anything);
    let dispatcher = start_with(&stage.db, &plan, patient);

    // One signal for all would be taken by the queues in turn.
    for number in 0..6 {
        stage.queue("p1", number..number + 1).await;
        let mail =
            |conn: &mut _| writer::mail(conn, "PARTNER_UPDATED", "p1", serde_json::json!({}));
        stage.db.transaction(mail).await.unwrap();
        stage.none_pending().await;
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
    // Without a real peer, so that no connection counts as a task.
    let plan = Plan::default()
        .deliver(Queue::Event, Anything)
        .discard(Queue::Mail);
    let dispatcher = start_with(&stage.db, &plan, settings());
    assert!(alive() > before);

    drop(dispatcher);

    eventually("its tasks end", async || alive() <= before).await;
}

#[actix_web::test]
async fn both_kinds_of_parked_and_waiting_rows_are_counted() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..3).await;
    let row = lease(&stage.db, Uuid::new_v4(), MINUTE).await.remove(0);
    let token = Uuid::new_v4();
    let parked = lease(&stage.db, token, MINUTE).await;
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
            depths::depths(conn)
        })
        .await
        .unwrap();

    assert_eq!(depths.len(), 1);
    assert_eq!((depths[0].pending, depths[0].dead), (2, 1));
    assert!(depths[0].oldest_seconds.is_some());
}
