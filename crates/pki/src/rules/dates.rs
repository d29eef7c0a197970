//! Date checks, all in UTC (contract keymanager.md §6.6).

use chrono::{DateTime, Months, Utc};

use super::UploadRules;
use crate::certificate::Validity;

/// The first valid day lies after today.
pub(super) fn is_future_dated(validity: Validity, now: DateTime<Utc>) -> bool {
    validity.not_before.date_naive() > now.date_naive()
}

/// The last valid day is not before the same day of the month in `months` months.
pub(super) fn lasts_months(validity: Validity, months: u32, now: DateTime<Utc>) -> bool {
    let required = now.date_naive().checked_add_months(Months::new(months));
    required.is_some_and(|required| validity.not_after.date_naive() >= required)
}

/// At least the required number of whole days is left.
pub(super) fn lasts_as_partner(
    validity: Validity,
    rules: &UploadRules,
    now: DateTime<Utc>,
) -> bool {
    (validity.not_after - now).num_days() >= required_days(rules)
}

fn required_days(rules: &UploadRules) -> i64 {
    /// What the reference falls back to when more grace is given than there is validity.
    const FALLBACK: i64 = 315;
    let days = i64::from(rules.partner_validity_years) * 365 - i64::from(rules.partner_grace_days);
    if days < 0 { FALLBACK } else { days }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn until(not_after: DateTime<Utc>) -> Validity {
        Validity {
            not_before: at("2020-01-01T00:00:00Z"),
            not_after,
        }
    }

    #[test]
    fn a_certificate_of_later_today_is_not_future_dated() {
        let now = at("2025-06-01T10:00:00Z");
        let from = |not_before| Validity {
            not_before: at(not_before),
            not_after: now,
        };

        assert!(!is_future_dated(from("2025-06-01T23:59:59Z"), now));
        assert!(is_future_dated(from("2025-06-02T00:00:00Z"), now));
    }

    #[test]
    fn both_ends_of_the_validity_count() {
        let now = at("2025-06-01T10:00:00Z");

        assert!(
            Validity {
                not_before: now,
                not_after: now
            }
            .contains(now)
        );
        assert!(!until(now - TimeDelta::seconds(1)).contains(now));
    }

    #[test]
    fn months_are_clamped_to_the_end_of_the_month() {
        let now = at("2024-02-29T12:00:00Z");

        assert!(lasts_months(until(at("2025-02-28T00:00:00Z")), 12, now));
        assert!(!lasts_months(until(at("2025-02-27T23:59:59Z")), 12, now));
    }

    #[test]
    fn a_second_less_than_the_required_days_is_too_little() {
        let now = at("2025-06-01T10:00:00Z");
        let rules = UploadRules::default();

        assert!(lasts_as_partner(
            until(now + TimeDelta::days(335)),
            &rules,
            now
        ));
        let almost = now + TimeDelta::days(335) - TimeDelta::seconds(1);
        assert!(!lasts_as_partner(until(almost), &rules, now));
    }

    #[test]
    fn more_grace_than_validity_falls_back_to_315_days() {
        let required = |partner_grace_days| {
            required_days(&UploadRules {
                partner_grace_days,
                ..UploadRules::default()
            })
        };

        assert_eq!((required(365), required(366), required(30)), (0, 315, 335));
    }
}
