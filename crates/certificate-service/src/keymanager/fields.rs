//! Field rules that the operations share.

use chrono::{NaiveDate, NaiveDateTime};
use pms_integrations::key_manager::WrittenTime;
use pms_web::Checks;
use serde_json::Value;

/// Text of every broken field rule (contract keymanager.md §1).
const EMPTY: &str = "should not be null or empty";

/// Longest application and reference id, in characters.
const MAX_APPLICATION: usize = 36;
const MAX_REFERENCE: usize = 128;

/// The field must hold something else than white space.
pub(super) fn given(fields: &mut Checks, field: &str, value: Option<&str>) {
    fields.not_blank_or(field, value, EMPTY);
}

/// The field may be missing; else a character that is no white space must stand in it
/// behind another one (contract keymanager.md §11).
pub(super) fn given_if_there(fields: &mut Checks, field: &str, value: Option<&str>) {
    let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\u{b}' | '\u{c}' | '\r');
    let filled = value.is_none_or(|value| value.chars().skip(1).any(|c| !blank(c)));
    fields.require(filled, field, EMPTY);
}

/// An application id that is there, and a reference id that may be missing.
pub(super) fn key_name(fields: &mut Checks, app_id: Option<&str>, ref_id: Option<&str>) {
    given(fields, "applicationId", app_id);
    optional_key_name(fields, app_id, ref_id);
}

/// An application id and a reference id that may both be missing.
pub(super) fn optional_key_name(fields: &mut Checks, app_id: Option<&str>, ref_id: Option<&str>) {
    fields.length("applicationId", app_id, (0, MAX_APPLICATION));
    fields.length("referenceId", ref_id, (0, MAX_REFERENCE));
}

/// Texts that are there, and not too many of them.
pub(super) fn texts(
    fields: &mut Checks,
    field: &'static str,
    texts: Option<&[Option<String>]>,
    most: usize,
) {
    fields.require(texts.is_some(), field, EMPTY);
    let few = texts.is_none_or(|texts| texts.len() <= most);
    fields.require(few, field, format!("holds more than {most} texts"));
}

/// Whether a text holds nothing but white space, or is not there.
pub(super) fn is_blank(value: Option<&str>) -> bool {
    value.is_none_or(|value| value.trim().is_empty())
}

/// What is written is no point in time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NoInstant;

/// A point in time as text with or without zone, or as an array of numbers. An empty
/// text is none given.
pub(super) fn instant(value: Option<&Value>) -> Result<Option<NaiveDateTime>, NoInstant> {
    let at = match value {
        None => return Ok(None),
        Some(Value::String(text)) if is_blank(Some(text)) => return Ok(None),
        Some(Value::String(text)) => WrittenTime::parse(text),
        Some(Value::Array(parts)) => instant_of(parts),
        Some(_) => None,
    };
    at.map(Some).ok_or(NoInstant)
}

fn instant_of(parts: &[Value]) -> Option<NaiveDateTime> {
    let part = |index: usize| match parts.get(index) {
        None => Some(0),
        Some(value) => value.as_u64().and_then(|value| u32::try_from(value).ok()),
    };
    let year = i32::try_from(part(0)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, part(1)?, part(2)?)?;
    day.and_hms_nano_opt(part(3)?, part(4)?, part(5)?, part(6)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn points_in_time_come_as_texts_and_as_arrays() {
        let read = |value: Value| instant(Some(&value));
        let expected = read(json!("2026-01-02T03:04:00Z"));

        assert!(matches!(expected, Ok(Some(_))));
        assert_eq!(read(json!("2026-01-02T03:04:00")), expected);
        assert_eq!(read(json!("2026-01-02T03:04")), expected);
        assert_eq!(read(json!([2026, 1, 2, 3, 4])), expected);
        for none in [json!(""), json!(" ")] {
            assert_eq!(read(none), Ok(None));
        }
        assert_eq!(instant(None), Ok(None));
        for wrong in [json!([2026, 13, 2]), json!("yesterday"), json!(1)] {
            assert_eq!(read(wrong), Err(NoInstant));
        }
    }
}
