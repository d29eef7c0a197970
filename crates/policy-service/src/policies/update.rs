//! `PUT /policies/{policyId}`
//!
//! Updates a draft (contract policy.md §6.10).

use actix_web::web;
use pms_database::outbox::{AuditTrail, writer};
use pms_database::policies::{self, Policy, PolicyChange};
use pms_database::{Connection, DbError, Stamp, Violation, policy_groups};
use pms_domain::BusinessError;
use pms_domain::audit::Subject;
use pms_domain::policy::audits::{UPDATE_POLICY, UPDATE_POLICY_FAILURE, UPDATE_POLICY_SUCCESS};
use pms_domain::policy::errors::{GROUP_NAME_UNKNOWN, NOT_PROCESSED, POLICY_NAME_TAKEN};
use pms_domain::policy::{PolicyState, naming};
use pms_runtime::AuditedCommand;
use pms_web::lenient::JsonText;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use utoipa::ToSchema;

use super::document;
use super::draft::{check_texts, fits};
use super::mapping::lock_in_group;
use super::written::PolicyWritten;
use crate::Context;

/// New content of a draft. Its type stays, and so does its group.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DraftChange {
    /// The group that the draft belongs to.
    policy_group_name: Option<String>,
    name: Option<String>,
    desc: Option<String>,
    version: Option<String>,
    /// The document, in the schema of the policy's type.
    #[schema(value_type = Object)]
    policies: Option<JsonText>,
}

impl Request for DraftChange {
    fn check(&self, fields: &mut Checks) {
        check_texts(
            fields,
            &[
                ("policyGroupName", self.policy_group_name.as_deref(), 128),
                ("name", self.name.as_deref(), 128),
                ("desc", self.desc.as_deref(), 256),
            ],
        );
        fields.not_blank_or("version", self.version.as_deref(), "value is empty or null");
    }
}

struct Command {
    policy_id: String,
    group_name: String,
    name: String,
    desc: String,
    version: String,
    document: Option<Document>,
    stamp: Stamp,
}

/// A document that was checked as one of this type.
struct Document {
    policy_type: String,
    /// The text to store, or what is wrong with it.
    text: Result<String, BusinessError>,
}

/// Gives a draft new content.
pub(crate) async fn handle(
    caller: Caller,
    policy_id: web::Path<String>,
    Body(request): Body<DraftChange>,
    context: web::Data<Context>,
) -> ApiResult<PolicyWritten> {
    let group_name = request.policy_group_name.unwrap_or_default();
    let policy_id = policy_id.into_inner();
    let document = document_for(&context, policy_id.clone(), request.policies).await?;
    let command = Command {
        policy_id,
        group_name: group_name.clone(),
        name: request.name.unwrap_or_default(),
        desc: request.desc.unwrap_or_default(),
        version: request.version.unwrap_or_default(),
        document,
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

    /// Draft, history and event change together or not at all.
    fn run(mut self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Policy, DbError> {
        let checked = self.document.take();
        trail.note(UPDATE_POLICY, self.by_name());
        let draft = self.draft(conn, trail)?;
        // Another type, or none: the policy was made or changed a moment ago.
        let checked = checked
            .filter(|document| document.policy_type == draft.policy_type)
            .ok_or(DbError::Busy("the policy changed meanwhile"))?;
        let document = checked.text;
        let document = document.map_err(|error| refuse(trail, None, error))?;
        if !fits(&self.version, 8) {
            return Err(refuse(trail, self.by_name(), NOT_PROCESSED));
        }
        let change = PolicyChange {
            name: &self.name,
            descr: &self.desc,
            document: &document,
            version: &self.version,
        };
        let updated = policies::update(conn, &draft.id, &change, &self.stamp);
        let policy = updated.map_err(DbError::from).map_err(|failure| {
            match failure.violation() {
                // Another request took the name since it was looked up.
                Some(Violation::Unique(policy_groups::NAME_IN_GROUP)) => self.name_taken(trail),
                _ => failure,
            }
        })?;
        let event =
            policies::policy_updated(&policy).map_err(|fault| document::refusal(trail, fault))?;
        writer::event(conn, &event, self.stamp.at)?;
        trail.note(UPDATE_POLICY_SUCCESS, self.by_name());
        Ok(policy)
    }
}

impl Command {
    /// The draft, locked, after the checks in the order of the wire.
    fn draft(&self, conn: &mut Connection, trail: &mut AuditTrail) -> Result<Policy, DbError> {
        let found = policy_groups::lock_by_name(conn, &self.group_name, &self.name)?;
        let Some((group, name_taken)) = found else {
            let by_group = Some((self.group_name.as_str(), "policyGroupName"));
            return Err(refuse(trail, by_group, GROUP_NAME_UNKNOWN));
        };
        let mapped = (&group, self.policy_id.as_str());
        let draft = lock_in_group(conn, trail, UPDATE_POLICY_FAILURE, mapped)?;
        let state = PolicyState::of(draft.policy_schema.as_deref(), draft.is_active);
        state
            .update()
            .map_err(|error| refuse(trail, self.by_name(), error))?;
        if draft.name != self.name {
            if name_taken {
                return Err(self.name_taken(trail));
            }
            naming::check(&self.name).map_err(|error| refuse(trail, self.by_name(), error))?;
        }
        Ok(draft)
    }

    fn name_taken(&self, trail: &mut AuditTrail) -> DbError {
        let taken = POLICY_NAME_TAKEN.with(&[&self.name]);
        refuse(trail, self.by_name(), taken)
    }

    fn by_name(&self) -> Subject<'_> {
        Some((self.name.as_str(), "policyName"))
    }
}

/// Checks the document before anything is locked: a large one takes its time. The
/// stored type says which schema counts; without a policy there is nothing to check.
async fn document_for(
    context: &web::Data<Context>,
    policy_id: String,
    document: Option<JsonText>,
) -> ApiResult<Option<Document>> {
    let find = move |conn: &mut Connection| Ok(policies::find(conn, &policy_id)?);
    let Some(policy) = context.db.read(find).await? else {
        return Ok(None);
    };
    let policy_type = policy.policy_type;
    let checked = context.clone().into_inner();
    let text = checked.check_aside(policy_type.clone(), document).await?;
    Ok(Some(Document { policy_type, text }))
}

fn refuse(trail: &mut AuditTrail, subject: Subject<'_>, error: impl Into<DbError>) -> DbError {
    trail.refuse(UPDATE_POLICY_FAILURE, subject, error)
}
