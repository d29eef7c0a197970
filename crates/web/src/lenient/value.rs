//! One value with the reference's conversions.

use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::{Items, Members, Variant};
use super::{Blanks, Json, JsonText, LenientError};

/// A JSON value that converts like the reference does.
#[derive(Clone, Copy)]
pub(super) struct Lenient<'a> {
    value: &'a Json,
    blanks: &'a Blanks,
    optional: bool,
    /// Whether it is an element of an array.
    element: bool,
}

impl<'a> Lenient<'a> {
    /// A deserializer over `value` that notes in `blanks` what a second reading
    /// has to leave out.
    pub(super) fn over(value: &'a Json, blanks: &'a Blanks) -> Self {
        Self {
            value,
            blanks,
            optional: false,
            element: false,
        }
    }

    /// An element of this array.
    pub(super) fn element(self, value: &'a Json) -> Self {
        Self {
            element: true,
            ..self.inner(value)
        }
    }

    pub(super) fn inner(self, value: &'a Json) -> Self {
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
            Json::Null => Ok(0),
            Json::Bool(_) | Json::Array(_) | Json::Object(_) | Json::TooDeep => {
                Err(LenientError("a number is expected".to_owned()))
            }
            Json::Number(number) => number
                .value()
                .as_i64()
                .or_else(|| number.value().as_f64().and_then(truncate))
                .ok_or_else(|| LenientError("the number is out of range".to_owned())),
            Json::Text(text) if self.is_blank(text) => Ok(0),
            Json::Text(text) => text
                .trim()
                .parse::<i64>()
                .map_err(|error| LenientError(format!("the text is not a number: {error}"))),
        }
    }

    fn boolean(self) -> Result<bool, LenientError> {
        match self.value {
            Json::Null => Ok(false),
            Json::Bool(value) => Ok(*value),
            Json::Number(number) => match number.value().as_i64() {
                Some(number) => Ok(number != 0),
                None => Err(LenientError("a boolean is expected".to_owned())),
            },
            Json::Text(text) if self.is_blank(text) => Ok(false),
            Json::Text(text) => match text.trim() {
                "true" | "True" | "TRUE" => Ok(true),
                "false" | "False" | "FALSE" => Ok(false),
                _ => Err(LenientError("the text is not a boolean".to_owned())),
            },
            Json::Array(_) | Json::Object(_) | Json::TooDeep => {
                Err(LenientError("a boolean is expected".to_owned()))
            }
        }
    }

    fn text(self) -> Result<String, LenientError> {
        match self.value {
            Json::Null => Ok(String::new()),
            Json::Bool(value) => Ok(value.to_string()),
            Json::Number(number) => Ok(number.to_string()),
            Json::Text(text) => {
                self.blanks.note_nul(self.value, text);
                Ok(text.clone())
            }
            Json::Array(_) | Json::Object(_) | Json::TooDeep => {
                Err(LenientError("text is expected".to_owned()))
            }
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
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(*value),
            Json::Number(number) => {
                let number = number.value();
                if let Some(number) = number.as_i64() {
                    visitor.visit_i64(number)
                } else if let Some(number) = number.as_u64() {
                    visitor.visit_u64(number)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
                }
            }
            Json::Text(text) => {
                self.blanks.note_nul(self.value, text);
                visitor.visit_str(text)
            }
            Json::Array(items) => visitor.visit_seq(Items::new(self, items)),
            Json::Object(members) => visitor.visit_map(Members::new(self, members)),
            Json::TooDeep => Err(LenientError("the value is nested too deep".to_owned())),
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
            Json::Null => visitor.visit_none(),
            value if self.blanks.skips(value) => visitor.visit_none(),
            _ => visitor.visit_some(Self {
                optional: true,
                ..self
            }),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, LenientError> {
        match self.value {
            Json::Array(items) => visitor.visit_seq(Items::new(self, items)),
            Json::Null => visitor.visit_seq(Items::new(self, &[])),
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
            Json::Object(members) => visitor.visit_map(Members::new(self, members)),
            // The checks say what an element must have.
            Json::Null if self.element => visitor.visit_map(Members::none(self)),
            _ => Err(LenientError("an object is expected".to_owned())),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        if name == JsonText::NAME {
            let text = serde_json::to_string(self.value);
            return visitor.visit_string(text.map_err(LenientError::custom)?);
        }
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
        identifier
    }

    /// A value that no field reads is not looked at.
    fn deserialize_ignored_any<V: Visitor<'de>>(
        self,
        visitor: V,
    ) -> Result<V::Value, LenientError> {
        visitor.visit_unit()
    }
}

impl<'de> IntoDeserializer<'de, LenientError> for Lenient<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
