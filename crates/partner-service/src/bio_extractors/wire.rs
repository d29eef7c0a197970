//! An extractor on the wire (contract partner.md §4.8 and §4.9).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How one biometric attribute is extracted.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Extractor {
    /// Name of the attribute.
    pub attribute_name: Option<String>,
    /// `modality` or `modality[sub,sub]`.
    pub biometric: Option<String>,
    /// What extracts it.
    pub extractor: Option<Provider>,
}

/// What extracts an attribute.
#[derive(Debug, Clone, Default, Deserialize, Serialize, ToSchema)]
#[serde(default)]
pub struct Provider {
    /// Name of the extractor.
    pub provider: Option<String>,
    /// Its version.
    pub version: Option<String>,
}
