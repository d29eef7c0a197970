//! Which process takes which rows, and what becomes of those that none takes.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use pms_database::outbox::Queue;
use pms_database::outbox::admin::{self, Which};
use pms_database::outbox::retention::{self, Keep};
use pms_integrations::Dispatcher;
use pms_integrations::dispatcher::Plan;
use pms_testkit::peers::Behaviour;
use pms_testkit::waiting::eventually;
use prometheus::{Registry, TextEncoder};

use crate::stage::{Stage, order_of, published, settings, start_with};
use crate::trust_chains;

const DAY: Duration = Duration::from_secs(24 * 3600);

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

/// The value of a metric, by its name and labels as the page shows them.
fn metric(registry: &Registry, shown: &str) -> Option<String> {
    let page = TextEncoder::new()
        .encode_to_string(&registry.gather())
        .unwrap();
    let line = page.lines().find(|line| line.starts_with(shown))?;
    Some(line.split_whitespace().last()?.to_owned())
}

#[actix_web::test]
async fn rows_wait_for_the_process_that_has_the_address_of_their_peer() {
    let stage = Stage::new(accepts());
    let registry = Registry::new();
    stage.queue("p1", 0..10).await;
    let bare = Dispatcher::start(&stage.db, &Plan::default(), settings(), &registry).unwrap();
    let waiting = |queue| {
        metric(
            &registry,
            &format!("outbox_rows_waiting{{queue=\"{queue}\"}}"),
        )
    };
    eventually("ten wait", async || {
        waiting("event").as_deref() == Some("10")
    })
    .await;
    assert_eq!(waiting("mail").as_deref(), Some("0"));
    assert_eq!(stage.statuses(), vec!["pending"; 10]);

    // A second process on the same database, which differs in one setting.
    let complete = stage.dispatch();
    stage.queue("p1", 10..20).await;
    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(order_of(&events, "p1"), (0..20).collect::<Vec<_>>());
    assert_eq!(events.len(), 20, "each once");
    bare.stop().await;
    complete.stop().await;
}

#[actix_web::test]
async fn a_trust_chain_that_waits_for_an_address_holds_back_no_event_of_its_key() {
    let stage = Stage::new(accepts());
    let dispatcher = stage.dispatch();
    trust_chains::upload(&stage).await;
    stage.queue("p1", 0..3).await;

    eventually("the others are delivered", async || {
        stage.statuses()[1..] == ["delivered"; 3]
    })
    .await;

    assert_eq!(stage.statuses()[0], "pending");
    assert_eq!(stage.rows()[0].2, 0, "not even tried");
    dispatcher.stop().await;
}

#[actix_web::test]
async fn discarded_rows_are_counted_kept_and_can_be_queued_again() {
    let stage = Stage::new(accepts());
    let registry = Registry::new();
    let plan = Plan::default().discard(Queue::Event);
    let discarding = Dispatcher::start(&stage.db, &plan, settings(), &registry).unwrap();
    stage.queue("p1", 0..3).await;
    stage.all_become("skipped").await;
    discarding.stop().await;
    assert!(stage.hub.recorded().is_empty());
    let counted = r#"outbox_deliveries_total{lane="event",outcome="skipped"}"#;
    assert_eq!(metric(&registry, counted).as_deref(), Some("3"));

    let keep = Keep {
        delivered: Duration::ZERO,
        skipped: DAY,
    };
    assert_eq!(retention::clean_up(&stage.db, keep).await.unwrap(), 0);
    let ever = chrono::NaiveDateTime::default();
    let again = |queue| Which::Skipped { since: ever, queue };
    let mut conn = stage.database.conn();
    let others = admin::retry(&mut conn, again(Some(Queue::Mail))).unwrap();
    assert_eq!(others, 0);
    assert_eq!(admin::retry(&mut conn, again(None)).unwrap(), 3);

    let dispatcher = stage.dispatch();
    stage.all_become("delivered").await;
    assert_eq!(order_of(&published(&stage.hub.recorded()), "p1"), [0, 1, 2]);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn a_trust_chain_among_the_events_moves_to_its_own_queue() {
    let stage = Stage::new(accepts());
    trust_chains::upload(&stage).await;
    let older_version = "UPDATE pms.outbox SET lane = 'event'";
    stage.database.conn().batch_execute(older_version).unwrap();
    stage.queue("p1", 0..1).await;
    let dispatcher = stage.dispatch();

    eventually("it is delivered", async || {
        stage.statuses()[1] == "delivered"
    })
    .await;

    use pms_database::schema::outbox::dsl::{attempts, lane, outbox, seq};
    let row: (String, i32) = outbox
        .order(seq)
        .select((lane, attempts))
        .first(&mut stage.database.conn())
        .unwrap();
    assert_eq!(row, ("trust-chain".to_owned(), 0));
    dispatcher.stop().await;
}

#[actix_web::test]
async fn one_clean_up_deletes_all_that_is_past_its_time() {
    let stage = Stage::new(accepts());
    let row = |status: &str, days: u32, count: u32| {
        format!(
            "INSERT INTO pms.outbox (id, lane, topic, payload, next_attempt_at, created_at, \
               status, finished_at) \
             SELECT gen_random_uuid(), 'event', 'T', '{{}}', now, now, '{status}', \
               CASE WHEN '{status}' <> 'pending' THEN now END \
             FROM (SELECT clock_timestamp() AT TIME ZONE 'UTC' - interval '{days} days' AS now) \
               AS clock, generate_series(1, {count});"
        )
    };
    let rows = [
        row("delivered", 8, 12_345),
        row("delivered", 6, 1),
        row("skipped", 31, 2_000),
        row("skipped", 8, 1),
        row("dead", 99, 1),
        row("pending", 99, 1),
    ];
    let mut conn = stage.database.conn();
    conn.batch_execute(&rows.concat()).unwrap();

    let keep = settings().keep;
    let deleted = retention::clean_up(&stage.db, keep).await.unwrap();

    assert_eq!(deleted, 12_345 + 2_000);
    assert_eq!(
        stage.statuses(),
        ["delivered", "skipped", "dead", "pending"]
    );
}

#[actix_web::test]
async fn a_dispatcher_cleans_up_by_itself() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    let mut conn = stage.database.conn();
    conn.batch_execute(
        "UPDATE pms.outbox SET status = 'delivered', \
           finished_at = clock_timestamp() AT TIME ZONE 'UTC' - interval '1 hour'",
    )
    .unwrap();

    let mut short = settings();
    short.keep.delivered = Duration::ZERO;
    let dispatcher = start_with(&stage.db, &Plan::default(), short);
    eventually("the rows are deleted", async || stage.rows().is_empty()).await;
    dispatcher.stop().await;
}
