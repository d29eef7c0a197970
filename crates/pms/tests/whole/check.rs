//! `pms check`, against a system that runs, with each part of it away in turn.

use std::path::Path;
use std::process::Command;

use pms_testkit::TestDatabase;
use serde_json::Value;

use crate::process::{Process, directory, free_port, pms};

const SECRET: &str = "a-secret-of-this-test";
/// Nothing listens there.
const AWAY: &str = "http://127.0.0.1:9/v1/notifier/email/send";

fn up(database: &TestDatabase, dir: &Path, port: u16) -> Process {
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--database-url"])
        .arg(database.url())
        .arg("--data-dir")
        .arg(dir.join("data"))
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET);
    Process::start(command, dir, "up").listening(port)
}

/// `pms check` with everything that `pms up` at `port` has.
fn check(database: &TestDatabase, port: u16, others: &[(&str, &str)]) -> Command {
    let base = format!("http://127.0.0.1:{port}");
    let issuer = format!("{base}/auth/realms/mosip");
    let mut command = pms();
    command
        .args(["check", "--timeout", "5"])
        .env("PMS__DATABASE__URL", database.url())
        .env("PMS__AUTH__ISSUER", &issuer)
        .env("PMS__SERVICE_ACCOUNT__CLIENT_SECRET", SECRET)
        .env("PMS__SERVICES__CERTIFICATE_URL", &base)
        .env("PMS__WEBSUB__URL", format!("{base}/dev/hub"))
        .env(
            "PMS__ESIGNET__DISCOVERY_URL",
            format!("{issuer}/.well-known/openid-configuration"),
        );
    command.env(
        "PMS__TEMPLATES__URL",
        format!("{base}/{{langcode}}/{{templatetypecode}}"),
    );
    for peer in [
        "NOTIFIER__URL",
        "AUDIT__URL",
        "DATASHARE__URL",
        "KEYCLOAK__USERS_URL",
    ] {
        command.env(format!("PMS__{peer}"), &base);
    }
    command.envs(others.iter().copied());
    command
}

/// The exit status and the findings by name: status, cause, cure.
fn findings(mut command: Command) -> (bool, Vec<(String, String, String)>, String) {
    let output = command.arg("--json").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{output:?}"));
    let of = |finding: &Value, name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let found = report["checks"].as_array().unwrap().iter();
    let found = found.map(|one| (of(one, "name"), of(one, "status"), of(one, "cause")));
    (output.status.success(), found.collect(), text)
}

#[test]
fn a_unique_index_that_is_missing_is_a_warning() {
    let database = TestDatabase::new();
    let unique = |database: &TestDatabase| {
        let (_, all, _) = findings(check(database, free_port(), &[]));
        all.into_iter().find(|one| one.0 == "unique indexes")
    };
    assert_eq!(unique(&database), None);
    database.sql("DROP INDEX pms.uk_ddsbi_device_sbi");

    let found = unique(&database).unwrap();

    assert_eq!(found.1, "warning");
    assert_eq!(found.2, "missing: uk_ddsbi_device_sbi");
}

#[test]
fn a_peer_that_is_away_is_a_fault_with_its_address_and_no_secret() {
    let (dir, database, port) = (directory(), TestDatabase::new(), free_port());
    let _up = up(&database, dir.path(), port);

    let (success, all, text) = findings(check(&database, port, &[]));

    assert!(success, "{all:#?}");
    assert!(all.iter().all(|one| one.1 != "fault"), "{all:#?}");
    for name in [
        "database",
        "schema",
        "writable",
        "signing keys",
        "service account",
        "key manager",
        "hub",
        "eSignet",
    ] {
        assert!(
            all.iter().any(|one| one.0 == name && one.1 != "warning"),
            "{name}: {all:#?}"
        );
    }
    assert!(!text.contains(SECRET));
    let wrong_secret = "another-secret-of-this-test";
    for (variable, value, name, cause) in [
        (
            "PMS__DATABASE__URL",
            "postgres://u:hidden@127.0.0.1:9/mosip_pms",
            "database",
            "refused",
        ),
        ("PMS__AUTH__JWKS_URL", AWAY, "signing keys", "127.0.0.1:9"),
        (
            "PMS__SERVICE_ACCOUNT__CLIENT_SECRET",
            wrong_secret,
            "service account",
            "/token",
        ),
        (
            "PMS__AUTH__ISSUER",
            "https://iam.example.org/auth/realms/mosip",
            "signing keys",
            "iam.example.org",
        ),
        (
            "PMS__KEY_MANAGER__URL",
            "http://127.0.0.1:9/v1/keymanager",
            "key manager",
            "127.0.0.1:9",
        ),
        ("PMS__WEBSUB__URL", AWAY, "hub", "127.0.0.1:9"),
        (
            "PMS__NOTIFIER__URL",
            AWAY,
            "notifier",
            "127.0.0.1:9/v1/notifier/actuator/health",
        ),
        ("PMS__TEMPLATES__URL", AWAY, "templates", "127.0.0.1:9"),
        ("PMS__AUDIT__URL", AWAY, "audit manager", "127.0.0.1:9"),
        ("PMS__DATASHARE__URL", AWAY, "data share", "127.0.0.1:9"),
        (
            "PMS__ESIGNET__DISCOVERY_URL",
            AWAY,
            "eSignet",
            "127.0.0.1:9",
        ),
        (
            "PMS__KEYCLOAK__USERS_URL",
            AWAY,
            "Keycloak users",
            "127.0.0.1:9",
        ),
        (
            "PMS__TEMPLATES__URL",
            "http://127.0.0.1:9/templates",
            "configuration",
            "templates.url",
        ),
        (
            "PMS__LIMITS__PAGE_SIZE",
            "many",
            "configuration",
            "page_size",
        ),
        (
            "spring_config_url_env",
            "http://127.0.0.1:9/config",
            "configuration",
            "127.0.0.1:9/config/partner-management",
        ),
    ] {
        let (success, found, text) = findings(check(&database, port, &[(variable, value)]));

        let fault = found.iter().find(|one| one.0 == name && one.1 == "fault");
        let fault = fault.unwrap_or_else(|| panic!("{variable}: {found:#?}"));
        assert!(!success && fault.2.contains(cause), "{variable}: {fault:?}");
        assert!(
            !text.contains("hidden") && !text.contains(SECRET) && !text.contains(wrong_secret),
            "{variable}"
        );
    }
}

#[test]
fn a_database_that_is_not_migrated_or_takes_no_writes_is_a_fault() {
    let database = TestDatabase::new();
    let port = free_port();
    let url = format!(
        "{}{}options=-c%20default_transaction_read_only%3Don",
        database.url(),
        if database.url().contains('?') {
            "&"
        } else {
            "?"
        }
    );

    let (_, found, _) = findings(check(&database, port, &[("PMS__DATABASE__URL", &url)]));

    assert!(
        found
            .iter()
            .any(|one| one.0 == "writable" && one.1 == "fault"),
        "{found:#?}"
    );
}
