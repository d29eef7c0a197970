//! Services whose database is not there, not ready, or lost.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use pms_testkit::waiting::block_until;
use pms_testkit::{TestDatabase, tokens};

use crate::process::{Process, directory, free_port, pms, run, service};

fn policy_service(url: &str, seconds: &str) -> Command {
    let mut command = service("policy-service");
    command
        .env("PMS__SERVER__HOST", "127.0.0.1")
        .env("PMS__SERVER__PORT", free_port().to_string())
        .env("PMS__DATABASE__URL", url)
        .env("PMS__DATABASE__START_TIMEOUT_SECONDS", seconds)
        .env("PMS__AUTH__ISSUER", tokens::ISSUER)
        .env("PMS__TELEMETRY__FORMAT", "json");
    command
}

/// The one line that a start ends with, and what was logged before.
fn refused(url: &str, seconds: &str) -> (String, String) {
    let output: Output = policy_service(url, seconds).output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success(), "{stderr}");
    assert_eq!(stderr.trim().lines().count(), 1, "{stderr}");
    let log = String::from_utf8(output.stdout).unwrap();
    (stderr, log)
}

#[test]
fn a_service_without_a_usable_database_ends_with_one_line_of_fault_and_cure() {
    let (fresh, migrated) = (TestDatabase::empty(), TestDatabase::new());
    let without_column = |column: &str| {
        use diesel::connection::SimpleConnection as _;
        let drop = format!("ALTER TABLE pms.partner DROP COLUMN {column}");
        migrated.conn().batch_execute(&drop).unwrap();
        migrated.url()
    };
    for (url, parts) in [
        (
            "postgres://anna:hun@ter2@db.invalid/pms".to_owned(),
            ["connection string", "database.url"],
        ),
        (
            fresh.url().replace("postgres@", "no_such_role@"),
            ["no_such_role", "Create the role"],
        ),
        (
            without_column("logo_url"),
            ["pms.partner.logo_url", "missing"],
        ),
    ] {
        let (stderr, log) = refused(&url, "60");
        assert!(parts.iter().all(|part| stderr.contains(part)), "{stderr}");
        assert!(!stderr.contains("ter2"), "{stderr}");
        // No waiting helps here.
        assert!(!log.contains("waiting for the database"), "{log}");
    }
    for (url, parts) in [
        (fresh.url(), ["not up to date", "`pms migrate`"]),
        (
            fresh.url().replace("test_", "missing_"),
            ["does not exist", "Create the database"],
        ),
        (
            "postgres://pms@127.0.0.1:9/pms".to_owned(),
            ["port 9", "whether PostgreSQL runs"],
        ),
    ] {
        let started = Instant::now();
        let (stderr, log) = refused(&url, "2");
        assert!(parts.iter().all(|part| stderr.contains(part)), "{stderr}");
        assert!(log.contains("waiting for the database"), "{log}");
        assert!(started.elapsed() >= Duration::from_secs(2), "{stderr}");
    }
}

#[test]
fn pms_migrate_and_pms_check_name_what_is_missing_in_a_migrated_database() {
    let database = TestDatabase::new();
    let sql = |text: &str| {
        use diesel::connection::SimpleConnection as _;
        database.conn().batch_execute(text).unwrap();
    };
    let migrate = || -> (bool, String) {
        let output = pms()
            .args(["migrate", "--database-url", &database.url()])
            .output()
            .unwrap();
        let stderr = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(stderr).unwrap())
    };
    sql("ALTER TABLE pms.partner DROP COLUMN logo_url");

    let (succeeded, stderr) = migrate();

    assert!(!succeeded, "{stderr}");
    let missing = "column pms.partner.logo_url is missing";
    assert!(stderr.contains(missing), "{stderr}");
    assert!(!stderr.contains("up to date"), "{stderr}");
    let check = pms()
        .args(["check", "--json"])
        .env("PMS__DATABASE__URL", database.url())
        .env("PMS__AUTH__ISSUER", tokens::ISSUER)
        .output()
        .unwrap();
    let checked = String::from_utf8(check.stdout).unwrap();
    assert!(checked.contains(missing), "{checked}");

    sql("ALTER TABLE pms.partner ADD COLUMN logo_url varchar(256)");
    let (succeeded, stderr) = migrate();
    assert!(succeeded && stderr.contains("up to date"), "{stderr}");
}

#[test]
fn a_stop_that_hangs_ends_with_a_line_about_what_still_ran() {
    use diesel::connection::SimpleConnection as _;
    let database = TestDatabase::new();
    let dir = directory();
    let mut command = policy_service(&database.url(), "60");
    command
        .env("PMS__SERVER__SHUTDOWN_SECONDS", "1")
        .env("PMS__DATABASE__STATEMENT_TIMEOUT_MS", "120000")
        // Rows of the outbox are looked for all the time.
        .env("PMS__WEBSUB__URL", "http://127.0.0.1:9/hub/");
    let process = Process::start(command, dir.path(), "policy");
    process.until_printed("\"ready\"");
    let mut locking = database.conn();
    locking
        .batch_execute("BEGIN; LOCK TABLE pms.outbox IN ACCESS EXCLUSIVE MODE")
        .unwrap();
    block_until("a statement waits for the lock", || {
        database.waits_for_lock()
    });

    process.terminate();
    // The statement itself would wait for two minutes.
    let (status, log) = process.ended_within(Duration::from_secs(60));

    assert!(!status.success(), "{log}");
    let line = log
        .lines()
        .find(|line| line.contains("without waiting any longer for"));
    let line = line.unwrap_or_else(|| panic!("{log}"));
    assert!(line.contains("x work on the database"), "{line}");
}

#[test]
fn a_service_is_ready_when_its_database_is() {
    let database = TestDatabase::empty();
    let dir = directory();
    let process = Process::start(policy_service(&database.url(), "60"), dir.path(), "policy");
    process.until_printed("waiting for the database");
    assert!(!process.log().contains("ready"), "{}", process.log());

    run(pms().args(["migrate", "--database-url", &database.url()]));

    process.until_printed("\"ready\"");
    process.stop();
}

#[test]
fn a_service_that_waits_for_its_database_stops_on_request() {
    let dir = directory();
    let url = "postgres://pms@127.0.0.1:9/pms";
    let process = Process::start(policy_service(url, "60"), dir.path(), "policy");
    process.until_printed("waiting for the database");

    process.stop();
}

#[test]
fn pms_up_ends_with_a_line_when_its_server_is_killed() {
    let dir = directory();
    let port = free_port();
    let data = dir.path().join("data");
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--data-dir"])
        .arg(&data);
    let process = Process::start(command, dir.path(), "up").listening(port);
    // It listens before it has a database, and tells how to open it when it has.
    process.until_printed("psql -h");
    let server = std::fs::read_to_string(data.join("postgres/data/postmaster.pid")).unwrap();
    let kill = ["-KILL", server.lines().next().unwrap()];
    assert!(Command::new("kill").args(kill).status().unwrap().success());

    let (status, log) = process.ended_within(Duration::from_secs(15));

    assert!(!status.success());
    assert!(
        log.contains("PostgreSQL has ended, so `pms up` stops"),
        "{log}"
    );
}
