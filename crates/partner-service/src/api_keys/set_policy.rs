//! `PUT /partners/{partnerId}/apikey/{apikey}/policies`
//!
//! Points an API key to another policy (contract partner-admin.md §1.1).
//!
//! Relying modules learn the new policy from `APIKEY_APPROVED` alone, so that is
//! published beside the `APIKEY_UPDATED` of the contract.

use actix_web::web;
use pms_database::api_keys::{self, ApiKey};
use pms_database::locks::{self, Lock};
use pms_database::outbox::{AuditTrail, writer};
use pms_database::partners::{self, Partner};
use pms_database::policies::{self, PolicyWithGroup};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::BusinessError;
use pms_domain::audit::about_partner;
use pms_domain::partner::{audits, errors};
use pms_integrations::key_manager::UNREACHABLE;
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::events;
use crate::Context;
use crate::policies::event_data;

/// The policies before and after.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct SetPolicy {
    /// Id of the policy that the key is for now.
    #[serde(rename = "oldPolicyID")]
    pub old_policy_id: Option<String>,
    /// Id of the policy that it is to be for.
    #[serde(rename = "newPolicyID")]
    pub new_policy_id: Option<String>,
}

impl Request for SetPolicy {
    fn check(&self, fields: &mut Checks) {
        fields
            .require(
                self.old_policy_id.is_some(),
                "oldPolicyID",
                "Please provide oldPolicyID",
            )
            .require(
                self.new_policy_id.is_some(),
                "newPolicyID",
                "Please provide newPolicyID",
            );
    }
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
pub struct PolicySet {
    /// A sentence about it.
    pub message: &'static str,
}

struct Command {
    partner_id: String,
    key: String,
    old_policy_id: String,
    new_policy_id: String,
    stamp: Stamp,
}

/// What the event says of the partner.
struct Prefetched {
    alias: Option<String>,
    /// `None` when the key manager has none: there is no event then.
    certificate: Option<String>,
}

/// Points an API key to another policy.
///
/// # Errors
/// The rules of contract partner-admin.md §1.1 in its order; a key manager that can't be reached.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String)>,
    Body(request): Body<SetPolicy>,
    context: web::Data<Context>,
) -> ApiResult<PolicySet> {
    let (partner_id, key) = path.into_inner();
    let command = Command {
        partner_id,
        key,
        old_policy_id: request.old_policy_id.unwrap_or_default(),
        new_policy_id: request.new_policy_id.unwrap_or_default(),
        stamp: context.stamp(&caller),
    };
    let ask = async |_: &Command, alias: Option<String>| -> ApiResult<Prefetched> {
        let certificate = certificate(&context, alias.as_deref()).await?;
        Ok(Prefetched { alias, certificate })
    };
    peer_command::run(&context.db, command, ask).await?;
    Ok(PolicySet {
        message: "Given apikey updated with policy successfully. ",
    })
}

/// The partner's certificate; an empty text for a partner that has none.
async fn certificate(context: &Context, alias: Option<&str>) -> ApiResult<Option<String>> {
    let Some(alias) = alias.filter(|alias| !alias.is_empty()) else {
        return Ok(Some(String::new()));
    };
    match context.key_manager.partner_certificate(alias).await {
        Ok(certificate) => Ok(Some(certificate.certificate_data)),
        Err(rejection) if rejection == BusinessError::from(UNREACHABLE) => Err(rejection.into()),
        Err(rejection) => {
            tracing::warn!(%rejection, "relying modules do not learn the new policy of a key");
            Ok(None)
        }
    }
}

impl PeerCommand for Command {
    /// The certificate's alias.
    type Question = Option<String>;
    type Prefetched = Prefetched;
    type Done = ();

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<Option<String>, DbError> {
        trail.note(audits::POINT_KEY, None);
        let partner = partners::find(conn, &self.partner_id)?;
        let key = api_keys::find_of_partner(conn, &self.partner_id, &self.key)?;
        let (partner, _, _) = self.permitted(conn, trail, partner, key)?;
        Ok(partner.certificate_alias)
    }

    /// Checks again, with label, policy, partner and key locked, and writes key
    /// and events, which hold no certificate that was replaced meanwhile.
    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        prefetched: Prefetched,
    ) -> Result<(), DbError> {
        let (partner_id, policy_id) = (&self.partner_id, self.new_policy_id.as_str());
        // A key that is generated under the new policy meanwhile sees this label.
        locks::hold(
            conn,
            Lock::ApiKeyLabel {
                partner_id,
                policy_id,
            },
        )?;
        policies::keep(conn, policy_id)?;
        let partner = partners::lock(conn, partner_id)?;
        let key = api_keys::lock_of_partner(conn, partner_id, &self.key)?;
        let (partner, key, policy) = self.permitted(conn, trail, partner, key)?;
        if partner.certificate_alias != prefetched.alias {
            return Err(DbError::Busy(
                "the partner got another certificate meanwhile",
            ));
        }
        let key = api_keys::set_policy(conn, &key, policy_id, &self.stamp)?;
        writer::event(conn, &events::updated(&key), self.stamp.at)?;
        if let Some(certificate) = prefetched.certificate {
            self.publish_policy(conn, (&partner, certificate), &policy, &key)?;
        }
        trail.note(audits::KEY_POINTED, about_partner(partner_id));
        trail.note(audits::KEY_POINTED, None);
        Ok(())
    }
}

impl Command {
    fn permitted(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        partner: Option<Partner>,
        key: Option<ApiKey>,
    ) -> Result<(Partner, ApiKey, PolicyWithGroup), DbError> {
        let failed = audits::POINT_KEY_FAILED;
        let about = about_partner(&self.partner_id);
        let key = key.filter(|key| key.policy_id == self.old_policy_id);
        let Some((partner, key)) = partner.zip(key) else {
            return Err(trail.refuse(failed, about, errors::KEY_MAPPING_UNKNOWN));
        };
        if !key.is_active {
            return Err(trail.refuse(failed, about, errors::KEY_INACTIVE));
        }
        partner
            .standing()
            .must_be_active()
            .map_err(|error| trail.refuse(failed, about, error))?;
        let policy = self.policy(conn, &partner).map_err(|failure| {
            let about = Some((self.new_policy_id.as_str(), "policyId"));
            trail.refuse(failed, about, failure)
        })?;
        Ok((partner, key, policy))
    }

    /// The new policy, if it is a usable one of the partner's group.
    fn policy(&self, conn: &mut Connection, partner: &Partner) -> Result<PolicyWithGroup, DbError> {
        let id = self.new_policy_id.as_str();
        let refused = |error: pms_domain::ErrorDef| DbError::from(error.with(&[id]));
        let found = policies::find_with_group(conn, id)?;
        let found = found.filter(|found| {
            partner.policy_group_id.is_some()
                && found.policy.policy_group_id == partner.policy_group_id
        });
        let found = found.ok_or_else(|| refused(errors::NEW_POLICY_UNKNOWN))?;
        if !found.policy.is_active {
            return Err(refused(errors::NEW_POLICY_INACTIVE));
        }
        if found.group.as_ref().is_none_or(|group| !group.is_active) {
            return Err(refused(errors::NEW_POLICY_GROUP_INACTIVE));
        }
        Ok(found)
    }

    fn publish_policy(
        &self,
        conn: &mut Connection,
        (partner, certificate): (&Partner, String),
        policy: &PolicyWithGroup,
        key: &ApiKey,
    ) -> Result<(), DbError> {
        match event_data(&policy.policy) {
            Ok(data) => {
                let event = events::approved(partner, certificate, data, key);
                writer::event(conn, &event, self.stamp.at)?;
            }
            Err(fault) => {
                let policy_id = &self.new_policy_id;
                tracing::warn!(policy_id, ?fault, "the policy of a key can't be read");
            }
        }
        Ok(())
    }
}
