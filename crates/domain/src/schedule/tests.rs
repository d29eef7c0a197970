//! Expressions, and what Spring's `CronExpression` makes of them.

mod days;
mod due;
mod refused;
mod times;
mod zones;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn schedule(expression: &str, zone: &str) -> Schedule {
    let zone = zone.parse().unwrap();
    Schedule::parse(expression, zone).unwrap().unwrap()
}

/// The next planned times after `from`, as short texts in UTC.
fn times(expression: &str, zone: &str, from: &str, many: usize) -> Vec<String> {
    let schedule = schedule(expression, zone);
    let next = |at: &DateTime<Utc>| schedule.next_after(*at);
    let times = std::iter::successors(Some(at(from)), next);
    let text = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
    times.skip(1).take(many).map(text).collect()
}

/// Expression, a time, and the planned times after it, all in UTC.
type Row = (&'static str, &'static str, &'static [&'static str]);

fn assert_times(table: &[Row]) {
    for (expression, from, expected) in table {
        assert_eq!(
            times(expression, "UTC", from, expected.len()),
            *expected,
            "{expression} after {from}"
        );
    }
}
