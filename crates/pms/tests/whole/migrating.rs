//! `pms migrate` by the account that owns the schema.

use std::process::Command;

use pms_testkit::TestDatabase;

use crate::process::{pms, run};

const OWNER: &str = "migrate_owner";
const READER: &str = "migrate_reader";
const PASSWORD: &str = "own:er/p w&x=+";

/// `pms migrate` with the URL of an account that may only read and write.
fn migrate(database: &TestDatabase) -> Command {
    let mut command = pms();
    let url = database.url().replace("postgres@", &format!("{READER}@"));
    command.args(["migrate", "--database-url", &url]);
    command
}

fn by_owner(command: &mut Command) -> String {
    command
        .env("PMS_MIGRATE_USER", OWNER)
        .env("PMS_MIGRATE_PASSWORD", PASSWORD);
    run(command)
}

#[test]
fn the_schema_belongs_to_the_account_of_the_environment() {
    let database = TestDatabase::empty();
    database.sql(&format!(
        "CREATE ROLE {OWNER} LOGIN PASSWORD '{PASSWORD}';
         CREATE ROLE {READER} LOGIN;
         DO $$ BEGIN
           EXECUTE format('ALTER DATABASE %I OWNER TO {OWNER}', current_database());
         END $$"
    ));
    let owners = "SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables
                  WHERE schemaname IN ('pms', 'keymgr')";

    // The URL's own account may not.
    let refused = migrate(&database).output().unwrap();
    assert!(!refused.status.success(), "{refused:?}");
    // Half of an account is none.
    let half = migrate(&database)
        .env("PMS_MIGRATE_USER", OWNER)
        .output()
        .unwrap();
    let line = String::from_utf8(half.stderr).unwrap();
    assert!(
        !half.status.success() && line.contains("--password"),
        "{line}"
    );
    assert_eq!(database.text(owners), None);

    let reported = by_owner(&mut migrate(&database));

    assert!(reported.starts_with("Applied: "), "{reported}");
    assert!(!reported.contains(PASSWORD), "{reported}");
    assert_eq!(database.text(owners).as_deref(), Some(OWNER));
    let plan = by_owner(migrate(&database).arg("--plan"));
    assert!(!plan.contains("CREATE TABLE"), "{plan}");
}

#[test]
fn a_url_without_an_account_to_replace_is_refused_without_the_password() {
    let refused = pms()
        .args(["migrate", "--database-url", "host=127.0.0.1 dbname=x"])
        .env("PMS_MIGRATE_USER", OWNER)
        .env("PMS_MIGRATE_PASSWORD", PASSWORD)
        .output()
        .unwrap();

    let line = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(line.contains("of the form postgres://"), "{line}");
    assert!(!line.contains(PASSWORD), "{line}");
}
