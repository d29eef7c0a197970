//! `POST /encryptBatch`
//!
//! Encrypts many texts at once. The reference has no such operation.

use actix_web::web::Data;
use pms_database::DbError;
use pms_pki::errors;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::data::plain;
use super::decrypt_batch::MAX_TEXTS;
use super::fields;
use super::sealing::{check_base, recipient, seal_all};
use crate::errors::refused;
use crate::vault::Vault;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EncryptBatch {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// base64url or base64 of plain data.
    data: Option<Vec<Option<String>>>,
}

impl Request for EncryptBatch {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        fields::texts(checks, "data", self.data.as_deref(), MAX_TEXTS);
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Encrypted {
    /// In the order of the request.
    data: Vec<String>,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<EncryptBatch>,
    vault: Data<Vault>,
) -> ApiResult<Encrypted> {
    let app_id = request.application_id.unwrap_or_default();
    let ref_id = request.reference_id.unwrap_or_default();
    vault.restricted.check_client(&caller, (&app_id, &ref_id))?;
    check_base(&app_id, &ref_id)?;
    let texts = request.data.unwrap_or_default();
    let read = |text: &Option<String>| {
        let text = text
            .as_deref()
            .ok_or_else(|| refused(errors::ENVELOPE_INVALID))?;
        plain(text)
    };
    let texts = texts
        .iter()
        .map(read)
        .collect::<Result<Vec<_>, DbError>>()?;
    let recipient = recipient(&vault, (&app_id, &ref_id)).await?;
    let shared = vault.sessions.are_for(&app_id, &ref_id);
    Ok(Encrypted {
        data: seal_all(&vault, recipient, texts, shared).await?,
    })
}
