//! Later lines of the reference change their tables with scripts of their own: nothing
//! of ours may stand in the way.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use pms_testkit::TestDatabase;

use crate::support::{lines, run};

/// Statements that make every text column of the schema one character longer, or text
/// of any length. `certificate_end` is ours, and a view of ours lies on it.
const LONGER: &str =
    "SELECT format('ALTER TABLE pms.%I ALTER COLUMN %I TYPE %s', table_name, column_name,
           coalesce('varchar(' || character_maximum_length + 1 || ')', 'text'))
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'pms' AND table_type = 'BASE TABLE' AND data_type = 'character varying'
      AND table_name <> 'certificate_end'
    ORDER BY table_name, column_name";
const ENDS: &str =
    "SELECT kind || ' ' || partner_id || ' ' || ends_at FROM pms.expiring ORDER BY 1";

/// A line of a plan.
#[derive(QueryableByName)]
struct Planned {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    plan: String,
}

#[test]
fn a_later_script_may_change_the_type_of_any_column() {
    for database in [TestDatabase::seeded(), TestDatabase::of_reference()] {
        pms_database::migrations::migrate(&database.url()).unwrap();
        let mut conn = database.conn();
        let before = lines(&mut conn, ENDS);

        let longer = lines(&mut conn, LONGER);
        assert!(longer.len() > 100, "{}", longer.len());
        for statement in longer {
            let done = conn.batch_execute(&statement);
            assert!(done.is_ok(), "{statement}: {done:?}");
        }
        run(
            &mut conn,
            "ALTER TABLE pms.partner_policy ALTER COLUMN valid_to_datetime
               TYPE timestamptz USING valid_to_datetime AT TIME ZONE 'UTC';
             ALTER TABLE pms.misp_license ALTER COLUMN valid_to_date TYPE timestamp(3);
             SET TIME ZONE 'UTC'",
        );

        // What ends is told as before.
        assert_eq!(lines(&mut conn, ENDS), before);
        assert!(!before.is_empty());
    }
}

#[test]
fn what_ends_is_found_by_the_indexes_though_a_function_tells_it() {
    let database = TestDatabase::seeded();
    let mut conn = database.conn();

    let rows: Vec<Planned> = diesel::sql_query(
        "EXPLAIN SELECT * FROM pms.expiring WHERE ends_at BETWEEN '2026-12-01' AND '2026-12-31'",
    )
    .load(&mut conn)
    .unwrap();

    let plan: Vec<String> = rows.into_iter().map(|row| row.plan).collect();
    let plan = plan.join("\n");
    assert!(!plan.contains("Function Scan"), "{plan}");
    assert!(plan.contains("(valid_to_datetime >= "), "{plan}");
}
