//! Taking over a database that the reference made.

use diesel::prelude::*;
use pms_database::migrations::{self, LayoutProblem, LeftOut, MigrationError, Origin, Why};
use pms_database::{partners, startup};
use pms_testkit::TestDatabase;

use crate::support::{lines, names, run};

const BACK_TO_1_2_2: &str = include_str!("reference_1_2_2.sql");
const BACK_TO_1_2_1: &str = include_str!("reference_1_2_1.sql");
const WITHOUT_B2: &str = include_str!("reference_1_2_0_1.sql");

/// One query for each table of today: every row, with where it lies and which
/// transaction wrote it, and the file that holds the table.
fn snapshots(conn: &mut PgConnection) -> Vec<String> {
    lines(
        conn,
        "SELECT format('SELECT %L || pg_relation_filenode(''pms.%s'') || ctid::text || xmin::text ||
                               ROW(%s)::text FROM pms.%s ORDER BY 1',
                       table_name, table_name, string_agg(column_name, ', '), table_name)
         FROM information_schema.columns WHERE table_schema = 'pms'
         GROUP BY table_name ORDER BY table_name",
    )
}

fn rows(conn: &mut PgConnection, snapshots: &[String]) -> Vec<String> {
    snapshots
        .iter()
        .flat_map(|query| lines(conn, query))
        .collect()
}

#[test]
fn every_row_stays_byte_for_byte_and_where_it_is() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    let queries = snapshots(&mut conn);
    let before = rows(&mut conn, &queries);

    let report = migrations::migrate(&database.url()).unwrap();

    assert_eq!(report.origin, Origin::Adopted);
    assert_eq!(rows(&mut conn, &queries), before);
    assert!(
        before.iter().any(|row| row.contains(",,")),
        "the doubled comma is in the data"
    );
    assert_eq!(before.len(), 23);
}

#[test]
fn our_additions_are_there() {
    let database = TestDatabase::of_reference();

    migrations::migrate(&database.url()).unwrap();

    let mut conn = database.conn();
    let found = "SELECT (to_regclass('pms.outbox') IS NOT NULL)::text || (to_regclass('keymgr.master_key') IS NOT NULL)
                        || (to_regclass('pms.ix_part_user') IS NOT NULL)
                        || (to_regclass('pms.__diesel_schema_migrations') IS NULL)";
    assert_eq!(lines(&mut conn, found), ["truetruetruetrue"]);
    let keys = "SELECT count(*) FROM pg_constraint WHERE conname IN ('fk_papr_part', 'fk_part_id')";
    assert_eq!(lines(&mut conn, keys), ["2"]);
}

#[test]
fn duplicates_leave_out_their_index_and_are_reported() {
    let database = TestDatabase::of_reference();

    let report = migrations::migrate(&database.url()).unwrap();

    assert_eq!(names(&report.left_out), ["uk_ddsbi_device_sbi"]);
    let again = migrations::migrate(&database.url()).unwrap();
    assert_eq!(again.left_out, report.left_out);
    assert_eq!(again.origin, Origin::Own);
}

#[test]
fn partners_of_other_users_are_listed_and_stay_as_they_are() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    let before = migrations::migrate(&database.url())
        .unwrap()
        .owned_by_others;
    let ids = "SELECT id || ' ' || user_id FROM pms.partner ORDER BY id";
    run(
        &mut conn,
        "UPDATE pms.partner SET user_id = upper(id);
         INSERT INTO pms.partner (id, user_id, name, partner_type_code, approval_status, is_active,
                                  cr_by, cr_dtimes)
         SELECT x.id, x.owner, name, partner_type_code, approval_status, is_active, cr_by, cr_dtimes
         FROM (SELECT * FROM pms.partner LIMIT 1) p,
              (VALUES ('squatted', 'mallory'), ('nobodys', '')) AS x (id, owner)",
    );
    let rows = lines(&mut conn, ids);

    let report = migrations::migrate(&database.url()).unwrap();

    let others = report.owned_by_others;
    assert_eq!(others.count, 1, "before: {before:?}");
    assert_eq!(
        others.first,
        [("squatted".to_owned(), "mallory".to_owned())]
    );
    assert_eq!(lines(&mut conn, ids), rows);
}

#[test]
fn rows_that_break_a_missing_key_leave_it_out() {
    let database = TestDatabase::of_reference();
    run(
        &mut database.conn(),
        "ALTER TABLE pms.policy_group DROP CONSTRAINT uk_polg;
         INSERT INTO pms.policy_group SELECT 'other', name, descr, user_id, is_active, cr_by, cr_dtimes
         FROM pms.policy_group WHERE id = '4711'",
    );

    let report = migrations::migrate(&database.url()).unwrap();

    assert_eq!(names(&report.left_out), ["uk_polg", "uk_ddsbi_device_sbi"]);
}

#[test]
fn a_unique_index_is_made_once_the_rows_that_forbade_it_are_gone() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(
        &mut conn,
        "ALTER TABLE pms.policy_group DROP CONSTRAINT uk_polg;
         INSERT INTO pms.policy_group SELECT 'other', name, descr, user_id, is_active, cr_by, cr_dtimes
         FROM pms.policy_group WHERE id = '4711';
         DROP INDEX pms.uk_devdtl_make_model_approval_status;
         INSERT INTO pms.reg_device_type (code, name, is_active, cr_by, cr_dtimes)
         VALUES ('Finger', 'Finger', true, 'u', now());
         INSERT INTO pms.reg_device_sub_type (code, dtyp_code, name, is_active, cr_by, cr_dtimes)
         VALUES ('Slap', 'Finger', 'Slap', true, 'u', now());
         INSERT INTO pms.device_detail (id, dprovider_id, dtype_code, dstype_code, make, model,
           approval_status, is_active, cr_by, cr_dtimes)
         SELECT id, 'p', 'Finger', 'Slap', 'Make', 'Model', 'approved', true, 'u', now()
         FROM (VALUES ('a'), ('b')) AS x (id)",
    );
    migrations::migrate(&database.url()).unwrap();

    let devices = "uk_devdtl_make_model_approval_status";
    let still = migrations::migrate(&database.url()).unwrap().left_out;
    assert_eq!(names(&still), ["uk_polg", devices, "uk_ddsbi_device_sbi"]);
    let why = Why::Rows {
        table: "pms.policy_group".to_owned(),
        columns: "(name)".to_owned(),
    };
    let name = "uk_polg".to_owned();
    assert_eq!(still[0], LeftOut { name, why });
    assert_eq!(
        migrations::left_out(&database.url()).unwrap(),
        names(&still)
    );
    let invalid = "SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid";
    assert_eq!(lines(&mut conn, invalid), Vec::<String>::new());

    run(
        &mut conn,
        "DELETE FROM pms.policy_group WHERE id = 'other';
         UPDATE pms.device_detail SET approval_status = 'rejected' WHERE id = 'b';
         DELETE FROM pms.device_detail_sbi AS one USING pms.device_detail_sbi AS other
         WHERE one.ctid > other.ctid AND one.device_detail_id = other.device_detail_id
           AND one.sbi_id = other.sbi_id",
    );
    let report = migrations::migrate(&database.url()).unwrap();

    assert_eq!((report.applied, report.left_out), (Vec::new(), Vec::new()));
    let unique = "SELECT indexrelid::regclass FROM pg_index
                  WHERE indisunique AND indisvalid AND indexrelid IN (
                    to_regclass('pms.uk_polg'), to_regclass('pms.uk_ddsbi_device_sbi'),
                    to_regclass('pms.uk_devdtl_make_model_approval_status'))";
    assert_eq!(lines(&mut conn, unique).len(), 3);
    let constraint = "SELECT contype FROM pg_constraint WHERE conname = 'uk_polg'";
    assert_eq!(lines(&mut conn, constraint), ["u"]);
    let stand_ins = "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'ix\\_ddsbi\\_device%'";
    assert_eq!(lines(&mut conn, stand_ins), Vec::<String>::new());
    assert_eq!(
        migrations::left_out(&database.url()).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn the_script_for_psql_makes_the_same_unique_indexes_of_the_same_rows() {
    const SCRIPT: &str = include_str!("../../src/migrations/unique.sql");
    let ours = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'pms' ORDER BY indexname";
    let fresh = TestDatabase::empty();
    migrations::migrate(&fresh.url()).unwrap();
    let mut conn = fresh.conn();
    let expected = lines(&mut conn, ours);
    for constraint in [
        "policy_group DROP CONSTRAINT uk_polg",
        "auth_policy DROP CONSTRAINT uk_apol",
        "auth_policy_h DROP CONSTRAINT uk_apolh",
        "partner_contact DROP CONSTRAINT uk_partcnt_idcnt",
        "partner_contact DROP CONSTRAINT uk_partcnt_ideml",
        "partner_policy DROP CONSTRAINT uk_ppol",
        "misp DROP CONSTRAINT uk_misp",
        "oidc_client DROP CONSTRAINT uq_oidc_client_public_key",
    ] {
        run(&mut conn, &format!("ALTER TABLE pms.{constraint}"));
    }
    run(
        &mut conn,
        "DROP INDEX pms.uk_devdtl_make_model_approval_status;
         DROP INDEX pms.uk_fcdtl_make_model_approval_status;
         DROP INDEX pms.uk_ddsbi_device_sbi;
         DROP INDEX pms.uk_user_details_user;
         CREATE INDEX ix_ddsbi_device ON pms.device_detail_sbi (device_detail_id, sbi_id);
         CREATE INDEX ix_user_details_user ON pms.user_details (user_id)",
    );
    let without = migrations::left_out(&fresh.url()).unwrap();
    assert_eq!(without.len(), 12);

    run(&mut conn, SCRIPT);

    assert_eq!(lines(&mut conn, ours), expected);
    // Rows that forbid one are no failure.
    let adopted = TestDatabase::of_reference();
    let mut conn = adopted.conn();
    let rows = "SELECT count(*) FROM pms.device_detail_sbi";
    let before = lines(&mut conn, rows);
    run(&mut conn, SCRIPT);
    assert_eq!(lines(&mut conn, rows), before);
}

#[test]
fn the_job_runners_tables_are_left_alone_and_never_made() {
    let adopted = TestDatabase::of_reference();
    let fresh = TestDatabase::new();

    migrations::migrate(&adopted.url()).unwrap();

    let tables = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'batch_%'";
    assert_eq!(lines(&mut adopted.conn(), tables), ["batch_job_instance"]);
    assert_eq!(lines(&mut fresh.conn(), tables), Vec::<String>::new());
}

#[test]
fn a_database_of_line_1_2_2_gets_what_the_beta_added() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(&mut conn, BACK_TO_1_2_2);
    let queries = snapshots(&mut conn);
    let before = rows(&mut conn, &queries);

    let report = migrations::migrate(&database.url()).unwrap();

    assert_eq!(report.origin, Origin::Adopted);
    assert_eq!(startup::check(&database.url()), Ok(()));
    assert_eq!(rows(&mut conn, &queries), before);
    let width = "SELECT character_maximum_length FROM information_schema.columns
                 WHERE table_schema = 'pms' AND table_name = 'partner' AND column_name = 'email_id'";
    assert_eq!(lines(&mut conn, width), ["3000"]);
    assert_eq!(
        lines(&mut conn, "SELECT count(*) FROM pms.notifications"),
        ["0"]
    );
    assert!(
        partners::find(&mut conn, "clear")
            .unwrap()
            .unwrap()
            .email_id_hash
            .is_none()
    );
}

#[test]
fn the_services_can_read_what_they_adopted() {
    let database = TestDatabase::of_reference();
    migrations::migrate(&database.url()).unwrap();
    let mut conn = database.conn();

    let mut known =
        |hash: &str, clear: &str| partners::exists_with_email(&mut conn, (hash, clear)).unwrap();
    assert!(known("no hash", "info@mosip.io"));
    assert!(known(&"ab".repeat(32), "other"));
    assert!(!known("no hash", "back@example.org"), "its row has a hash");
}

/// The older lines, by what their scripts had not made yet (contract schema.md §6).
/// 1.2.0.1 with its step B2 has the tables of 1.2.1.0.
const OLDER: [(&str, &[&str]); 2] = [
    (
        "1.2.1.0 and 1.2.0.1 with its step B2",
        &[BACK_TO_1_2_2, BACK_TO_1_2_1],
    ),
    (
        "1.2.0.1 without its step B2",
        &[BACK_TO_1_2_2, BACK_TO_1_2_1, WITHOUT_B2],
    ),
];

#[test]
fn databases_of_the_older_lines_are_adopted_and_given_back() {
    for (line, scripts) in OLDER {
        let database = TestDatabase::of_reference();
        let mut conn = database.conn();
        for script in scripts {
            run(&mut conn, script);
        }
        let queries = snapshots(&mut conn);
        let before = rows(&mut conn, &queries);
        let indexes = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'pms' ORDER BY 1";
        let indexes_before = lines(&mut conn, indexes);

        let report = migrations::migrate(&database.url()).unwrap();

        assert_eq!(report.origin, Origin::Adopted, "{line}");
        assert_eq!(report.stricter, ["uk_devdtl_id", "uk_fcdtl_id"], "{line}");
        assert_eq!(rows(&mut conn, &queries), before, "{line}");
        assert!(
            partners::find(&mut conn, "clear").unwrap().is_some(),
            "{line}"
        );
        let again = migrations::migrate(&database.url()).unwrap();
        assert_eq!(
            (again.origin, again.applied),
            (Origin::Own, Vec::new()),
            "{line}"
        );

        let undone = migrations::undo_additions(&database.url()).unwrap();

        assert_eq!(
            undone.len() + 1,
            migrations::versions().unwrap().len(),
            "{line}"
        );
        assert_eq!(rows(&mut conn, &queries), before, "{line}");
        let left = "SELECT count(*) FROM pg_tables
                    WHERE tablename IN ('outbox', '__diesel_schema_migrations')
                       OR schemaname = 'keymgr'";
        assert_eq!(lines(&mut conn, left), ["0"], "{line}");
        let now = lines(&mut conn, indexes);
        let missing: Vec<_> = indexes_before
            .iter()
            .filter(|one| !now.contains(one))
            .collect();
        assert!(missing.is_empty(), "{line}: {missing:?}");
        // And once more: who went back may come again.
        let third = migrations::migrate(&database.url()).unwrap();
        assert_eq!(third.origin, Origin::Adopted, "{line}");
    }
}

#[test]
fn a_plan_tells_every_statement_and_changes_nothing() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(&mut conn, BACK_TO_1_2_2);
    run(&mut conn, "ANALYZE");
    let objects = "SELECT count(*) FROM pg_class";
    let before = lines(&mut conn, objects);

    let plan = migrations::plan(&database.url()).unwrap();

    assert_eq!(plan.origin, Origin::Adopted);
    let step_with = |part: &str| plan.steps.iter().find(|step| step.statement.contains(part));
    let column =
        step_with("ALTER TABLE pms.partner ADD COLUMN IF NOT EXISTS email_id_hash").unwrap();
    assert!(column.lock.contains("pms.partner, about"), "{column:?}");
    let index = step_with("ix_part_user ON pms.partner").unwrap();
    assert!(
        index.lock.contains("beside readers and writers"),
        "{index:?}"
    );
    assert_eq!(
        step_with("CREATE TABLE pms.outbox").unwrap().lock,
        "nothing waits"
    );
    assert_eq!(lines(&mut conn, objects), before);
    migrations::migrate(&database.url()).unwrap();
    assert!(migrations::plan(&database.url()).unwrap().steps.is_empty());
}

#[test]
fn what_was_promised_or_can_not_be_made_again_is_never_taken_away() {
    let database = TestDatabase::of_reference();
    migrations::migrate(&database.url()).unwrap();
    let mut conn = database.conn();
    run(
        &mut conn,
        "INSERT INTO keymgr.master_key (id, kek_id, private_key, certificate_data, cr_by, cr_dtimes)
         VALUES ('k', 'kek', '\\x00', 'pem', 'test', now())",
    );

    let refused = migrations::undo_additions(&database.url())
        .unwrap_err()
        .to_string();

    assert!(refused.contains("holds keys"), "{refused}");
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename IN ('outbox', 'master_key')";
    assert_eq!(lines(&mut conn, tables), ["2"], "nothing was changed");
}

#[test]
fn data_is_corrected_only_on_request_and_only_once() {
    let database = TestDatabase::of_reference();
    migrations::migrate(&database.url()).unwrap();
    let mut conn = database.conn();
    let commas = "SELECT count(*) FROM pms.auth_policy WHERE policy_file_id LIKE '%,,%'";
    assert_eq!(lines(&mut conn, commas), ["1"]);

    let first = migrations::fix_data(&database.url()).unwrap();
    let second = migrations::fix_data(&database.url()).unwrap();

    assert!(
        first
            .iter()
            .any(|(what, rows)| what.contains("comma") && *rows == 1),
        "{first:?}"
    );
    assert!(second.iter().all(|(_, rows)| *rows == 0), "{second:?}");
    assert_eq!(lines(&mut conn, commas), ["0"]);
}

#[test]
fn doubled_quotes_of_default_policies_become_single_ones_and_empty_texts_stay_empty() {
    let database = TestDatabase::of_reference();
    migrations::migrate(&database.url()).unwrap();
    let mut conn = database.conn();
    let broken =
        r#"{ ""shareableAttributes"": [{""attributeName"":""fullName"", ""format"":""""}]}"#;
    let whole = r#"{ "shareableAttributes": [{"attributeName":"fullName", "format":""}]}"#;
    run(
        &mut conn,
        &format!(
            "INSERT INTO pms.auth_policy_h (id, eff_dtimes, policy_group_id, name, descr,
               policy_file_id, policy_type, version, valid_from_date, valid_to_date, is_active,
               cr_by, cr_dtimes)
             SELECT 'h' || row_number() OVER (), '2024-01-01', '4711', name, 'd', document, 'Auth',
               '1', '2024-01-01', '2224-03-01', true, 'u', '2024-01-01'
             FROM (VALUES ('mpolicy-default-broken', '{broken}'),
               ('mpolicy-default-whole', '{whole}'), ('own-broken', '{broken}'))
               AS x (name, document)"
        ),
    );

    let first = migrations::fix_data(&database.url()).unwrap();
    let second = migrations::fix_data(&database.url()).unwrap();

    let quotes = |fixes: &[(&str, usize)]| {
        let mut found = fixes.iter().filter(|fix| fix.0.contains("doubled quotes"));
        found.next().unwrap().1
    };
    assert_eq!((quotes(&first), quotes(&second)), (1, 0));
    let documents = "SELECT policy_file_id FROM pms.auth_policy_h
                     WHERE policy_group_id = '4711' AND name LIKE '%-%' ORDER BY name";
    let found = lines(&mut conn, documents);
    // Another policy's document is an operator's own.
    assert_eq!(found, [whole, whole, broken]);
    serde_json::from_str::<serde_json::Value>(&found[0]).unwrap();
}

fn problem(database: &TestDatabase) -> LayoutProblem {
    match migrations::migrate(&database.url()) {
        Err(MigrationError::Layout(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_older_layout_is_refused_by_its_first_missing_column() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(
        &mut conn,
        "ALTER TABLE pms.partner DROP COLUMN lang_code, DROP COLUMN addl_info",
    );
    let before = lines(&mut conn, "SELECT count(*) FROM pg_class");

    let problem = problem(&database);

    assert_eq!(
        problem,
        LayoutProblem::MissingColumn("partner.lang_code".to_owned())
    );
    assert!(
        problem
            .to_string()
            .contains("column pms.partner.lang_code is missing")
    );
    assert_eq!(
        lines(&mut conn, "SELECT count(*) FROM pg_class"),
        before,
        "nothing was changed"
    );
}

#[test]
fn a_missing_table_is_its_first_missing_column() {
    let database = TestDatabase::of_reference();
    run(&mut database.conn(), "DROP TABLE pms.device_detail_sbi");

    assert_eq!(
        problem(&database),
        LayoutProblem::MissingColumn("device_detail_sbi.dprovider_id".to_owned())
    );
}

#[test]
fn a_newer_layout_is_refused_by_the_column_it_demands() {
    let database = TestDatabase::of_reference();
    run(
        &mut database.conn(),
        "ALTER TABLE pms.misp_license ADD COLUMN misp_license_id varchar(36);
         UPDATE pms.misp_license SET misp_license_id = gen_random_uuid();
         ALTER TABLE pms.misp_license ALTER COLUMN misp_license_id SET NOT NULL",
    );

    let expected = LayoutProblem::UnknownColumn("misp_license.misp_license_id".to_owned());
    assert_eq!(problem(&database), expected);
}

#[test]
fn a_column_of_another_type_is_refused() {
    let database = TestDatabase::of_reference();
    run(
        &mut database.conn(),
        "ALTER TABLE pms.auth_policy ALTER COLUMN valid_to_date TYPE date",
    );

    let expected = LayoutProblem::OtherType {
        column: "auth_policy.valid_to_date".to_owned(),
        found: "date".to_owned(),
    };
    assert_eq!(problem(&database), expected);
}
