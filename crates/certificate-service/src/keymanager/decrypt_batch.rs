//! `POST /decryptBatch`
//!
//! Decrypts many texts at once. The reference has no such operation.

use actix_web::web::Data;
use pms_database::DbError;
use pms_pki::reading;
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::data::{Reader, Zeroized, keys_by_thumbprint};
use super::fields;
use super::opening::{Parsed, open_all};
use crate::vault::Vault;

/// Most texts of one request.
pub(super) const MAX_TEXTS: usize = 20_000;

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct DecryptBatch {
    application_id: Option<String>,
    reference_id: Option<String>,
    /// Encrypted texts.
    data: Option<Vec<Option<String>>>,
    /// Whether texts whose key of ours can't be opened are told of in `failed`. Without
    /// that one of them fails the call: null would say that it can't be decrypted.
    report_failed: Option<bool>,
}

impl Request for DecryptBatch {
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
pub(crate) struct Decrypted {
    /// In the order of the request: base64url of the plain text, or null for
    /// a text that can't be decrypted.
    #[schema(value_type = Vec<Option<String>>)]
    data: Vec<Option<Zeroized>>,
    /// Places of the texts, from 0, whose key of ours can't be opened: of them null says
    /// nothing. Left out when there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failed: Vec<usize>,
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<DecryptBatch>,
    vault: Data<Vault>,
) -> ApiResult<Decrypted> {
    let reader = Reader {
        user: caller.user_id().to_owned(),
        app_id: request.application_id.unwrap_or_default(),
        ref_id: request.reference_id.unwrap_or_default(),
        now: vault.clock.now(),
    };
    let name = (reader.app_id.as_str(), reader.ref_id.as_str());
    vault.restricted.check_client(&caller, name)?;
    let shared = vault.sessions.are_for(name.0, name.1);
    let parsed = Parsed::of(&vault, request.data.unwrap_or_default()).await?;
    let mut keys = keys_by_thumbprint(&vault, reader, parsed.thumbprints()).await?;
    let failed = parsed.places_of(&keys.broken);
    if request.report_failed.unwrap_or_default() {
        keys.tell_of_broken();
    } else if let Some((_, fault)) = keys.broken.drain().next() {
        return Err(DbError::Internal(fault).into());
    }
    let opened = open_all(&vault, parsed, &keys.usable, shared).await?;
    let encoded = opened
        .iter()
        .map(|plain| Some(reading::encode_data(plain.as_ref()?).into()));
    Ok(Decrypted {
        data: encoded.collect(),
        failed,
    })
}
