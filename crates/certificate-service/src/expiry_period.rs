//! The query parameter `expiryPeriod`: days within which a certificate ends.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, dev};
use chrono::{Days, NaiveDateTime, NaiveTime};
use pms_web::describe::{Describe, OperationDoc};
use pms_web::{HttpError, Query};
use serde::Deserialize;
use utoipa::IntoParams;

/// `expiryPeriod`, 1 to 30 days, or none. It is judged before the role, as every rule of
/// a parameter (contract partner-admin.md §0.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExpiryPeriod(Option<u8>);

/// As it is written.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", default)]
#[into_params(parameter_in = Query)]
struct Written {
    /// Only certificates that end within so many days: 1 to 30.
    expiry_period: Option<i32>,
}

impl ExpiryPeriod {
    /// # Errors
    /// HTTP 400 unless the period has 1 to 30 days.
    fn of(days: Option<i32>) -> Result<Self, HttpError> {
        let wrong = |rule: &'static str| HttpError::field("expiryPeriod", rule);
        let Some(days) = days else {
            return Ok(Self(None));
        };
        if days < 1 {
            return Err(wrong("Expiry period must be at least 1 day."));
        }
        match u8::try_from(days) {
            Ok(days @ ..=30) => Ok(Self(Some(days))),
            _ => Err(wrong("Expiry period cannot be more than 30 days.")),
        }
    }

    /// The last instant of the period; `None` without one.
    pub(crate) fn end(self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        let day = now.date().checked_add_days(Days::new(self.0?.into()))?;
        let end = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999)?;
        Some(day.and_time(end))
    }
}

impl FromRequest for ExpiryPeriod {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let written = Query::<Written>::from_request(request, payload).into_inner();
        let period = |Query(written): Query<Written>| Ok(Self::of(written.expiry_period)?);
        ready(written.and_then(period))
    }
}

impl Describe for ExpiryPeriod {
    fn describe(doc: &mut OperationDoc) {
        Query::<Written>::describe(doc);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_ends_with_its_last_day() {
        let now = "2026-11-24T10:00:00".parse().unwrap();
        let end = |days| ExpiryPeriod::of(days).map(|period| period.end(now));
        let text = |days| end(Some(days)).unwrap().unwrap().to_string();

        assert_eq!(end(None), Ok(None));
        assert_eq!(text(1), "2026-11-25 23:59:59.999999");
        assert_eq!(text(30), "2026-12-24 23:59:59.999999");
        for (days, rule) in [
            (0, "Expiry period must be at least 1 day."),
            (-1, "Expiry period must be at least 1 day."),
            (31, "Expiry period cannot be more than 30 days."),
            (300, "Expiry period cannot be more than 30 days."),
        ] {
            assert_eq!(end(Some(days)), Err(HttpError::field("expiryPeriod", rule)));
        }
    }
}
