//! How long licences and API keys are valid.

use chrono::{Days, NaiveDate, NaiveDateTime};

/// The last instant that four digits of a year can write: consumers read no
/// more.
const LAST: NaiveDateTime = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => match day.and_hms_opt(23, 59, 59) {
        Some(instant) => instant,
        None => NaiveDateTime::MAX,
    },
    None => NaiveDateTime::MAX,
};

/// When what begins now ends, after `days` days.
pub fn end(begin: NaiveDateTime, days: u32) -> NaiveDateTime {
    let end = begin.checked_add_days(Days::new(days.into()));
    end.map_or(LAST, |end| end.min(LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(year: i32) -> NaiveDateTime {
        let day = NaiveDate::from_ymd_opt(year, 11, 24).unwrap();
        day.and_hms_micro_opt(10, 0, 0, 123_456).unwrap()
    }
    #[test]
    fn validity_ends_on_its_day_but_never_after_the_year_9999() {
        let begin = instant(2026);

        assert_eq!(end(begin, 365), instant(2027), "the time of day stays");
        assert_eq!(
            end(begin, 999_999).to_string(),
            "4764-10-20 10:00:00.123456"
        );
        for days in [3_000_000, u32::MAX] {
            assert_eq!(end(begin, days).to_string(), "9999-12-31 23:59:59");
        }
    }
}
