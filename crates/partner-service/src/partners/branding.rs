//! Logo and additional information of a partner (contract partner.md §4.2, §4.5).

use pms_web::{ApiError, Checks};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Width of the column `logo_url`.
const LOGO_LENGTH: usize = 256;

/// `addl_info` of a partner that has none.
pub(super) const NOTHING: &str = "[]";

/// Field rules of the logo.
pub(super) fn check_logo(fields: &mut Checks, logo_url: Option<&str>) {
    fields.length("logoUrl", logo_url, (0, LOGO_LENGTH));
}

/// Reads a member whose absence and null differ: null is a value.
///
/// # Errors
/// Those of the value.
pub(super) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The text of the column `addl_info`.
///
/// # Errors
/// When the value can't be written as JSON.
pub(super) fn text(additional_info: Option<&Value>) -> Result<String, ApiError> {
    match additional_info {
        None => Ok(NOTHING.to_owned()),
        Some(value) => serde_json::to_string(value).map_err(ApiError::unexpected),
    }
}
