//! A database that refuses writes for a while, as during a failover.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use pms_database::{Db, DbError, DbSettings};
use pms_domain::policy::audits::{SEARCH_POLICIES, SEARCH_POLICIES_SUCCESS};
use pms_domain::policy::errors::NO_SUCH_POLICY;
use pms_testkit::TestDatabase;

use crate::support::{run, stamp};

fn pool(url: &str) -> Db {
    Db::new(&settings(url)).unwrap()
}

fn settings(url: &str) -> DbSettings {
    DbSettings {
        url: url.to_owned().into(),
        pool_size: 3,
        acquire_timeout: Duration::from_secs(5),
        statement_timeout: Duration::from_secs(5),
        application: "read-only-test".to_owned(),
        store_audits: false,
    }
}

async fn write(db: &Db) -> Result<(), DbError> {
    db.transaction(|conn| Ok(conn.batch_execute("INSERT INTO pms.noted VALUES (1)")?))
        .await
}

async fn read(db: &Db) -> Result<(), DbError> {
    db.read(|conn| Ok(conn.batch_execute("SELECT FROM pms.noted LIMIT 1")?))
        .await
}

/// Opens all connections of the pool, and does the same on each of them.
async fn on_all(db: &Db, write_too: bool) -> usize {
    let tasks: Vec<_> = (0..3)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let sql = if write_too {
                    "SELECT pg_sleep(0.1); INSERT INTO pms.noted VALUES (1)"
                } else {
                    "SELECT pg_sleep(0.1)"
                };
                db.read(move |conn| Ok(conn.batch_execute(sql)?)).await
            })
        })
        .collect();
    let mut fine = 0;
    for task in tasks {
        fine += usize::from(task.await.unwrap().is_ok());
    }
    fine
}

fn read_only(database: &TestDatabase, on: bool) {
    let mut conn = database.conn();
    run(&mut conn, "SET default_transaction_read_only = off");
    run(
        &mut conn,
        &format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = {on}',
                                        current_database()); END $$"
        ),
    );
}

#[tokio::test]
async fn writes_recover_when_the_database_takes_them_again() {
    let database = TestDatabase::new();
    run(&mut database.conn(), "CREATE TABLE pms.noted (number int)");
    read_only(&database, true);
    let db = pool(&database.url());
    // All connections of the pool begin read-only.
    assert_eq!(on_all(&db, false).await, 3);

    let refused = write(&db).await;
    assert!(matches!(refused, Err(DbError::Query(_))), "{refused:?}");
    assert!(db.is_read_only());
    read(&db).await.unwrap();
    assert!(db.ping(Duration::from_secs(2)).await, "reads are served");
    assert!(db.is_read_only());

    read_only(&database, false);
    assert!(db.ping(Duration::from_secs(2)).await);

    assert!(!db.is_read_only());
    assert_eq!(
        on_all(&db, true).await,
        3,
        "no connection from before is used"
    );
}

#[tokio::test]
async fn without_anybody_asking_for_health_each_connection_fails_once_at_most() {
    let database = TestDatabase::new();
    run(&mut database.conn(), "CREATE TABLE pms.noted (number int)");
    read_only(&database, true);
    let db = pool(&database.url());
    assert_eq!(on_all(&db, false).await, 3);
    read_only(&database, false);

    let deadline = Instant::now() + Duration::from_secs(5);
    let mut failed = 0;
    while write(&db).await.is_err() {
        failed += 1;
        assert!(Instant::now() < deadline, "writes never recover");
    }

    assert_eq!(failed, 1, "the first refusal gives up all of them");
    assert_eq!(on_all(&db, true).await, 3);
}

#[tokio::test]
async fn a_refusal_that_the_work_hides_counts_too() {
    let database = TestDatabase::new();
    run(&mut database.conn(), "CREATE TABLE pms.noted (number int)");
    read_only(&database, true);
    let db = pool(&database.url());

    let hidden = db
        .read(|conn| {
            let written = conn.batch_execute("INSERT INTO pms.noted VALUES (1)");
            Ok(written.is_err())
        })
        .await;

    assert!(hidden.unwrap());
    assert!(db.is_read_only());
    read_only(&database, false);
    write(&db).await.unwrap();
}

#[tokio::test]
async fn a_read_is_answered_though_its_audit_records_cannot_be_stored() {
    let database = TestDatabase::new();
    read_only(&database, true);
    let db = Db::new(&DbSettings {
        store_audits: true,
        ..settings(&database.url())
    })
    .unwrap();

    let found = db.noted(stamp(0), |conn, trail| {
        trail.note(SEARCH_POLICIES, None);
        conn.batch_execute("SELECT FROM pms.outbox LIMIT 1")?;
        trail.note(SEARCH_POLICIES_SUCCESS, None);
        Ok("found")
    });
    assert_eq!(found.await.unwrap(), "found");
    let refused = db.noted(stamp(0), |_, trail| {
        trail.note(SEARCH_POLICIES, None);
        Err::<(), _>(NO_SUCH_POLICY.into())
    });

    let refused = refused.await;
    assert!(matches!(refused, Err(DbError::Rejected(_))), "{refused:?}");
    assert!(db.is_read_only());
}

#[tokio::test]
async fn a_busy_pool_does_not_make_the_database_look_away() {
    let database = TestDatabase::new();
    let db = pool(&database.url());
    let busy: Vec<_> = (0..3)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                db.read(|conn| Ok(conn.batch_execute("SELECT pg_sleep(2)")?))
                    .await
            })
        })
        .collect();
    while db.state().busy < 3 {
        tokio::task::yield_now().await;
    }

    let answers = db.ping(Duration::from_secs(1)).await;

    assert!(answers);
    for task in busy {
        task.await.unwrap().unwrap();
    }
}
