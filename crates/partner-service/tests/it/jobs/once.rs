//! Each planned run happens once, whichever process is killed.

use std::time::Duration;

use chrono::TimeDelta;
use pms_testkit::waiting::eventually;

use super::stage::{ITEMS, Stage, Trouble, at};

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

#[actix_web::test]
async fn three_replicas_with_random_kills_run_each_planned_run_of_a_month_once() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-11-30T12:00:00Z");
    let mut dice = Dice(20_261_201);
    stage.options.lease = Duration::from_secs(600);
    let mut replicas = vec![stage.start(), stage.start(), stage.start()];
    stage.known().await;
    let mut kills = 0;

    for day in 0..31 {
        let mut to_kill = 0;
        while dice.throw(2) == 0 {
            let item = dice.throw(u64::try_from(ITEMS).unwrap());
            stage.trouble(i32::try_from(item).unwrap(), Trouble::Hang);
            to_kill += 1;
        }
        stage
            .clock
            .set(at("2026-12-01T00:00:00Z") + TimeDelta::days(day));
        for _ in 0..to_kill {
            let number = stage.at_trouble.recv().await.unwrap();
            assert_eq!(stage.history().len(), usize::try_from(day).unwrap() + 1);
            let place = replicas.iter().position(|one| one.number == number);
            replicas.remove(place.unwrap()).kill().await;
            stage.end_leases();
            replicas.push(stage.start());
        }
        kills += to_kill;
        stage.runs("done", day + 1).await;
    }

    assert!(kills > 10, "{kills}");
    assert_eq!(stage.history().len(), 31);
    stage.assert_noted_once(31);
    let attempts = stage.count("SELECT sum(attempts) FROM pms.job_run");
    assert_eq!(attempts, 31 + kills);
}

#[actix_web::test]
async fn a_process_that_stops_leaves_its_run_to_another_at_once() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    // No process waits for the end of a lease here.
    stage.options.lease = Duration::from_secs(600);
    let first = stage.start();
    stage.known().await;
    stage.trouble(2, Trouble::Wait);
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    assert_eq!(stage.at_trouble.recv().await, Some(first.number));

    let released = std::sync::Arc::clone(&stage.released);
    let stopping = actix_web::rt::spawn(first.stop());
    eventually("the stop is asked for", async || {
        released.notify_one();
        stopping.is_finished()
    })
    .await;
    assert_eq!(
        stage.history(),
        ["2026-12-02 00:00:00 {2026-12-02} running 1"]
    );
    let second = stage.start();
    stage.runs("done", 1).await;

    let noted =
        "SELECT string_agg(item || ' by ' || replica, ', ' ORDER BY item) FROM public.noted";
    assert_eq!(
        stage.database.text(noted).unwrap(),
        "0 by 1, 1 by 1, 2 by 1, 3 by 2"
    );
    second.stop().await;
}

#[actix_web::test]
async fn a_run_that_was_taken_over_ends_and_writes_nothing() {
    let mut stage = Stage::new("0 0 0 * * *", "2026-12-01T12:00:00Z");
    let first = stage.start();
    stage.known().await;
    stage.trouble(1, Trouble::Hang);
    stage.clock.set(at("2026-12-02T00:00:00Z"));
    assert_eq!(stage.at_trouble.recv().await, Some(first.number));

    let other = "UPDATE pms.job_run SET holder = gen_random_uuid(), \
                 held_until = now() AT TIME ZONE 'UTC' + interval '1 hour'";
    stage.database.sql(other);

    eventually("the run is given up", async || {
        first.metric("pms_job_runs_total", "taken_over") == Some(1.0)
    })
    .await;
    assert_eq!(
        stage.history(),
        ["2026-12-02 00:00:00 {2026-12-02} running 1"]
    );
    first.stop().await;
}
