//! Fields that the requests and answers about devices, SBIs and FTM chips share
//! (contract devices.md §9, §10 and §11).

use pms_domain::text::normalised;
use pms_web::Checks;
use serde::Serialize;
use utoipa::ToSchema;

/// What is missing.
pub(crate) const EMPTY: &str = "value is empty or null";
/// What is too long, or empty.
pub(crate) const TO_36: &str = "Length should be in between 1 and 36 chars";

/// A field of 1 to 36 characters, one of them visible.
pub(crate) fn to_36(fields: &mut Checks, field: &str, value: Option<&str>) {
    fields
        .not_blank_or(field, value, EMPTY)
        .length_or(field, value, (1, 36), TO_36);
}

/// [`to_36`] for a name that people read; its blanks will be normalised.
pub(crate) fn name_to_36(fields: &mut Checks, field: &str, value: Option<&str>) {
    to_36(fields, field, value);
    let stored = value.map(normalised);
    fields.plain(field, stored.as_deref());
}

/// The id of what was made or changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Identified {
    /// Its id.
    pub id: String,
}
