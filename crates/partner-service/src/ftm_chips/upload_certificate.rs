//! `POST /ftpchipdetail/uploadcertificate`
//!
//! Gives an FTM chip its certificate (contract devices.md §10.4). Each call lets the
//! key manager issue; of two at once, the first to come to the end is the chip's,
//! because the chip waits for approval then.

use actix_web::web;
use pms_database::certificates::find_revoked;
use pms_database::ftm_chips::{self, ChipCertificate, FtmChip, keep_certificates};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::BusinessError;
use pms_domain::certificate::errors::LEAF_UNREADABLE;
use pms_domain::event::{Event, EventData, FTM_CHIPS, Topic};
use pms_domain::ftm_chip::audits::{self, about_chip, about_refused_chip};
use pms_domain::ftm_chip::{errors, lifecycle};
use pms_integrations::key_manager::{PartnerUpload, SignedPartnerCertificate};
use pms_pki::errors::KEY_COMPROMISED;
use pms_pki::{pack, reading};
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::providers::refused;
use crate::Context;
use crate::hardware::fields::EMPTY;
use crate::hardware::providers::{in_use, require_own};

/// A certificate of a chip.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct UploadChipCertificate {
    /// Partner id of the provider.
    pub ftp_provider_id: Option<String>,
    /// Id of the chip, misspelt on the wire.
    #[serde(rename = "ftpChipDeatilId")]
    pub ftp_chip_detail_id: Option<String>,
    /// Has no effect.
    pub is_it_for_registration_device: Option<bool>,
    /// PEM.
    pub certificate_data: Option<String>,
    /// Name of the organisation in the certificate's subject.
    pub organization_name: Option<String>,
    /// Trust domain: `FTM`.
    pub partner_domain: Option<String>,
}

impl Request for UploadChipCertificate {
    fn check(&self, fields: &mut Checks) {
        let for_registration = self.is_it_for_registration_device.is_some();
        fields
            .not_blank_or("ftpProviderId", self.ftp_provider_id.as_deref(), EMPTY)
            .not_blank_or("ftpChipDeatilId", self.ftp_chip_detail_id.as_deref(), EMPTY)
            .require(for_registration, "isItForRegistrationDevice", EMPTY)
            .not_blank_or("certificateData", self.certificate_data.as_deref(), EMPTY)
            .not_blank_or("organizationName", self.organization_name.as_deref(), EMPTY)
            .not_blank_or("partnerDomain", self.partner_domain.as_deref(), EMPTY);
    }
}

/// What the chip was given.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadedChipCertificate {
    /// The chain as the key manager answered it: base64url of PKCS#7.
    pub signed_certificate_data: String,
    /// PEM of the chain's first certificate; not its id.
    pub certificate_id: String,
    /// When the key manager answered: ISO local date-time, UTC.
    pub timestamp: Option<String>,
}

struct Command {
    caller: Caller,
    provider_id: String,
    chip_id: String,
    certificate: String,
    organization: String,
    domain: String,
    stamp: Stamp,
}

/// What the key manager is told of the chip.
struct Question {
    /// The certificate that it has.
    previous: Option<String>,
    /// Type of its provider.
    partner_type: String,
}

/// What the key manager issued, and for a chip with which certificate.
struct Issued {
    /// The chip's certificate when the key manager was called.
    previous: Option<String>,
    answer: SignedPartnerCertificate,
    /// PEM of the leaf, without a line feed at the end.
    pem: String,
    /// When the uploaded certificate ends; `None` if only the key manager can read
    /// it.
    dates: Option<ChipCertificate>,
}

/// Uploads the certificate of a chip.
///
/// # Errors
/// The rules of contract devices.md §10.4 in its order, with another partner's chip
/// before its state; the key manager's own error.
pub async fn handle(
    caller: Caller,
    Body(request): Body<UploadChipCertificate>,
    context: web::Data<Context>,
) -> ApiResult<UploadedChipCertificate> {
    let command = Command {
        stamp: context.stamp(&caller),
        caller,
        provider_id: request.ftp_provider_id.unwrap_or_default(),
        chip_id: request.ftp_chip_detail_id.unwrap_or_default(),
        certificate: request.certificate_data.unwrap_or_default(),
        organization: request.organization_name.unwrap_or_default(),
        domain: request.partner_domain.unwrap_or_default(),
    };
    let ask = async |command: &Command, question: Question| -> ApiResult<Issued> {
        let upload = PartnerUpload {
            partner_id: &command.chip_id,
            certificate_data: &command.certificate,
            organization_name: &command.organization,
            partner_type: &question.partner_type,
            partner_domain: &command.domain,
            certificate_id: question.previous.as_deref(),
        };
        let answer = context.key_manager.upload_chip(&upload).await?;
        Ok(Issued::of(answer, question.previous, &command.certificate)?)
    };
    let issued = peer_command::run(&context.db, command, ask).await?;
    Ok(UploadedChipCertificate {
        signed_certificate_data: issued.answer.signed_certificate_data,
        certificate_id: issued.pem,
        timestamp: issued.answer.timestamp,
    })
}

impl PeerCommand for Command {
    type Question = Question;
    type Prefetched = Issued;
    type Done = Issued;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Question, DbError> {
        trail.note(audits::UPLOAD_CERTIFICATE, about_chip(&self.chip_id));
        let provider = partners::find(conn, &self.provider_id)?;
        let chip = ftm_chips::find(conn, &self.chip_id)?;
        let partner_type = provider.as_ref().map(|one| one.partner_type_code.clone());
        let (chip, _) = self.permitted(conn, trail, (provider, chip))?;
        Ok(Question {
            previous: chip.certificate().map(str::to_owned),
            partner_type: partner_type.unwrap_or_default(),
        })
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        issued: Issued,
    ) -> Result<Issued, DbError> {
        let provider = partners::lock(conn, &self.provider_id)?;
        let chip = ftm_chips::lock(conn, &self.chip_id)?;
        let (chip, change) = self.permitted(conn, trail, (provider, chip))?;
        if chip.certificate() != issued.previous.as_deref() {
            return Err(DbError::Busy("the chip changed meanwhile"));
        }
        let id = issued.answer.certificate_id.as_str();
        if find_revoked(conn, id)?.is_some() {
            // All certificates of a key go at once, also those on their way.
            let refusal = KEY_COMPROMISED;
            return Err(BusinessError::single(refusal.code, refusal.message).into());
        }
        ftm_chips::set_certificate(conn, &chip.id, id, change, &self.stamp)?;
        if let Some(dates) = &issued.dates {
            keep_certificates(conn, std::slice::from_ref(dates))?;
        }
        let chain = &issued.answer.signed_certificate_data;
        writer::trust_chain(conn, &self.chain_uploaded(), chain, self.stamp.at)?;
        trail.note(audits::CERTIFICATE_UPLOADED, about_chip(&chip.id));
        Ok(issued)
    }
}

impl Command {
    /// The chip and what the upload does to it, if it may be.
    fn permitted(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        found: (Option<Partner>, Option<FtmChip>),
    ) -> Result<(FtmChip, lifecycle::Change), DbError> {
        self.decide(conn, found)
            .map_err(|error| refused(trail, about_refused_chip(&self.chip_id), error))
    }

    fn decide(
        &self,
        conn: &mut Connection,
        (provider, chip): (Option<Partner>, Option<FtmChip>),
    ) -> Result<(FtmChip, lifecycle::Change), DbError> {
        let provider = in_use(provider, errors::PROVIDER_INACTIVE)?;
        let chip = chip.ok_or(errors::CHIP_UNKNOWN_BY_ID)?;
        if chip.foundational_trust_provider_id != provider.id {
            return Err(errors::CHIP_OF_OTHER_PROVIDER.into());
        }
        let foreign = errors::CHIP_NOT_OWN;
        require_own(conn, &self.caller, Some(&provider.id), foreign)?;
        let change = lifecycle::upload(chip.state())?;
        Ok((chip, change))
    }

    /// The address of the chain is added when it is delivered.
    fn chain_uploaded(&self) -> Event {
        Event {
            topic: Topic::CaCertificateUploaded,
            emitter: FTM_CHIPS,
            subject: Some(self.provider_id.clone()),
            data: EventData {
                partner_domain: Some(self.domain.clone()),
                ..EventData::default()
            },
        }
    }
}

impl Issued {
    fn of(
        answer: SignedPartnerCertificate,
        previous: Option<String>,
        uploaded: &str,
    ) -> Result<Self, BusinessError> {
        let chain = reading::read_chain(&answer.signed_certificate_data).map_err(|error| {
            tracing::error!(%error, "the key manager's chain can't be read");
            LEAF_UNREADABLE
        })?;
        let leaf = chain.first().ok_or(LEAF_UNREADABLE)?;
        let uploaded = reading::read_certificate(uploaded).ok();
        Ok(Self {
            pem: pack::certificate_pem(leaf).trim_end().to_owned(),
            dates: uploaded.map(|certificate| ChipCertificate {
                certificate_id: answer.certificate_id.clone(),
                uploaded_not_after: certificate.validity().not_after.naive_utc(),
                issued_not_before: None,
            }),
            previous,
            answer,
        })
    }
}
