//! Reading JSON the way the reference reads it (contract envelope-and-search.md §3.1).
//!
//! [`read`] hands a parsed value to any serde type with the reference's
//! conversions: numbers, as they are spelled, and booleans where text is expected,
//! numeric text where a number is expected, `""` as an absent number.
//! Wire structs stay plain serde structs.

mod access;
mod json;
mod json_text;
#[cfg(test)]
mod tests;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt::Display;

use serde::de::DeserializeOwned;

pub use self::json::{Json, JsonMembers, SpelledNumber};
pub use self::json_text::JsonText;
use self::value::Lenient;

/// Why a value can't be read as the wanted type. The text is for logs only:
/// the wire never says more than `Failed to read request`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LenientError(String);

impl LenientError {
    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl serde::de::Error for LenientError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Blank texts that stand where a number or a boolean may be left out. Only the
/// type that is read knows where that is, and only when it is too late to leave
/// the value out: so they are noted, and a second reading leaves them out.
#[derive(Default)]
struct Blanks {
    found: RefCell<HashSet<*const Json>>,
    /// The last text with the character NUL that was read.
    nul: Cell<Option<*const Json>>,
    skip: bool,
}

impl Blanks {
    /// What a second reading needs; `None` when the first was final.
    fn again(self) -> Option<Self> {
        let again = !self.skip && !self.found.borrow().is_empty();
        again.then(|| Self { skip: true, ..self })
    }

    fn note(&self, value: &Json) {
        self.found.borrow_mut().insert(std::ptr::from_ref(value));
    }

    fn note_nul(&self, value: &Json, text: &str) {
        if text.contains('\0') {
            self.nul.set(Some(std::ptr::from_ref(value)));
        }
    }

    fn skips(&self, value: &Json) -> bool {
        self.skip && self.found.borrow().contains(&std::ptr::from_ref(value))
    }
}

/// Reads any type from a JSON value.
///
/// # Errors
/// When the value does not fit.
pub fn read<T: DeserializeOwned>(value: &Json) -> Result<T, LenientError> {
    Ok(read_noting(value)?.0)
}

/// [`read`], and where a text with the character NUL stands that was read, such
/// as `filters[0].value`: the database takes no such text.
///
/// # Errors
/// When the value does not fit.
pub fn read_noting<T: DeserializeOwned>(value: &Json) -> Result<(T, Option<String>), LenientError> {
    read_by(value, |lenient| T::deserialize(lenient))
}

/// [`read`], where an error names the path of the value that does not fit.
///
/// # Errors
/// When the value does not fit.
pub fn read_with_path<T: DeserializeOwned>(
    value: &Json,
) -> Result<T, serde_path_to_error::Error<LenientError>> {
    Ok(read_by(value, |lenient| serde_path_to_error::deserialize(lenient))?.0)
}

/// Reads with `reading`; once more without blank texts where these stand for
/// absent numbers. Also the path of a text with NUL.
fn read_by<T, E>(
    value: &Json,
    reading: impl Fn(Lenient<'_>) -> Result<T, E>,
) -> Result<(T, Option<String>), E> {
    let blanks = Blanks::default();
    let outcome = reading(Lenient::over(value, &blanks))?;
    let with_nul = blanks.nul.get().and_then(|place| path_to(value, place));
    let outcome = match blanks.again() {
        None => outcome,
        Some(blanks) => reading(Lenient::over(value, &blanks))?,
    };
    Ok((outcome, with_nul))
}

/// Path of the value at `place` within `value`.
fn path_to(value: &Json, place: *const Json) -> Option<String> {
    if std::ptr::eq(value, place) {
        return Some(String::new());
    }
    match value {
        Json::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let rest = path_to(item, place)?;
            Some(format!("[{index}]{}{rest}", separator(&rest)))
        }),
        Json::Object(members) => members.iter().find_map(|(name, member)| {
            let rest = path_to(member, place)?;
            Some(format!("{name}{}{rest}", separator(&rest)))
        }),
        _ => None,
    }
}

/// What stands between a member and the rest of a path.
fn separator(rest: &str) -> &'static str {
    if rest.is_empty() || rest.starts_with('[') {
        ""
    } else {
        "."
    }
}

/// Reads the first JSON value of `bytes`; a byte order mark before and
/// anything after it is ignored.
///
/// # Errors
/// When there is no complete JSON value.
pub fn parse(bytes: &[u8]) -> Result<Json, LenientError> {
    json::first_of(without_mark(bytes))
}

/// Those of the members `wanted` that the first JSON value of `bytes`, an object, has; the
/// others are passed over, whatever they hold (contract envelope-and-search.md §3.1).
///
/// # Errors
/// As [`parse`], and for a value that is no object.
pub(crate) fn parse_members(bytes: &[u8], wanted: &[&str]) -> Result<JsonMembers, LenientError> {
    json::members_of(without_mark(bytes), wanted)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}
