//! When a notice of an end is due (contract clients-users-notifications.md §4.3 to §4.5).
//!
//! Days are calendar days; that of an end is its day in UTC. An end at midnight
//! belongs to the day that begins then.

use chrono::{Days, NaiveDate, NaiveDateTime};

/// Days that a weekly summary looks ahead.
pub const WEEK: u32 = 7;

/// A notice that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day that it is of.
    pub day: NaiveDate,
    /// Days from then to the end.
    pub period: u32,
}

/// The notice of something that ends at `end`, for a run that evaluates `days`.
///
/// Of several, which only days that were missed can give, the most urgent: the
/// others say what is no longer true.
pub fn due(end: NaiveDateTime, days: &[NaiveDate], periods: &[u32]) -> Option<Due> {
    let due_on = |&day: &NaiveDate| {
        let period = days_from(day, end)?;
        periods.contains(&period).then_some(Due { day, period })
    };
    days.iter().filter_map(due_on).min_by_key(|due| due.period)
}

/// Whether something that ends at `end` belongs into the summary of the week that
/// begins on `day`.
pub fn within_week(end: NaiveDateTime, day: NaiveDate) -> bool {
    days_from(day, end).is_some_and(|days| days <= WEEK)
}

/// Days from `day` to the day of the end; `None` if that is before.
pub fn days_from(day: NaiveDate, end: NaiveDateTime) -> Option<u32> {
    let days = end.date().signed_duration_since(day).num_days();
    u32::try_from(days).ok()
}

/// The ends that can be due: from the first instant to before the second. `None`
/// when nothing can.
pub fn span(days: &[NaiveDate], periods: &[u32]) -> Option<(NaiveDateTime, NaiveDateTime)> {
    let (nearest, farthest) = (periods.iter().min()?, periods.iter().max()?);
    let first = *days.iter().min()?;
    let last = *days.iter().max()?;
    let from = first.checked_add_days(Days::new(u64::from(*nearest)))?;
    let to = last.checked_add_days(Days::new(u64::from(*farthest) + 1))?;
    Some((from.into(), to.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIODS: [u32; 13] = [30, 15, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(end: &str, days: &[&str]) -> Option<(String, u32)> {
        let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
        let due = due(end.parse().unwrap(), &days, &PERIODS)?;
        Some((due.day.to_string(), due.period))
    }

    #[test]
    fn an_end_is_noticed_when_a_period_is_left_to_its_day() {
        let today = ["2026-11-24"];
        for (end, period) in [
            ("2026-11-24T00:00:00", Some(0)),
            ("2026-11-24T23:59:59.999999", Some(0)),
            ("2026-12-01T00:00:00", Some(7)),
            ("2026-12-05T12:00:00", None),
            ("2026-12-24T00:00:00", Some(30)),
            ("2026-12-25T00:00:00", None),
            ("2026-11-23T23:59:59", None),
        ] {
            let period = period.map(|period| ("2026-11-24".to_owned(), period));
            assert_eq!(found(end, &today), period, "{end}");
        }
    }

    #[test]
    fn months_and_leap_days_are_days_like_others() {
        assert_eq!(
            found("2028-03-01T08:00:00", &["2028-02-29"]),
            Some(("2028-02-29".to_owned(), 1))
        );
        assert_eq!(
            found("2027-03-01T08:00:00", &["2027-02-28"]),
            Some(("2027-02-28".to_owned(), 1))
        );
        assert_eq!(
            found("2028-02-29T08:00:00", &["2028-01-30"]),
            Some(("2028-01-30".to_owned(), 30))
        );
    }

    #[test]
    fn after_an_outage_only_the_most_urgent_notice_is_given() {
        let missed = ["2026-11-22", "2026-11-23", "2026-11-24"];

        assert_eq!(
            found("2026-12-03T08:00:00", &missed),
            Some(("2026-11-24".to_owned(), 9))
        );
        // Due on a missed day alone.
        assert_eq!(
            found("2026-12-22T08:00:00", &missed),
            Some(("2026-11-22".to_owned(), 30))
        );
        // It ended while no process ran.
        assert_eq!(
            found("2026-11-23T08:00:00", &missed),
            Some(("2026-11-23".to_owned(), 0))
        );
    }

    #[test]
    fn a_week_has_its_first_day_again() {
        let saturday = day("2026-11-28");
        let within = |end: &str| within_week(end.parse().unwrap(), saturday);

        assert!(within("2026-11-28T00:00:00") && within("2026-12-05T23:59:59"));
        assert!(!within("2026-11-27T23:59:59") && !within("2026-12-06T00:00:00"));
    }

    #[test]
    fn the_span_holds_what_can_be_due() {
        let days = [day("2026-11-22"), day("2026-11-24")];
        let (from, to) = span(&days, &PERIODS).unwrap();

        assert_eq!(from.to_string(), "2026-11-22 00:00:00");
        assert_eq!(to.to_string(), "2026-12-25 00:00:00");
        assert_eq!(span(&days, &[]), None);
        assert_eq!(span(&[], &PERIODS), None);
    }
}
