//! Running the migrations: once, twice, at once, backwards.

use diesel_migrations::MigrationHarness as _;
use pms_database::migrations::{self, MIGRATIONS, Origin};
use pms_testkit::TestDatabase;

use crate::support::{group, lines, run};

#[test]
fn a_second_run_has_nothing_to_do() {
    let database = TestDatabase::empty();

    let first = migrations::migrate(&database.url()).unwrap();
    let second = migrations::migrate(&database.url()).unwrap();

    assert_eq!(first.origin, Origin::Empty);
    assert_eq!(first.applied, migrations::versions().unwrap());
    assert_eq!(first.left_out, []);
    assert_eq!(second.origin, Origin::Own);
    assert_eq!(second.applied, Vec::<String>::new());
}

#[test]
fn pending_migrations_can_be_listed_without_changing_anything() {
    let database = TestDatabase::empty();

    let before = migrations::pending(&database.url()).unwrap();
    let tables = lines(
        &mut database.conn(),
        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'",
    );
    migrations::migrate(&database.url()).unwrap();
    let after = migrations::pending(&database.url()).unwrap();

    assert_eq!(before, migrations::versions().unwrap());
    assert_eq!(tables, ["0"]);
    assert_eq!(after, Vec::<String>::new());
}

#[test]
fn processes_that_start_at_once_wait_for_each_other() {
    let database = TestDatabase::empty();
    let urls = [database.url(), database.url(), database.url()];

    let threads: Vec<_> = urls
        .into_iter()
        .map(|url| std::thread::spawn(move || migrations::migrate(&url).unwrap().applied.len()))
        .collect();
    let mut applied: Vec<_> = threads
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    applied.sort_unstable();

    assert_eq!(applied, [0, 0, migrations::versions().unwrap().len()]);
}

#[test]
fn the_list_of_migrations_is_in_public_even_where_the_default_is_pms() {
    let database = TestDatabase::empty();
    run(
        &mut database.conn(),
        "CREATE SCHEMA pms;
         DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = pms, pg_catalog, public',
                                    current_database()); END $$",
    );

    migrations::migrate(&database.url()).unwrap();

    let place = "SELECT schemaname FROM pg_tables WHERE tablename = '__diesel_schema_migrations'";
    assert_eq!(lines(&mut database.conn(), place), ["public"]);
}

#[test]
fn every_migration_but_the_base_can_be_reverted_and_run_again() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(&mut conn, "SET search_path = public");

    for _ in 1..migrations::versions().unwrap().len() {
        conn.revert_last_migration(MIGRATIONS).unwrap();
    }
    let base = conn
        .revert_last_migration(MIGRATIONS)
        .unwrap_err()
        .to_string();
    let again = migrations::migrate(&database.url()).unwrap();

    assert!(base.contains("never reverted"), "{base}");
    assert_eq!(
        again.applied.len(),
        migrations::versions().unwrap().len() - 1
    );
}

#[test]
fn the_outbox_is_not_reverted_while_it_owes_deliveries() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(
        &mut conn,
        "SET search_path = public;
         INSERT INTO pms.outbox (id, lane, topic, payload, next_attempt_at, created_at)
         VALUES (gen_random_uuid(), 'event', 'POLICY_UPDATED', '{}', now(), now())",
    );

    let refused = loop {
        if let Err(error) = conn.revert_last_migration(MIGRATIONS) {
            break error.to_string();
        }
    };

    assert!(refused.contains("undelivered"), "{refused}");
}

#[test]
fn the_services_role_may_use_our_tables() {
    let database = TestDatabase::empty();
    let mut conn = database.conn();
    run(
        &mut conn,
        "DO $$ BEGIN CREATE ROLE other_services; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         CREATE SCHEMA pms",
    );
    migrations::migrate(&database.url()).unwrap();
    run(
        &mut conn,
        "GRANT USAGE ON SCHEMA pms TO other_services; GRANT INSERT ON pms.partner TO other_services",
    );

    migrations::migrate(&database.url()).unwrap();

    let may = "SELECT has_table_privilege('other_services', 'pms.outbox', 'INSERT')
                  AND has_sequence_privilege('other_services', 'pms.outbox_seq_seq', 'USAGE')
                  AND has_table_privilege('other_services', 'keymgr.master_key', 'SELECT')";
    assert_eq!(lines(&mut conn, may), ["true"]);
    run(&mut conn, "DROP OWNED BY other_services");
}

/// The URL for a role that may use the tables and owns nothing, as the services' role of
/// a deployment on PostgreSQL 15, whatever the server's version.
fn by_services(database: &TestDatabase, role: &str) -> String {
    run(
        &mut database.conn(),
        &format!(
            "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
             REVOKE CREATE ON SCHEMA public FROM PUBLIC"
        ),
    );
    database.url().replace("postgres@", &format!("{role}@"))
}

#[test]
fn the_services_account_finds_that_there_is_nothing_to_do() {
    let database = TestDatabase::empty();
    let services = by_services(&database, "services_done");
    migrations::migrate(&database.url()).unwrap();
    run(
        &mut database.conn(),
        "GRANT USAGE ON SCHEMA pms TO services_done; GRANT INSERT ON pms.partner TO services_done",
    );
    let by_owner = migrations::migrate(&database.url()).unwrap();

    let report = migrations::migrate(&services).unwrap();

    assert_eq!(report, by_owner);
    assert_eq!(report.origin, Origin::Own);
    run(&mut database.conn(), "DROP OWNED BY services_done");
}

#[test]
fn the_services_account_is_told_that_the_owner_is_needed() {
    let empty = TestDatabase::empty();
    let services = by_services(&empty, "services_pending");
    let behind = TestDatabase::new();
    let services_behind = by_services(&behind, "services_pending");
    let last = migrations::versions().unwrap().pop().unwrap();
    run(
        &mut behind.conn(),
        &format!(
            "GRANT USAGE ON SCHEMA pms TO services_pending; \
             GRANT SELECT ON ALL TABLES IN SCHEMA pms, public TO services_pending; \
             DELETE FROM public.__diesel_schema_migrations WHERE version = '{last}'"
        ),
    );

    let fresh = migrations::migrate(&services).unwrap_err().to_string();
    let late = migrations::migrate(&services_behind)
        .unwrap_err()
        .to_string();

    let first = migrations::versions().unwrap().remove(0);
    assert!(fresh.contains(&format!("{first} is pending")), "{fresh}");
    assert!(
        late.contains(&format!("{last} is pending (1 in all)")),
        "{late}"
    );
    assert!(
        late.contains("account services_pending may not change it"),
        "{late}"
    );
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'pms')";
    assert_eq!(lines(&mut empty.conn(), tables), ["0"]);
    run(&mut behind.conn(), "DROP OWNED BY services_pending");
}

#[test]
fn without_the_trigram_extension_only_its_indexes_are_missing() {
    let database = TestDatabase::new();
    let mut conn = database.conn();
    run(&mut conn, "SET search_path = public");
    run(&mut conn, "DROP EXTENSION pg_trgm CASCADE");

    let report = migrations::migrate(&database.url()).unwrap();

    assert!(!report.trigram_indexes);
    group(&mut conn, "g");
}
