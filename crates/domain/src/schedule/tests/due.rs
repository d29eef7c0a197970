//! What is due after a while without a process.

use super::super::{Due, NaiveDate, Schedule};
use super::{at, schedule};

#[test]
fn what_is_due_is_the_last_planned_time_with_the_days_of_all_since() {
    let daily = schedule("0 0 0 * * *", "UTC");
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let due = |schedule: &Schedule, after: &str, until: &str| schedule.due(at(after), at(until));

    assert_eq!(
        due(&daily, "2026-12-01T00:00:00Z", "2026-12-01T23:59:59Z"),
        None
    );
    assert_eq!(
        due(&daily, "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
        Some(Due {
            planned_at: at("2026-12-02T00:00:00Z"),
            days: vec![day("2026-12-02")],
        })
    );
    assert_eq!(
        due(&daily, "2026-12-01T00:00:00Z", "2026-12-04T09:00:00Z"),
        Some(Due {
            planned_at: at("2026-12-04T00:00:00Z"),
            days: vec![day("2026-12-02"), day("2026-12-03"), day("2026-12-04")],
        })
    );
}

#[test]
fn many_planned_times_of_a_day_are_one_day() {
    let often = schedule("* * * * * *", "Europe/Berlin");

    let due = often
        .due(at("2026-10-24T22:30:00Z"), at("2026-10-26T12:00:00Z"))
        .unwrap();

    assert_eq!(due.planned_at, at("2026-10-26T12:00:00Z"));
    let days: Vec<String> = due.days.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-10-25", "2026-10-26"]);
}

#[test]
fn the_day_of_a_planned_time_is_that_of_the_zone() {
    let manila = schedule("0 0 0 * * *", "Asia/Manila");

    let due = manila
        .due(at("2026-11-30T16:00:00Z"), at("2026-12-01T16:00:00Z"))
        .unwrap();

    assert_eq!(due.days, ["2026-12-02".parse::<NaiveDate>().unwrap()]);
}
