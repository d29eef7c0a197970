//! `pms jobs`, as operators use it, and jobs beside a system that runs.

use std::process::Command;

use pms_testkit::TestDatabase;
use pms_testkit::waiting::block_until;

use crate::process::{Process, directory, free_port, pms, run};

/// Both processes open the keys of one database.
const KEK: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn jobs(database: &TestDatabase, arguments: &[&str]) -> Command {
    let mut command = pms();
    command
        .arg("jobs")
        .args(arguments)
        .args(["--database-url", &database.url()]);
    command
}

fn refused(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn jobs_are_listed_and_run_by_hand() {
    let database = TestDatabase::seeded();
    database.sql(
        "INSERT INTO pms.notifications (id, partner_id, notification_type, notification_status,
           notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes)
         VALUES ('n', 'p', 'WEEKLY_SUMMARY', 'ACTIVE', '{}', 'e', 'eng', 'SYSTEM', '2020-01-01')",
    );

    let before = run(&mut jobs(&database, &["list"]));
    let dry = run(&mut jobs(&database, &["run", "clean-up", "--dry-run"]));
    let left = database
        .text("SELECT count(*) FROM pms.notifications")
        .unwrap();
    let done = run(&mut jobs(&database, &["run", "clean-up"]));
    let after = run(&mut jobs(&database, &["list"]));

    let line_of = |list: &str, job: &str| {
        let line = list.lines().find(|line| line.starts_with(job));
        line.unwrap_or_else(|| panic!("{job} is not in\n{list}"))
            .to_owned()
    };
    let clean_up = line_of(&before, "clean-up");
    assert!(clean_up.contains("0 0 0 * * *"), "{clean_up}");
    assert!(clean_up.trim_end().ends_with("never"), "{clean_up}");
    let off = line_of(&before, "deactivate-expired");
    assert!(off.contains(" off "), "{off}");
    assert!(dry.contains("delete 1 notifications"), "{dry}");
    assert!(dry.contains("nothing was written"), "{dry}");
    assert_eq!(left, "1");
    assert!(
        done.contains("examined 1, changed 1, skipped 0, failed 0, runs 0."),
        "{done}"
    );
    let clean_up = line_of(&after, "clean-up");
    assert!(clean_up.contains(" done "), "{clean_up}");
    assert!(clean_up.contains("by hand"), "{clean_up}");
}

#[test]
fn what_can_not_be_run_by_hand_is_refused_in_one_line() {
    let database = TestDatabase::seeded();

    let unknown = refused(&mut jobs(&database, &["run", "cleanup"]));
    let future = refused(&mut jobs(
        &database,
        &["run", "clean-up", "--at", "2999-01-01"],
    ));
    let off = refused(&mut jobs(&database, &["run", "deactivate-expired"]));
    let day = refused(&mut jobs(
        &database,
        &["run", "clean-up", "--at", "yesterday"],
    ));

    assert!(unknown.contains("there is no job \"cleanup\""), "{unknown}");
    assert!(unknown.contains("clean-up"), "{unknown}");
    assert!(future.contains("still to come"), "{future}");
    assert!(off.contains("jobs.deactivate_expired is off"), "{off}");
    assert!(day.contains("yesterday"), "{day}");
    for line in [&unknown, &future, &off] {
        assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    }
}

#[test]
fn a_running_system_runs_jobs_and_another_process_goes_on_after_a_kill() {
    let (database, dir) = (TestDatabase::seeded(), directory());
    let up = |name: &str| {
        let port = free_port();
        let mut command = pms();
        command
            .args(["up", "--port", &port.to_string(), "--database-url"])
            .arg(database.url())
            .arg("--data-dir")
            .arg(dir.path().join(name))
            .env("PMS__KEY_MANAGER__KEK", KEK)
            .env("PMS__JOBS__CLEAN_UP_CRON", "* * * * * *")
            .env("PMS__JOBS__POLL_MS", "100")
            .env("PMS__JOBS__LEASE_SECONDS", "1");
        Process::start(command, dir.path(), name).listening(port)
    };
    let runs = || {
        let count = "SELECT count(*) FROM pms.job_run WHERE status = 'done'";
        database.text(count).unwrap().parse::<u32>().unwrap()
    };
    let more = |process: &Process, than: u32| {
        let what = std::fmt::from_fn(|f| write!(f, "over {than} runs\n{}", process.log()));
        block_until(what, || runs() > than);
    };

    let first = up("first");
    more(&first, 2);
    let second = up("second");
    first.kill();
    more(&second, runs() + 2);
    let listed = run(&mut jobs(&database, &["list"]));
    second.stop();

    assert!(listed.contains("clean-up"), "{listed}");
    let failed = "SELECT count(*) FROM pms.job_run WHERE status = 'failed'";
    assert_eq!(database.text(failed).unwrap(), "0");
}
