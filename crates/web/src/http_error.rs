//! Answers that are not HTTP 200: problem documents and field violations
//! (contract envelope-and-search.md §6.3 and §6.5), independent of the route's dialect.

use std::borrow::Cow;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::{DateTime, Datelike as _, NaiveDateTime, Timelike as _, Utc};
use serde_json::json;

use crate::dispatch::busy;
use crate::negotiation::TYPES;

/// Code of every field violation.
pub const INVALID_PARAMETER: &str = "PMS_COR_001";

/// Why a request never reached its use case. Extractors fail with it, and the
/// route's dialect decides how it looks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// A document of type `application/problem+json`.
    #[error("{status} {detail}")]
    Problem {
        /// HTTP status.
        status: StatusCode,
        /// `detail` of the document.
        detail: Cow<'static, str>,
    },
    /// A field of the body breaks its rule.
    #[error("{path} {rule}")]
    Field {
        /// Field path from the envelope down: `request.filters[0].type`.
        path: String,
        /// The rule's text: `must not be blank`.
        rule: Cow<'static, str>,
        /// Further fields with the rule that each breaks. The key manager tells all,
        /// the other dialects the first alone.
        others: Vec<(String, Cow<'static, str>)>,
    },
}

impl HttpError {
    /// Malformed JSON, missing body, wrong type, bad date: all look alike.
    pub const UNREADABLE: Self = Self::Problem {
        status: StatusCode::BAD_REQUEST,
        detail: Cow::Borrowed("Failed to read request"),
    };

    /// Try again in a moment.
    pub const BUSY: Self = Self::Problem {
        status: StatusCode::SERVICE_UNAVAILABLE,
        detail: Cow::Borrowed("The service is busy, try again."),
    };

    /// A problem document.
    pub fn problem(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self::Problem {
            status,
            detail: detail.into(),
        }
    }

    /// A broken field rule.
    pub fn field(path: impl Into<String>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self::Field {
            path: path.into(),
            rule: rule.into(),
            others: Vec::new(),
        }
    }

    /// The message of a field violation, as the wire spells it.
    pub fn message(&self) -> String {
        match self {
            Self::Problem { detail, .. } => detail.to_string(),
            Self::Field { path, rule, .. } => format!("Invalid request parameter - {rule} :{path}"),
        }
    }

    /// The usual answer, for every dialect but the key manager's.
    pub fn answer(&self, path: &str, now: DateTime<Utc>) -> HttpResponse {
        match self {
            Self::Problem { status, detail } if *status == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                problem(*status, detail, path)
                    .header(header::ACCEPT, TYPES)
                    .finish_body()
            }
            Self::Problem { status, .. } if *status == StatusCode::SERVICE_UNAVAILABLE => {
                busy(path)
            }
            Self::Problem { status, detail } => problem(*status, detail, path).finish_body(),
            Self::Field { .. } => HttpResponse::BadRequest().content_type(JSON).body(
                json!({
                    "id": null,
                    "version": null,
                    "metadata": null,
                    "response": null,
                    "responsetime": local_date_time(now.naive_utc()),
                    "errors": [{ "errorCode": INVALID_PARAMETER, "message": self.message() }],
                })
                .to_string(),
            ),
        }
    }
}

impl actix_web::ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Problem { status, .. } => *status,
            Self::Field { .. } => StatusCode::BAD_REQUEST,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let detail = self.message();
        problem(self.status_code(), &detail, "").finish_body()
    }
}

/// `application/json` without a character set, as every known client expects.
pub const JSON: &str = "application/json";

/// A problem document whose headers can still be added to.
pub struct Problem {
    builder: HttpResponseBuilder,
    body: String,
}

impl Problem {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: &str) -> Self {
        self.builder.insert_header((name, value));
        self
    }

    /// The response.
    pub fn finish_body(mut self) -> HttpResponse {
        self.builder.body(self.body)
    }
}

/// A problem document about `path`.
pub fn problem(status: StatusCode, detail: &str, path: &str) -> Problem {
    let mut builder = HttpResponse::build(status);
    builder.content_type("application/problem+json");
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "detail": detail,
        "instance": path,
    });
    Problem {
        builder,
        body: body.to_string(),
    }
}

/// ISO local date-time: seconds always, the fraction only when it is not zero
/// and without trailing zeros (contract envelope-and-search.md §5, "L" columns).
pub fn local_date_time(at: NaiveDateTime) -> String {
    let mut text = seconds_of(at);
    let nanos = at.nanosecond() % 1_000_000_000;
    if nanos != 0 {
        text.push('.');
        push_digits(&mut text, nanos, 100_000_000);
        text.truncate(text.trim_end_matches('0').len());
    }
    text
}

/// `2025-07-11T13:45:37.123Z`.
pub(crate) fn zulu_date_time(at: NaiveDateTime) -> String {
    let mut text = seconds_of(at);
    text.push('.');
    push_digits(&mut text, at.nanosecond() / 1_000_000 % 1000, 100);
    text.push('Z');
    text
}

/// `2025-07-11T13:45:37`. Every answer holds some times, and chrono reads a pattern
/// anew for each of them.
fn seconds_of(at: NaiveDateTime) -> String {
    let Ok(year @ 0..=9999) = u32::try_from(at.year()) else {
        return at.format("%Y-%m-%dT%H:%M:%S").to_string();
    };
    let mut text = String::with_capacity("2025-07-11T13:45:37.123456789Z".len());
    push_digits(&mut text, year, 1000);
    for (mark, value) in [
        ('-', at.month()),
        ('-', at.day()),
        ('T', at.hour()),
        (':', at.minute()),
        (':', at.second()),
    ] {
        text.push(mark);
        push_digits(&mut text, value, 10);
    }
    text
}

/// Writes a number from the digit of this power of ten on.
fn push_digits(text: &mut String, number: u32, mut power: u32) {
    while power > 0 {
        let digit = char::from_digit(number / power % 10, 10);
        text.extend(digit);
        power /= 10;
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn times_are_those_of_chrono() {
        for (micros, millis) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_752_241_537_120_900, "2025-07-11T13:45:37.120Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999Z"),
        ] {
            let at = DateTime::from_timestamp_micros(micros).unwrap();
            let seconds = at.format("%Y-%m-%dT%H:%M:%S").to_string();

            assert_eq!(zulu_date_time(at.naive_utc()), millis);
            assert!(local_date_time(at.naive_utc()).starts_with(&seconds));
        }
        let far = NaiveDate::from_ymd_opt(12_026, 1, 2).unwrap();
        let far = far.and_hms_opt(3, 4, 5).unwrap();
        assert_eq!(local_date_time(far), "+12026-01-02T03:04:05");
    }

    #[test]
    fn local_date_times_drop_zero_fractions() {
        let day = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();

        assert_eq!(
            local_date_time(day.and_hms_opt(10, 0, 0).unwrap()),
            "2020-01-01T10:00:00"
        );
        assert_eq!(
            local_date_time(day.and_hms_micro_opt(10, 0, 0, 120_000).unwrap()),
            "2020-01-01T10:00:00.12"
        );
    }
}
