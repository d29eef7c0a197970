//! What both registration endpoints do (contract partner.md §4.1 and §4.2).

use std::iter;

use futures_util::future::join;
use pms_database::locks::{self, Lock};
use pms_database::outbox::AuditTrail;
use pms_database::partners::{self, NewPartner, Wanted};
use pms_database::{Connection, DbError, Stamp, Violation, policy_groups};
use pms_domain::audit::{Subject, about_partner};
use pms_domain::partner::mail::MailKind;
use pms_domain::partner::registration::{Claim, is_reserved};
use pms_domain::partner::{audits, errors, lifecycle};
use pms_runtime::peer_command::{self, PeerCommand};
use pms_web::{ApiResult, Caller};
use serde::Serialize;
use utoipa::ToSchema;

use super::mail;
use crate::Context;
use crate::context::Rules;
use crate::personal_data::email_hash;

/// The partner as it was registered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    /// Its id.
    pub partner_id: String,
    /// Its approval status: `InProgress`.
    pub status: String,
}

/// What a partner is registered with.
pub(super) struct Registration {
    pub(super) partner_id: String,
    pub(super) organization_name: String,
    pub(super) address: String,
    pub(super) contact_number: String,
    pub(super) email_id: String,
    pub(super) partner_type: String,
    pub(super) policy_group: Option<String>,
    pub(super) lang_code: Option<String>,
    pub(super) logo_url: Option<String>,
    /// JSON text.
    pub(super) additional_info: String,
}

/// A registration with what its checks look at.
struct Candidate {
    wanted: Registration,
    claim: Claim,
    email_hash: String,
    caller_email: Option<String>,
    rules: Rules,
    stamp: Stamp,
}

/// What the checks found out.
struct Admission {
    type_code: String,
    group_id: Option<String>,
    language: Option<String>,
}

/// What peers answered between the checks and the write.
struct Prepared {
    sealed: Sealed,
    /// Whether the partner's id is another user's name.
    is_a_users_name: bool,
}

/// The columns that hold cipher text.
struct Sealed {
    address: String,
    contact_number: String,
    email_id: String,
}

impl Registration {
    /// Checks, encrypts, then checks again under lock and writes.
    pub(super) async fn run(self, caller: &Caller, context: &Context) -> ApiResult<Registered> {
        let claim = Claim::of(
            caller.user_id(),
            caller.is_partner_admin(),
            &self.partner_id,
        );
        let candidate = Candidate {
            claim,
            email_hash: email_hash(&self.email_id),
            wanted: self,
            caller_email: caller.token().mail.clone().filter(|mail| !mail.is_empty()),
            rules: context.rules.clone(),
            stamp: context.stamp(caller),
        };
        let prepare = async |candidate: &Candidate, ()| -> ApiResult<Prepared> {
            let wanted = &candidate.wanted;
            let texts = [
                wanted.address.as_str(),
                &wanted.contact_number,
                &wanted.email_id,
            ];
            let (sealed, is_a_users_name) = join(
                context.personal_data.seal(texts),
                is_another_users_name(&candidate.claim, context),
            )
            .await;
            let [address, contact_number, email_id] = sealed?;
            let sealed = Sealed {
                address,
                contact_number,
                email_id,
            };
            Ok(Prepared {
                sealed,
                is_a_users_name,
            })
        };
        peer_command::run(&context.db, candidate, prepare).await
    }
}

impl PeerCommand for Candidate {
    type Question = ();
    type Prefetched = Prepared;
    type Done = Registered;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn check(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<(), DbError> {
        trail.note(audits::REGISTER, about_partner(&self.wanted.partner_id));
        self.admit(conn, trail, false)?;
        Ok(())
    }

    fn write(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        prepared: Prepared,
    ) -> Result<Registered, DbError> {
        let names = self.claim.names();
        let names = names.iter().map(|name| Lock::PartnerName(name));
        let email = Lock::PartnerEmail(&self.email_hash);
        locks::hold_all(conn, &iter::once(email).chain(names).collect::<Vec<_>>())?;
        let admission = self.admit(conn, trail, prepared.is_a_users_name)?;
        self.insert(conn, trail, &admission, &prepared.sealed)
    }
}

impl Candidate {
    /// The checks of contract partner.md §4.1 from step 3 on, in their order; `named` says
    /// that the id is known to be another user's name.
    fn admit(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        named: bool,
    ) -> Result<Admission, DbError> {
        let language = self
            .admit_person(conn, named)
            .map_err(|failure| refused(trail, about_partner(&self.wanted.partner_id), failure))?;
        let wanted = &self.wanted;
        let group_name = wanted.policy_group.as_deref();
        let group_name = group_name.filter(|name| !name.is_empty());
        let found = partners::find_type_and_group(conn, &wanted.partner_type, group_name)?;
        let Some((kind, group)) = found else {
            let subject = Some((wanted.partner_type.as_str(), "partnerType"));
            return Err(refused(trail, subject, errors::TYPE_UNKNOWN.into()));
        };
        if kind.is_policy_required && group_name.is_none() {
            let refusal = errors::GROUP_MANDATORY.with(&[&kind.code]);
            return Err(refused(trail, None, refusal.into()));
        }
        let group_id = match group_name {
            None => None,
            Some(name) => Some(
                active(group.map(|group| (group.id, group.is_active)))
                    .map_err(|failure| refused(trail, Some((name, "policyGroupName")), failure))?,
            ),
        };
        Ok(Admission {
            type_code: kind.code,
            group_id,
            language,
        })
    }

    /// Steps 3 to 10: caller, telephone number, e-mail, id, language.
    fn admit_person(&self, conn: &mut Connection, named: bool) -> Result<Option<String>, DbError> {
        let wanted = &self.wanted;
        let callers_email = self.caller_email.as_deref();
        let callers_hash = callers_email.map(email_hash);
        let taken = partners::taken(
            conn,
            Wanted {
                id: &wanted.partner_id,
                email: (&self.email_hash, &wanted.email_id),
                callers_email: callers_hash.as_deref().zip(callers_email),
                is_no_user: self.claim.is_to_be_checked(),
            },
        )?;
        if !callers_email.is_none_or(|mail| self.rules.is_email(mail)) {
            return Err(errors::INVALID_EMAIL.into());
        }
        if taken.callers_email {
            return Err(errors::NOT_AUTHORISED.into());
        }
        self.rules.limits.check_phone(&wanted.contact_number)?;
        if !self.rules.is_email(&wanted.email_id) {
            return Err(errors::INVALID_EMAIL.into());
        }
        self.rules.limits.check_id(&wanted.partner_id)?;
        if taken.email {
            return Err(errors::EMAIL_TAKEN.into());
        }
        let language = self.rules.limits.language(wanted.lang_code.as_deref())?;
        if named || is_reserved(&wanted.partner_id) || taken.id || taken.user {
            return Err(errors::ID_TAKEN.into());
        }
        Ok(language)
    }

    fn insert(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        admission: &Admission,
        sealed: &Sealed,
    ) -> Result<Registered, DbError> {
        let wanted = &self.wanted;
        let new = NewPartner {
            id: &wanted.partner_id,
            policy_group_id: admission.group_id.as_deref(),
            name: &wanted.organization_name,
            address: &sealed.address,
            contact_no: &sealed.contact_number,
            email_id: &sealed.email_id,
            email_id_hash: &self.email_hash,
            user_id: self.claim.owner(),
            partner_type_code: &admission.type_code,
            approval_status: lifecycle::IN_PROGRESS,
            lang_code: admission.language.as_deref(),
            logo_url: wanted.logo_url.as_deref(),
            addl_info: &wanted.additional_info,
        };
        let partner = partners::insert(conn, &new, &self.stamp).map_err(|error| {
            let failure = DbError::from(error);
            match failure.violation() {
                Some(Violation::Unique("pk_part")) => refused(
                    trail,
                    about_partner(&wanted.partner_id),
                    errors::ID_TAKEN.into(),
                ),
                _ => failure,
            }
        })?;
        let language = self.rules.default_language();
        mail::queue(conn, MailKind::Registered, &partner, language, &self.stamp)?;
        trail.note(audits::REGISTERED, about_partner(&partner.id));
        Ok(Registered {
            partner_id: partner.id,
            status: partner.approval_status,
        })
    }
}

/// Whether the identity provider has another user of the partner's id as name.
/// A user whom the provider can't name refuses no caller.
async fn is_another_users_name(claim: &Claim, context: &Context) -> bool {
    claim.is_to_be_checked() && context.keycloak.has_user(claim.partner_id()).await == Some(true)
}

/// Notes a refused registration.
fn refused(trail: &mut AuditTrail, subject: Subject<'_>, failure: DbError) -> DbError {
    trail.refuse(audits::REGISTER_FAILED, subject, failure)
}

/// Id of the active group with this name.
pub(super) fn active_group(conn: &mut Connection, name: &str) -> Result<String, DbError> {
    let group = policy_groups::find_by_name(conn, name)?;
    active(group.map(|group| (group.id, group.is_active)))
}

/// Id of a group, of which this is known, that must be there and active.
fn active(group: Option<(String, bool)>) -> Result<String, DbError> {
    let (id, is_active) = group.ok_or(errors::GROUP_UNKNOWN)?;
    if !is_active {
        return Err(errors::GROUP_INACTIVE.into());
    }
    Ok(id)
}
