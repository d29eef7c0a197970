//! Dates and times in filters.

use chrono::{DateTime, NaiveDateTime};

/// Forms without a zone, which are UTC.
const LOCAL: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
/// Forms with one.
const WITH_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z"];

/// Reads ISO dates with times, with or without offset, as UTC; `None` for
/// anything else.
pub(super) fn parse(text: &str) -> Option<NaiveDateTime> {
    let local = LOCAL
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    if local.is_some() {
        return local;
    }
    let text = match text.strip_suffix('Z') {
        Some(head) => format!("{head}+00:00"),
        None => text.to_owned(),
    };
    WITH_OFFSET
        .iter()
        .find_map(|form| DateTime::parse_from_str(&text, form).ok())
        .map(|instant| instant.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn all_forms_of_one_instant() {
        let expected = parse("2020-01-01T10:00:00");

        assert!(expected.is_some());
        for text in [
            "2020-01-01T10:00",
            "2020-01-01T10:00:00.000",
            "2020-01-01T10:00:00.000Z",
            "2020-01-01T10:00Z",
            "2020-01-01T15:30:00+05:30",
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }

    #[test]
    fn anything_else_is_no_date() {
        for text in [
            "",
            "yesterday",
            "2020-01-01",
            "2020-13-01T10:00:00Z",
            "2020-01-01 10:00:00",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
