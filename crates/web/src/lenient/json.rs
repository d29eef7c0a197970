//! JSON whose numbers keep the text that they were sent with.
//!
//! The reference takes a number for a text as it is spelled: `1.10` is `1.10`, and not
//! `1.1` (contract envelope-and-search.md §3.1). `serde_json` gives the value of a number
//! alone, so its spelling is read from the same bytes beside it.

mod number;

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

pub use self::number::SpelledNumber;
use super::LenientError;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, and how it is spelled.
    Number(SpelledNumber),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<Self>),
    /// An object, its members in the order they came.
    Object(JsonMembers),
    /// What is nested deeper than anything that is read. It fits no type, and does no
    /// harm where it is ignored.
    TooDeep,
}

/// Most arrays and objects around a value that is read. `serde_json` itself refuses more
/// than 127, ignored or not.
const MOST_AROUND: usize = 120;

/// The members of an object; of a repeated one the last counts.
pub type JsonMembers = IndexMap<String, Json>;

impl Json {
    pub(crate) fn members_mut(&mut self) -> Option<&mut JsonMembers> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The first JSON value of `bytes`.
pub(super) fn first_of(bytes: &[u8]) -> Result<Json, LenientError> {
    let mut spellings = Spellings::of(bytes);
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let value = Reading::outermost(&mut spellings).deserialize(&mut source);
    value.map_err(|error| LenientError(error.to_string()))
}

/// The members `wanted` of the first JSON value of `bytes`, which is an object.
pub(super) fn members_of(bytes: &[u8], wanted: &[&str]) -> Result<JsonMembers, LenientError> {
    let mut spellings = Spellings::of(bytes);
    let mut source = serde_json::Deserializer::from_slice(bytes);
    let wanted = Wanted {
        names: wanted,
        reading: Reading::outermost(&mut spellings),
    };
    let members = source.deserialize_map(wanted);
    members.map_err(|error| LenientError(error.to_string()))
}

/// Compact, every number as it is spelled.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members),
            Self::TooDeep => Err(S::Error::custom("the value is nested too deep")),
        }
    }
}

/// Most values that are read of one text, those within others included: a value of one
/// byte takes dozens in memory.
const MOST_VALUES: usize = 250_000;

/// Texts with more values than this are kept without spare room.
const MANY_VALUES: usize = 1000;

/// The numbers of a JSON text, in their order.
struct Spellings<'t> {
    bytes: &'t [u8],
    at: usize,
    /// The values that have been read so far.
    values: usize,
}

impl<'t> Spellings<'t> {
    const fn of(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            values: 0,
        }
    }

    fn count<E: serde::de::Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(E::custom("more values than are read"));
        }
        Ok(())
    }

    const fn are_many(&self) -> bool {
        self.values > MANY_VALUES
    }

    /// The next number. What is before it has been read as JSON already.
    fn next(&mut self) -> Option<&'t str> {
        loop {
            match self.bytes.get(self.at)? {
                b'"' => self.skip_text(),
                b'-' | b'0'..=b'9' => return self.number(),
                _ => self.at += 1,
            }
        }
    }

    /// Passes over the numbers of a value that is not read.
    fn pass(&mut self, value: &RawValue) {
        let bytes = value.get().as_bytes();
        let mut within = Spellings::of(bytes);
        while within.next().is_some() {
            self.next();
        }
    }

    fn skip_text(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
    }

    fn number(&mut self) -> Option<&'t str> {
        let rest = self.bytes.get(self.at..)?;
        let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let length = rest.iter().take_while(|byte| is_part(byte)).count();
        self.at += length;
        std::str::from_utf8(rest.get(..length)?).ok()
    }
}

/// Reads a value; its numbers are the next of the spellings.
struct Reading<'s, 't> {
    spellings: &'s mut Spellings<'t>,
    /// Arrays and objects around the value.
    around: usize,
}

impl<'s, 't> Reading<'s, 't> {
    fn outermost(spellings: &'s mut Spellings<'t>) -> Self {
        let around = 0;
        Self { spellings, around }
    }

    /// Of a value within this one.
    fn inner(&mut self) -> Reading<'_, 't> {
        Reading {
            spellings: &mut *self.spellings,
            around: self.around + 1,
        }
    }

    /// Passes over a value, without a look at what it holds.
    fn ignore<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        self.spellings.pass(value);
        Ok(Json::TooDeep)
    }

    fn number<E: serde::de::Error>(self, number: serde_json::Number) -> Result<Json, E> {
        let spelling = self.spellings.next();
        let spelling = spelling.ok_or_else(|| E::custom("a number without a spelling"))?;
        Ok(Json::Number(SpelledNumber::new(number, spelling)))
    }
}

impl<'de> DeserializeSeed<'de> for Reading<'_, '_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        self.spellings.count()?;
        if self.around > MOST_AROUND {
            return self.ignore(deserializer);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_, '_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Json, E> {
        self.number(value.into())
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Json, E> {
        self.number(value.into())
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        let number = serde_json::Number::from_f64(value);
        self.number(number.ok_or_else(|| E::custom("the number is out of range"))?)
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(Json::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(Json::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self.inner())? {
            items.push(item);
        }
        if self.spellings.are_many() {
            items.shrink_to_fit();
        }
        Ok(Json::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Json, A::Error> {
        let mut members = JsonMembers::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(self.inner())?;
            members.insert(name, value);
        }
        if self.spellings.are_many() {
            members.shrink_to_fit();
        }
        Ok(Json::Object(members))
    }
}

/// Reads these members of an object.
struct Wanted<'s, 't, 'n> {
    names: &'n [&'n str],
    reading: Reading<'s, 't>,
}

impl<'de> Visitor<'de> for Wanted<'_, '_, '_> {
    type Value = JsonMembers;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<JsonMembers, A::Error> {
        let mut members = JsonMembers::new();
        while let Some(name) = map.next_key::<String>()? {
            if self.names.contains(&name.as_str()) {
                members.insert(name, map.next_value_seed(self.reading.inner())?);
            } else {
                self.reading.spellings.pass(map.next_value()?);
            }
        }
        Ok(members)
    }
}
