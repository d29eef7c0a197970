//! A member that is kept as JSON.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde_json::value::RawValue;

/// A member of a request as JSON text: compact, members in the order they came,
/// numbers as they are spelled. Only a lenient reading gives it.
#[derive(Debug, Clone)]
pub struct JsonText(Box<RawValue>);

impl JsonText {
    /// What it asks a deserializer for; no other type has this name.
    pub(super) const NAME: &'static str = "pms_web::lenient::JsonText";

    /// The text.
    pub fn get(&self) -> &str {
        self.0.get()
    }
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(Self::NAME, AsText)
    }
}

struct AsText;

impl Visitor<'_> for AsText {
    type Value = JsonText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in a lenient reading")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<JsonText, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<JsonText, E> {
        RawValue::from_string(text).map(JsonText).map_err(E::custom)
    }
}
