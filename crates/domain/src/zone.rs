//! The time zone of mails, as Java names zones: an offset from UTC, or a region of
//! the IANA database (contract config-and-deploy.md §2.5).

use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Timelike as _};
use chrono_tz::Tz;
use serde::Deserialize;

/// A time zone with the name that the operator gave it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct TimeZone {
    name: String,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The same offset from UTC at all times.
    Offset(FixedOffset),
    /// A region, whose offset may change within a year.
    Region(Tz),
}

/// The text names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no time zone: write a name of the IANA database such as Asia/Kolkata, or UTC, GMT or an offset such as GMT+05:30"
)]
pub struct BadTimeZone(String);

impl FromStr for TimeZone {
    type Err = BadTimeZone;

    fn from_str(text: &str) -> Result<Self, BadTimeZone> {
        let text = text.trim();
        let offset = offset(text).map(Place::Offset);
        let region = || text.parse::<Tz>().ok().map(Place::Region);
        let place = offset.or_else(region);
        let place = place.ok_or_else(|| BadTimeZone(text.to_owned()))?;
        Ok(Self {
            name: text.to_owned(),
            place,
        })
    }
}

impl TryFrom<String> for TimeZone {
    type Error = BadTimeZone;

    fn try_from(text: String) -> Result<Self, BadTimeZone> {
        text.parse()
    }
}

/// An offset with or without one of Java's prefixes.
fn offset(text: &str) -> Option<FixedOffset> {
    let prefixes = ["GMT", "UTC", "UT", "Z"];
    let rest = prefixes
        .into_iter()
        .find_map(|prefix| text.strip_prefix(prefix));
    match rest {
        Some("") => FixedOffset::east_opt(0),
        rest => FixedOffset::east_opt(seconds(rest.unwrap_or(text))?),
    }
}

/// Seconds of `+h`, `+hh`, `+hhmm` or `+hh:mm`, or the same behind a minus.
fn seconds(text: &str) -> Option<i32> {
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) if hours.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if rest.len() == 4 => rest.split_at_checked(2)?,
        None if rest.len() <= 2 => (rest, "00"),
        None => return None,
    };
    let number = |digits: &str, most: i32| {
        let only_digits = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
        let number: i32 = digits.parse().ok()?;
        (only_digits && number <= most).then_some(number)
    };
    if minutes.len() != 2 {
        return None;
    }
    Some(sign * (number(hours, 18)? * 3600 + number(minutes, 59)? * 60))
}

impl TimeZone {
    /// A UTC instant as a zoned date-time of this zone, to the second:
    /// `2025-07-01T10:00+05:30[GMT+05:30]`.
    pub fn show(&self, at: NaiveDateTime) -> String {
        let time = match self.place {
            Place::Offset(offset) => shown(&at.and_utc().with_timezone(&offset)),
            Place::Region(region) => shown(&at.and_utc().with_timezone(&region)),
        };
        format!("{time}[{}]", self.name)
    }
}

fn shown<Zone>(local: &DateTime<Zone>) -> String
where
    Zone: chrono::TimeZone<Offset: std::fmt::Display>,
{
    let format = if local.second() == 0 {
        "%Y-%m-%dT%H:%M%:z"
    } else {
        "%Y-%m-%dT%H:%M:%S%:z"
    };
    local.format(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(zone: &str, at: &str) -> String {
        let at = DateTime::parse_from_rfc3339(at).unwrap().naive_utc();
        zone.parse::<TimeZone>().unwrap().show(at)
    }

    #[test]
    fn offsets_are_read_with_and_without_a_prefix() {
        for (zone, shown) in [
            ("UTC", "2026-11-24T10:00:05+00:00[UTC]"),
            ("GMT-03:30", "2026-11-24T06:30:05-03:30[GMT-03:30]"),
            ("+05:30", "2026-11-24T15:30:05+05:30[+05:30]"),
            ("UTC+5", "2026-11-24T15:00:05+05:00[UTC+5]"),
            ("GMT+0530", "2026-11-24T15:30:05+05:30[GMT+0530]"),
        ] {
            assert_eq!(show(zone, "2026-11-24T10:00:05Z"), shown);
        }
    }

    #[test]
    fn regions_have_the_offset_of_the_day() {
        for (zone, at, shown) in [
            (
                "Asia/Kolkata",
                "2026-11-24T10:00:00Z",
                "2026-11-24T15:30+05:30[Asia/Kolkata]",
            ),
            (
                "Europe/Berlin",
                "2026-01-24T10:00:00Z",
                "2026-01-24T11:00+01:00[Europe/Berlin]",
            ),
            (
                "Europe/Berlin",
                "2026-07-24T10:00:00Z",
                "2026-07-24T12:00+02:00[Europe/Berlin]",
            ),
        ] {
            assert_eq!(show(zone, at), shown);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "Asia/Nowhere",
            "GMT+5:30",
            "GMT+25:00",
            "GMT+053",
            "GMT+",
            "GMT+05:3",
            "+05:99",
            "++1:00",
            "GMT+0é:00",
        ] {
            assert!(text.parse::<TimeZone>().is_err(), "{text}");
        }
    }
}
