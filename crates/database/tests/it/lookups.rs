//! Look-ups that are put together: each request gets its own row.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};
use futures_util::FutureExt as _;
use futures_util::future::join_all;
use pms_database::partners::{self, ProfileById};
use pms_database::policies::{self, PolicyForPartner, VersionForPartner};
use pms_database::{ByKey, Connection, Db, DbError, DbSettings, Lookup};
use pms_testkit::TestDatabase;

fn db(database: &TestDatabase, pool_size: u32) -> Db {
    let settings = DbSettings {
        url: database.url().into(),
        pool_size,
        acquire_timeout: Duration::from_secs(10),
        statement_timeout: Duration::from_secs(10),
        application: "lookup-test".to_owned(),
        store_audits: false,
    };
    Db::new(&settings).unwrap()
}

/// The row of one key, by the statement for many.
fn alone<L: ByKey>(conn: &mut Connection, key: &L::Key) -> QueryResult<Option<L::Row>> {
    let found = L::load(conn, std::slice::from_ref(key))?;
    Ok(found.into_iter().next().map(|(_, row)| row))
}

/// Whether a text is a word of the table `word`, and how many statements asked.
struct Words;

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    word: String,
}

impl ByKey for Words {
    type Key = String;
    type Row = String;

    fn is_odd(_: &String) -> bool {
        false
    }

    fn find(conn: &mut Connection, key: &String) -> QueryResult<Option<String>> {
        alone::<Self>(conn, key)
    }

    fn load(conn: &mut Connection, keys: &[String]) -> QueryResult<Vec<(String, String)>> {
        STATEMENTS.fetch_add(1, Ordering::SeqCst);
        let found = diesel::sql_query("SELECT word FROM word WHERE word = ANY($1)")
            .bind::<Array<Text>, _>(keys)
            .load::<Word>(conn)?;
        Ok(found
            .into_iter()
            .map(|row| (row.word.clone(), row.word))
            .collect())
    }
}

async fn run(db: &Db, sql: &'static str) {
    db.read(move |conn| Ok(conn.batch_execute(sql)?))
        .await
        .unwrap();
}

/// Holds the only thread of `db` until the sender is used or dropped.
async fn held(db: &Db) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel::<()>();
    let holder = db.clone();
    tokio::spawn(async move { holder.read(move |_| Ok(held.recv().is_ok())).await });
    while db.state().busy == 0 {
        tokio::task::yield_now().await;
    }
    release
}

fn outcome(found: Result<Option<String>, DbError>) -> Option<String> {
    found.unwrap()
}

// One test: it counts the statements of all look-ups of words.
#[tokio::test]
async fn what_is_looked_up_while_no_thread_is_free_is_one_statement() {
    let database = TestDatabase::new();
    let db = db(&database, 1);
    run(
        &db,
        "CREATE TABLE word (word text); INSERT INTO word VALUES ('a'), ('b'), ('c')",
    )
    .await;
    let words = Lookup::<Words>::new(&db);
    let find = |word: &str| words.find(word.to_owned());
    let release = held(&db).await;

    let asked = ["a", "b", "a", "x", "c"];
    let together = join_all(asked.map(find));
    let (together, ()) = tokio::join!(together, async {
        // All of them have been polled once when this is.
        release.send(()).unwrap();
    });

    let found: Vec<_> = together.into_iter().map(outcome).collect();
    let expected = [Some("a"), Some("b"), Some("a"), None, Some("c")];
    assert_eq!(found, expected.map(|word| word.map(str::to_owned)));
    assert_eq!(STATEMENTS.swap(0, Ordering::SeqCst), 1);

    // A key that fails the statement fails its own request alone.
    let release = held(&db).await;
    let together = join_all(["a", "\0", "b"].map(find));
    let (together, ()) = tokio::join!(together, async { release.send(()).unwrap() });
    let failed: Vec<_> = together.iter().map(Result::is_err).collect();
    assert_eq!(failed, [false, true, false]);
    let error = together.into_iter().find_map(Result::err).unwrap();
    assert!(error.is_about_nul(), "{error}");
    assert_eq!(STATEMENTS.swap(0, Ordering::SeqCst), 4);

    // A request that is gone is not read for, and disturbs no other.
    let release = held(&db).await;
    assert!(find("a").now_or_never().is_none());
    release.send(()).unwrap();
    db.rest().await;
    assert_eq!(STATEMENTS.load(Ordering::SeqCst), 0);
    assert_eq!(outcome(find("b").await).as_deref(), Some("b"));
    assert_eq!(STATEMENTS.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_lookup_sees_what_was_committed_before_it() {
    let database = TestDatabase::new();
    let db = db(&database, 4);
    run(
        &db,
        "CREATE TABLE counted (id text PRIMARY KEY, number int);
              INSERT INTO counted SELECT n::text, 0 FROM generate_series(0, 7) n",
    )
    .await;
    let numbers = Lookup::<Numbers>::new(&db);

    // Eight writers, each of which must read what it wrote while the others go on.
    let writers = (0..8).map(|id| {
        let (db, numbers) = (&db, &numbers);
        async move {
            for round in 1..=50 {
                let change = db.transaction(move |conn| {
                    let change = diesel::sql_query("UPDATE counted SET number = $1 WHERE id = $2");
                    let change = change.bind::<diesel::sql_types::Integer, _>(round);
                    Ok(change.bind::<Text, _>(id.to_string()).execute(conn)?)
                });
                change.await.unwrap();
                let read = numbers.find(id.to_string()).await.unwrap();
                assert_eq!(read, Some(round));
            }
        }
    });
    join_all(writers).await;
}

struct Numbers;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    number: i32,
}

impl ByKey for Numbers {
    type Key = String;
    type Row = i32;

    fn is_odd(_: &String) -> bool {
        false
    }

    fn find(conn: &mut Connection, key: &String) -> QueryResult<Option<i32>> {
        alone::<Self>(conn, key)
    }

    fn load(conn: &mut Connection, keys: &[String]) -> QueryResult<Vec<(String, i32)>> {
        let found = diesel::sql_query("SELECT id, number FROM counted WHERE id = ANY($1)")
            .bind::<Array<Text>, _>(keys)
            .load::<Number>(conn)?;
        Ok(found.into_iter().map(|row| (row.id, row.number)).collect())
    }
}

/// Every key has a row; the key `held` waits for a lock first.
struct Held;

impl ByKey for Held {
    type Key = String;
    type Row = i32;

    fn is_odd(_: &String) -> bool {
        false
    }

    fn find(conn: &mut Connection, key: &String) -> QueryResult<Option<i32>> {
        alone::<Self>(conn, key)
    }

    fn load(conn: &mut Connection, keys: &[String]) -> QueryResult<Vec<(String, i32)>> {
        if keys.iter().any(|key| key == "held") {
            conn.batch_execute(
                "SELECT pg_advisory_lock_shared(4711); SELECT pg_advisory_unlock_shared(4711)",
            )?;
        }
        Ok(keys.iter().map(|key| (key.clone(), 1)).collect())
    }
}

#[tokio::test]
async fn a_statement_that_hangs_keeps_no_other_look_up_from_a_free_thread() {
    let database = TestDatabase::new();
    // With four connections one statement runs at a time, as a rule.
    let db = db(&database, 4);
    let mut lock = database.conn();
    lock.batch_execute("SELECT pg_advisory_lock(4711)").unwrap();
    let numbers = Lookup::<Held>::new(&db);
    let hangs = numbers.find("held".to_owned());
    let others = async {
        while !database.waits_for_lock() {
            tokio::task::yield_now().await;
        }
        for key in ["a", "b", "c"] {
            assert_eq!(numbers.find(key.to_owned()).await.unwrap(), Some(1));
        }
        lock.batch_execute("SELECT pg_advisory_unlock(4711)")
            .unwrap();
    };

    let (found, ()) = tokio::join!(hangs, others);

    assert_eq!(found.unwrap(), Some(1));
}

#[tokio::test]
async fn lookups_wait_no_longer_for_a_thread_than_a_use_case_does() {
    let database = TestDatabase::new();
    let settings = DbSettings {
        url: database.url().into(),
        pool_size: 1,
        acquire_timeout: Duration::from_millis(100),
        statement_timeout: Duration::from_secs(10),
        application: "lookup-test".to_owned(),
        store_audits: false,
    };
    let db = Db::new(&settings).unwrap();
    let release = held(&db).await;

    let refused = Lookup::<ProfileById>::new(&db).find("x".to_owned()).await;

    assert!(matches!(refused, Err(DbError::Busy(_))));
    release.send(()).unwrap();
}

/// Rows found together are those that are found alone.
#[tokio::test]
async fn statements_for_many_find_what_those_for_one_find() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();
    let ids: Vec<_> = ["mpartner-default-auth", "mpartner-default-misp", "unknown"]
        .map(str::to_owned)
        .into();
    let pairs: Vec<_> = ids
        .iter()
        .flat_map(|partner| {
            let policies = [
                "mpolicy-default-auth",
                "mpolicy-default-resident",
                "unknown",
            ];
            policies.map(|policy| (policy.to_owned(), partner.clone()))
        })
        .collect();

    let profiles = ProfileById::load(&mut conn, &ids).unwrap();
    let policies = PolicyForPartner::load(&mut conn, &pairs).unwrap();
    let versions = VersionForPartner::load(&mut conn, &pairs).unwrap();

    assert!(!profiles.is_empty() && !policies.is_empty());
    for id in &ids {
        let alone = partners::find_profile(&mut conn, id).unwrap();
        let together = profiles.iter().find(|(key, _)| key == id);
        assert!(together.map(|(_, row)| row) == alone.as_ref(), "{id}");
    }
    for key in &pairs {
        let alone = policies::for_partner(&mut conn, &key.0, &key.1).unwrap();
        let version = policies::version_for_partner(&mut conn, &key.0, &key.1).unwrap();
        let together: Vec<_> = policies.iter().filter(|(found, _)| found == key).collect();
        assert!(together.len() <= 1, "{key:?}");
        assert_eq!(
            together.first().map(|(_, row)| row),
            alone.as_ref(),
            "{key:?}"
        );
        let together = versions.iter().find(|(found, _)| found == key);
        assert_eq!(together.map(|(_, row)| *row), version, "{key:?}");
    }
}
