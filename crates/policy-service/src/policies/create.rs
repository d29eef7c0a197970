//! `POST /policies`
//!
//! Defines a policy as a draft (contract policy.md §6.9).

use actix_web::web;
use chrono::Months;
use pms_database::outbox::AuditTrail;
use pms_database::policies::{self, NewPolicy, Policy};
use pms_database::policy_groups::{self, PolicyGroup};
use pms_database::{Connection, DbError, Stamp, Violation, ids};
use pms_domain::BusinessError;
use pms_domain::audit::Subject;
use pms_domain::policy::audits::{CREATE_POLICY, CREATE_POLICY_FAILURE, CREATE_POLICY_SUCCESS};
use pms_domain::policy::errors::{
    GROUP_INACTIVE, GROUP_NAME_UNKNOWN, INPUT_INVALID, NOT_PROCESSED, POLICY_NAME_TAKEN,
    TYPE_NOT_ALLOWED,
};
use pms_domain::policy::naming;
use pms_runtime::AuditedCommand;
use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::draft::{check_texts, fits};
use super::written::PolicyWritten;
use crate::Context;

/// A policy to define.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct NewDraft {
    /// Made up when absent or blank.
    policy_id: Option<String>,
    policy_group_name: Option<String>,
    policy_type: Option<String>,
    name: Option<String>,
    desc: Option<String>,
    version: Option<String>,
    /// The document, in the schema of the policy's type.
    #[schema(value_type = Object)]
    policies: Option<JsonText>,
}

impl Request for NewDraft {
    fn check(&self, fields: &mut Checks) {
        check_texts(
            fields,
            &[("policyGroupName", self.policy_group_name.as_deref(), 128)],
        );
        let policy_type = self.policy_type.as_deref();
        fields
            .not_blank_or("policyType", policy_type, TYPE_MISSING)
            .length_or("policyType", policy_type, (1, 128), TYPE_LENGTH);
        check_texts(
            fields,
            &[
                ("name", self.name.as_deref(), 128),
                ("desc", self.desc.as_deref(), 256),
            ],
        );
        fields.not_blank_or("version", self.version.as_deref(), "value is empty or null");
    }
}

const TYPE_MISSING: &str =
    "value is empty or null. Allowed values Auth/DataShare/CredentialIssuance";
const TYPE_LENGTH: &str = "Length should be in between 1 and 128 chars";

/// How long a policy is valid, from its definition on.
const VALIDITY: Months = Months::new(200 * 12);

struct Command {
    id: Option<String>,
    type_allowed: bool,
    /// The text to store, or what is wrong with it.
    document: Result<String, BusinessError>,
    policy_type: String,
    group_name: String,
    name: String,
    desc: String,
    version: String,
    stamp: Stamp,
}

/// Defines a policy as a draft.
pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<NewDraft>,
    context: web::Data<Context>,
) -> ApiResult<PolicyWritten> {
    let policy_type = request.policy_type.unwrap_or_default();
    let group_name = request.policy_group_name.unwrap_or_default();
    let checked = context.clone().into_inner();
    let document = checked.check_aside(policy_type.clone(), request.policies);
    let command = Command {
        id: request.policy_id.filter(|id| !id.trim().is_empty()),
        type_allowed: context.allows(&policy_type),
        document: document.await?,
        policy_type,
        group_name: group_name.clone(),
        name: request.name.unwrap_or_default(),
        desc: request.desc.unwrap_or_default(),
        version: request.version.unwrap_or_default(),
        stamp: context.stamp(&caller),
    };
    let policy = context.perform(command).await?;
    Ok(PolicyWritten::new(group_name, policy))
}

impl AuditedCommand for Command {
    type Done = Policy;

    fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    fn run(self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Policy, DbError> {
        trail.note(CREATE_POLICY, self.by_name());
        let group = self.group(conn, trail)?;
        let document = self.document.as_ref();
        let document = document.map_err(|error| refuse(trail, None, error.clone()))?;
        let id = self.free_id(conn, trail)?;
        let policy = self.insert(conn, trail, (&id, &group.id, document))?;
        trail.note(CREATE_POLICY_SUCCESS, self.by_name());
        Ok(policy)
    }
}

impl Command {
    /// The group, locked, after the checks in the order of the wire.
    fn group(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<PolicyGroup, DbError> {
        naming::check(&self.name).map_err(|error| refuse(trail, self.by_name(), error))?;
        if !self.type_allowed {
            let by_type = Some((self.policy_type.as_str(), "policyType"));
            return Err(refuse(trail, by_type, TYPE_NOT_ALLOWED));
        }
        let found = policy_groups::lock_by_name(conn, &self.group_name, &self.name)?;
        let Some((group, name_taken)) = found else {
            let by_group = Some((self.group_name.as_str(), "policyGroupName"));
            return Err(refuse(trail, by_group, GROUP_NAME_UNKNOWN));
        };
        if !group.is_active {
            return Err(refuse(trail, self.by_name(), GROUP_INACTIVE));
        }
        if name_taken {
            return Err(self.name_taken(trail));
        }
        Ok(group)
    }

    /// The id that the client wants, or a new one. No policy is written over.
    fn free_id(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<String, DbError> {
        let Some(id) = &self.id else {
            return ids::decimal();
        };
        if !fits(id, 36) {
            return Err(refuse(trail, self.by_name(), NOT_PROCESSED));
        }
        naming::check_id(id).map_err(|error| refuse(trail, self.by_name(), error))?;
        if policies::find(conn, id)?.is_some() {
            return Err(self.id_taken(trail));
        }
        Ok(id.clone())
    }

    fn insert(
        &self,
        conn: &mut Connection,
        trail: &mut AuditTrail,
        (id, group_id, document): (&str, &str, &str),
    ) -> Result<Policy, DbError> {
        if !fits(&self.version, 8) || !fits(&self.policy_type, 36) {
            return Err(refuse(trail, self.by_name(), NOT_PROCESSED));
        }
        let valid_to = self.stamp.at.checked_add_months(VALIDITY);
        let new = NewPolicy {
            id,
            policy_group_id: group_id,
            name: &self.name,
            descr: &self.desc,
            document,
            policy_type: &self.policy_type,
            version: &self.version,
            valid_from: self.stamp.at,
            valid_to: valid_to
                .ok_or_else(|| DbError::Internal("the clock is off by ages".to_owned()))?,
        };
        let inserted = policies::insert(conn, &new, &self.stamp).map_err(DbError::from);
        inserted.map_err(|failure| match failure.violation() {
            // Another request took the id or the name since it was looked up.
            Some(Violation::Unique("pk_apol")) if self.id.is_some() => self.id_taken(trail),
            Some(Violation::Unique(policy_groups::NAME_IN_GROUP)) => self.name_taken(trail),
            _ => failure,
        })
    }

    fn name_taken(&self, trail: &mut AuditTrail) -> DbError {
        let taken = POLICY_NAME_TAKEN.with(&[&self.name]);
        refuse(trail, self.by_name(), taken)
    }

    fn id_taken(&self, trail: &mut AuditTrail) -> DbError {
        refuse(trail, self.by_name(), INPUT_INVALID.with(&["policyId"]))
    }

    fn by_name(&self) -> Subject<'_> {
        Some((self.name.as_str(), "policyName"))
    }
}

fn refuse(trail: &mut AuditTrail, subject: Subject<'_>, error: impl Into<DbError>) -> DbError {
    trail.refuse(CREATE_POLICY_FAILURE, subject, error)
}
