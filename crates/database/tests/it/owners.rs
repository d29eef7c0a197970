//! Whose a partner is.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pms_database::partners;
use pms_domain::user::owner;
use pms_testkit::TestDatabase;

#[derive(QueryableByName)]
struct Keys {
    #[diesel(sql_type = Text)]
    keys: String,
}

/// `lower` of PostgreSQL makes an `i` of `İ` in some collations, and no `é` of `É` in others.
#[test]
fn the_database_and_the_services_know_a_user_by_the_same_rule() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    let mut keys = |text: &str| {
        let query = diesel::sql_query(
            "SELECT string_agg(pms.owner_key(name, 'x'), '|' ORDER BY place) AS keys
             FROM unnest(string_to_array($1, '|')) WITH ORDINALITY AS names (name, place)",
        );
        let found: Keys = query.bind::<Text, _>(text).get_result(&mut conn).unwrap();
        found.keys
    };
    // Names of a hundred letters, and each letter alone where it could be another name's.
    let letters = ('\u{1}'..=char::MAX).filter(|letter| *letter != '|');
    let letters: Vec<char> = letters.collect();
    let names = letters.chunks(100).map(String::from_iter);
    let mut all: Vec<String> = names.collect();
    let cased =
        |letter: &&char| letter.is_alphabetic() && (letter.is_uppercase() || letter.is_lowercase());
    all.extend(letters.iter().filter(cased).map(char::to_string));

    for some in all.chunks(1000) {
        let expected: Vec<String> = some.iter().map(|name| owner::key(name)).collect();
        assert_eq!(keys(&some.join("|")), expected.join("|"));
    }
}

#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

#[test]
fn own_partners_are_found_by_their_index_and_by_nothing_that_looks_like_it() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    conn.batch_execute(
        "INSERT INTO pms.partner_type (code, partner_description, is_policy_required, is_active,
            cr_by, cr_dtimes) VALUES ('T', 't', false, true, 'u', now());
         INSERT INTO pms.partner (id, name, user_id, partner_type_code, approval_status,
            is_active, cr_by, cr_dtimes)
         SELECT 'p' || n, 'n', 'u' || n, 'T', 'approved', true, 'u', now()
         FROM generate_series(1, 3000) n;
         INSERT INTO pms.partner (id, name, user_id, partner_type_code, approval_status,
            is_active, cr_by, cr_dtimes)
         SELECT id, 'n', owner, 'T', 'approved', true, 'u', now()
         FROM (VALUES ('İxa', 'İxa'), ('École', ''), ('ixb', 'IXA'), ('IXA', 'other'))
            AS row (id, owner);
         ANALYZE pms.partner",
    )
    .unwrap();
    let mut own = |user: &str| partners::owned_by(&mut conn, user).unwrap().join(" ");

    assert_eq!(own("ixa"), "ixb");
    assert_eq!(own("İXA"), "İxa");
    assert_eq!(own("éCOLE"), "École");
    assert_eq!(own("U7"), "p7");
    assert_eq!(own(""), "");
    let plan: Vec<Planned> = diesel::sql_query(
        "EXPLAIN SELECT id FROM pms.partner WHERE pms.owner_key(user_id, id) = 'u7'",
    )
    .load(&mut conn)
    .unwrap();
    let plan: Vec<String> = plan.into_iter().map(|line| line.text).collect();
    assert!(plan.concat().contains("ix_part_owner_key"), "{plan:?}");
}
