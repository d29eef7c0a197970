//! `PATCH /partners/{partnerId}/policy/{policyId}/apiKey/status`
//!
//! Switches an API key on or off (contract partner-admin.md §1.9).

use actix_web::web;
use pms_database::api_keys::{self, ApiKey};
use pms_database::outbox::writer;
use pms_database::partners::{self, Partner};
use pms_database::policies::{self, Policy};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::about_partner;
use pms_domain::event::Instant;
use pms_domain::partner::api_key::KeyStatus;
use pms_domain::partner::mail::{KeyFacts, MailKind};
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::events;
use crate::Context;
use crate::context::Rules;
use crate::partners::mail;

/// Which key, and the wanted status.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SetKeyStatus {
    /// The partner's own name for the key, exactly.
    pub label: Option<String>,
    /// `Active` or `De-active`, in any case.
    pub status: Option<String>,
}

impl Request for SetKeyStatus {
    fn check(&self, fields: &mut Checks) {
        fields
            .not_blank("label", self.label.as_deref())
            .not_blank_or("status", self.status.as_deref(), "value is empty or null");
    }
}

struct Command {
    caller: Caller,
    partner_id: String,
    policy_id: String,
    label: String,
    status: String,
    stamp: Stamp,
    rules: Rules,
    /// Whether keys end with their partner.
    cascade: bool,
}

/// Switches an API key on or off.
///
/// # Errors
/// The rules of contract partner-admin.md §1.9 in its order; another user's partner after the
/// first.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    Body(request): Body<SetKeyStatus>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (partner_id, policy_id) = path.into_inner();
    let command = Command {
        partner_id,
        policy_id,
        label: request.label.unwrap_or_default(),
        status: request.status.unwrap_or_default(),
        stamp: context.stamp(&caller),
        rules: context.rules.clone(),
        cascade: context.cascade_deactivation,
        caller,
    };
    let changed = context
        .db
        .audited(command.stamp.clone(), move |conn, trail| {
            let about = about_partner(&command.partner_id);
            trail.note(audits::CHANGE_KEY_STATUS, None);
            match command.change(conn) {
                Ok(status) => {
                    trail.note(audits::KEY_STATUS_CHANGED, about);
                    trail.note(audits::KEY_STATUS_CHANGED, None);
                    Ok(status)
                }
                Err(failure) => Err(trail.refuse(audits::CHANGE_KEY_STATUS_FAILED, about, failure)),
            }
        });
    Ok(changed.await?.message())
}

impl Command {
    fn change(&self, conn: &mut Connection) -> Result<KeyStatus, DbError> {
        let (partner_id, policy_id) = (&self.partner_id, &self.policy_id);
        if !api_keys::label_exists(conn, partner_id, policy_id, &self.label)? {
            return Err(errors::KEY_UNKNOWN.into());
        }
        // Policies and partners are locked before keys, everywhere.
        let policy = policies::find(conn, policy_id)?;
        let partner = partners::lock(conn, partner_id)?.ok_or(errors::KEY_UNKNOWN)?;
        let keys = api_keys::lock_with_label(conn, partner_id, policy_id, &self.label)?;
        if keys.is_empty() {
            return Err(errors::KEY_UNKNOWN.into());
        }
        let status = self.decide(conn, &partner, &keys)?;
        let mut newest = None;
        for key in status.concerned(&keys, |key| key.is_active) {
            let active = status.is_active();
            let key = api_keys::set_active(conn, &key.policy_api_key, active, &self.stamp)?;
            writer::event(conn, &events::updated(&key), self.stamp.at)?;
            newest.get_or_insert(key);
        }
        // They have one name, so one mail is sent.
        if let Some(key) = newest {
            self.tell(conn, &partner, policy.as_ref(), &key)?;
        }
        Ok(status)
    }

    fn decide(
        &self,
        conn: &mut Connection,
        partner: &Partner,
        keys: &[ApiKey],
    ) -> Result<KeyStatus, DbError> {
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        let active = partner.standing().must_be_active();
        if !self.caller.is_partner_admin() {
            active?;
        }
        let is_active = keys.iter().any(|key| key.is_active);
        let changes = keys
            .iter()
            .map(|key| (key.upd_by.as_deref(), key.upd_dtimes));
        let ended_with_partner = self.cascade && partners::ended_with(conn, partner, changes)?;
        let status = KeyStatus::of(&self.status, is_active, ended_with_partner)?;
        // Administrators may end what a deactivated partner has, and no more.
        if status.is_active() {
            active?;
        }
        Ok(status)
    }

    fn tell(
        &self,
        conn: &mut Connection,
        partner: &Partner,
        policy: Option<&Policy>,
        key: &ApiKey,
    ) -> Result<(), DbError> {
        let Some(policy) = policy else {
            return Ok(());
        };
        let facts = KeyFacts {
            label: &key.label,
            policy_id: &policy.id,
            policy_name: &policy.name,
            policy_active: policy.is_active,
            policy_expires_on: Instant(policy.valid_to_date),
            key_active: key.is_active,
            key_expires_on: key.valid_to_datetime.map(Instant),
        };
        let language = self.rules.default_language();
        let kind = MailKind::KeyStatusChanged(facts);
        mail::queue(conn, kind, partner, language, &self.stamp)
    }
}
