//! A number with its spelling.

use std::fmt::{self, Write as _};

use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A number, and how it is spelled, which is what it prints.
#[derive(Debug, Clone, PartialEq)]
pub struct SpelledNumber {
    value: serde_json::Number,
    /// Nothing where the value prints so: a body may hold millions of numbers, and few
    /// are spelled in another way.
    spelling: Option<Box<str>>,
}

impl SpelledNumber {
    pub(super) fn new(value: serde_json::Number, spelling: &str) -> Self {
        let spelling = (!prints_as(&value, spelling)).then(|| spelling.into());
        Self { value, spelling }
    }

    /// Its value, as exact as `serde_json` reads it.
    pub const fn value(&self) -> &serde_json::Number {
        &self.value
    }
}

impl fmt::Display for SpelledNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spelling {
            Some(spelling) => f.write_str(spelling),
            None => self.value.fmt(f),
        }
    }
}

/// As it is spelled.
impl Serialize for SpelledNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = self.spelling.as_ref().map(|spelling| {
            // It was read as a number, so it is JSON.
            RawValue::from_string(spelling.to_string())
        });
        match raw {
            Some(Ok(raw)) => raw.serialize(serializer),
            Some(Err(_)) | None => self.value.serialize(serializer),
        }
    }
}

/// Whether a value prints as this text; nothing is allocated to find that.
fn prints_as(value: &serde_json::Number, text: &str) -> bool {
    let mut rest = Rest(text);
    write!(rest, "{value}").is_ok() && rest.0.is_empty()
}

/// What is left of a text behind what was written; other text can't be written.
struct Rest<'t>(&'t str);

impl fmt::Write for Rest<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(part).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(spelling: &str) -> SpelledNumber {
        SpelledNumber::new(serde_json::from_str(spelling).unwrap(), spelling)
    }

    #[test]
    fn a_number_keeps_its_spelling_only_where_its_value_prints_otherwise() {
        for plain in ["0", "1", "-7", "18446744073709551615", "1.5", "-0.25"] {
            assert_eq!(number(plain).spelling, None, "{plain}");
            assert_eq!(number(plain).to_string(), plain);
        }
        for other in ["1.10", "1E2", "-0", "1.0e1", "12345678901234567890123"] {
            assert_eq!(number(other).spelling.as_deref(), Some(other));
            assert_eq!(number(other).to_string(), other);
            assert_eq!(serde_json::to_string(&number(other)).unwrap(), other);
        }
    }
}
