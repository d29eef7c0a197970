//! Date forms of the wire (contract envelope-and-search.md §5), as serde adapters.

use chrono::NaiveDateTime;
use serde::{Deserialize as _, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{KnownFormat, RefOr, Schema, SchemaFormat};

use crate::body::request_time;
use crate::http_error::{local_date_time, zulu_date_time};

/// An "L" column: ISO local date-time without a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalDateTime(pub NaiveDateTime);

/// A "T" column: UTC with a numeric offset and milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OffsetDateTime(pub NaiveDateTime);

/// A patterned field: UTC, milliseconds, literal `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZuluDateTime(pub NaiveDateTime);

impl Serialize for LocalDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&local_date_time(self.0))
    }
}

impl Serialize for OffsetDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = zulu_date_time(self.0);
        text.truncate(text.len() - 1);
        text.push_str("+00:00");
        serializer.serialize_str(&text)
    }
}

impl Serialize for ZuluDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&zulu_date_time(self.0))
    }
}

/// A patterned field of a request for `#[serde(deserialize_with = "…")]`: blank is
/// absent.
///
/// # Errors
/// When the text is no such date.
pub fn optional_zulu<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDateTime>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let text = text.as_deref().filter(|text| !text.trim().is_empty());
    let at = text.map(|text| {
        request_time(text)
            .map(|at| at.naive_utc())
            .ok_or_else(|| serde::de::Error::custom("not a date with milliseconds and Z"))
    });
    at.transpose()
}

macro_rules! date_time_schema {
    ($($name:ident => $example:literal),*) => {$(
        impl From<NaiveDateTime> for $name {
            fn from(at: NaiveDateTime) -> Self {
                Self(at)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
                    .examples([$example])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*};
}

date_time_schema! {
    LocalDateTime => "2020-01-01T10:00:00.123456",
    OffsetDateTime => "2020-01-01T10:00:00.000+00:00",
    ZuluDateTime => "2020-01-01T10:00:00.000Z"
}
