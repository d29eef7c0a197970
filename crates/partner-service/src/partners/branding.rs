//! Logo and additional information of a partner (contract partner.md §4.2, §4.5).

use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Checks};
use serde::{Deserialize, Deserializer};

use crate::Context;

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

/// Refuses additional information that is longer than `partner.additional_info_bytes`:
/// any user may register partners, and a list shows it for all of them.
///
/// # Errors
/// The field and the limit.
pub(super) fn check_length(additional_info: &str, context: &Context) -> ApiResult<()> {
    let most = context.rules.additional_info_bytes;
    let mut fields = Checks::default();
    let rule = format!("size must be between 0 and {most}");
    fields.require(additional_info.len() <= most, "additionalInfo", rule);
    Ok(fields.finish()?)
}
