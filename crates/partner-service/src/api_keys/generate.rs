//! `PATCH /partners/{partnerId}/generate/apikey`
//!
//! A partner gets an API key for a policy that it may use
//! (contract partner.md §4.21). The answer is the only place where the key is ever shown.

use actix_web::web;
use pms_database::api_keys::{self, ApiKey, NewApiKey};
use pms_database::locks::{self, Lock};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::policies::{self, PolicyFacts};
use pms_database::{Connection, DbError, Stamp, ids, mapping_requests};
use pms_domain::audit::about_partner;
use pms_domain::event::PolicyData;
use pms_domain::partner::mapping::{self, normalised_label};
use pms_domain::partner::{audits, errors};
use pms_domain::validity;
use pms_integrations::key_manager::UNREACHABLE;
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller, Checks, Request, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events;
use crate::Context;
use crate::policies::{event_data, in_group_of};

/// Characters of a new key: about 190 random bits.
const KEY_LENGTH: usize = 32;
/// Width of the column `label`.
const LABEL_LENGTH: usize = 36;

/// What the key is for.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct GenerateApiKey {
    /// Name of the policy.
    pub policy_name: Option<String>,
    /// The partner's own name for the key.
    pub label: Option<String>,
}

impl Request for GenerateApiKey {
    fn check(&self, fields: &mut Checks) {
        let name = self.policy_name.as_deref();
        let label = self.label.as_deref().map(normalised_label);
        fields
            .not_blank("policyName", name)
            .not_blank("label", label.as_deref())
            .length("label", label.as_deref(), (1, LABEL_LENGTH))
            .plain("label", label.as_deref());
    }
}

/// A new API key. `Debug` is left out: it is a secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyGenerated {
    /// The key.
    pub api_key: String,
    /// Its label, without surplus blanks.
    pub label: String,
    /// Id of the policy.
    pub policy_id: String,
    /// Partner id.
    pub partner_id: String,
}

struct Command {
    caller: Caller,
    partner_id: String,
    policy_name: String,
    label: String,
    validity_days: u32,
    stamp: Stamp,
}

/// Alias of the partner's certificate, and id of the policy.
type Question = (Option<String>, String);

/// What the first look found, and what the key manager answered.
struct Prefetched {
    policy_id: String,
    alias: String,
    certificate: String,
}

/// Generates an API key.
///
/// # Errors
/// The rules of contract partner.md §4.21 in its order, the key manager's own error.
pub async fn handle(
    caller: Caller,
    id: web::Path<String>,
    Body(request): Body<GenerateApiKey>,
    context: web::Data<Context>,
) -> ApiResult<ApiKeyGenerated> {
    let command = Command {
        partner_id: id.into_inner(),
        policy_name: request.policy_name.unwrap_or_default(),
        label: normalised_label(&request.label.unwrap_or_default()),
        validity_days: context.rules.api_key_validity_days,
        stamp: context.stamp(&caller),
        caller,
    };
    let ask = async |_: &Command, (alias, policy_id): Question| -> ApiResult<Prefetched> {
        let alias = alias.filter(|alias| !alias.is_empty()).ok_or(UNREACHABLE)?;
        let certificate = context.key_manager.partner_certificate(&alias).await?;
        Ok(Prefetched {
            policy_id,
            alias,
            certificate: certificate.certificate_data,
        })
    };
    peer_command::run(&context.db, command, ask).await
}

impl PeerCommand for Command {
    type Question = Question;
    type Prefetched = Prefetched;
    type Done = ApiKeyGenerated;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Question, DbError> {
        trail.note(audits::GENERATE_API_KEY, about_partner(&self.partner_id));
        let partner = partners::find(conn, &self.partner_id)?;
        let (partner, policy) = self.permitted(conn, trail, partner)?;
        self.check_label(conn, trail, &policy)?;
        Ok((partner.certificate_alias, policy.id))
    }

    /// Checks again, with label, policy and partner locked, and writes key and
    /// event: the event holds no state that a deactivation ended meanwhile.
    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        prefetched: Prefetched,
    ) -> Result<ApiKeyGenerated, DbError> {
        let (partner_id, policy_id) = (&self.partner_id, prefetched.policy_id.as_str());
        locks::hold(
            conn,
            Lock::ApiKeyLabel {
                partner_id,
                policy_id,
            },
        )?;
        policies::keep(conn, policy_id)?;
        let partner = partners::lock(conn, partner_id)?;
        let (partner, policy) = self.permitted(conn, trail, partner)?;
        if policy.id != policy_id {
            return Err(DbError::Busy("the partner's policy changed meanwhile"));
        }
        if partner.certificate_alias.as_deref() != Some(prefetched.alias.as_str()) {
            return Err(DbError::Busy(
                "the partner got another certificate meanwhile",
            ));
        }
        self.check_label(conn, trail, &policy)?;
        let key = self.insert(conn, policy_id)?;
        let policy_data = readable(&policy, trail)?;
        let event = events::approved(&partner, prefetched.certificate, policy_data, &key);
        writer::event(conn, &event, self.stamp.at)?;
        trail.note(audits::API_KEY_GENERATED, about_partner(partner_id));
        Ok(ApiKeyGenerated {
            api_key: key.policy_api_key,
            label: key.label,
            policy_id: key.policy_id,
            partner_id: key.part_id,
        })
    }
}

impl Command {
    /// Partner and policy, if the one may have keys for the other.
    fn permitted(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        partner: Option<Partner>,
    ) -> Result<(Partner, PolicyFacts), DbError> {
        if !self.may_generate(partner.as_ref()) {
            return Err(errors::NOT_AUTHORISED.into());
        }
        let Some(partner) = partner else {
            return Err(self.refused(trail, errors::PARTNER_ID_UNKNOWN));
        };
        if let Err(error) = partner.standing().must_be_active() {
            return Err(self.refused(trail, error));
        }
        let found = in_group_of(conn, &partner, &self.policy_name)?;
        let Some(found) = found else {
            return Err(self.refused(trail, errors::POLICY_NAME_UNKNOWN));
        };
        let requests = mapping_requests::list(conn, &partner.id, &found.policy.id)?;
        if !requests
            .iter()
            .any(|request| request.status_code == mapping::APPROVED)
        {
            return Err(self.refused(trail, errors::POLICY_NOT_MAPPED));
        }
        Ok((partner, found.policy))
    }

    /// Whether the caller may have keys of this partner. Administrators have none of
    /// others: a key is shown to its owner alone. The name of the partner is enough, as
    /// in the reference, only for a caller who may change all rows anyway.
    fn may_generate(&self, partner: Option<&Partner>) -> bool {
        let is_namesake = self.caller.user_id() == self.partner_id;
        match partner {
            // The namesake alone learns that there is no such partner.
            None => is_namesake,
            Some(partner) => {
                self.caller.owns(&partner.user_id, &partner.id)
                    || (is_namesake && self.caller.change_scope() == Scope::All)
            }
        }
    }

    fn check_label(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        policy: &PolicyFacts,
    ) -> Result<(), DbError> {
        if api_keys::label_exists(conn, &self.partner_id, &policy.id, &self.label)? {
            return Err(self.refused(trail, errors::LABEL_TAKEN));
        }
        Ok(())
    }

    fn insert(&self, conn: &mut Connection, policy_id: &str) -> Result<ApiKey, DbError> {
        let at = self.stamp.at;
        let new = NewApiKey {
            policy_api_key: &ids::alphanumeric(KEY_LENGTH)?,
            part_id: &self.partner_id,
            policy_id,
            label: &self.label,
            valid_from_datetime: at,
            valid_to_datetime: validity::end(at, self.validity_days),
        };
        Ok(api_keys::insert(conn, &new, &self.stamp)?)
    }

    fn refused(&self, trail: &mut AuditTrail, error: pms_domain::ErrorDef) -> DbError {
        trail.refuse(
            audits::GENERATE_API_KEY_FAILED,
            about_partner(&self.partner_id),
            error,
        )
    }
}

fn readable(policy: &PolicyFacts, trail: &mut AuditTrail) -> Result<PolicyData, DbError> {
    event_data(policy)
        .map_err(|_fault| trail.refuse(audits::POLICY_UNREADABLE, None, errors::POLICY_NOT_JSON))
}
