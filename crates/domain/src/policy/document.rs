//! The policy document as text: how it is stored, and how it is read back
//! (contract policy.md §5.4).

mod commas;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::errors::{DOCUMENT_UNREADABLE, NOT_PROCESSED};
use crate::ErrorDef;

/// Most characters of a stored document: the width of its column.
pub const LONGEST: usize = 5120;

/// Why a stored document can't be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentFault {
    /// Not JSON, not even with its stray commas forgiven.
    NotJson,
    /// JSON, but something else than an object.
    NotAnObject,
}

impl DocumentFault {
    /// What the wire says about it.
    pub const fn error(self) -> ErrorDef {
        match self {
            Self::NotJson => DOCUMENT_UNREADABLE,
            Self::NotAnObject => NOT_PROCESSED,
        }
    }
}

/// Whether a document can be stored as `text`.
///
/// # Errors
/// `PMS_COR_003` when the text is too long for its column, or when the document
/// holds a NUL character, which events about it could not carry.
pub fn check_storable(document: &Value, text: &str) -> Result<(), ErrorDef> {
    if holds_nul(document) || text.chars().count() > LONGEST {
        return Err(NOT_PROCESSED);
    }
    Ok(())
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The stored text as JSON to send on; a valid text goes out as it is.
///
/// # Errors
/// When the text is not an object, even after a lenient reading.
pub fn to_json(text: &str) -> Result<Box<RawValue>, DocumentFault> {
    let raw = match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => raw.to_owned(),
        Err(_) => RawValue::from_string(commas::without_stray(text))
            .map_err(|_error| DocumentFault::NotJson)?,
    };
    if raw.get().starts_with('{') {
        Ok(raw)
    } else {
        Err(DocumentFault::NotAnObject)
    }
}

/// The stored text as members, for events: numbers by their values, not their spelling.
///
/// # Errors
/// As [`to_json`].
pub fn to_members(text: &str) -> Result<Map<String, Value>, DocumentFault> {
    let value = serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&commas::without_stray(text)))
        .map_err(|_error| DocumentFault::NotJson)?;
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(DocumentFault::NotAnObject),
    }
}

#[cfg(test)]
mod tests;
