//! Runs that an operator asks for, and what is known of runs.

use std::sync::Arc;

use pms_database::job_runs::RunState;
use pms_partner_service::jobs::{self, JobContext, Jobs};
use tokio::sync::watch;

use super::stage::{Stage, Trouble, at, day};

fn by_hand(stage: &Stage) -> Jobs {
    let context = JobContext::alone(&stage.runtime()).unwrap();
    Jobs::of(Arc::new(context), vec![stage.job(100)])
}

#[actix_web::test]
async fn a_job_runs_by_hand_as_of_a_day_and_beside_no_other_run() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    let jobs = by_hand(&stage);
    let (_stop, stopped) = watch::channel(false);
    let run = async |name: &str, at: Option<&str>, dry_run: bool| {
        let outcome = jobs.run(name, at.map(day), dry_run, stopped.clone()).await;
        outcome.map_err(|error| error.to_string())
    };

    let dry = run("noting", Some("2027-02-28"), true).await.unwrap();
    assert_eq!(dry.lines, ["note 2027-02-28"]);
    assert_eq!(stage.history(), [""; 0]);

    let today = run("noting", None, false).await.unwrap();
    assert_eq!((today.examined, today.changed), (4, 4));
    stage.clock.set(at("2026-12-01T12:00:01Z"));
    let past = run("noting", Some("2026-11-30"), false).await.unwrap();
    assert_eq!(past.changed, 4);
    let future = run("noting", Some("2026-12-02"), false).await.unwrap_err();
    assert_eq!(
        future,
        "2026-12-02 is still to come: only a dry run can be made for it"
    );
    let unknown = run("nothing", None, false).await.unwrap_err();
    assert_eq!(unknown, "there is no job \"nothing\"; the jobs are noting");

    let replica = stage.start();
    stage.known().await;
    stage.trouble(3, Trouble::Hang);
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    stage.at_trouble.recv().await.unwrap();
    let busy = run("noting", None, false).await.unwrap_err();
    assert_eq!(busy, "another process runs it now");
    replica.kill().await;
    assert_eq!(
        stage.history(),
        [
            "2026-12-01 12:00:00 {2026-12-01} done 1",
            "2026-12-01 12:00:01 {2026-11-30} done 1",
            "2026-12-02 00:00:00 {2026-12-02} running 1",
        ]
    );
}

#[actix_web::test]
async fn runs_by_hand_take_no_planned_run_away_and_are_not_repeated() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    let replica = stage.start();
    stage.known().await;
    let jobs = by_hand(&stage);
    let (_stop, stopped) = watch::channel(false);
    stage.trouble(0, Trouble::Fail);

    let failed = jobs.run("noting", None, false, stopped).await.unwrap_err();
    assert_eq!(failed.to_string(), "no luck");
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    stage.runs("done", 1).await;

    assert_eq!(
        stage.history(),
        [
            "2026-12-01 12:00:00 {2026-12-01} failed 1 no luck",
            "2026-12-02 00:00:00 {2026-12-02} done 1",
        ]
    );
    replica.stop().await;
}

#[actix_web::test]
async fn the_list_tells_schedule_next_and_last_run_of_every_job() {
    let stage = Stage::new("-", "2026-12-01T12:00:00Z");
    let runtime = stage.runtime();
    let all = Jobs::new(&runtime).unwrap();
    let (_stop, stopped) = watch::channel(false);
    all.run("clean-up", None, false, stopped).await.unwrap();

    let states = jobs::list(&runtime.db, &runtime.settings.jobs, stage.clock.now());
    let states = states.await.unwrap();

    let names: Vec<&str> = states.iter().map(|state| state.name).collect();
    assert_eq!(names, all.names());
    let clean_up = states
        .iter()
        .find(|state| state.name == "clean-up")
        .unwrap();
    assert_eq!(clean_up.expression, "0 0 0 * * *");
    assert_eq!(clean_up.next, Some(at("2026-12-02T00:00:00Z")));
    let last = clean_up.last.as_ref().unwrap();
    assert_eq!(last.planned_at, at("2026-12-01T12:00:00Z"));
    assert_eq!((last.state, last.manual), (RunState::Done, true));
}
