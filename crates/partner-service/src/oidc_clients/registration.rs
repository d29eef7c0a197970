//! Registering a client at eSignet: what it may ask for, and what is sent.

use actix_web::web::Data;
use pms_database::oidc_clients::intents::Intent;
use pms_domain::audit::Subject;
use pms_domain::oidc_clients::{AuthTypes, KycAttributes, audits};
use pms_domain::policy::document;
use pms_integrations::esignet::NewClient;
use pms_integrations::key_manager::UNREACHABLE;
use pms_web::{ApiError, ApiResult};
use serde::Serialize;

use super::asking::Asking;
use super::create::{Command, Question, Registered};
use crate::Context;

/// What a client may ask for, as its policy has it.
pub(super) struct Derived {
    /// Claims.
    pub(super) claims: Vec<String>,
    /// ACR values.
    pub(super) acr_values: Vec<String>,
}

/// SHA-256 of a value's JSON, in hexadecimal.
pub(super) fn digest(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    hex::encode(aws_lc_rs::digest::digest(
        &aws_lc_rs::digest::SHA256,
        text.as_bytes(),
    ))
}

/// Derives what the client may ask for, fetches the partner's certificate, and
/// has eSignet register the client.
///
/// # Errors
/// In this order: what is wrong with claims and ACR values, the key manager's
/// error, a key that another call took meanwhile, eSignet's error.
pub(super) async fn register(
    context: &Data<Context>,
    command: &Command,
    question: Question,
    intent: &Intent,
) -> ApiResult<Registered> {
    let derived = derive(context, command, &question).await?;
    let certificate = async {
        if question.alias.is_empty() {
            return Err(UNREACHABLE.into());
        }
        let certificate = context.key_manager.partner_certificate(&question.alias);
        Ok(certificate.await?.certificate_data)
    };
    let certificate = match certificate.await {
        Ok(certificate) => certificate,
        Err(error) => return Err(failed(context, command, command.about(), error).await),
    };
    let asking = Asking {
        context: context.clone(),
        esignet: context.esignet.clone().unpooled(),
        wanted: wanted(command, &derived),
        intent: intent.clone(),
        stamp: command.stamp.clone(),
        caller: command.caller.clone(),
    };
    match asking.ask().await {
        Ok(lease) => Ok(Registered {
            question,
            derived,
            certificate,
            lease,
        }),
        Err(error) => Err(failed(context, command, command.about(), error).await),
    }
}

/// Notes the failure of a step that no transaction belongs to.
async fn failed(
    context: &Context,
    command: &Command,
    about: Subject<'_>,
    error: ApiError,
) -> ApiError {
    if matches!(error, ApiError::Rejected(_)) {
        let note = |trail: &mut pms_database::outbox::AuditTrail| {
            trail.note(audits::CREATE_FAILED, about);
        };
        context.db.note(command.stamp.clone(), note).await;
    }
    error
}

/// Claims and ACR values (contract clients-users-notifications.md §1.4, §1.5).
async fn derive(context: &Context, command: &Command, question: &Question) -> ApiResult<Derived> {
    let policy = document::to_members(&question.policy.policy_file_id)
        .map_err(|_fault| ApiError::unexpected("the policy's document is no object"))?;
    let shared = KycAttributes::of(&policy).map_err(ApiError::unexpected)?;
    let claims = async {
        let mapping = context.esignet.claims_mapping().await?;
        let supported = context.esignet.supported_claims().await?;
        Ok(distinct(mapping.claims(&shared, &supported)?))
    };
    let claims: ApiResult<Vec<String>> = claims.await;
    let claims = match claims {
        Ok(claims) => claims,
        Err(error) => return Err(failed(context, command, None, error).await),
    };
    let allowed = AuthTypes::of(&policy).map_err(ApiError::unexpected)?;
    // Refused without a record, as in the reference.
    allowed.all_optional()?;
    let acr_values = async {
        let mapping = context.esignet.acr_mapping().await?;
        Ok(distinct(mapping.values(&allowed)?))
    };
    let acr_values: ApiResult<Vec<String>> = acr_values.await;
    match acr_values {
        Ok(acr_values) => Ok(Derived { claims, acr_values }),
        Err(error) => Err(failed(context, command, None, error).await),
    }
}

/// Each item once: eSignet may list a claim twice, and refuse it then.
fn distinct(items: Vec<String>) -> Vec<String> {
    super::fields::distinct(items.into_iter().map(Some).collect())
}

/// What eSignet is to register.
pub(super) fn wanted(command: &Command, derived: &Derived) -> NewClient {
    NewClient {
        client_id: command.key.client_id.clone(),
        client_name: command.name.plain.clone(),
        public_key: command.key.members.clone(),
        relying_party_id: command.partner_id.clone(),
        user_claims: derived.claims.clone(),
        auth_context_refs: derived.acr_values.clone(),
        logo_uri: command.logo_uri.clone(),
        redirect_uris: command.redirect_uris.clone(),
        grant_types: command.grant_types.clone(),
        client_auth_methods: command.auth_methods.clone(),
        client_name_lang_map: command.name.by_language.clone(),
    }
}
