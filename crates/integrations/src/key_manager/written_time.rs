//! Points in time as key managers write and read them (contract keymanager.md §1).

use chrono::{DateTime, NaiveDateTime};
use serde::Deserialize;

/// A point in time as it was written. Java's `LocalDateTime` is UTC without a zone, and
/// leaves seconds out that are none; a pattern adds `Z`, and other implementations an
/// offset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct WrittenTime(String);

impl WrittenTime {
    /// The point in time, UTC; `None` when it is none.
    pub fn read(&self) -> Option<NaiveDateTime> {
        Self::parse(&self.0)
    }

    /// [`WrittenTime::read`] of a text.
    pub fn parse(text: &str) -> Option<NaiveDateTime> {
        let text = text.trim();
        let local = text.strip_suffix(['Z', 'z']).unwrap_or(text);
        let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
        let mut forms = forms.iter();
        forms
            .find_map(|form| NaiveDateTime::parse_from_str(local, form).ok())
            .or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.naive_utc()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_and_without_zone_and_seconds() {
        let read = |text| WrittenTime::parse(text).map(|at| at.to_string());
        let at = |text: &str| Some(text.to_owned());

        assert_eq!(
            read("2026-12-01T10:15:00.120Z"),
            at("2026-12-01 10:15:00.120")
        );
        assert_eq!(
            read("2026-12-01T10:15:00.123456789"),
            at("2026-12-01 10:15:00.123456789")
        );
        assert_eq!(read("2026-12-01T10:15:00"), at("2026-12-01 10:15:00"));
        assert_eq!(read("2026-12-01T10:15"), at("2026-12-01 10:15:00"));
        assert_eq!(read(" 2026-12-01T10:15Z "), at("2026-12-01 10:15:00"));
        assert_eq!(read("2026-12-01T10:15:00+05:30"), at("2026-12-01 04:45:00"));
        for wrong in [
            "",
            "soon",
            "2026-12-01",
            "2026-13-01T00:00",
            "2026-12-01T10:15ZZ",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
