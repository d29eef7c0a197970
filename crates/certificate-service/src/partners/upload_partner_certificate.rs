//! `POST /partners/certificate/upload`
//!
//! Takes a partner's certificate, which approves and activates the partner
//! (contract partner.md §4.14).
//!
//! The key manager keeps a new certificate with every call, so the sequence
//! may break anywhere and be repeated: the certificate of the last upload that is
//! completed is the partner's. Uploads of one partner give the key manager their
//! certificates one after the other, so that both have the same one in the end.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError};
use pms_domain::BusinessError;
use pms_domain::audit::about_partner;
use pms_domain::certificate::{audits, errors};
use pms_integrations::key_manager::{PartnerUpload, SignedPartnerCertificate, UNREACHABLE};
use pms_pki::{Certificate, pack, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{check_domain, check_partner};
use super::finalize::Upload;
use crate::Context;

#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct UploadPartnerCertificate {
    partner_id: Option<String>,
    /// PEM.
    certificate_data: Option<String>,
    /// `AUTH`, `DEVICE`, `FTM` or `MISP`.
    partner_domain: Option<String>,
}

impl Request for UploadPartnerCertificate {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank("partnerId", self.partner_id.as_deref())
            .length("partnerId", self.partner_id.as_deref(), (1, 4096))
            .not_blank("certificateData", self.certificate_data.as_deref())
            .not_blank("partnerDomain", self.partner_domain.as_deref());
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PartnerCertificate {
    /// PEM of the certificate that was issued to the partner.
    signed_certificate_data: String,
    certificate_id: String,
    timestamp: Option<String>,
    /// When the certificate in `signedCertificateData` ends.
    valid_till: LocalDateTime,
}

/// What the key manager answered, taken apart.
pub(super) struct Issued {
    pub(super) answer: SignedPartnerCertificate,
    pub(super) leaf: Certificate,
    /// PEM of the leaf, without a line feed at the end.
    pub(super) pem: String,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadPartnerCertificate>,
    context: Data<Context>,
) -> ApiResult<PartnerCertificate> {
    let started_at = Instant::now();
    let partner_id = request.partner_id.unwrap_or_default();
    let domain = request.partner_domain.unwrap_or_default();
    let data = request.certificate_data.unwrap_or_default();
    let partner = begin(&context, &caller, (&partner_id, &domain)).await?;
    let issued = match issue(&context, &partner, &data, &domain).await {
        Ok(issued) => Arc::new(issued),
        Err(rejection) => {
            note_failure(&context, &caller, &partner_id, &rejection).await;
            return Err(rejection.into());
        }
    };
    let kept = partner.certificate_alias.as_ref() == Some(&issued.answer.certificate_id);
    let upload = Upload {
        caller,
        partner_id,
        domain,
        issued: Arc::clone(&issued),
        kept,
        started_at,
    };
    upload.finalize(&context).await?;
    let read = context
        .compute
        .run(move || reading::read_certificate(&data).ok());
    tell(&upload, read.await?.as_ref());
    Ok(PartnerCertificate {
        signed_certificate_data: issued.pem.clone(),
        certificate_id: issued.answer.certificate_id.clone(),
        timestamp: issued.answer.timestamp.clone(),
        valid_till: issued.leaf.validity().not_after.naive_utc().into(),
    })
}

/// What is logged about an upload once it is done.
fn tell(upload: &Upload, uploaded: Option<&Certificate>) {
    let issued = &upload.issued;
    tracing::info!(
        uploader = upload.caller.user_id(),
        partner_id = upload.partner_id,
        certificate_id = issued.answer.certificate_id,
        uploaded = uploaded.map(Certificate::thumbprint),
        issued = issued.leaf.thumbprint(),
        valid_till = %issued.leaf.validity().not_after,
        "a partner's certificate was uploaded and re-issued"
    );
}

/// Notes the attempt and checks whether the partner may upload at all.
async fn begin(
    context: &Context,
    caller: &Caller,
    (partner_id, domain): (&str, &str),
) -> Result<Partner, DbError> {
    let (caller, partner_id) = (caller.clone(), partner_id.to_owned());
    let (rules, domain) = (context.rules.clone(), domain.to_owned());
    let stamp = context.stamp(&caller);
    let check = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.note(audits::PARTNER_UPLOAD, about_partner(&partner_id));
        let partner = partners::find(conn, &partner_id)?;
        let partner = check_partner(conn, partner, (&caller, &partner_id), trail)?;
        check_domain(&partner, &domain, &rules, trail)?;
        Ok(partner)
    };
    context.db.audited(stamp, check).await
}

/// Lets the key manager issue a certificate.
async fn issue(
    context: &Context,
    partner: &Partner,
    data: &str,
    domain: &str,
) -> Result<Issued, BusinessError> {
    let key_manager = &context.key_manager;
    let upload = PartnerUpload {
        partner_id: &partner.id,
        certificate_data: data,
        organization_name: &partner.name,
        partner_type: &partner.partner_type_code,
        partner_domain: domain,
        certificate_id: partner.certificate_alias.as_deref(),
    };
    let answer = key_manager.upload_partner(&upload).await?;
    let leaf = leaf(&answer.signed_certificate_data)?;
    let pem = pack::certificate_pem(&leaf).trim_end().to_owned();
    Ok(Issued { answer, leaf, pem })
}

fn leaf(chain: &str) -> Result<Certificate, BusinessError> {
    let chain = reading::read_chain(chain).map_err(|error| {
        tracing::error!(%error, "the key manager's chain can't be read");
        errors::LEAF_UNREADABLE
    })?;
    Ok(chain.into_iter().next().ok_or(errors::LEAF_UNREADABLE)?)
}

/// Notes that the key manager refused; a key manager that can't be reached
/// refused nothing.
pub(super) async fn note_failure(
    context: &Context,
    caller: &Caller,
    partner_id: &str,
    rejection: &BusinessError,
) {
    if *rejection == UNREACHABLE.into() {
        return;
    }
    let note = |trail: &mut AuditTrail| {
        trail.note(audits::PARTNER_UPLOAD_FAILURE, about_partner(partner_id));
    };
    context.db.note(context.stamp(caller), note).await;
}
