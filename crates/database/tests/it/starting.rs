//! What a service says about a database that it can't work with.

use pms_database::startup::{NotReady, check};
use pms_testkit::TestDatabase;

use crate::support::run;

fn fault(url: &str) -> NotReady {
    check(url).unwrap_err()
}

#[test]
fn a_migrated_database_can_be_worked_with() {
    let database = TestDatabase::new();

    assert_eq!(check(&database.url()), Ok(()));
}

#[test]
fn a_database_that_was_never_migrated_asks_for_pms_migrate() {
    let database = TestDatabase::empty();

    let fault = fault(&database.url());

    assert!(fault.may_recover());
    assert!(fault.to_string().contains("`pms migrate`"), "{fault}");
}

#[test]
fn a_missing_column_is_named_and_not_waited_for() {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        "ALTER TABLE pms.partner DROP COLUMN logo_url; DROP TABLE pms.misp_license CASCADE",
    );

    let first = fault(&database.url());
    run(
        &mut database.conn(),
        "ALTER TABLE pms.partner ADD COLUMN logo_url text",
    );
    let second = fault(&database.url());

    assert_eq!(
        first,
        NotReady::MissingColumn("pms.partner.logo_url".to_owned())
    );
    assert_eq!(
        second,
        NotReady::MissingTable("pms.misp_license".to_owned())
    );
    assert!(!first.may_recover() && !second.may_recover());
}

#[test]
fn a_column_that_every_insert_would_leave_empty_is_named_and_not_waited_for() {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        "ALTER TABLE pms.misp_license ADD COLUMN id varchar(36) NOT NULL",
    );

    let fault = fault(&database.url());

    assert!(matches!(fault, NotReady::Layout(_)), "{fault}");
    assert!(fault.to_string().contains("pms.misp_license.id"), "{fault}");
    assert!(!fault.may_recover());
}

#[test]
fn a_missing_database_and_a_server_that_is_away_are_waited_for() {
    let database = TestDatabase::new();
    let missing = database.url().replace("test_", "no_such_");

    let missing = fault(&missing);
    let away = fault("postgres://nobody@127.0.0.1:9/none");

    assert!(matches!(missing, NotReady::NoDatabase(_)), "{missing}");
    assert!(
        missing.to_string().contains("then run `pms migrate`"),
        "{missing}"
    );
    assert!(matches!(away, NotReady::Unreachable(_)), "{away}");
    assert!(missing.may_recover() && away.may_recover());
}

#[test]
fn what_can_not_heal_is_reported_at_once_and_without_the_password() {
    let database = TestDatabase::new();
    let stranger = database.url().replace("postgres@", "no_such_role@");

    let stranger = fault(&stranger);
    let garbage = fault("postgres://anna:hun@ter2@db.invalid/pms");

    assert!(matches!(stranger, NotReady::Login(_)), "{stranger}");
    assert!(stranger.to_string().contains("no_such_role"), "{stranger}");
    assert!(
        matches!(garbage, NotReady::ConnectionString(_)),
        "{garbage}"
    );
    assert!(!garbage.to_string().contains("ter2"), "{garbage}");
    assert!(!stranger.may_recover() && !garbage.may_recover());
}

#[test]
fn an_account_without_rights_learns_which_table_it_may_not_read() {
    let database = TestDatabase::new();
    run(
        &mut database.conn(),
        "DO $$ BEGIN CREATE ROLE poor_service LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
         GRANT SELECT ON public.__diesel_schema_migrations TO poor_service",
    );

    let fault = fault(&database.url().replace("postgres@", "poor_service@"));

    assert!(matches!(fault, NotReady::Forbidden(_)), "{fault}");
    run(&mut database.conn(), "DROP OWNED BY poor_service");
}
