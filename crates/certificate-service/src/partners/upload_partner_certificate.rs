//! POST /v1/partnermanager/partners/certificate/upload (partner contract §4.14)
//!
//! The key manager keeps a new certificate with every call, so the sequence
//! may break anywhere and be repeated: the last one that comes to the end is
//! the partner's.

use actix_web::web::Data;
use chrono::NaiveDateTime;
use pms_database::outbox::{Trail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, Failure, Stamp};
use pms_domain::Rejection;
use pms_domain::certificate::{audits, errors};
use pms_domain::event::{Event, EventData, PARTNER_SERVICE, PartnerData, Status, Topic};
use pms_domain::partner::lifecycle::APPROVED;
use pms_integrations::key_manager::{SignedPartnerCertificate, UNREACHABLE};
use pms_pki::{Certificate, pack, reading};
use pms_web::wire::LocalDateTime;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::checks::{check_domain, check_partner};
use crate::Context;

/// The one domain whose partners keep their own certificates, so that nothing
/// is encrypted for them.
const FTM: &str = "FTM";

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
    /// When the issued certificate ends.
    valid_till: LocalDateTime,
}

/// What the key manager answered, taken apart.
struct Issued {
    answer: SignedPartnerCertificate,
    leaf: Certificate,
    /// PEM of the leaf, without a line feed at the end.
    pem: String,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<UploadPartnerCertificate>,
    context: Data<Context>,
) -> ApiResult<PartnerCertificate> {
    let partner_id = request.partner_id.unwrap_or_default();
    let domain = request.partner_domain.unwrap_or_default();
    let data = request.certificate_data.unwrap_or_default();
    let partner = begin(&context, &caller, (&partner_id, &domain)).await?;
    let issued = match issue(&context, &partner, &data, &domain).await {
        Ok(issued) => issued,
        Err(rejection) => {
            note_failure(&context, &caller, &partner_id, &rejection).await?;
            return Err(rejection.into());
        }
    };
    let answer = PartnerCertificate {
        signed_certificate_data: issued.pem.clone(),
        certificate_id: issued.answer.certificate_id.clone(),
        timestamp: issued.answer.timestamp.clone(),
        valid_till: issued.leaf.validity().not_after.naive_utc().into(),
    };
    let now = context.clock.now_naive();
    let end = move |conn: &mut Connection, trail: &mut Trail| {
        finish(conn, trail, &caller, (&partner_id, &domain), &issued, now)?;
        Ok((caller, partner_id, issued))
    };
    let (caller, partner_id, issued) = context.db.audited(end).await?;
    tell(caller.user_id(), &partner_id, &data, &issued);
    Ok(answer)
}

/// What the log tells about an upload once it is done.
fn tell(uploader: &str, partner_id: &str, uploaded: &str, issued: &Issued) {
    let uploaded = reading::read_certificate(uploaded);
    tracing::info!(
        uploader,
        partner_id,
        certificate_id = issued.answer.certificate_id,
        uploaded = uploaded.ok().map(|one| one.thumbprint()),
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
) -> Result<Partner, Failure> {
    let (caller, partner_id) = (caller.clone(), partner_id.to_owned());
    let (rules, domain) = (context.rules.clone(), domain.to_owned());
    let now = context.clock.now_naive();
    let check = move |conn: &mut Connection, trail: &mut Trail| {
        let about = (Some(partner_id.as_str()), Some("partnerId"));
        trail.note(
            audits::PARTNER_UPLOAD.record(caller.user_id(), about.0, about.1),
            now,
        );
        let partner = partners::find(conn, &partner_id)?;
        let partner = check_partner(conn, partner, (&caller, &partner_id), trail, now)?;
        check_domain(&partner, &domain, &rules, &caller, (trail, now))?;
        Ok(partner)
    };
    context.db.audited(check).await
}

/// Everything that the key manager does for an upload.
async fn issue(
    context: &Context,
    partner: &Partner,
    data: &str,
    domain: &str,
) -> Result<Issued, Rejection> {
    let key_manager = &context.key_manager;
    let answer = key_manager
        .upload_partner(data, &partner.name, domain)
        .await?;
    let leaf = leaf(&answer.signed_certificate_data)?;
    let pem = pack::certificate_pem(&leaf).trim_end().to_owned();
    if domain != FTM {
        key_manager.upload_other_domain(&partner.id, &pem).await?;
    }
    Ok(Issued { answer, leaf, pem })
}

fn leaf(chain: &str) -> Result<Certificate, Rejection> {
    let chain = reading::read_chain(chain).map_err(|error| {
        tracing::error!(%error, "the key manager's chain can't be read");
        errors::LEAF_UNREADABLE
    })?;
    Ok(chain.into_iter().next().ok_or(errors::LEAF_UNREADABLE)?)
}

async fn note_failure(
    context: &Context,
    caller: &Caller,
    partner_id: &str,
    rejection: &Rejection,
) -> Result<(), Failure> {
    if *rejection == UNREACHABLE.into() {
        return Ok(());
    }
    let record = audits::PARTNER_UPLOAD_FAILURE.record(
        caller.user_id(),
        Some(partner_id),
        Some("partnerId"),
    );
    let now = context.clock.now_naive();
    let note = move |_: &mut Connection, trail: &mut Trail| {
        trail.note(record, now);
        Ok(())
    };
    context.db.audited(note).await
}

/// Ties the certificate to the partner, unless the partner changed meanwhile,
/// and tells everybody.
fn finish(
    conn: &mut Connection,
    trail: &mut Trail,
    caller: &Caller,
    (partner_id, domain): (&str, &str),
    issued: &Issued,
    now: NaiveDateTime,
) -> Result<(), Failure> {
    let partner = partners::lock(conn, partner_id)?;
    check_partner(conn, partner, (caller, partner_id), trail, now)?;
    let stamp = Stamp::new(caller.user_id(), now);
    let id = &issued.answer.certificate_id;
    let partner = partners::set_certificate(conn, partner_id, id, APPROVED, &stamp)?;
    writer::event(conn, &partner_updated(partner, &issued.pem), now)?;
    let event = chain_uploaded(partner_id, domain);
    writer::trust_chain(conn, &event, &issued.answer.signed_certificate_data, now)?;
    let about = (Some(partner_id), Some("partnerId"));
    trail.note(
        audits::PARTNER_UPLOAD_SUCCESS.record(caller.user_id(), about.0, about.1),
        now,
    );
    Ok(())
}

fn partner_updated(partner: Partner, leaf: &str) -> Event {
    Event {
        topic: Topic::PartnerUpdated,
        emitter: PARTNER_SERVICE,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(PartnerData {
                partner_id: partner.id,
                partner_name: partner.name,
                certificate_data: leaf.to_owned(),
                partner_status: Status::of(partner.is_active),
            }),
            ..EventData::default()
        },
    }
}

/// The address of the chain is added when it is delivered.
fn chain_uploaded(partner_id: &str, domain: &str) -> Event {
    Event {
        topic: Topic::CaCertificateUploaded,
        emitter: PARTNER_SERVICE,
        subject: Some(partner_id.to_owned()),
        data: EventData {
            partner_domain: Some(domain.to_owned()),
            ..EventData::default()
        },
    }
}
