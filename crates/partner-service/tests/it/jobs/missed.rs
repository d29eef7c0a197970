//! Runs that were missed, or failed.

use pms_testkit::waiting::eventually;

use super::stage::{Stage, Trouble, at};

#[actix_web::test]
async fn what_was_planned_before_a_job_was_known_or_while_it_was_off_is_not_made_up() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T00:00:01Z");
    let first = stage.start();
    stage.known().await;
    first.stop().await;
    stage.cron("-");
    let off = stage.start();
    let expression = "SELECT expression FROM pms.job_schedule";
    eventually("the job is off", async || {
        stage.database.text(expression).as_deref() == Some("-")
    })
    .await;
    off.stop().await;

    stage.clock.set(at("2026-12-10T10:00:00Z"));
    stage.cron("0 0 0 * * *");
    let on = stage.start();
    eventually("the job is on", async || {
        stage.database.text(expression).as_deref() == Some("0 0 0 * * *")
    })
    .await;
    stage.clock.set(at("2026-12-11T00:00:00Z"));
    stage.runs("done", 1).await;

    assert_eq!(stage.history(), ["2026-12-11 00:00:00 {2026-12-11} done 1"]);
    on.stop().await;
}

#[actix_web::test]
async fn one_run_makes_up_for_the_days_of_an_outage_oldest_first() {
    let mut stage = Stage::new("0 0 6 * * *", "2026-12-01T00:00:00Z");
    let first = stage.start();
    stage.known().await;
    stage.clock.set(at("2026-12-01T06:00:00Z"));
    stage.runs("done", 1).await;
    first.stop().await;

    stage.clock.set(at("2026-12-04T05:59:59Z"));
    let second = stage.start();
    stage.runs("done", 2).await;
    stage.clock.set(at("2026-12-04T06:00:00Z"));
    stage.runs("done", 3).await;

    assert_eq!(
        stage.history(),
        [
            "2026-12-01 06:00:00 {2026-12-01} done 1",
            "2026-12-03 06:00:00 {2026-12-02,2026-12-03} done 1",
            "2026-12-04 06:00:00 {2026-12-04} done 1",
        ]
    );
    stage.assert_noted_once(4);
    second.stop().await;
}

#[actix_web::test]
async fn an_outage_is_made_up_for_as_far_as_the_look_back_goes() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-01-01T12:00:00Z");
    stage.options.look_back = chrono::TimeDelta::days(3);
    let first = stage.start();
    stage.known().await;
    first.stop().await;

    stage.clock.set(at("2026-12-01T12:00:00Z"));
    let second = stage.start();
    stage.runs("done", 1).await;

    assert_eq!(
        stage.history(),
        ["2026-12-01 00:00:00 {2026-11-29,2026-11-30,2026-12-01} done 1"]
    );
    second.stop().await;
}

#[actix_web::test]
async fn days_are_those_of_the_configured_zone_also_where_its_clock_changes() {
    let mut stage = Stage::new("0 30 2 * * *", "2027-03-26T12:00:00Z")
        .setting("jobs.time_zone", "Europe/Berlin");
    let first = stage.start();
    stage.known().await;

    stage.clock.set(at("2027-03-29T12:00:00Z"));
    stage.runs("done", 1).await;

    assert_eq!(
        stage.history(),
        ["2027-03-29 00:30:00 {2027-03-27,2027-03-28,2027-03-29} done 1"]
    );
    first.stop().await;
}

#[actix_web::test]
async fn a_run_that_fails_is_repeated_and_the_next_one_makes_up_for_its_days() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    stage.options.max_attempts = 3;
    for trouble in [Trouble::Fail, Trouble::Panic, Trouble::Fail] {
        stage.trouble(1, trouble);
    }
    let replica = stage.start();
    stage.known().await;

    stage.clock.set(at("2026-12-02T00:00:00Z"));
    stage.runs("failed", 1).await;
    eventually("the metrics show it", async || {
        stage.clock.set(at("2026-12-02T02:00:00Z"));
        replica.metric("pms_job_failed_attempts", "noting") == Some(3.0)
            && replica.metric("pms_job_overdue_seconds", "noting") == Some(7200.0)
            && replica.metric("pms_job_last_success_timestamp_seconds", "noting") == Some(0.0)
    })
    .await;
    stage.clock.set(at("2026-12-03T00:00:00Z"));
    stage.runs("done", 1).await;

    eventually("the success shows", async || {
        replica.metric("pms_job_overdue_seconds", "noting") == Some(0.0)
            && replica.metric("pms_job_failed_attempts", "noting") == Some(0.0)
            && replica.metric("pms_job_last_success_timestamp_seconds", "noting") > Some(0.0)
    })
    .await;
    assert_eq!(
        stage.history(),
        [
            "2026-12-02 00:00:00 {2026-12-02} failed 3 no luck",
            "2026-12-03 00:00:00 {2026-12-02,2026-12-03} done 1",
        ]
    );
    stage.assert_noted_once(2);
    replica.stop().await;
}

#[actix_web::test]
async fn things_that_could_not_be_done_are_tried_again_and_then_left() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    stage.options.max_attempts = 3;
    stage.trouble(1, Trouble::Skip);
    let replica = stage.start();
    stage.known().await;
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    stage.runs("done", 1).await;
    stage.assert_noted_once(1);

    for _ in 0..3 {
        stage.trouble(1, Trouble::Skip);
    }
    stage.clock.set(at("2026-12-03T00:00:00Z"));
    stage.runs("done", 2).await;

    assert_eq!(
        stage.history(),
        [
            "2026-12-02 00:00:00 {2026-12-02} done 2",
            "2026-12-03 00:00:00 {2026-12-03} done 3 1 of 4 could not be done",
        ]
    );
    let numbers = "SELECT string_agg(examined || ' ' || changed || ' ' || skipped || ' ' || failed \
                   || ' ' || counts::text, ', ' ORDER BY planned_at) FROM pms.job_run";
    assert_eq!(
        stage.database.text(numbers).unwrap(),
        r#"4 1 3 0 {"days": 1}, 4 0 3 1 {"days": 1}"#
    );
    replica.stop().await;
}

#[actix_web::test]
async fn a_run_waits_for_a_database_that_takes_no_writes() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    let replica = stage.start();
    stage.known().await;
    read_only(&stage, true);
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    eventually("the database is read-only", async || {
        replica.runtime.db.is_read_only()
    })
    .await;
    assert_eq!(stage.history(), [""; 0]);

    read_only(&stage, false);
    // The process looks at its database every two seconds.
    eventually("the database takes writes", async || {
        let db = replica.runtime.db.clone();
        tokio::spawn(async move { db.ping(std::time::Duration::from_secs(1)).await });
        !replica.runtime.db.is_read_only()
    })
    .await;
    stage.runs("done", 1).await;

    stage.assert_noted_once(1);
    replica.stop().await;
}

fn read_only(stage: &Stage, on: bool) {
    let name = stage.database.text("SELECT current_database()").unwrap();
    let word = if on { "on" } else { "off" };
    stage.database.sql(&format!(
        "BEGIN READ WRITE; \
         ALTER DATABASE \"{name}\" SET default_transaction_read_only = {word}; \
         COMMIT"
    ));
    stage.database.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
}
