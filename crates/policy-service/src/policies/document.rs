//! The policy document on its way out.

use pms_database::DbError;
use pms_database::outbox::AuditTrail;
use pms_domain::policy::audits::DOCUMENT_UNREADABLE;
use pms_domain::policy::{DocumentFault, document};
use pms_web::{ApiError, Caller};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use crate::Context;

/// A policy document, sent as it is stored.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Document(Box<RawValue>);

impl Document {
    /// Reads the stored text.
    pub(crate) fn of(stored: &str) -> Result<Self, DocumentFault> {
        document::to_json(stored).map(Self)
    }

    /// The stored text, for lists: one row that can't be read must not hide
    /// all the others, and is null.
    pub(crate) fn in_list(policy_id: &str, stored: &str) -> Option<Self> {
        let document = Self::of(stored);
        if let Err(fault) = &document {
            tracing::warn!(policy_id, ?fault, "a stored policy document can't be read");
        }
        document.ok()
    }
}

impl utoipa::PartialSchema for Document {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(
                "The policy document, in the schema of the policy's type.",
            ))
            .into()
    }
}

impl utoipa::ToSchema for Document {}

/// Notes that a read found a stored document that can't be read, and gives the
/// answer. A read has no audit records otherwise.
pub(crate) async fn refuse(context: &Context, caller: &Caller, fault: DocumentFault) -> ApiError {
    let note = |trail: &mut AuditTrail| {
        refusal(trail, fault);
    };
    context.db.note(context.stamp(caller), note).await;
    fault.error().into()
}

/// The audit record and the error of an unreadable document.
pub(crate) fn refusal(trail: &mut AuditTrail, fault: DocumentFault) -> DbError {
    if fault == DocumentFault::NotJson {
        trail.note(DOCUMENT_UNREADABLE, None);
    }
    fault.error().into()
}
