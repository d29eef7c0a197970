//! `GET /trust-chain-certificates/{certificateId}/certificateFile`
//!
//! Downloads a certificate of an authority with its issuers (contract partner-admin.md §1.15).

use actix_web::web::{Data, Path};
use pms_domain::certificate::errors::CERTIFICATE_ID_INVALID;
use pms_web::{ApiError, ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::require_feature;
use crate::Context;

/// Longest id of a certificate.
const LONGEST_ID: usize = 36;

/// A certificate with its issuers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CertificateFile {
    /// PKCS#7 in PEM armour.
    #[serde(rename = "p7bFile")]
    p7b_file: String,
    /// ISO local date-time, UTC.
    timestamp: Option<String>,
}

/// Downloads a certificate of an authority.
pub(crate) async fn handle(
    _caller: Caller,
    id: Path<String>,
    context: Data<Context>,
) -> ApiResult<CertificateFile> {
    require_feature(&context)?;
    if !is_certificate_id(&id) {
        return Err(ApiError::RejectedEarly(CERTIFICATE_ID_INVALID.into()));
    }
    let path = context.key_manager.ca_trust_path(&id).await?;
    Ok(CertificateFile {
        p7b_file: path.p7b_file,
        timestamp: path.timestamp,
    })
}

fn is_certificate_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-';
    (1..=LONGEST_ID).contains(&text.len()) && text.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_letters_digits_and_hyphens() {
        assert!(is_certificate_id("0b9f6f3e-1b1f-4f6e-9d1c-0a1b2c3d4e5f"));
        assert!(is_certificate_id("-"));
        for wrong in ["", "a_b", "é", &"a".repeat(37)] {
            assert!(!is_certificate_id(wrong), "{wrong}");
        }
    }
}
