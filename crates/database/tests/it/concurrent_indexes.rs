//! Adopting a database whose services write on.

use std::time::{Duration, Instant};

use diesel_migrations::MigrationHarness as _;
use pms_database::migrations::{self, MIGRATIONS};
use pms_testkit::TestDatabase;

use crate::support::{lines, names, run};

/// Keeps every lock that a plain `CREATE INDEX` takes on a table with rows, as
/// an event trigger sees them: the statements that made indexes, and how.
const WATCH: &str = "
    CREATE TABLE public.made (statement text, place text, waits boolean);
    CREATE FUNCTION public.watch() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE one record; rows boolean; place text;
    BEGIN
        FOR one IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag = 'CREATE INDEX'
        LOOP
            SELECT i.indrelid::regclass::text INTO place FROM pg_index i WHERE i.indexrelid = one.objid;
            EXECUTE format('SELECT EXISTS (SELECT FROM %s)', place) INTO rows;
            IF rows THEN
                INSERT INTO public.made VALUES (one.object_identity, place,
                                                current_query() NOT LIKE '%CONCURRENTLY%');
            END IF;
        END LOOP;
    END $$;
    CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch();";

#[test]
fn no_writer_waits_for_an_index() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(&mut conn, WATCH);

    let report = migrations::migrate(&database.url()).unwrap();

    let waited = lines(
        &mut conn,
        "SELECT statement FROM public.made WHERE waits ORDER BY 1",
    );
    assert_eq!(waited, Vec::<String>::new());
    assert_eq!(names(&report.left_out), ["uk_ddsbi_device_sbi"]);
    let invalid = lines(
        &mut conn,
        "SELECT indexrelid FROM pg_index WHERE NOT indisvalid",
    );
    assert_eq!(invalid, Vec::<String>::new());
}

#[test]
fn the_indexes_are_those_of_a_new_database() {
    let (adopted, fresh) = (TestDatabase::of_reference(), TestDatabase::empty());

    migrations::migrate(&adopted.url()).unwrap();
    migrations::migrate(&fresh.url()).unwrap();

    // Without those that the rows of the adopted one forbid, and their stand-ins.
    let ours = "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('pms', 'keymgr')
                AND (indexname LIKE 'ix\\_%' OR indexname LIKE 'tx\\_%')
                AND indexname NOT LIKE 'ix\\_ppol\\_label' AND indexname NOT LIKE 'ix\\_ddsbi\\_device%'
                ORDER BY 1";
    let (found, expected) = (
        lines(&mut adopted.conn(), ours),
        lines(&mut fresh.conn(), ours),
    );
    assert!(expected.len() > 60);
    assert_eq!(found, expected);
}

#[test]
fn what_an_interrupted_run_left_behind_is_built_anew() {
    let database = TestDatabase::of_reference();
    let mut conn = database.conn();
    run(
        &mut conn,
        "CREATE INDEX ix_part_user ON pms.partner (user_id);
         UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'pms.ix_part_user'::regclass",
    );

    migrations::migrate(&database.url()).unwrap();

    let valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'pms.ix_part_user'::regclass";
    assert_eq!(lines(&mut conn, valid), ["true"]);
}

#[test]
fn two_that_adopt_at_once_and_a_writer_all_come_to_an_end() {
    let database = TestDatabase::of_reference();
    let mut writer = database.conn();
    // What the base adds to the tables takes a moment without writers.
    run(&mut writer, "SET search_path = public");
    writer.run_next_migration(MIGRATIONS).unwrap();
    run(&mut writer, "BEGIN");
    run(
        &mut writer,
        "UPDATE pms.partner SET upd_by = 'writer' WHERE id = 'clear'",
    );

    let started = Instant::now();
    let threads: Vec<_> = (0..2)
        .map(|_| {
            let url = database.url();
            std::thread::spawn(move || migrations::migrate(&url).unwrap().applied.len())
        })
        .collect();
    // Both are at it: one builds and waits for the writer, the other for its turn.
    let mut other = database.conn();
    let at_it = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                 AND query LIKE '%CONCURRENTLY%' AND wait_event_type = 'Lock'";
    while lines(&mut other, at_it) == ["0"] {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "no process builds"
        );
    }
    run(
        &mut other,
        "UPDATE pms.partner SET upd_by = 'another writer' WHERE id = 'cipher'",
    );
    run(&mut writer, "COMMIT");

    let mut applied: Vec<usize> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    applied.sort_unstable();
    assert_eq!(applied, [0, migrations::versions().unwrap().len() - 1]);
}
