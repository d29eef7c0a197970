//! `PATCH /partners/{partnerId}`
//!
//! Activates or deactivates a partner (contract partner-admin.md §1.2).

use actix_web::web;
use pms_database::locks::{self, Lock};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::event::{Event, EventData, PARTNER_MANAGER, PartnerData, Status, Topic};
use pms_domain::partner::lifecycle::{PartnerState, StatusChange};
use pms_domain::partner::mail::MailKind;
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{licences, mail};
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
#[derive(Clone)]
struct Wanted {
    partner_id: String,
    status: String,
    stamp: Stamp,
    rules: Rules,
}

/// What the first look at the partner tells.
struct Outlook {
    change: StatusChange,
    alias: Option<String>,
    is_misp: bool,
}

impl Outlook {
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
pub async fn set_status(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<SetStatus>,
    context: web::Data<Context>,
) -> ApiResult<StatusSet> {
    let wanted = Wanted {
        partner_id: id.into_inner(),
        status: request.status.unwrap_or_default(),
        stamp: context.stamp(&caller),
        rules: context.rules.clone(),
    };
    let first = wanted.clone();
    let outlook = context.db.audited(first.stamp.clone(), move |conn, trail| {
        trail.note(audits::CHANGE_STATUS, None);
        let partner = partners::find(conn, &first.partner_id)?;
        let (partner, change) = first.decide(partner, trail)?;
        let is_misp = first.rules.is_misp(&partner.partner_type_code);
        Ok(Outlook {
            change,
            alias: alias_of(&partner),
            is_misp,
        })
    });
    let outlook = outlook.await?;
    // Consumers drop events without a certificate, but take an empty one.
    let mut certificate = String::new();
    if let Some(alias) = outlook
        .alias
        .as_deref()
        .filter(|_| outlook.change.is_news())
    {
        certificate = context
            .key_manager
            .partner_certificate(alias)
            .await?
            .certificate_data;
    }
    let change = context
        .db
        .audited(wanted.stamp.clone(), move |conn, trail| {
            wanted.apply(conn, trail, &outlook, certificate)
        });
    Ok(StatusSet {
        message: change.await?.message(),
    })
}

impl Wanted {
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

    fn apply(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        outlook: &Outlook,
        certificate: String,
    ) -> Result<StatusChange, DbError> {
        let stamp = &self.stamp;
        // Before the partner's row: whoever issues a licence locks in this order.
        if outlook.is_misp {
            locks::hold(conn, Lock::MispLicence(&self.partner_id))?;
        }
        let partner = partners::lock(conn, &self.partner_id)?;
        let (partner, change) = self.decide(partner, trail)?;
        if change.is_news() && !outlook.knows_certificate_of(&partner) {
            return Err(DbError::Busy("the partner changed meanwhile"));
        }
        let partner = partners::set_active(conn, &partner.id, change.active(), stamp)?;
        if change == StatusChange::Deactivate && outlook.is_misp {
            licences::deactivate(conn, &partner.id, stamp)?;
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

fn alias_of(partner: &Partner) -> Option<String> {
    partner
        .certificate_alias
        .clone()
        .filter(|alias| !alias.is_empty())
}

fn updated(partner: &Partner, certificate_data: String) -> Event {
    let data = PartnerData {
        partner_id: partner.id.clone(),
        partner_name: partner.name.clone(),
        certificate_data,
        partner_status: Status::of(partner.is_active),
    };
    Event {
        topic: Topic::PartnerUpdated,
        emitter: PARTNER_MANAGER,
        subject: Some(partner.id.clone()),
        data: EventData {
            partner_data: Some(data),
            ..EventData::default()
        },
    }
}
