//! Logo and additional information of a partner (contract partner.md §4.2, §4.5).

use pms_web::Checks;
use pms_web::lenient::JsonText;
use serde::{Deserialize, Deserializer};

/// Width of the column `logo_url`.
const LOGO_LENGTH: usize = 256;

/// `addl_info` of a partner that has none.
pub(super) const NOTHING: &str = "[]";

/// Field rules of the logo.
pub(super) fn check_logo(fields: &mut Checks, logo_url: Option<&str>) {
    fields.length("logoUrl", logo_url, (0, LOGO_LENGTH));
}

/// Reads a member whose absence and null differ: null is a value. It is kept as text,
/// since a number of many digits has no exact value.
///
/// # Errors
/// Those of the value.
pub(super) fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<JsonText>, D::Error> {
    JsonText::deserialize(deserializer).map(Some)
}

/// The text of the column `addl_info`.
pub(super) fn text(additional_info: Option<&JsonText>) -> String {
    additional_info.map_or(NOTHING, JsonText::get).to_owned()
}
