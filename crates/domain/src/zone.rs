//! The time zone of mails: a fixed offset from UTC.

use std::str::FromStr;

use chrono::{FixedOffset, NaiveDateTime, Timelike as _};

/// A fixed offset with the name that the operator gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone {
    name: String,
    offset: FixedOffset,
}

/// The text is no offset from UTC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not UTC, GMT or an offset such as GMT+05:30")]
pub struct BadTimeZone(String);

impl FromStr for TimeZone {
    type Err = BadTimeZone;

    fn from_str(text: &str) -> Result<Self, BadTimeZone> {
        let bad = || BadTimeZone(text.to_owned());
        let rest = ["GMT", "UTC", "Z"]
            .into_iter()
            .find_map(|prefix| text.strip_prefix(prefix))
            .unwrap_or(text);
        let seconds = match rest {
            "" if !text.is_empty() => 0,
            _ => seconds(rest).ok_or_else(bad)?,
        };
        let offset = FixedOffset::east_opt(seconds).ok_or_else(bad)?;
        Ok(Self {
            name: text.to_owned(),
            offset,
        })
    }
}

/// Seconds of `+hh:mm` or `-hh:mm`.
fn seconds(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let number = |digits: &str, most: i32| {
        let two = digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
        let number: i32 = digits.parse().ok()?;
        (two && number <= most).then_some(number)
    };
    Some(sign * (number(hours, 18)? * 3600 + number(minutes, 59)? * 60))
}

impl TimeZone {
    /// A UTC instant as a zoned date-time of this zone, to the second:
    /// `2025-07-01T10:00+05:30[GMT+05:30]`.
    pub fn show(&self, at: NaiveDateTime) -> String {
        let local = at.and_utc().with_timezone(&self.offset);
        let time = if local.second() == 0 {
            local.format("%Y-%m-%dT%H:%M%:z")
        } else {
            local.format("%Y-%m-%dT%H:%M:%S%:z")
        };
        format!("{time}[{}]", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_with_and_without_a_prefix() {
        let at = chrono::DateTime::from_timestamp(1_795_514_405, 0)
            .unwrap()
            .naive_utc();
        let show = |zone: &str| zone.parse::<TimeZone>().unwrap().show(at);

        assert_eq!(show("UTC"), "2026-11-24T10:00:05+00:00[UTC]");
        assert_eq!(show("GMT-03:30"), "2026-11-24T06:30:05-03:30[GMT-03:30]");
        assert_eq!(show("+05:30"), "2026-11-24T15:30:05+05:30[+05:30]");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "Asia/Kolkata",
            "GMT+5:30",
            "GMT+25:00",
            "+05:99",
            "++1:00",
            "GMT+0é:00",
        ] {
            assert!(text.parse::<TimeZone>().is_err(), "{text}");
        }
    }
}
