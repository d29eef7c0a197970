//! Reading JSON the way the reference reads it (envelope contract §3.1).
//!
//! [`Lenient`] wraps a parsed value and hands it to any serde type with the
//! reference's conversions: numbers and booleans where text is expected,
//! numeric text where a number is expected, `""` as an absent number.
//! Wire structs stay plain serde structs.

use std::fmt::Display;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Map, Value};

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
pub struct Lenient(pub Value);

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

impl Lenient {
    fn integer(&self) -> Result<i64, LenientError> {
        match &self.0 {
            Value::Null => Ok(0),
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                Err(LenientError("a number is expected".to_owned()))
            }
            Value::Number(number) => number
                .as_i64()
                .or_else(|| number.as_f64().and_then(truncate))
                .ok_or_else(|| LenientError("the number is out of range".to_owned())),
            Value::String(text) if text.trim().is_empty() => Ok(0),
            Value::String(text) => text
                .trim()
                .parse()
                .map_err(|error| LenientError(format!("the text is not a number: {error}"))),
        }
    }

    fn boolean(&self) -> Result<bool, LenientError> {
        match &self.0 {
            Value::Null => Ok(false),
            Value::Bool(value) => Ok(*value),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Ok(number != 0),
                None => Err(LenientError("a boolean is expected".to_owned())),
            },
            Value::String(text) => match text.as_str() {
                "true" | "True" | "TRUE" => Ok(true),
                "false" | "False" | "FALSE" | "" => Ok(false),
                _ => Err(LenientError("the text is not a boolean".to_owned())),
            },
            Value::Array(_) | Value::Object(_) => {
                Err(LenientError("a boolean is expected".to_owned()))
            }
        }
    }

    fn text(self) -> Result<String, LenientError> {
        match self.0 {
            Value::Null => Ok(String::new()),
            Value::Bool(value) => Ok(value.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::String(text) => Ok(text),
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

impl<'de> Deserializer<'de> for Lenient {
    type Error = LenientError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => {
                if let Some(number) = number.as_i64() {
                    visitor.visit_i64(number)
                } else if let Some(number) = number.as_u64() {
                    visitor.visit_u64(number)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Object(members) => visitor.visit_map(Members::new(members)),
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
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Value::Null => visitor.visit_seq(Items(Vec::new().into_iter())),
            _ => Err(LenientError("an array is expected".to_owned())),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        match self.0 {
            Value::Object(members) => visitor.visit_map(Members::new(members)),
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

impl<'de> IntoDeserializer<'de, LenientError> for Lenient {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Items(std::vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Items {
    type Error = LenientError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, LenientError> {
        self.0
            .next()
            .map(|item| seed.deserialize(Lenient(item)))
            .transpose()
    }
}

struct Members {
    rest: serde_json::map::IntoIter,
    value: Option<Value>,
}

impl Members {
    fn new(members: Map<String, Value>) -> Self {
        Self {
            rest: members.into_iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Members {
    type Error = LenientError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, LenientError> {
        let Some((name, value)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        let name: StrDeserializer<'_, LenientError> = name.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, LenientError> {
        let value = self
            .value
            .take()
            .ok_or_else(|| LenientError::custom("value before key"))?;
        seed.deserialize(Lenient(value))
    }
}

struct Variant(String);

impl<'de> EnumAccess<'de> for Variant {
    type Error = LenientError;
    type Variant = UnitVariant;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, UnitVariant), LenientError> {
        let name: StrDeserializer<'_, LenientError> = self.0.as_str().into_deserializer();
        Ok((seed.deserialize(name)?, UnitVariant))
    }
}

struct UnitVariant;

impl<'de> VariantAccess<'de> for UnitVariant {
    type Error = LenientError;

    fn unit_variant(self) -> Result<(), LenientError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        _seed: T,
    ) -> Result<T::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _len: usize,
        _visitor: V,
    ) -> Result<V::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, LenientError> {
        Err(LenientError::custom("text is expected"))
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
        Sample::deserialize(Lenient(parse(text.as_bytes())?))
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
