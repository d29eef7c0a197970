//! Decisions about licences.

use chrono::{Days, NaiveDate, NaiveDateTime};

use super::errors;
use crate::ErrorDef;

/// The last instant that four digits of a year can write: consumers read no
/// more.
const LAST: NaiveDateTime = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => match day.and_hms_opt(23, 59, 59) {
        Some(instant) => instant,
        None => NaiveDateTime::MAX,
    },
    None => NaiveDateTime::MAX,
};

/// Whether a partner may be issued a licence.
///
/// # Errors
/// It is no MISP, else it is not active.
pub fn may_be_issued(partner_type: &str, misp_type: &str, is_active: bool) -> Result<(), ErrorDef> {
    if !partner_type.eq_ignore_ascii_case(misp_type) {
        return Err(errors::NOT_A_MISP);
    }
    if !is_active {
        return Err(errors::MISP_INACTIVE);
    }
    Ok(())
}

/// When a licence ends that begins now.
pub fn end_of_validity(begin: NaiveDateTime, days: u32) -> NaiveDateTime {
    let end = begin.checked_add_days(Days::new(days.into()));
    end.map_or(LAST, |end| end.min(LAST))
}

/// What is wanted of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LicenceStatus {
    /// To be usable.
    Active,
    /// Not to be usable.
    Inactive,
}

impl LicenceStatus {
    /// What a status text wants, ignoring case.
    ///
    /// # Errors
    /// [`errors::STATUS_UNKNOWN`].
    pub fn parse(status: &str) -> Result<Self, ErrorDef> {
        [Self::Active, Self::Inactive]
            .into_iter()
            .find(|wanted| wanted.name().eq_ignore_ascii_case(status))
            .ok_or(errors::STATUS_UNKNOWN)
    }

    /// The wire's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Inactive => "de-active",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(year: i32) -> NaiveDateTime {
        let day = NaiveDate::from_ymd_opt(year, 11, 24).unwrap();
        day.and_hms_micro_opt(10, 0, 0, 123_456).unwrap()
    }

    #[test]
    fn only_an_active_misp_is_issued_a_licence() {
        let may = |kind, active| may_be_issued(kind, "MISP_Partner", active);

        assert_eq!(may("misp_partner", true), Ok(()));
        assert_eq!(may("Auth_Partner", false), Err(errors::NOT_A_MISP));
        assert_eq!(may("MISP_Partner", false), Err(errors::MISP_INACTIVE));
    }

    #[test]
    fn a_licence_ends_on_its_day_but_never_after_the_year_9999() {
        let begin = instant(2026);

        assert_eq!(
            end_of_validity(begin, 365),
            instant(2027),
            "the time of day stays"
        );
        assert_eq!(
            end_of_validity(begin, 999_999).to_string(),
            "4764-10-20 10:00:00.123456"
        );
        for days in [3_000_000, u32::MAX] {
            assert_eq!(
                end_of_validity(begin, days).to_string(),
                "9999-12-31 23:59:59"
            );
        }
    }

    #[test]
    fn a_status_is_one_of_two_words() {
        assert_eq!(LicenceStatus::parse("ACTIVE"), Ok(LicenceStatus::Active));
        assert_eq!(
            LicenceStatus::parse("De-Active"),
            Ok(LicenceStatus::Inactive)
        );
        for text in ["", "inactive", " active"] {
            assert_eq!(LicenceStatus::parse(text), Err(errors::STATUS_UNKNOWN));
        }
    }
}
