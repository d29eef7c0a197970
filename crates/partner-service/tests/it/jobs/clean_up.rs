//! Old notifications, and old runs.

use pms_partner_service::jobs::{Jobs, Outcome};
use tokio::sync::watch;

use super::stage::{Stage, day};

const ROWS: &str = "INSERT INTO pms.notifications (id, partner_id, notification_type, \
    notification_status, notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes) \
    VALUES ";

fn row(id: &str, status: &str, written: &str) -> String {
    format!(
        "{ROWS} ('{id}', 'p', 'PARTNER_CERT_EXPIRY', '{status}', '{{}}', 'e', 'eng', 'SYSTEM', '{written}')"
    )
}

async fn clean_up(stage: &Stage, at: &str, dry_run: bool) -> Outcome {
    let (_stop, stopped) = watch::channel(false);
    let jobs = Jobs::new(&stage.runtime()).unwrap();
    let run = jobs.run("clean-up", Some(day(at)), dry_run, stopped);
    run.await.unwrap()
}

fn left(stage: &Stage) -> String {
    let ids = "SELECT string_agg(id, ' ' ORDER BY id) FROM pms.notifications";
    stage.database.text(ids).unwrap_or_default()
}

#[actix_web::test]
async fn notifications_of_any_state_are_deleted_when_their_days_are_over() {
    let stage =
        Stage::new("-", "2026-12-01T12:00:00Z").setting("jobs.keep_notifications_days", "60");
    // 60 days before 2026-12-01 is 2026-10-02.
    stage
        .database
        .sql(&row("a", "ACTIVE", "2026-10-01 23:59:59.999999"));
    stage
        .database
        .sql(&row("b", "DISMISSED", "2026-01-01 00:00:00"));
    stage
        .database
        .sql(&row("c", "ACTIVE", "2026-10-02 00:00:00"));
    stage
        .database
        .sql(&row("d", "DISMISSED", "2026-12-01 00:00:00"));

    let dry = clean_up(&stage, "2026-12-01", true).await;
    assert_eq!(
        dry.lines,
        ["delete 2 notifications that were written before 2026-10-02 00:00:00 UTC"]
    );
    assert_eq!(left(&stage), "a b c d");

    let outcome = clean_up(&stage, "2026-12-01", false).await;
    assert_eq!((outcome.examined, outcome.changed), (2, 2));
    assert_eq!(left(&stage), "c d");
}

#[actix_web::test]
async fn thousands_of_them_are_deleted_in_runs() {
    let stage = Stage::new("-", "2026-12-01T12:00:00Z");
    stage.database.sql(
        "INSERT INTO pms.notifications (id, partner_id, notification_type, notification_status, \
           notification_details_json, email_id, email_lang_code, cr_by, cr_dtimes) \
         SELECT 'n' || n, 'p', 'WEEKLY_SUMMARY', 'ACTIVE', '{}', 'e', 'eng', 'SYSTEM', '2026-01-01' \
         FROM generate_series(1, 2500) n"
    );

    let outcome = clean_up(&stage, "2026-12-01", false).await;

    assert_eq!(outcome.changed, 2500);
    assert_eq!(left(&stage), "");
}

#[actix_web::test]
async fn days_begin_at_midnight_of_the_zone_and_deletion_can_be_off() {
    let stage = Stage::new("-", "2026-12-01T12:00:00Z")
        .setting("jobs.time_zone", "Asia/Manila")
        .setting("jobs.keep_notifications_days", "1");
    stage
        .database
        .sql(&row("a", "ACTIVE", "2026-11-29 15:59:59"));
    stage
        .database
        .sql(&row("b", "ACTIVE", "2026-11-29 16:00:00"));
    clean_up(&stage, "2026-12-01", false).await;
    assert_eq!(left(&stage), "b");

    let stage =
        Stage::new("-", "2026-12-01T12:00:00Z").setting("jobs.delete_notifications", "false");
    stage
        .database
        .sql(&row("a", "ACTIVE", "2020-01-01 00:00:00"));
    clean_up(&stage, "2026-12-01", false).await;
    assert_eq!(left(&stage), "a");
}

#[actix_web::test]
async fn old_runs_are_deleted_but_for_the_newest_of_each_job() {
    let stage = Stage::new("-", "2026-12-01T12:00:00Z");
    stage.database.sql(
        "INSERT INTO pms.job_run (job, planned_at, origin, days, status, attempts, started_at, finished_at) \
         SELECT job, planned, 'schedule', '{2020-01-01}', 'done', 1, planned, planned \
         FROM unnest(ARRAY['one', 'two']) job, \
              unnest(ARRAY['2020-01-01', '2020-01-02']::timestamp[]) planned",
    );

    let outcome = clean_up(&stage, "2026-12-01", false).await;

    assert_eq!(outcome.named.get("runs"), Some(&2));
    let left = "SELECT string_agg(job || ' ' || planned_at::date, ', ' ORDER BY job) \
                FROM pms.job_run WHERE job <> 'clean-up'";
    assert_eq!(
        stage.database.text(left).unwrap(),
        "one 2020-01-02, two 2020-01-02"
    );
}
