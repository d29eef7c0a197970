//! The end of a partner's upload: the certificate becomes the partner's, and the
//! one that others encrypt with.

use std::sync::Arc;
use std::time::Instant;

use actix_web::web::Data;
use pms_database::certificates::find_revoked;
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::upload_slots::{self, UploadSlot};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::BusinessError;
use pms_domain::audit::about_partner;
use pms_domain::certificate::audits;
use pms_domain::event::{Event, EventData, PARTNER_SERVICE, Topic};
use pms_domain::partner::lifecycle::APPROVED;
use pms_integrations::key_manager::UNREACHABLE;
use pms_pki::errors::{KEY_COMPROMISED, OTHER_DOMAIN_UPDATE_FORBIDDEN, SAME_CERTIFICATE};
use pms_web::{ApiError, ApiResult, Caller, trace};
use tracing::Instrument as _;

use super::checks::check_partner;
use super::upload_partner_certificate::{Issued, note_failure};
use super::upload_slot;
use crate::Context;
use crate::errors::refused;

/// The one domain whose partners keep their own certificates, so that nothing
/// is encrypted for them.
const FTM: &str = "FTM";
/// How often an upload may lose its slot.
const ATTEMPTS: usize = 5;

/// An upload whose certificate is issued.
#[derive(Clone)]
pub(super) struct Upload {
    pub(super) caller: Caller,
    pub(super) partner_id: String,
    pub(super) domain: String,
    pub(super) issued: Arc<Issued>,
    /// The key manager answered the certificate that the partner has already.
    pub(super) kept: bool,
    /// When the request began.
    pub(super) started_at: Instant,
}

/// How giving the key manager a certificate ended.
enum Given {
    Done,
    Refused(BusinessError),
    /// There was no answer in time: the call may still be at work.
    Unknown,
}

/// How an attempt to tie a certificate to its partner ended.
enum Attempt {
    Done,
    /// The slot went to another upload, or a change that takes no slot came between.
    Overtaken,
}

impl Upload {
    /// Gives the key manager the certificate to encrypt with, and ties it to the
    /// partner, in the partner's slot. Goes on when the client hangs up, or the
    /// key manager would have another certificate than the partner.
    ///
    /// # Errors
    /// When the key manager or a rule refuses; busy when others don't stop.
    pub(super) async fn finalize(&self, context: &Data<Context>) -> ApiResult<()> {
        let (upload, context) = (self.clone(), context.clone());
        let work = async move { upload.finalize_in_slot(&context).await };
        tokio::spawn(trace::passed_on(work).in_current_span())
            .await
            .unwrap_or_else(|error| Err(ApiError::unexpected(error)))
    }

    /// A slot that lasts too long passes on to another upload. Then the key
    /// manager may have either certificate, so both steps are repeated: the
    /// upload that ends last has done both last.
    async fn finalize_in_slot(&self, context: &Context) -> ApiResult<()> {
        // Domains are compared ignoring case, by the key manager too.
        if self.domain.eq_ignore_ascii_case(FTM) {
            self.attempt(context, None).await?;
            return Ok(());
        }
        for attempt in 0..ATTEMPTS {
            let slot = upload_slot::take(context, &self.partner_id, self.started_at).await?;
            match self.give(context, attempt > 0).await {
                Given::Done => {}
                Given::Refused(rejection) => {
                    upload_slot::give_up(context, slot).await;
                    note_failure(context, &self.caller, &self.partner_id, &rejection).await;
                    return Err(rejection.into());
                }
                Given::Unknown => return Err(UNREACHABLE.into()),
            }
            match self.attempt(context, Some(slot.clone())).await {
                Ok(Attempt::Done) => return Ok(()),
                Ok(Attempt::Overtaken) => upload_slot::give_up(context, slot).await,
                Err(failure) => {
                    upload_slot::give_up(context, slot).await;
                    return Err(failure.into());
                }
            }
        }
        Err(ApiError::Busy(
            "other certificates of the partner are uploaded all the time",
        ))
    }

    async fn give(&self, context: &Context, again: bool) -> Given {
        let (id, pem) = (&self.partner_id, &self.issued.pem);
        let (once, with_fresh_token) = (context.upload_slots.call, context.upload_slots.call * 2);
        let started_at = Instant::now();
        let call = context.key_manager.upload_other_domain(id, pem);
        match tokio::time::timeout(with_fresh_token, call).await {
            Err(_) => Given::Unknown,
            Ok(Ok(_)) => Given::Done,
            Ok(Err(rejection)) if (again || self.kept) && is_there_already(&rejection) => {
                Given::Done
            }
            Ok(Err(rejection)) => {
                let late = started_at.elapsed() >= once;
                if late && rejection == UNREACHABLE.into() {
                    return Given::Unknown;
                }
                Given::Refused(rejection)
            }
        }
    }

    async fn attempt(
        &self,
        context: &Context,
        slot: Option<UploadSlot>,
    ) -> Result<Attempt, DbError> {
        let (upload, stamp) = (self.clone(), context.stamp(&self.caller));
        let by = stamp.clone();
        let end = move |conn: &mut Connection, trail: &mut AuditTrail| {
            upload.finish(conn, trail, slot.as_ref(), &stamp)
        };
        context.db.audited(by, end).await
    }

    /// Ties the certificate to the partner, unless the partner changed meanwhile,
    /// queues the event, and ends the slot.
    fn finish(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        slot: Option<&UploadSlot>,
        stamp: &Stamp,
    ) -> Result<Attempt, DbError> {
        let (caller, partner_id) = (&self.caller, self.partner_id.as_str());
        let partner = partners::lock(conn, partner_id)?;
        let partner = check_partner(conn, partner, (caller, partner_id), trail)?;
        if slot.is_some_and(|slot| partner.certificate_alias != slot.certificate_alias) {
            return Ok(Attempt::Overtaken);
        }
        let answer = &self.issued.answer;
        if find_revoked(conn, &answer.certificate_id)?.is_some() {
            // All certificates of a key go at once, also those that are on
            // their way.
            return Err(refused(KEY_COMPROMISED));
        }
        if let Some(slot) = slot
            && !upload_slots::end(conn, slot)?
        {
            return Ok(Attempt::Overtaken);
        }
        let id = &answer.certificate_id;
        let partner = partners::set_certificate(conn, partner_id, id, APPROVED, stamp)?;
        writer::event(conn, &partner_updated(&partner, &self.issued.pem), stamp.at)?;
        let event = chain_uploaded(partner_id, &self.domain);
        writer::trust_chain(conn, &event, &answer.signed_certificate_data, stamp.at)?;
        trail.note(audits::PARTNER_UPLOAD_SUCCESS, about_partner(partner_id));
        Ok(Attempt::Done)
    }
}

/// Whether the key manager says that it has this very certificate. The older
/// ones have one code for all certificates that they don't take.
fn is_there_already(rejection: &BusinessError) -> bool {
    let same = [SAME_CERTIFICATE, OTHER_DOMAIN_UPDATE_FORBIDDEN];
    same.iter().any(|error| error.code == rejection.code())
}

fn partner_updated(partner: &Partner, leaf: &str) -> Event {
    Event {
        topic: Topic::PartnerUpdated,
        emitter: PARTNER_SERVICE,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(partner.event_data(leaf.to_owned())),
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
