//! What creating and updating a draft have in common: its texts, its type, its
//! document.

use std::sync::Arc;

use pms_domain::BusinessError;
use pms_domain::policy::document;
use pms_domain::policy::errors::NOT_PROCESSED;
use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Checks};
use serde_json::Value;

use crate::Context;

/// Reports texts that are missing or longer than their most characters.
pub(crate) fn check_texts(fields: &mut Checks, texts: &[(&str, Option<&str>, usize)]) {
    for (name, value, most) in texts {
        fields
            .not_blank_or(name, *value, "value is empty or null")
            .length_or(
                name,
                *value,
                (1, *most),
                format!("Length should be in between 1 and {most} chars"),
            );
    }
}

/// Whether a text fits into a column of this many characters. PostgreSQL can't
/// hold NUL at all.
pub(crate) fn fits(text: &str, most: usize) -> bool {
    text.chars().count() <= most && !text.contains('\0')
}

impl Context {
    /// Whether the installation has policies of this type.
    pub(crate) fn allows(&self, policy_type: &str) -> bool {
        let policy_type = policy_type.to_lowercase();
        self.settings
            .allowed_types
            .iter()
            .any(|allowed| allowed.to_lowercase() == policy_type)
    }

    /// [`Context::checked_document`], off the async threads: a document may fill
    /// the whole body.
    pub(crate) async fn check_aside(
        self: Arc<Self>,
        policy_type: String,
        document: Option<JsonText>,
    ) -> ApiResult<Result<String, BusinessError>> {
        let compute = self.compute.clone();
        let check = move || self.checked_document(&policy_type, document);
        Ok(compute.run(check).await?)
    }

    /// The text to store for a document that matches the schema of its type. Without a
    /// schema it makes no difference whether there is a document (contract policy.md §5.1).
    /// Takes time in proportion to the document.
    fn checked_document(
        &self,
        policy_type: &str,
        document: Option<JsonText>,
    ) -> Result<String, BusinessError> {
        let schema = self.schemas.of_type(policy_type)?;
        let text = document.ok_or(NOT_PROCESSED)?;
        let document: Value = serde_json::from_str(text.get()).map_err(|_error| NOT_PROCESSED)?;
        schema.check(&document)?;
        // Whatever a schema allows, a policy is an object.
        if !document.is_object() {
            return Err(NOT_PROCESSED.into());
        }
        document::check_storable(&document, text.get())?;
        Ok(text.get().to_owned())
    }
}
