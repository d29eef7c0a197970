//! Many events, a hub that fails at random in every way, and two dispatchers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use actix_web::{App, HttpRequest, HttpResponse, web};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use pms_testkit::peers::Behaviour;
use serde_json::Value;

use crate::stage::{Stage, settings, start};

/// How much is queued, and how often the hub goes wrong.
#[derive(Clone, Copy)]
struct Storm {
    events: i64,
    keys: i64,
    /// Of so many publications, one fails in each of the ways.
    faults: u32,
    /// Each of them is seen more often than this.
    seen: u32,
}

/// Small enough for the gate.
const GUST: Storm = Storm {
    events: 1_500,
    keys: 150,
    faults: 40,
    seen: 5,
};
/// For `make soak`.
const HURRICANE: Storm = Storm {
    events: 20_000,
    keys: 2_000,
    faults: 100,
    seen: 50,
};
/// Longer than the dispatchers wait for an answer.
const TOO_SLOW: Duration = Duration::from_secs(3);

/// What came, by key, in order of arrival, and what went wrong how often.
struct Hub {
    storm: Storm,
    got: Mutex<HashMap<String, Vec<i64>>>,
    faults: Mutex<BTreeMap<&'static str, u32>>,
}

impl Hub {
    fn fault(&self, name: &'static str) {
        *self.faults.lock().unwrap().entry(name).or_default() += 1;
    }

    fn take(&self, body: &[u8]) {
        let event: Value = serde_json::from_slice(body).unwrap();
        let data = &event["event"]["data"];
        let key = data["key"].as_str().unwrap().to_owned();
        let number = data["number"].as_i64().unwrap();
        self.got
            .lock()
            .unwrap()
            .entry(key)
            .or_default()
            .push(number);
    }
}

async fn publish(hub: web::Data<Hub>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    if !request.query_string().contains("hub.mode=publish") {
        return HttpResponse::Ok().finish();
    }
    match rand::random::<u32>() % hub.storm.faults {
        0 => {
            hub.fault("refused");
            HttpResponse::InternalServerError().finish()
        }
        1 => {
            hub.fault("denied");
            HttpResponse::Ok().body("hub.mode=denied&hub.reason=storm")
        }
        2 => {
            hub.fault("reset before");
            broken_off()
        }
        3 => {
            hub.fault("reset after");
            hub.take(&body);
            broken_off()
        }
        4 => {
            hub.fault("taken, but not said so");
            hub.take(&body);
            HttpResponse::BadGateway().finish()
        }
        5 => {
            hub.fault("taken, and said so too late");
            hub.take(&body);
            tokio::time::sleep(TOO_SLOW).await;
            HttpResponse::Accepted().finish()
        }
        _ => {
            hub.take(&body);
            HttpResponse::Accepted().finish()
        }
    }
}

/// An answer whose connection is closed in the middle; 202 alone would count.
fn broken_off() -> HttpResponse {
    let broken =
        futures_util::stream::once(async { Err::<web::Bytes, _>(std::io::Error::other("reset")) });
    HttpResponse::Ok()
        .no_chunking(10)
        .streaming(Box::pin(broken))
}

#[derive(QueryableByName)]
struct Left {
    #[diesel(sql_type = BigInt)]
    left: i64,
}

fn left(stage: &Stage) -> i64 {
    let count = "SELECT count(*) AS left FROM pms.outbox WHERE status <> 'delivered'";
    let row: Left = diesel::sql_query(count)
        .get_result(&mut stage.database.conn())
        .unwrap();
    row.left
}

#[actix_web::test]
async fn events_arrive_in_order_whatever_the_hub_does() {
    weather(GUST).await;
}

#[ignore = "takes minutes: make soak"]
#[actix_web::test]
async fn twenty_thousand_events_arrive_in_order_whatever_the_hub_does() {
    weather(HURRICANE).await;
}

async fn weather(storm: Storm) {
    let Storm { events, keys, .. } = storm;
    let stage = Stage::new(Behaviour::Answer(202, String::new()));
    let hub = web::Data::new(Hub {
        storm,
        got: Mutex::default(),
        faults: Mutex::default(),
    });
    let mounted = hub.clone();
    let server = actix_test::start(move || {
        App::new()
            .app_data(mounted.clone())
            .default_service(web::to(publish))
    });
    // As the writer queues them, in one statement: a transaction each is slow.
    diesel::sql_query(
        "INSERT INTO pms.outbox (id, lane, topic, order_key, payload, next_attempt_at, created_at, \
           is_head) \
         SELECT gen_random_uuid(), 'event', $1, 'key-' || n % $2, jsonb_build_object('event', \
           jsonb_build_object('data', jsonb_build_object('key', 'key-' || n % $2, 'number', n))), \
           '2026-01-01', '2026-01-01', n < $2 FROM generate_series(0, $3 - 1) AS n ORDER BY n",
    )
    .bind::<Text, _>("PARTNER_UPDATED")
    .bind::<BigInt, _>(keys)
    .bind::<BigInt, _>(events)
    .execute(&mut stage.database.conn())
    .unwrap();
    let mut quick = settings();
    quick.batch = 128;
    quick.lease = Duration::from_secs(30);
    let identity = stage.identity.token_endpoint();
    let url = server.url("/");

    let (one, two) = (
        start(&stage.db, &identity, &url, quick),
        start(&stage.db, &identity, &url, quick),
    );
    let done = async {
        let mut ticks = tokio::time::interval(Duration::from_millis(500));
        while left(&stage) > 0 {
            ticks.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(300), done)
        .await
        .unwrap();
    one.stop().await;
    two.stop().await;

    let faults = hub.faults.lock().unwrap().clone();
    assert_eq!(faults.len(), 6, "{faults:?}");
    assert!(
        faults.values().all(|times| *times > storm.seen),
        "{faults:?}"
    );
    let got = hub.got.lock().unwrap();
    for key in 0..keys {
        let mut numbers = got[&format!("key-{key}")].clone();
        numbers.dedup();
        let expected: Vec<i64> = (0..events).filter(|number| number % keys == key).collect();
        assert_eq!(numbers, expected, "key-{key}");
    }
}
