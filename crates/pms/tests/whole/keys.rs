//! `pms keys`, as operators use it, beside a system that runs.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use pms_pki::Kek;
use pms_testkit::TestDatabase;

use crate::process::{Process, directory, free_port, pms, run};

const OLD: &str = "1f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c5b6a79881f2e3d4c5b6a7988";
const NEW: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn up(database: &TestDatabase, dir: &Path, settings: &[(&str, &str)]) -> Process {
    let port = free_port();
    let mut command = pms();
    command
        .args(["up", "--port", &port.to_string(), "--database-url"])
        .arg(database.url())
        .arg("--data-dir")
        .arg(dir.join("data"))
        .env("PMS__TELEMETRY__LOG", "trace")
        .envs(settings.iter().copied());
    let process = Process::start(command, dir, "up").listening(port);
    // It listens before its keys are made, and answers when they are.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let page = runtime.block_on(reqwest::get(format!("http://127.0.0.1:{port}/")));
    assert!(page.unwrap().status().is_success());
    process
}

fn keys(database: &TestDatabase, command: &str, settings: &[(&str, &str)]) -> Command {
    let mut keys = pms();
    keys.args(["keys", command, "--database-url", &database.url()])
        .envs(settings.iter().copied());
    keys
}

/// Pieces of every private key of the database and of the keys that seal them,
/// in the forms in which they could be printed.
fn traces(database: &TestDatabase) -> Vec<String> {
    let kek = Kek::from_text(NEW).unwrap();
    let mut conn = database.conn();
    let masters = pms_database::keys::list_masters(&mut conn).unwrap();
    let bases = pms_database::keys::list_base_keys(&mut conn).unwrap();
    let mut secrets = vec![hex::decode(OLD).unwrap(), hex::decode(NEW).unwrap()];
    for row in masters {
        secrets.push(
            kek.open(&row.id, &row.private_key)
                .unwrap()
                .expose()
                .to_vec(),
        );
    }
    for row in bases {
        let sealed = STANDARD.decode(&row.private_key).unwrap();
        secrets.push(kek.open(&row.id, &sealed).unwrap().expose().to_vec());
    }
    assert_eq!(secrets.len(), 5);
    let mut traces = Vec::new();
    for secret in secrets {
        let middle = secret.len() / 2;
        traces.push(hex::encode(&secret[middle..middle + 12]));
        for shift in 0..3 {
            let piece = &secret[middle + shift..middle + shift + 12];
            traces.extend([STANDARD.encode(piece), URL_SAFE.encode(piece)]);
        }
    }
    traces
}

#[test]
fn a_key_encryption_key_is_replaced_and_no_key_is_printed_anywhere() {
    let (dir, database) = (directory(), TestDatabase::seeded());
    let both = [
        ("PMS__KEY_MANAGER__KEK", NEW),
        ("PMS__KEY_MANAGER__SECOND_KEK", OLD),
    ];
    let first = up(
        &database,
        dir.path(),
        &[
            ("PMS__KEY_MANAGER__KEK", OLD),
            ("PMS__KEY_MANAGER__SECOND_KEK", NEW),
        ],
    );

    let mut output = run(&mut keys(&database, "list", &both));
    output += &run(&mut keys(&database, "rotate", &both));
    assert!(
        output.contains("Master keys: 2 sealed again, 0 sealed with this key before."),
        "{output}"
    );
    assert!(
        output.contains("Base keys: 1 sealed again, 0 sealed with this key before."),
        "{output}"
    );
    let again = run(&mut keys(&database, "rotate", &both[..1]));
    assert!(
        again.contains("Master keys: 0 sealed again, 2 sealed"),
        "{again}"
    );
    let list = run(&mut keys(&database, "list", &both[..1]));
    assert!(list.contains("PII-DATA") && !list.contains('?'), "{list}");
    output += &(again + &list + &first.log());
    first.stop();
    let second = up(&database, dir.path(), &both[..1]);
    output += &second.log();
    second.stop();
    let lost = keys(&database, "rotate", &[("PMS__KEY_MANAGER__KEK", OLD)])
        .output()
        .unwrap();
    let lost = String::from_utf8(lost.stderr).unwrap();
    assert!(
        lost.starts_with("pms: keys: private key ") && lost.lines().count() == 1,
        "{lost}"
    );
    output += &lost;

    for trace in traces(&database) {
        assert!(!output.contains(&trace), "{trace}");
    }
}

#[test]
fn keys_of_other_modules_are_made_by_hand_once() {
    let (dir, database) = (directory(), TestDatabase::seeded());
    let kek = [("PMS__KEY_MANAGER__KEK", OLD)];
    up(&database, dir.path(), &kek).stop();
    let make = |name: &[&str]| {
        let mut command = keys(&database, "make", &kek);
        command.args(name).output().unwrap()
    };
    let output = |name: &[&str]| {
        let output = make(name);
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let nothing = "Nothing to do: there is a key, or there was one.\n";

    assert_eq!(output(&["RESIDENT"]), "Made.\n");
    assert_eq!(output(&["RESIDENT"]), nothing);
    assert_eq!(output(&["RESIDENT", "APP"]), "Made.\n");
    assert_eq!(output(&["RESIDENT", "APP"]), nothing);
    assert_eq!(output(&["KERNEL", "SIGN"]), "Made.\n");
    assert_eq!(output(&["PMS"]), nothing);
    for (name, code) in [
        (&["NO_SUCH_MODULE"][..], "KER-KMS-002"),
        // No master key of it was made.
        (&["REGISTRATION", "KIOSK"], "KER-KMS-012"),
    ] {
        let refused = make(name);
        let line = String::from_utf8(refused.stderr).unwrap();
        assert!(!refused.status.success(), "{name:?}");
        assert!(
            line.starts_with("pms: keys: ") && line.contains(code),
            "{line}"
        );
        assert_eq!(line.lines().count(), 1, "{line}");
    }
    let listed = "SELECT string_agg(app_id || '/' || ref_id, ' ' ORDER BY app_id, ref_id)
                  FROM keymgr.key_alias";
    let expected = "KERNEL/SIGN PMS/ PMS/PII-DATA RESIDENT/ RESIDENT/APP ROOT/";
    assert_eq!(database.text(listed).as_deref(), Some(expected));
}

#[test]
fn a_process_that_holds_keys_leaves_no_core_dump() {
    let (dir, database) = (directory(), TestDatabase::seeded());
    let system = up(&database, dir.path(), &[("PMS__KEY_MANAGER__KEK", OLD)]);

    system.assert_guarded();
}

#[test]
fn files_and_arguments_that_betray_a_key_are_refused() {
    let (dir, database) = (directory(), TestDatabase::seeded());
    let path = dir.path().join("kek");
    std::fs::write(&path, OLD).unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
    let file = path.to_str().unwrap();
    let failed = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };

    let settings = [("PMS__KEY_MANAGER__KEK_FILE", file)];
    let output = failed(&mut keys(&database, "rotate", &settings));
    assert!(
        output.contains("its group may read it (mode 0640); set its mode to 0600"),
        "{output}"
    );
    let group = [
        settings[0],
        ("PMS__KEY_MANAGER__KEK_FILE_GROUP_READABLE", "true"),
    ];
    run(&mut keys(&database, "rotate", &group));

    let mut import = keys(&database, "import", &group);
    import.args([
        "--from",
        "postgres://somebody:secret-word@127.0.0.1:1/none",
        "--keystore",
        file,
    ]);
    let output = failed(&mut import);
    assert!(
        output.contains("or the password of the keystore in PMS_KEYSTORE_PASSWORD"),
        "{output}"
    );
    let mut import = keys(&database, "import", &group);
    import.args(["--from", "postgres://somebody:secret-word@127.0.0.1:1/none"]);
    let output = failed(&mut import);
    assert!(
        output.starts_with("pms: the database to import from: ") && !output.contains("secret-word"),
        "{output}"
    );
}

#[test]
fn orphans_are_listed_with_age_domain_and_subject() {
    use diesel::connection::SimpleConnection as _;
    let database = TestDatabase::seeded();
    database
        .conn()
        .batch_execute(
            "INSERT INTO keymgr.partner_cert_store (cert_id, cert_subject, cert_issuer, issuer_id, \
                cert_not_before, cert_not_after, partner_domain, cert_data, signed_cert_data, \
                organization_name, cert_thumbprint, cert_sha256, cert_serial_no, cr_by, cr_dtimes) \
             VALUES ('c1', E'CN=\x1b[31mx', 'CN=y', 'i', '2026-01-01', '2027-01-01', 'DEVICE', 'a', \
                'b', 'Acme', 't', 's', '1', 'SYSTEM', now() AT TIME ZONE 'UTC' - interval '3 days')",
        )
        .unwrap();

    let output = run(&mut keys(&database, "orphans", &[]));

    let line = output.lines().nth(1).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(
        (words[0], words[1], words[2]),
        ("c1", "DEVICE", "3"),
        "{output}"
    );
    assert!(
        line.ends_with("CN=\u{fffd}[31mx") && output.ends_with("Listed: 1.\n"),
        "{output}"
    );
}
