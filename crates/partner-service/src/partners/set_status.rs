//! `PATCH /partners/{partnerId}`
//!
//! Activates or deactivates a partner (contract partner-admin.md §1.2).

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::event::{Event, EventData, PARTNER_MANAGER, Topic};
use pms_domain::partner::lifecycle::{PartnerState, StatusChange};
use pms_domain::partner::mail::MailKind;
use pms_domain::partner::{audits, errors};
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{endings, mail};
use crate::Context;
use crate::context::Rules;

/// The wanted status.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SetStatus {
    /// `Active` or `De-active`, in any case.
    pub status: Option<String>,
}

impl Request for SetStatus {
    fn check(&self, fields: &mut Checks) {
        fields.not_blank_or("status", self.status.as_deref(), "value is empty or null");
    }
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusSet {
    /// A sentence about it.
    pub message: &'static str,
}

/// A request for a status.
struct Command {
    partner_id: String,
    status: String,
    stamp: Stamp,
    rules: Rules,
    /// Whether all that the partner has ends with it.
    cascade: bool,
}

/// What the first look at the partner found.
struct Facts {
    change: StatusChange,
    alias: Option<String>,
    endings: Endings,
}

/// What ends with a partner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Endings {
    /// All that it has.
    All,
    /// The licences of a MISP.
    Licences,
    Nothing,
}

impl Endings {
    fn of(partner: &Partner, command: &Command) -> Self {
        if command.cascade {
            Self::All
        } else if command.rules.is_misp(&partner.partner_type_code) {
            Self::Licences
        } else {
            Self::Nothing
        }
    }
}

impl Facts {
    /// Whether the certificate was asked for that the partner has now. It was
    /// not, if there seemed to be nothing to tell.
    fn knows_certificate_of(&self, partner: &Partner) -> bool {
        alias_of(partner) == self.alias && (self.alias.is_none() || self.change.is_news())
    }
}

/// Activates or deactivates a partner.
///
/// # Errors
/// The rules of contract partner-admin.md §1.2 in its order, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<SetStatus>,
    context: web::Data<Context>,
) -> ApiResult<StatusSet> {
    let command = Command {
        partner_id: id.into_inner(),
        status: request.status.unwrap_or_default(),
        stamp: context.stamp(&caller),
        rules: context.rules.clone(),
        cascade: context.cascade_deactivation,
    };
    let ask = async |_: &Command, facts: Facts| -> ApiResult<(Facts, String)> {
        // Consumers drop events without a certificate, but take an empty one.
        let mut certificate = String::new();
        if let Some(alias) = facts.alias.as_deref().filter(|_| facts.change.is_news()) {
            let found = context.key_manager.partner_certificate(alias).await?;
            certificate = found.certificate_data;
        }
        Ok((facts, certificate))
    };
    let change = peer_command::run(&context.db, command, ask).await?;
    Ok(StatusSet {
        message: change.message(),
    })
}

impl PeerCommand for Command {
    type Question = Facts;
    /// The facts, and the certificate if it was asked for.
    type Prefetched = (Facts, String);
    type Done = StatusChange;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Facts, DbError> {
        trail.note(audits::CHANGE_STATUS, None);
        let partner = partners::find(conn, &self.partner_id)?;
        let (partner, change) = self.decide(partner, trail)?;
        Ok(Facts {
            change,
            alias: alias_of(&partner),
            endings: Endings::of(&partner, self),
        })
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        (facts, certificate): (Facts, String),
    ) -> Result<StatusChange, DbError> {
        let stamp = &self.stamp;
        // Before the partner's row: what issues a licence locks in this order.
        if facts.endings != Endings::Nothing {
            locks::hold(conn, Lock::MispLicence(&self.partner_id))?;
        }
        let partner = partners::lock(conn, &self.partner_id)?;
        let (partner, change) = self.decide(partner, trail)?;
        if change.is_news() && !facts.knows_certificate_of(&partner) {
            return Err(DbError::Busy("the partner changed meanwhile"));
        }
        let partner = partners::set_active(conn, &partner.id, change.active(), stamp)?;
        if change == StatusChange::Deactivate {
            match facts.endings {
                Endings::All => endings::end_all(conn, &partner.id, stamp)?,
                Endings::Licences => endings::end_licences(conn, &partner.id, stamp)?,
                Endings::Nothing => {}
            }
        }
        if change.is_news() {
            writer::event(conn, &updated(&partner, certificate), stamp.at)?;
            let language = self.rules.default_language();
            mail::queue(conn, MailKind::StatusChanged, &partner, language, stamp)?;
        }
        trail.note(audits::STATUS_CHANGED, about_partner(&partner.id));
        trail.note(audits::STATUS_CHANGED, None);
        Ok(change)
    }
}

impl Command {
    fn decide(
        &self,
        partner: Option<Partner>,
        trail: &mut AuditTrail,
    ) -> Result<(Partner, StatusChange), DbError> {
        let failed = audits::CHANGE_STATUS_FAILED;
        let about = about_partner(&self.partner_id);
        let Some(partner) = partner else {
            return Err(trail.refuse(failed, about, errors::PARTNER_ID_UNKNOWN));
        };
        let state = PartnerState {
            approval_status: &partner.approval_status,
            is_active: partner.is_active,
            has_certificate: alias_of(&partner).is_some(),
        };
        match state.change(&self.status) {
            Ok(change) => Ok((partner, change)),
            Err(error) if error == errors::STATUS_NOT_ACTIVE_OR_DEACTIVE => {
                Err(trail.refuse(failed, about, error))
            }
            Err(error) => Err(error.into()),
        }
    }
}

fn alias_of(partner: &Partner) -> Option<String> {
    partner
        .certificate_alias
        .clone()
        .filter(|alias| !alias.is_empty())
}

fn updated(partner: &Partner, certificate_data: String) -> Event {
    Event {
        topic: Topic::PartnerUpdated,
        emitter: PARTNER_MANAGER,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(partner.event_data(certificate_data)),
            ..EventData::default()
        },
    }
}
