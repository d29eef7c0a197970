//! Totals of large tables are remembered for a moment.

use std::time::{Duration, Instant};

use pms_database::policy_groups::PolicyGroup;
use pms_database::search::lists::PolicyList;
use pms_database::search::searches::PolicyGroups;
use pms_database::search::{
    Filter, Found, ListQuery, Pagination, Rules, SearchRequest, list, search,
};
use pms_database::{Db, DbError};
use pms_domain::ErrorDef;
use pms_testkit::TestDatabase;

use crate::support::run;

const RULES: Rules = Rules {
    neutral: ErrorDef::new("N", "neutral"),
    largest_page: 1_000,
    most_values: 100,
    tells_value_faults: true,
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
async fn the_total_of_a_large_table_ages_at_most_two_seconds() {
    let database = TestDatabase::new();
    groups(&database, 1, 10_000);
    let db = database.db();
    let begun = Instant::now();
    assert_eq!(found(&db, Vec::new()).await.total, 10_000);

    groups(&database, 10_001, 10_001);
    let remembered = found(&db, Vec::new()).await;
    let asked_within = begun.elapsed();
    let filtered = found(&db, vec![Filter::equals("crBy", "x")]).await;

    // A machine that is busy enough counts again.
    if asked_within < Duration::from_secs(2) {
        assert_eq!(remembered.total, 10_000);
    }
    assert_eq!(remembered.rows.len(), 10);
    assert_eq!(filtered.total, 10_001);
    while found(&db, Vec::new()).await.total != 10_001 {
        assert!(begun.elapsed() < Duration::from_secs(20));
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

#[tokio::test]
async fn lists_remember_too() {
    let database = TestDatabase::new();
    groups(&database, 1, 1);
    let policies = |from: i32, to: i32| {
        run(
            &mut database.conn(),
            &format!(
                "INSERT INTO auth_policy (id, policy_group_id, name, descr, policy_file_id,
                    policy_type, version, valid_from_date, valid_to_date, is_active, cr_by, cr_dtimes)
                 SELECT n, '1', n, 'x', '{{}}', 'Auth', '1', now(), now(), false, 'x', now()
                 FROM generate_series({from}, {to}) n"
            ),
        );
    };
    policies(1, 10_000);
    let db = database.db();
    let total = async || {
        let asked = db.read(|conn| list::<PolicyList>(conn, &ListQuery::default(), &[], 100));
        Ok::<_, DbError>(asked.await?.total_results)
    };
    let begun = Instant::now();
    assert_eq!(total().await.unwrap(), 10_000);
    policies(10_001, 10_001);

    let remembered = total().await.unwrap();

    if begun.elapsed() < Duration::from_secs(2) {
        assert_eq!(remembered, 10_000);
    }
}
