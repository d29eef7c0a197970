//! When an SBI was made and when it expires (contract devices.md §11).

use chrono::{Months, NaiveDate};

use super::errors::{CREATED_IN_FUTURE, CREATED_TOO_EARLY, EXPIRES_TOO_EARLY, EXPIRES_TOO_LATE};
use crate::BusinessError;

/// How far from today the dates of an SBI may be, in years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearLimits {
    /// Back to the day it was made.
    pub created: u32,
    /// Ahead to the day it expires.
    pub expiry: u32,
}

/// Whether an SBI can have been made and can expire on these days.
///
/// # Errors
/// The first broken rule, in the contract's order.
pub fn check(
    created: NaiveDate,
    expires: NaiveDate,
    today: NaiveDate,
    limits: YearLimits,
) -> Result<(), BusinessError> {
    if created > today {
        return Err(CREATED_IN_FUTURE.into());
    }
    if expires <= today {
        return Err(EXPIRES_TOO_EARLY.into());
    }
    // A limit beyond the calendar limits nothing.
    let earliest = today.checked_sub_months(months(limits.created));
    if earliest.is_some_and(|earliest| created < earliest) {
        return Err(CREATED_TOO_EARLY.with(&[&limits.created.to_string()]));
    }
    let latest = today.checked_add_months(months(limits.expiry));
    if latest.is_some_and(|latest| expires > latest) {
        return Err(EXPIRES_TOO_LATE.with(&[&limits.expiry.to_string()]));
    }
    Ok(())
}

const fn months(years: u32) -> Months {
    Months::new(years.saturating_mul(12))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: YearLimits = YearLimits {
        created: 10,
        expiry: 5,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn code(created: &str, expires: &str) -> Option<String> {
        check(day(created), day(expires), day("2026-11-24"), LIMITS)
            .err()
            .map(|error| error.code().to_owned())
    }

    #[test]
    fn dates_are_checked_in_the_contracts_order() {
        assert_eq!(code("2026-11-25", "2026-11-24").unwrap(), "PMS_AUT_514");
        assert_eq!(code("2000-01-01", "2026-11-24").unwrap(), "PMS_AUT_508");
        assert_eq!(code("2016-11-23", "2040-01-01").unwrap(), "PMS_AUT_516");
        assert_eq!(code("2016-11-24", "2031-11-25").unwrap(), "PMS_AUT_515");
        assert_eq!(code("2016-11-24", "2031-11-24"), None);
        assert_eq!(code("2026-11-24", "2026-11-25"), None);
    }

    #[test]
    fn a_limit_beyond_the_calendar_limits_nothing() {
        let limits = YearLimits {
            created: u32::MAX,
            expiry: u32::MAX,
        };
        let far = check(
            day("0001-01-01"),
            day("9999-12-31"),
            day("2026-11-24"),
            limits,
        );
        assert_eq!(far, Ok(()));
    }
}
