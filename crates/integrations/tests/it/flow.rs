//! What waits within a queue: the rows of the same key, and no others.

use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, web};
use diesel::connection::{AnsiTransactionManager, TransactionManager as _};
use pms_database::Clock;
use pms_database::outbox::acknowledging::{Acknowledged, Ended, Outcome, acknowledge_all};
use pms_database::outbox::leases::{self, Delivery};
use pms_database::outbox::{Queue, heads, writer};
use pms_integrations::dispatcher::Plan;
use pms_integrations::http;
use pms_integrations::websub::Hub;
use pms_testkit::peers::Behaviour;
use pms_testkit::waiting::eventually;
use uuid::Uuid;

use crate::stage::{Stage, event, order_of, published, settings, start_with, token};

fn accepts() -> Behaviour {
    Behaviour::Answer(202, String::new())
}

/// Never answers about the partner `slow`.
async fn publish(request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let about_slow = String::from_utf8_lossy(&body).contains("\"slow\"");
    if request.query_string().contains("hub.mode=publish") && about_slow {
        return std::future::pending().await;
    }
    HttpResponse::Accepted().finish()
}

#[actix_web::test]
async fn a_delivery_that_hangs_holds_back_its_own_key_alone() {
    let stage = Stage::new(accepts());
    let hub = actix_test::start(|| App::new().default_service(web::to(publish)));
    stage.queue("slow", 0..2).await;
    for partner in ["p1", "p2", "p3"] {
        stage.queue(partner, 0..10).await;
    }

    // What waited for the delivery that hangs would wait for long.
    let long = Duration::from_secs(600);
    let mut patient = settings();
    patient.lease = long;
    let token = token(&stage.identity.token_endpoint());
    let hub = Hub::new(http::client(long).unwrap(), hub.url("/"), token);
    let plan = Plan::default().deliver(Queue::Event, hub);
    let dispatcher = start_with(&stage.db, &plan, patient);
    eventually("the others are delivered", async || {
        stage
            .statuses()
            .iter()
            .filter(|status| *status == "delivered")
            .count()
            >= 30
    })
    .await;

    let rows = stage.rows();
    assert!(rows[..2].iter().all(|row| row.1 == "pending"));
    drop(dispatcher);
}

#[actix_web::test]
async fn a_transaction_that_queues_under_a_key_holds_back_its_acknowledgement_alone() {
    let stage = Stage::new(accepts());
    stage.queue("p1", 0..1).await;
    for partner in ["p2", "p3"] {
        stage.queue(partner, 0..10).await;
    }
    let mut slow = stage.database.conn();
    AnsiTransactionManager::begin_transaction(&mut slow).unwrap();
    let now = Clock::system().now_naive();
    writer::event(&mut slow, &event("p1", 1), now).unwrap();

    let dispatcher = stage.dispatch();
    eventually("the others are delivered", async || {
        stage
            .statuses()
            .iter()
            .filter(|status| *status == "delivered")
            .count()
            >= 20
    })
    .await;
    AnsiTransactionManager::commit_transaction(&mut slow).unwrap();
    stage.all_become("delivered").await;

    let events = published(&stage.hub.recorded());
    assert_eq!(order_of(&events, "p1"), [0, 1]);
    dispatcher.stop().await;
}

#[actix_web::test]
async fn rows_are_acknowledged_together_but_for_those_that_others_have() {
    let stage = Stage::new(accepts());
    for partner in ["free", "free", "queued", "overtaken", "failed"] {
        stage.queue(partner, 0..1).await;
    }
    let (now, token) = (Clock::system().now_naive(), Uuid::new_v4());
    let hold = Duration::from_secs(60);
    let mut conn = stage.database.conn();
    let leased = leases::lease(&mut conn, Queue::Event, token, hold, 10).unwrap();
    assert_eq!(leased.len(), 4, "the second of one key waits");
    let mut slow = stage.database.conn();
    AnsiTransactionManager::begin_transaction(&mut slow).unwrap();
    writer::event(&mut slow, &event("queued", 1), now).unwrap();

    let key = |row: &Delivery| row.order_key.clone().unwrap();
    let ended: Vec<Ended> = leased
        .iter()
        .map(|row| Ended {
            id: row.id,
            token: if key(row) == "overtaken" {
                Uuid::new_v4()
            } else {
                token
            },
            order_key: row.order_key.clone(),
            outcome: if key(row) == "failed" {
                let error = "no".to_owned();
                Outcome::Retry {
                    after: Duration::ZERO,
                    error,
                }
            } else {
                Outcome::Delivered
            },
        })
        .collect();
    let acknowledged = acknowledge_all(&mut conn, Queue::Event, &ended).unwrap();

    let id = |name: &str| leased.iter().find(|row| key(row) == name).unwrap().id;
    let expected = Acknowledged {
        overtaken: vec![id("overtaken")],
        held_up: vec![id("queued")],
    };
    assert_eq!(acknowledged, expected);
    let states: Vec<(String, i32)> = stage
        .rows()
        .into_iter()
        .map(|(_, status, attempts, _)| (status, attempts))
        .collect();
    let expected = [
        ("delivered", 1),
        ("pending", 0),
        ("pending", 0),
        ("pending", 0),
        ("pending", 1),
    ];
    let expected = expected.map(|(status, attempts)| (status.to_owned(), attempts));
    assert_eq!(states, expected);
    // The second one of the key is the first one now, and so is the failed one.
    let again = leases::lease(&mut conn, Queue::Event, Uuid::new_v4(), hold, 10).unwrap();
    let keys: Vec<String> = again.iter().map(key).collect();
    assert_eq!(keys, ["free", "failed"]);
    assert_eq!(heads::repair(&mut conn).unwrap(), 0, "nothing to repair");
    AnsiTransactionManager::rollback_transaction(&mut slow).unwrap();
}
