//! The end of a partner's upload: the certificate becomes the partner's, and the
//! one that others encrypt with.

use std::sync::Arc;

use chrono::NaiveDateTime;
use pms_database::certificates::find_revoked;
use pms_database::outbox::{Trail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, Failure, Stamp};
use pms_domain::Rejection;
use pms_domain::certificate::audits;
use pms_domain::event::{Event, EventData, PARTNER_SERVICE, PartnerData, Status, Topic};
use pms_domain::partner::lifecycle::APPROVED;
use pms_pki::errors::{KEY_COMPROMISED, SAME_CERTIFICATE};
use pms_web::{ApiError, ApiResult, Caller};

use super::checks::check_partner;
use super::upload_partner_certificate::{Issued, note_failure};
use crate::Context;
use crate::failures::refused;

/// The one domain whose partners keep their own certificates, so that nothing
/// is encrypted for them.
const FTM: &str = "FTM";
/// How often an upload may be overtaken by others of the same partner.
const ATTEMPTS: usize = 5;

/// An upload whose certificate is issued.
#[derive(Clone)]
pub(super) struct Upload {
    pub(super) caller: Caller,
    pub(super) partner_id: String,
    pub(super) domain: String,
    pub(super) issued: Arc<Issued>,
}

/// How an attempt to tie a certificate to its partner ended.
enum Attempt {
    Done,
    /// Another upload came first: its certificate is the partner's now.
    Overtaken(Option<String>),
}

impl Upload {
    /// Gives the key manager the certificate to encrypt with, and ties it to the
    /// partner, who had the certificate `known` before.
    ///
    /// Between the two steps another upload may have done both. Then the key
    /// manager may have either certificate, so both steps are repeated: whoever
    /// comes to the end last has done both last.
    ///
    /// # Errors
    /// When the key manager or a rule refuses; busy when others don't stop.
    pub(super) async fn settle(
        &self,
        context: &Context,
        mut known: Option<String>,
    ) -> ApiResult<()> {
        for attempt in 0..ATTEMPTS {
            if let Err(rejection) = self.give(context, attempt > 0).await {
                note_failure(context, &self.caller, &self.partner_id, &rejection).await?;
                return Err(rejection.into());
            }
            match self.attempt(context, known).await? {
                Attempt::Done => return Ok(()),
                Attempt::Overtaken(by) => known = by,
            }
        }
        Err(ApiError::Busy(
            "other certificates of the partner are uploaded all the time",
        ))
    }

    async fn give(&self, context: &Context, again: bool) -> Result<(), Rejection> {
        if self.domain == FTM {
            return Ok(());
        }
        let (id, pem) = (&self.partner_id, &self.issued.pem);
        match context.key_manager.upload_other_domain(id, pem).await {
            Err(rejection) if again && rejection.code() == SAME_CERTIFICATE.code => Ok(()),
            other => other.map(|_| ()),
        }
    }

    async fn attempt(&self, context: &Context, known: Option<String>) -> Result<Attempt, Failure> {
        let (upload, now) = (self.clone(), context.clock.now_naive());
        let end = move |conn: &mut Connection, trail: &mut Trail| {
            upload.finish(conn, trail, known.as_deref(), now)
        };
        context.db.audited(end).await
    }

    /// Ties the certificate to the partner, unless the partner changed meanwhile,
    /// and tells everybody.
    fn finish(
        &self,
        conn: &mut Connection,
        trail: &mut Trail,
        known: Option<&str>,
        now: NaiveDateTime,
    ) -> Result<Attempt, Failure> {
        let (caller, partner_id) = (&self.caller, self.partner_id.as_str());
        let partner = partners::lock(conn, partner_id)?;
        let partner = check_partner(conn, partner, (caller, partner_id), trail, now)?;
        if self.domain != FTM && partner.certificate_alias.as_deref() != known {
            return Ok(Attempt::Overtaken(partner.certificate_alias));
        }
        let answer = &self.issued.answer;
        if find_revoked(conn, &answer.certificate_id)?.is_some() {
            // All certificates of a key go at once, also those that are on
            // their way.
            return Err(refused(KEY_COMPROMISED));
        }
        let (id, stamp) = (&answer.certificate_id, Stamp::new(caller.user_id(), now));
        let partner = partners::set_certificate(conn, partner_id, id, APPROVED, &stamp)?;
        writer::event(conn, &partner_updated(partner, &self.issued.pem), now)?;
        let event = chain_uploaded(partner_id, &self.domain);
        writer::trust_chain(conn, &event, &answer.signed_certificate_data, now)?;
        let done = audits::PARTNER_UPLOAD_SUCCESS;
        trail.note(
            done.record(caller.user_id(), Some(partner_id), Some("partnerId")),
            now,
        );
        Ok(Attempt::Done)
    }
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
