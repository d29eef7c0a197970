//! The time of a request is that of its database closures.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use pms_database::deadline::{self, within};
use pms_database::{Db, DbError, DbSettings};
use pms_testkit::TestDatabase;

use crate::support::{lines, run};

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

fn pool(database: &TestDatabase) -> Db {
    Db::new(&DbSettings {
        url: database.url().into(),
        pool_size: 1,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(1),
        application: "deadline-test".to_owned(),
        store_audits: false,
    })
    .unwrap()
}

fn backend(conn: &mut PgConnection) -> QueryResult<i32> {
    diesel::sql_query("SELECT pg_backend_pid() AS pid")
        .get_result::<Backend>(conn)
        .map(|row| row.pid)
}

fn timeout(conn: &mut PgConnection) -> String {
    diesel::sql_query("SELECT current_setting('statement_timeout') AS value")
        .get_result::<Setting>(conn)
        .unwrap()
        .value
}

/// Waits for the one slot of the pool.
async fn until_free(db: &Db) {
    let deadline = Instant::now() + Duration::from_secs(5);
    while db.state().busy > 0 {
        assert!(Instant::now() < deadline, "the closure goes on");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn no_statement_begins_after_the_time_of_the_request() {
    let database = TestDatabase::new();
    run(&mut database.conn(), "CREATE TABLE pms.noted (number int)");
    let db = pool(&database);
    let before = db.read(|conn| Ok(backend(conn)?)).await.unwrap();
    let ran_out = Arc::new(AtomicBool::new(true));
    let seen = Arc::clone(&ran_out);

    // More statements than there is time for, each well within its own.
    let answer = within(
        Duration::from_millis(1500),
        db.transaction(move |conn| {
            for _ in 0..100 {
                conn.batch_execute("INSERT INTO pms.noted VALUES (1); SELECT pg_sleep(0.2)")?;
            }
            seen.store(false, Ordering::Relaxed);
            Ok(())
        }),
    )
    .await;

    assert!(answer.is_err());
    until_free(&db).await;
    assert!(ran_out.load(Ordering::Relaxed), "the loop was left");
    let left = lines(&mut database.conn(), "SELECT count(*) FROM pms.noted");
    assert_eq!(left, ["0"], "nothing of the change stays");
    // A transaction that is left open takes its connection with it.
    let after = db.read(|conn| Ok(backend(conn)?)).await.unwrap();
    assert_ne!(after, before);
}

#[tokio::test]
async fn a_change_is_not_committed_after_the_time_of_the_request() {
    let database = TestDatabase::new();
    run(&mut database.conn(), "CREATE TABLE pms.noted (number int)");
    let db = pool(&database);

    let answer = within(
        Duration::from_millis(1200),
        db.transaction(|conn| {
            conn.batch_execute("INSERT INTO pms.noted VALUES (1)")?;
            std::thread::sleep(Duration::from_millis(1400));
            Ok(())
        }),
    )
    .await;

    assert!(answer.is_err());
    until_free(&db).await;
    let left = lines(&mut database.conn(), "SELECT count(*) FROM pms.noted");
    assert_eq!(left, ["0"]);
}

#[tokio::test]
async fn the_statement_timeout_is_lowered_only_when_less_is_left() {
    let database = TestDatabase::new();
    let db = pool(&database);
    let ask = || db.read(|conn| Ok(timeout(conn)));

    let plenty = within(Duration::from_secs(30), ask()).await.unwrap();
    let little = within(Duration::from_millis(600), ask()).await.unwrap();
    let again = ask().await;

    assert_eq!(plenty.unwrap(), "1s");
    let little = little.unwrap();
    let left: u64 = little.strip_suffix("ms").unwrap().parse().unwrap();
    assert!((1..=600).contains(&left), "{little}");
    assert_eq!(again.unwrap(), "1s");
}

#[tokio::test]
async fn long_work_can_end_itself_in_time() {
    let database = TestDatabase::new();
    let db = pool(&database);
    let (ended, statements) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU32::new(0)),
    );
    let (seen, asking) = (Arc::clone(&ended), Arc::clone(&statements));
    let answer = within(
        Duration::from_millis(1300),
        db.read(move |conn| {
            let work: Result<(), DbError> = (0..100).try_for_each(|_| {
                deadline::check(conn)?;
                asking.fetch_add(1, Ordering::Relaxed);
                Ok(conn.batch_execute("SELECT pg_sleep(0.9)")?)
            });
            seen.store(
                matches!(&work, Err(error) if error.is_timeout()),
                Ordering::Relaxed,
            );
            work
        }),
    )
    .await;

    // Whichever comes first: the answer of the work, or the end of the wait for it.
    assert!(!matches!(answer, Ok(Ok(()))));
    until_free(&db).await;
    assert!(
        ended.load(Ordering::Relaxed),
        "the second sleep was cut short"
    );
    let statements = statements.load(Ordering::Relaxed);
    assert!(statements <= 2, "{statements} statements were started");
    let after = db.read(|conn| Ok(timeout(conn))).await.unwrap();
    assert_eq!(after, "1s", "the next work has the session's timeout");
}

#[tokio::test]
async fn a_panic_is_no_deadline() {
    let database = TestDatabase::new();
    let db = pool(&database);

    let outcome = within(
        Duration::from_secs(5),
        db.read(|_| -> Result<(), DbError> { panic!("on purpose") }),
    );

    assert!(matches!(outcome.await, Ok(Err(DbError::Internal(_)))));
}
