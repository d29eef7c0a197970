//! Certificates of authorities that partners are trusted by
//! (contract partner-admin.md §1.14 and §1.15): one file per operation.

pub(crate) mod download;
pub(crate) mod list;

use pms_domain::certificate::errors::TRUST_CERTIFICATES_OFF;
use pms_web::{ApiError, ApiResult};

use crate::Context;

/// Refuses unless the operator lets trust chain certificates be seen.
///
/// # Errors
/// `PMS_FEATURE_001`.
fn require_feature(context: &Context) -> ApiResult<()> {
    if context.rules.trust_certificates {
        Ok(())
    } else {
        Err(ApiError::RejectedEarly(TRUST_CERTIFICATES_OFF.into()))
    }
}
