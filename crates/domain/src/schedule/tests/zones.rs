//! Clocks that are set forward and back.

use super::times;

#[test]
fn schedules_follow_the_clock_of_their_zone() {
    // Manila has no summer time, Berlin has.
    let manila = times("0 0 0 * * *", "Asia/Manila", "2026-12-01T10:00:00Z", 2);
    assert_eq!(manila, ["2026-12-01 16:00:00", "2026-12-02 16:00:00"]);
    let berlin = times("0 0 6 * * *", "Europe/Berlin", "2027-03-26T12:00:00Z", 3);
    assert_eq!(
        berlin,
        [
            "2027-03-27 05:00:00",
            "2027-03-28 04:00:00",
            "2027-03-29 04:00:00"
        ]
    );
}

#[test]
fn a_planned_time_that_the_clock_leaps_over_comes_right_after_the_leap() {
    // 2027-03-28: 02:00 becomes 03:00, at 01:00 UTC.
    let nights = times("0 30 2 * * *", "Europe/Berlin", "2027-03-27T12:00:00Z", 2);
    assert_eq!(nights, ["2027-03-28 01:00:00", "2027-03-29 00:30:00"]);
    // 2026-04-24 in Cairo: 00:00 becomes 01:00.
    let midnights = times("0 0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2);
    assert_eq!(midnights, ["2026-04-23 22:00:00", "2026-04-24 21:00:00"]);
}

#[test]
fn a_planned_time_that_the_clock_repeats_comes_once() {
    // 2026-10-25: 03:00 becomes 02:00, at 01:00 UTC.
    let daily = times("0 30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
    assert_eq!(daily, ["2026-10-25 00:30:00", "2026-10-26 01:30:00"]);
    // Once an hour is once an hour.
    let hourly = times("0 0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", 4);
    assert_eq!(
        hourly,
        [
            "2026-10-25 00:00:00",
            "2026-10-25 01:00:00",
            "2026-10-25 02:00:00",
            "2026-10-25 03:00:00"
        ]
    );
}
