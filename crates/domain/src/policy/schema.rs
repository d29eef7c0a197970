//! Whether a policy document matches the schema of its type (contract policy.md §5).

mod walk;

use std::collections::BTreeMap;

use serde_json::Value;

use super::errors::{DOCUMENT_INVALID, NO_SCHEMA};
use crate::BusinessError;

/// A draft-04 schema, ready for use.
#[derive(Debug)]
pub struct PolicySchema {
    text: Value,
    compiled: jsonschema::Validator,
}

/// Why a text is no usable schema.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// Not JSON.
    #[error("it is not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Not a schema object with `$schema` and `type`.
    #[error("it is not an object with $schema and type")]
    Shape,
    /// Not a draft-04 schema, or with references to other documents.
    #[error("it is not a draft-04 schema: {0}")]
    Schema(String),
}

impl PolicySchema {
    /// Compiles the text of a schema.
    ///
    /// # Errors
    /// When it is no draft-04 schema.
    pub fn compile(text: &str) -> Result<Self, SchemaError> {
        let text: Value = serde_json::from_str(text)?;
        let has = |member: &str| text.get(member).is_some_and(|value| !value.is_null());
        if !has("$schema") || !has("type") {
            return Err(SchemaError::Shape);
        }
        let compiled = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft4)
            .build(&text)
            .map_err(|error| SchemaError::Schema(error.to_string()))?;
        Ok(Self { text, compiled })
    }

    /// Accepts a document that matches the schema.
    ///
    /// # Errors
    /// The first violation in the contract's order (contract policy.md §5.2): `PMS_PV_005` to
    /// `PMS_PV_009`, or `PMS_PV_002` when only keywords without a code are violated.
    pub fn check(&self, document: &Value) -> Result<(), BusinessError> {
        if self.compiled.is_valid(document) {
            return Ok(());
        }
        Err(walk::first_violation(&self.text, document).unwrap_or_else(|| DOCUMENT_INVALID.into()))
    }
}

/// The schemas by policy type, ignoring case.
#[derive(Debug)]
pub struct PolicySchemas {
    by_type: BTreeMap<String, PolicySchema>,
}

/// Policy type in lower case, and the schema that comes with the service.
const BUILT_IN: [(&str, &str); 5] = [
    (
        "auth",
        include_str!("../../schemas/auth-policy-schema.json"),
    ),
    (
        "datashare",
        include_str!("../../schemas/data-share-policy-schema.json"),
    ),
    (
        "credentialissuance",
        include_str!("../../schemas/data-share-policy-schema.json"),
    ),
    (
        "misp",
        include_str!("../../schemas/misp-policy-schema.json"),
    ),
    (
        "binding",
        include_str!("../../schemas/binding-policy-schema.json"),
    ),
];

impl PolicySchemas {
    /// The schemas that come with the service.
    ///
    /// # Errors
    /// Never, unless a schema file of this crate is broken.
    pub fn built_in() -> Result<Self, SchemaError> {
        let compiled = BUILT_IN
            .iter()
            .map(|(name, text)| Ok(((*name).to_owned(), PolicySchema::compile(text)?)));
        Ok(Self {
            by_type: compiled.collect::<Result<_, SchemaError>>()?,
        })
    }

    /// Uses `schema` for a policy type from now on.
    pub fn set(&mut self, policy_type: &str, schema: PolicySchema) {
        self.by_type.insert(policy_type.to_lowercase(), schema);
    }

    /// The schema of a policy type.
    ///
    /// # Errors
    /// `PMS_POL_051` for a type without a schema.
    pub fn of_type(&self, policy_type: &str) -> Result<&PolicySchema, BusinessError> {
        let schema = self.by_type.get(&policy_type.to_lowercase());
        schema.ok_or_else(|| NO_SCHEMA.with(&["the policy type has no schema"]))
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
