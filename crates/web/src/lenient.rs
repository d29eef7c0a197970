//! Reading JSON the way the reference reads it (contract envelope-and-search.md §3.1).
//!
//! [`Lenient`] wraps a parsed value and hands it to any serde type with the
//! reference's conversions: numbers and booleans where text is expected,
//! numeric text where a number is expected, `""` as an absent number.
//! Wire structs stay plain serde structs.

mod access;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt::Display;

use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use self::access::{Items, Members, Variant};

/// Why a value can't be read as the wanted type. The text is for logs only:
/// the wire never says more than `Failed to read request`.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LenientError(String);

impl serde::de::Error for LenientError {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A JSON value that converts like the reference does.
///
/// [`read`] is the way to use it; [`Lenient::over`] is for those who need a
/// deserializer of their own around it.
#[derive(Clone, Copy)]
pub struct Lenient<'a> {
    value: &'a Value,
    blanks: &'a Blanks,
    optional: bool,
}

/// Blank texts that stand where a number or a boolean may be left out. Only the
/// type that is read knows where that is, and only when it is too late to leave
/// the value out: so they are noted, and a second reading leaves them out.
#[derive(Default)]
pub struct Blanks {
    found: RefCell<HashSet<*const Value>>,
    /// The last text with the character NUL that was read.
    nul: Cell<Option<*const Value>>,
    skip: bool,
}

impl Blanks {
    /// What a second reading needs; `None` when the first was final.
    pub fn again(self) -> Option<Self> {
        let again = !self.skip && !self.found.borrow().is_empty();
        again.then(|| Self { skip: true, ..self })
    }

    fn note(&self, value: &Value) {
        self.found.borrow_mut().insert(std::ptr::from_ref(value));
    }

    fn note_nul(&self, value: &Value, text: &str) {
        if text.contains('\0') {
            self.nul.set(Some(std::ptr::from_ref(value)));
        }
    }

    fn skips(&self, value: &Value) -> bool {
        self.skip && self.found.borrow().contains(&std::ptr::from_ref(value))
    }
}

/// Reads any type from a JSON value.
///
/// # Errors
/// When the value does not fit.
pub fn read<T: DeserializeOwned>(value: &Value) -> Result<T, LenientError> {
    Ok(read_noting(value)?.0)
}

/// [`read`], and where a text with the character NUL stands that was read, such
/// as `filters[0].value`: the database takes no such text.
///
/// # Errors
/// When the value does not fit.
pub fn read_noting<T: DeserializeOwned>(
    value: &Value,
) -> Result<(T, Option<String>), LenientError> {
    let blanks = Blanks::default();
    let outcome = T::deserialize(Lenient::over(value, &blanks))?;
    let with_nul = blanks.nul.get().and_then(|place| path_to(value, place));
    let outcome = match blanks.again() {
        None => outcome,
        Some(blanks) => T::deserialize(Lenient::over(value, &blanks))?,
    };
    Ok((outcome, with_nul))
}

/// Path of the value at `place` within `value`.
fn path_to(value: &Value, place: *const Value) -> Option<String> {
    if std::ptr::eq(value, place) {
        return Some(String::new());
    }
    match value {
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let rest = path_to(item, place)?;
            Some(format!("[{index}]{}{rest}", separator(&rest)))
        }),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
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
pub fn parse(bytes: &[u8]) -> Result<Value, LenientError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    match values.next() {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(LenientError(error.to_string())),
        None => Err(LenientError("the body is empty".to_owned())),
    }
}

impl<'a> Lenient<'a> {
    /// A deserializer over `value` that notes in `blanks` what a second reading
    /// has to leave out.
    pub fn over(value: &'a Value, blanks: &'a Blanks) -> Self {
        Self {
            value,
            blanks,
            optional: false,
        }
    }

    fn inner(self, value: &'a Value) -> Self {
        Self::over(value, self.blanks)
    }

    /// Whether the text stands for a number or boolean that is not there.
    fn is_blank(self, text: &str) -> bool {
        let blank = text.trim().is_empty();
        if blank && self.optional {
            self.blanks.note(self.value);
        }
        blank
    }

    fn integer(self) -> Result<i64, LenientError> {
        match self.value {
            Value::Null => Ok(0),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                Err(LenientError("a number is expected".to_owned()))
            }
            Value::Number(number) => number
                .as_i64()
                .or_else(|| number.as_f64().and_then(truncate))
                .ok_or_else(|| LenientError("the number is out of range".to_owned())),
            Value::String(text) if self.is_blank(text) => Ok(0),
            Value::String(text) => text
                .trim()
                .parse::<i64>()
                .map_err(|error| LenientError(format!("the text is not a number: {error}"))),
        }
    }

    fn boolean(self) -> Result<bool, LenientError> {
        match self.value {
            Value::Null => Ok(false),
            Value::Bool(value) => Ok(*value),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Ok(number != 0),
                None => Err(LenientError("a boolean is expected".to_owned())),
            },
            Value::String(text) if self.is_blank(text) => Ok(false),
            Value::String(text) => match text.trim() {
                "true" | "True" | "TRUE" => Ok(true),
                "false" | "False" | "FALSE" => Ok(false),
                _ => Err(LenientError("the text is not a boolean".to_owned())),
            },
            Value::Array(_) | Value::Object(_) => {
                Err(LenientError("a boolean is expected".to_owned()))
            }
        }
    }

    fn text(self) -> Result<String, LenientError> {
        match self.value {
            Value::Null => Ok(String::new()),
            Value::Bool(value) => Ok(value.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::String(text) => {
                self.blanks.note_nul(self.value, text);
                Ok(text.clone())
            }
            Value::Array(_) | Value::Object(_) => Err(LenientError("text is expected".to_owned())),
        }
    }
}

/// A float cut toward zero; `None` when no `i64` is that large.
fn truncate(number: f64) -> Option<i64> {
    format!("{:.0}", number.trunc()).parse().ok()
}

macro_rules! integers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
            visitor.visit_i64(self.integer()?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Lenient<'_> {
    type Error = LenientError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => {
                if let Some(number) = number.as_i64() {
                    visitor.visit_i64(number)
                } else if let Some(number) = number.as_u64() {
                    visitor.visit_u64(number)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Value::String(text) => {
                self.blanks.note_nul(self.value, text);
                visitor.visit_str(text)
            }
            Value::Array(items) => visitor.visit_seq(Items::new(self, items)),
            Value::Object(members) => visitor.visit_map(Members::new(self, members)),
        }
    }

    integers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        visitor.visit_bool(self.boolean()?)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        visitor.visit_string(self.text()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            value if self.blanks.skips(value) => visitor.visit_none(),
            _ => visitor.visit_some(Self {
                optional: true,
                ..self
            }),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.value {
            Value::Array(items) => visitor.visit_seq(Items::new(self, items)),
            Value::Null => visitor.visit_seq(Items::new(self, &[])),
            _ => Err(LenientError("an array is expected".to_owned())),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        match self.value {
            Value::Object(members) => visitor.visit_map(Members::new(self, members)),
            _ => Err(LenientError("an object is expected".to_owned())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        visitor.visit_enum(Variant(self.text()?))
    }

    forward_to_deserialize_any! {
        i128 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct map
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, LenientError> for Lenient<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(default, rename_all = "camelCase")]
    struct Sample {
        name: Option<String>,
        page_start: i64,
        active: Option<bool>,
        size: Option<i32>,
    }

    impl Default for Sample {
        fn default() -> Self {
            Self {
                name: None,
                page_start: 7,
                active: None,
                size: None,
            }
        }
    }

    fn read(text: &str) -> Result<Sample, LenientError> {
        super::read(&parse(text.as_bytes())?)
    }

    #[test]
    fn a_text_with_nul_that_is_read_is_found() {
        #[derive(Debug, Default, Deserialize)]
        #[serde(default)]
        struct Nested {
            name: Option<String>,
            items: Vec<Sample>,
        }
        let place = |text: &str| {
            let value = parse(text.as_bytes()).unwrap();
            let (read, place) = read_noting::<Nested>(&value).unwrap();
            assert!(read.items.len() < 3 && read.name.is_none_or(|name| name.len() < 9));
            place
        };

        assert_eq!(place(r#"{"name": "a"}"#), None);
        assert_eq!(place(r#"{"name": "\u0000"}"#).as_deref(), Some("name"));
        assert_eq!(
            place(r#"{"items": [{"name": "a"}, {"name": "b\u0000", "active": ""}]}"#).as_deref(),
            Some("items[1].name")
        );
        assert_eq!(place(r#"{"other": "\u0000"}"#), None);
    }

    #[test]
    fn numbers_and_booleans_become_text() {
        assert_eq!(read(r#"{"name": 12}"#).unwrap().name.as_deref(), Some("12"));
        assert_eq!(
            read(r#"{"name": true}"#).unwrap().name.as_deref(),
            Some("true")
        );
    }

    #[test]
    fn numeric_text_and_floats_become_integers() {
        assert_eq!(read(r#"{"pageStart": "10"}"#).unwrap().page_start, 10);
        assert_eq!(read(r#"{"pageStart": -1.9}"#).unwrap().page_start, -1);
        assert!(read(r#"{"pageStart": "ten"}"#).is_err());
    }

    #[test]
    fn text_becomes_boolean_only_in_the_known_spellings() {
        assert_eq!(read(r#"{"active": "TRUE"}"#).unwrap().active, Some(true));
        assert!(read(r#"{"active": "yes"}"#).is_err());
    }

    #[test]
    fn a_blank_text_is_an_absent_number_or_boolean_but_a_text_all_the_same() {
        let sample = read(r#"{"pageStart":"","active":" ","size":"","name":""}"#).unwrap();

        assert_eq!(
            (sample.page_start, sample.active, sample.size),
            (0, None, None)
        );
        assert_eq!(sample.name.as_deref(), Some(""));
    }

    #[test]
    fn blanks_are_left_out_one_by_one() {
        let list: Vec<Option<i32>> =
            super::read(&serde_json::json!(["1", "", 0, " ", null])).unwrap();

        assert_eq!(list, [Some(1), None, Some(0), None, None]);
    }

    #[test]
    fn hostile_bodies_are_refused_without_harm() {
        let deep = "[".repeat(100_000);
        for text in [
            deep.as_str(),
            r#"{"size": 1e400}"#,
            r#"{"size": 1e300}"#,
            r#"{"size": 99999999999999999999999999}"#,
            r#"{"size": "9999999999"}"#,
            r#"{"name": "\ud800"}"#,
        ] {
            assert!(read(text).is_err(), "{text:.40}");
        }
        assert!(parse(b"{\"name\": \"\xff\"}").is_err());
    }

    #[test]
    fn objects_where_text_is_expected_are_refused() {
        assert!(read(r#"{"name": {}}"#).is_err());
        assert!(read(r#"{"name": []}"#).is_err());
    }

    #[test]
    fn a_byte_order_mark_and_trailing_text_are_ignored_and_the_last_duplicate_wins() {
        let sample = read("\u{feff}{\"name\":\"a\",\"name\":\"b\"} trailing").unwrap();

        assert_eq!(sample.name.as_deref(), Some("b"));
        assert_eq!(sample.page_start, 7);
    }
}
