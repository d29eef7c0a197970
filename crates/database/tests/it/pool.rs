//! The pool under pressure and without its server.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use pms_database::{Db, DbError, DbSettings};
use pms_testkit::TestDatabase;

#[derive(QueryableByName)]
struct Backend {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

fn pool(url: &str, size: u32) -> Db {
    Db::new(&settings(url, size)).unwrap()
}

fn settings(url: &str, size: u32) -> DbSettings {
    DbSettings {
        url: url.to_owned().into(),
        pool_size: size,
        acquire_timeout: Duration::from_millis(300),
        statement_timeout: Duration::from_millis(500),
        application: "pool-test".to_owned(),
        store_audits: false,
    }
}

async fn sleep(db: Db, seconds: &'static str) -> Result<(), DbError> {
    db.read(move |conn| Ok(conn.batch_execute(&format!("SELECT pg_sleep({seconds})"))?))
        .await
}

async fn backend(db: &Db) -> Result<i32, DbError> {
    db.read(|conn| {
        Ok(diesel::sql_query("SELECT pg_backend_pid() AS pid")
            .get_result::<Backend>(conn)?
            .pid)
    })
    .await
}

#[tokio::test]
async fn a_full_pool_refuses_while_its_thread_is_held_and_recovers() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);
    backend(&db).await.unwrap();
    let (release, held) = mpsc::channel::<()>();
    let holder = db.clone();
    let busy = tokio::spawn(async move { holder.read(move |_| Ok(held.recv().is_ok())).await });
    while db.state().busy == 0 {
        tokio::task::yield_now().await;
    }

    // The thread is free only after this.
    let refused = backend(&db).await;

    assert!(matches!(refused, Err(DbError::Busy(_))), "{refused:?}");
    release.send(()).unwrap();
    assert!(busy.await.unwrap().unwrap());
    backend(&db).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_stopped_by_the_server() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);

    let failure = sleep(db.clone(), "5").await.unwrap_err();

    assert!(failure.is_timeout(), "{failure}");
    backend(&db).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_fails_leaves_nothing_and_a_usable_connection() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);

    let failed = db
        .transaction(|conn| {
            conn.batch_execute("CREATE TABLE pms.left_over (id int)")?;
            Err::<(), _>(DbError::Internal("no".to_owned()))
        })
        .await;

    assert!(failed.is_err());
    let again = db
        .transaction(|conn| Ok(conn.batch_execute("CREATE TABLE pms.left_over (id int)")?))
        .await;
    again.unwrap();
}

#[tokio::test]
async fn a_connection_that_the_server_ended_fails_once_at_most() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);
    let pid = backend(&db).await.unwrap();
    let mut other = database.conn();
    diesel::sql_query(format!("SELECT pg_terminate_backend({pid})"))
        .execute(&mut other)
        .unwrap();

    let first = backend(&db).await;
    let second = backend(&db).await.unwrap();

    assert!(first.is_err() || first.unwrap() != pid);
    assert_ne!(second, pid);
}

#[tokio::test]
async fn a_panic_in_a_use_case_is_an_error_and_costs_no_thread() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);

    let outcome = db
        .read(|_| -> Result<(), DbError> { panic!("on purpose") })
        .await;

    assert!(matches!(outcome, Err(DbError::Internal(_))));
    backend(&db).await.unwrap();
}

#[tokio::test]
async fn without_a_server_there_is_a_clear_failure() {
    let db = pool("postgres://nobody@127.0.0.1:9/none", 2);

    let failure = backend(&db).await.unwrap_err();

    assert!(matches!(failure, DbError::Connection(_)), "{failure}");
    assert!(!db.ping(Duration::from_millis(100)).await);
}

#[tokio::test]
async fn a_connection_string_that_can_not_be_read_is_not_quoted() {
    for url in [
        "nonsense://anna:hunter2@db.invalid/pms",
        "postgres://anna:hunter2/x@db.invalid:5432/pms",
        "postgres://anna:hun@ter2@db.invalid/pms",
        "user=anna password=hunter2 hunter2",
    ] {
        let failure = backend(&pool(url, 1)).await.unwrap_err().to_string();

        assert!(
            !failure.contains("hunter2") && !failure.contains("ter2"),
            "{failure}"
        );
        assert!(failure.contains("connection string"), "{failure}");
    }
}

#[tokio::test]
async fn what_waits_in_vain_or_is_dropped_never_begins() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);
    let (release, held) = mpsc::channel::<()>();
    let holder = db.clone();
    let busy = tokio::spawn(async move { holder.read(move |_| Ok(held.recv().is_ok())).await });
    while db.state().busy == 0 {
        tokio::task::yield_now().await;
    }
    let begun = Arc::new(AtomicUsize::new(0));
    let count = || {
        let (db, begun) = (db.clone(), Arc::clone(&begun));
        async move {
            db.read(move |_| Ok(begun.fetch_add(1, Ordering::SeqCst)))
                .await
        }
    };

    let (refused, dropped) = tokio::join!(count(), async {
        // Long enough to be queued, too short to be refused.
        tokio::time::timeout(Duration::from_millis(50), count()).await
    });
    assert!(matches!(refused, Err(DbError::Busy(_))), "{refused:?}");
    assert!(dropped.is_err(), "{dropped:?}");
    release.send(()).unwrap();
    assert!(busy.await.unwrap().unwrap());

    // What was queued before it would have run before it.
    assert_eq!(count().await.unwrap(), 0);
}

#[tokio::test]
async fn more_use_cases_than_connections_are_all_served_by_as_many_threads() {
    let database = TestDatabase::new();
    let db = Db::new(&DbSettings {
        acquire_timeout: Duration::from_secs(60),
        ..settings(&database.url(), 3)
    })
    .unwrap();

    let reads = (0..200).map(|_| {
        let db = db.clone();
        tokio::spawn(async move { db.read(|_| Ok(std::thread::current().id())).await.unwrap() })
    });
    let mut threads = HashSet::new();
    for read in reads.collect::<Vec<_>>() {
        threads.insert(read.await.unwrap());
    }

    assert!(threads.len() <= 3, "{threads:?}");
    assert_eq!(db.state().busy, 0);
}

#[tokio::test]
async fn the_threads_end_with_the_last_handle() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 1);
    // The thread's own value lives as long as the thread.
    let (alive, ended) = mpsc::channel::<()>();
    thread_local!(static OF_THREAD: RefCell<Option<mpsc::Sender<()>>> = const { RefCell::new(None) });
    let read = db.read(move |_| {
        OF_THREAD.set(Some(alive));
        Ok(())
    });
    read.await.unwrap();

    drop(db);

    let outcome = ended.recv_timeout(Duration::from_secs(60));
    assert_eq!(outcome, Err(mpsc::RecvTimeoutError::Disconnected));
}

#[tokio::test]
async fn work_whose_caller_is_gone_is_waited_for() {
    let database = TestDatabase::new();
    let db = pool(&database.url(), 2);
    let (release, held) = mpsc::channel::<()>();
    let ended = Arc::new(AtomicUsize::new(0));
    let (holder, count) = (db.clone(), Arc::clone(&ended));
    let caller = tokio::spawn(async move {
        let work = holder.read(move |_| {
            let _ = held.recv();
            Ok(count.fetch_add(1, Ordering::SeqCst))
        });
        work.await
    });
    while db.state().busy == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());

    let (rest, ()) = tokio::join!(
        tokio::time::timeout(Duration::from_secs(60), db.rest()),
        async { release.send(()).unwrap() }
    );

    rest.unwrap();
    assert_eq!(ended.load(Ordering::SeqCst), 1);
    // Nothing is at work: it does not wait.
    db.rest().await;
}
