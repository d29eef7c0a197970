//! Totals of large tables are remembered for a moment.

use std::time::{Duration, Instant};

use diesel::PgConnection;
use pms_database::Db;
use pms_database::policy_groups::PolicyGroup;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{
    Filter, Found, Pagination, Rules, SearchRequest, prepare_search, search,
};
use pms_domain::ErrorDef;
use pms_testkit::TestDatabase;

use crate::support::run;

const RULES: Rules = Rules {
    neutral: ErrorDef::new("N", "neutral"),
    largest_page: 1_000,
    most_values: 100,
    reports_value_faults: true,
};

fn groups(database: &TestDatabase, from: i32, to: i32) {
    run(
        &mut database.conn(),
        &format!(
            "INSERT INTO policy_group (id, name, descr, user_id, is_active, cr_by, cr_dtimes)
             SELECT n, 'group ' || n, 'x', 'x', true, 'x', now() FROM generate_series({from}, {to}) n"
        ),
    );
}

async fn found(db: &Db, filters: Vec<Filter>) -> Found<PolicyGroup> {
    let request = SearchRequest {
        filters: Some(filters),
        sort: None,
        pagination: Some(Pagination::default()),
    };
    db.read(move |conn| search::<PolicyGroups>(conn, request, Vec::new(), &RULES))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_new_row_of_a_large_table_is_counted_at_last_and_at_once_where_it_is_filtered() {
    let database = TestDatabase::new();
    groups(&database, 1, 10_000);
    let db = database.db();
    let started_at = Instant::now();
    assert_eq!(found(&db, Vec::new()).await.total, 10_000);

    groups(&database, 10_001, 10_001);
    let filtered = found(&db, vec![Filter::equals("crBy", "x")]).await;

    assert_eq!(filtered.total, 10_001);
    while found(&db, Vec::new()).await.total != 10_001 {
        assert!(
            started_at.elapsed() < Duration::from_secs(60),
            "never counted"
        );
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_new_row_of_a_small_table_counts_at_once() {
    let database = TestDatabase::new();
    let db = database.db();
    for rows in 0..3 {
        assert_eq!(found(&db, Vec::new()).await.total, i64::from(rows));
        groups(&database, rows, rows);
    }
}

/// Makes counts of policy groups hang until the connection is dropped.
fn locked(database: &TestDatabase) -> PgConnection {
    let mut conn = database.conn();
    run(
        &mut conn,
        "BEGIN; LOCK TABLE pms.policy_group IN ACCESS EXCLUSIVE MODE",
    );
    conn
}

#[tokio::test]
async fn searches_that_wait_for_a_total_hold_no_connection() {
    let database = TestDatabase::new();
    groups(&database, 1, 1);
    let db = database.db();
    let lock = locked(&database);
    let waiting: Vec<_> = (0..20)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move { prepare_search::<PolicyGroups>(&db).await })
        })
        .collect();
    let deadline = Instant::now() + Duration::from_secs(20);
    while db.state().busy == 0 {
        assert!(Instant::now() < deadline);
        tokio::task::yield_now().await;
    }
    // All of them have asked by now: the runtime of a test has one thread.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }

    let busy = db.state().busy;

    drop(lock);
    assert_eq!(busy, 1);
    for search in waiting {
        search.await.unwrap();
    }
    assert_eq!(found(&db, Vec::new()).await.total, 1);
}
