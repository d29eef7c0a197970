//! `POST /partners/{partnerId}/credentialtype/{credentialType}/policies/{policyName}`
//!
//! Maps a credential type of a partner to a policy, once and for all
//! (contract partner.md §4.10).

use actix_web::web;
use pms_database::credential_types::{self, NewCredentialType};
use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, Partner};
use pms_database::{Connection, DbError, Stamp};
use pms_domain::audit::{about_partner, about_policy_name as about_policy};
use pms_domain::partner::credentials::CredentialRules;
use pms_domain::partner::{audits, errors};
use pms_web::{ApiResult, Caller};

use crate::Context;
use crate::policies::usable_by;

struct Command {
    caller: Caller,
    partner_id: String,
    credential_type: String,
    policy_name: String,
    stamp: Stamp,
    rules: CredentialRules,
}

/// Maps a credential type.
///
/// # Errors
/// The rules of contract partner.md §4.10, in its order.
pub async fn handle(
    caller: Caller,
    path: web::Path<(String, String, String)>,
    context: web::Data<Context>,
) -> ApiResult<&'static str> {
    let (partner_id, credential_type, policy_name) = path.into_inner();
    let stamp = context.stamp(&caller);
    let command = Command {
        caller,
        partner_id,
        credential_type,
        policy_name,
        stamp,
        rules: context.rules.credentials.clone(),
    };
    let by = command.stamp.clone();
    let work = move |conn: &mut Connection, trail: &mut AuditTrail| {
        trail.note(
            audits::MAP_CREDENTIAL_TYPE,
            about_partner(&command.partner_id),
        );
        let partner = command.lock_entitled_partner(conn, trail)?;
        command.write(conn, trail, &partner)?;
        trail.note(audits::CREDENTIAL_TYPE_MAPPED, None);
        Ok("Partner, policy and credentialType mapping done successfully.")
    };
    Ok(context.db.audited(by, work).await?)
}

impl Command {
    fn lock_entitled_partner(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
    ) -> Result<Partner, DbError> {
        let failed = audits::MAP_CREDENTIAL_TYPE_FAILED;
        self.rules
            .check_credential_type(&self.credential_type)
            .map_err(|refusal| {
                let about = Some((self.credential_type.as_str(), "credentialType"));
                trail.refuse(failed, about, refusal)
            })?;
        let about = about_partner(&self.partner_id);
        let Some(partner) = partners::lock(conn, &self.partner_id)? else {
            return Err(trail.refuse(audits::RETRIEVE_FAILED, about, errors::PARTNER_UNKNOWN));
        };
        self.caller.require_owner(&partner.user_id, &partner.id)?;
        partner
            .standing()
            .must_be_active()
            .map_err(|error| trail.refuse(audits::RETRIEVE_FAILED, about, error))?;
        self.rules
            .check_partner_type(&partner.partner_type_code)
            .map_err(|refusal| trail.refuse(failed, about, refusal))?;
        Ok(partner)
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        partner: &Partner,
    ) -> Result<(), DbError> {
        let (failed, about) = (
            audits::API_KEY_REQUEST_FAILED,
            about_policy(&self.policy_name),
        );
        let policy = usable_by(conn, partner, &self.policy_name, self.stamp.at)
            .map_err(|failure| trail.refuse(failed, about, failure))?;
        if credential_types::find_policy(conn, &partner.id, &self.credential_type)?.is_some() {
            return Err(trail.refuse(failed, about, errors::CREDENTIAL_TYPE_TAKEN));
        }
        let new = NewCredentialType {
            part_id: &partner.id,
            policy_id: &policy.id,
            credential_type: &self.credential_type,
        };
        credential_types::insert(conn, &new, &self.stamp)?;
        Ok(())
    }
}
