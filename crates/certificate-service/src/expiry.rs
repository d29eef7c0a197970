//! The query parameter `expiryPeriod`: days within which a certificate ends.

use chrono::{Days, NaiveDateTime, NaiveTime};
use pms_web::HttpError;

/// The last instant of the period; `None` without one.
///
/// # Errors
/// HTTP 400 unless the period has 1 to 30 days.
pub(crate) fn end_of_period(
    days: Option<i32>,
    now: NaiveDateTime,
) -> Result<Option<NaiveDateTime>, HttpError> {
    let Some(days) = days else { return Ok(None) };
    let wrong = |rule: &'static str| HttpError::field("expiryPeriod", rule);
    if days < 1 {
        return Err(wrong("Expiry period must be at least 1 day."));
    }
    let too_long = || wrong("Expiry period cannot be more than 30 days.");
    let days = u64::try_from(days).ok().filter(|days| *days <= 30);
    let days = Days::new(days.ok_or_else(too_long)?);
    let day = now.date().checked_add_days(days).ok_or_else(too_long)?;
    let end = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).ok_or_else(too_long)?;
    Ok(Some(day.and_time(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_with_its_last_day() {
        let now = "2026-11-24T10:00:00".parse().unwrap();
        let end = |days| end_of_period(Some(days), now).map(|end| end.unwrap().to_string());

        assert_eq!(end_of_period(None, now), Ok(None));
        assert_eq!(end(1).unwrap(), "2026-11-25 23:59:59.999999");
        assert_eq!(end(30).unwrap(), "2026-12-24 23:59:59.999999");
        for (days, rule) in [
            (0, "Expiry period must be at least 1 day."),
            (-1, "Expiry period must be at least 1 day."),
            (31, "Expiry period cannot be more than 30 days."),
        ] {
            assert_eq!(end(days), Err(HttpError::field("expiryPeriod", rule)));
        }
    }
}
