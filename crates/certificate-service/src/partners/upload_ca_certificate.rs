//! `POST /partners/certificate/ca/upload`
//!
//! Takes a certificate of an authority that partners are to be trusted by
//! (contract partner.md §4.13).

use actix_web::web::Data;
use pms_database::outbox::AuditTrail;
use pms_domain::certificate::audits;
use pms_domain::event::Instant;
use pms_integrations::key_manager::UNREACHABLE;
use pms_pki::reading;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Context;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UploadCaCertificate {
    /// PEM, or base64url of a PKCS#7 bundle.
    certificate_data: Option<String>,
    partner_domain: Option<String>,
}

impl Request for UploadCaCertificate {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank("certificateData", self.certificate_data.as_deref())
            .not_blank("partnerDomain", self.partner_domain.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Uploaded {
    #[schema(example = "Upload Success.")]
    status: String,
    timestamp: Option<String>,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadCaCertificate>,
    context: Data<Context>,
) -> ApiResult<Uploaded> {
    let stamp = context.stamp(&caller);
    let data = request.certificate_data.unwrap_or_default();
    let domain = request.partner_domain.unwrap_or_default();
    let outcome = context
        .key_manager
        .upload_ca(&data, &domain, Instant(stamp.at))
        .await;
    let end = match &outcome {
        Ok(_) => Some(audits::CA_UPLOAD_SUCCESS),
        Err(rejection) if *rejection == UNREACHABLE.into() => None,
        Err(_) => Some(audits::CA_UPLOAD_FAILURE),
    };
    if outcome.is_ok() {
        let (uploader, domain) = (caller.user_id().to_owned(), domain.clone());
        let tell = move || tell(&uploader, &domain, &data);
        context.compute.run(tell).await?;
    }
    let ended = context.now();
    let note = |trail: &mut AuditTrail| {
        trail.note(audits::CA_UPLOAD, None);
        if let Some(end) = end {
            trail.note_at(end, None, ended);
        }
    };
    context.db.note(stamp, note).await;
    let uploaded = outcome?;
    Ok(Uploaded {
        status: uploaded.status,
        timestamp: uploaded.timestamp,
    })
}

/// What is logged about each certificate of an upload.
fn tell(uploader: &str, domain: &str, data: &str) {
    for certificate in reading::read_authorities(data, true).unwrap_or_default() {
        tracing::info!(
            uploader,
            domain,
            thumbprint = certificate.thumbprint(),
            subject = certificate.subject().text(),
            valid_till = %certificate.validity().not_after,
            "certificates of authorities were uploaded"
        );
    }
}
