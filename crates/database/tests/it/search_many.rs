//! Filters that match more rows than are read by their keys.

use pms_database::search::lists::PartnerList;
use pms_database::search::searches::Partners;
use pms_database::search::{Filter, ListQuery, Pagination, SearchRequest, Sort, list, search};
use pms_testkit::TestDatabase;

use crate::support::{RULES, filters, run};

/// Partners `1` to `last`, each a second younger than the one before.
fn partners(last: i32) -> TestDatabase {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        &format!(
            "INSERT INTO partner_type (code, partner_description, is_policy_required, is_active,
                                       cr_by, cr_dtimes)
             VALUES ('Auth_Partner', 'authenticates', true, true, 'x', now());
             INSERT INTO partner (id, user_id, name, partner_type_code, approval_status, is_active,
                                  cr_by, cr_dtimes)
             SELECT n, 'u', 'organisation ' || n, 'Auth_Partner', 'approved', true, 'x',
                    timestamp '2026-01-01' + n * interval '1 second'
             FROM generate_series(1, {last}) n"
        ),
    );
    database
}

fn by_author(sort: Option<Sort>, page_start: i64) -> SearchRequest {
    SearchRequest {
        filters: Some(vec![Filter::equals("crBy", "x")]),
        sort: Some(sort.into_iter().collect()),
        pagination: Some(Pagination {
            page_start,
            page_fetch: 3,
        }),
    }
}

#[test]
fn a_page_and_its_total_are_the_same_on_both_sides_of_the_limit() {
    for last in [9_999_i32, 10_000, 10_001] {
        let database = partners(last);
        let newest_name = || {
            Some(Sort {
                sort_field: Some("name".to_owned()),
                sort_type: Some("desc".to_owned()),
            })
        };
        let mut conn = database.conn();
        let mut found = |sort, page| {
            let found = search::<Partners>(&mut conn, by_author(sort, page), Vec::new(), &RULES);
            let found = found.unwrap();
            let ids: Vec<_> = found.rows.into_iter().map(|row| row.id).collect();
            (found.total, ids.join(" "))
        };

        let total = i64::from(last);
        assert_eq!(found(None, 2), (total, "7 8 9".to_owned()));
        assert_eq!(
            found(newest_name(), 0),
            (total, "9999 9998 9997".to_owned())
        );
        assert_eq!(found(None, 4_000), (total, String::new()));
    }
}

#[test]
fn a_list_far_from_its_beginning_is_in_order() {
    for last in [9_999_i32, 10_001] {
        let database = partners(last);
        let of_all = filters::<PartnerList>(&[("orgName", "ORGANISATION")]);
        let query = ListQuery {
            page_no: Some(2_000),
            page_size: Some(3),
            ..ListQuery::default()
        };
        let mut conn = database.conn();
        let mut listed = |conditions: &[_]| {
            let page = list::<PartnerList>(&mut conn, &query, conditions, 100).unwrap();
            let ids: Vec<_> = page.data.into_iter().map(|row| row.id).collect();
            (page.total_results, ids)
        };

        let filtered = listed(&of_all);
        let everything = listed(&[]);

        let ids = [6_000, 6_001, 6_002].map(|before| (last - before).to_string());
        assert_eq!(filtered, (i64::from(last), ids.to_vec()));
        assert_eq!(everything, filtered);
    }
}
