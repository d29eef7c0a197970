//! `GET /partners/{partnerId}/bioextractors/{policyId}`
//!
//! How a partner gets biometrics (contract partner.md §4.9).

use actix_web::web;
use pms_database::bio_extractors::{self, BioExtractor};
use pms_database::partners;
use pms_domain::partner::errors;
use pms_domain::partner::extractors::format_biometric;
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::wire::{Extractor, Provider};
use crate::Context;

/// The extractors of a partner for a policy.
#[derive(Debug, Serialize, ToSchema)]
pub struct Extractors {
    /// Oldest first.
    pub extractors: Vec<Extractor>,
}

impl From<BioExtractor> for Extractor {
    fn from(row: BioExtractor) -> Self {
        let sub_types = row.biometric_sub_types.as_deref();
        Self {
            biometric: Some(format_biometric(&row.biometric_modality, sub_types)),
            attribute_name: Some(row.attribute_name),
            extractor: Some(Provider {
                provider: Some(row.extractor_provider),
                version: row.extractor_provider_version,
            }),
        }
    }
}

/// Lists the extractors.
///
/// # Errors
/// None at all, another user's.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    context: web::Data<Context>,
) -> ApiResult<Extractors> {
    let (partner_id, policy_id) = path.into_inner();
    let limit = context.unpaged.rows_to_ask();
    let found = context.db.read(move |conn| {
        let rows = bio_extractors::list(conn, &partner_id, &policy_id, limit)?;
        if rows.is_empty() {
            return Err(errors::NOTHING_FOUND.into());
        }
        let partner = partners::find(conn, &partner_id)?.ok_or(errors::NOTHING_FOUND)?;
        caller.require_reader(&partner.user_id, &partner.id)?;
        Ok(rows)
    });
    let rows = found.await?;
    context.unpaged.check(rows.len())?;
    Ok(Extractors {
        extractors: rows.into_iter().map(Extractor::from).collect(),
    })
}
