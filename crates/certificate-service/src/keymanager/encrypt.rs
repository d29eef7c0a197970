//! `POST /encrypt`
//!
//! Encrypts data for the holder of a key (contract keymanager.md §11).

use actix_web::web::Data;
use pms_pki::envelope;
use pms_web::{ApiError, ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::data::{Converted, Salt, plain};
use super::fields;
use super::sealing::{check_base, recipient, seal_all};
use crate::errors::OrDbError as _;
use crate::vault::Vault;

/// A request to encrypt or decrypt.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Convert {
    pub(super) application_id: Option<String>,
    pub(super) reference_id: Option<String>,
    /// Any point in time; it must be there and counts for nothing.
    #[schema(value_type = String)]
    time_stamp: Option<Value>,
    /// base64url or base64.
    pub(super) data: Option<String>,
    /// base64url or base64 of 12 bytes.
    pub(super) salt: Option<String>,
    pub(super) aad: Option<String>,
}

impl Request for Convert {
    fn check(&self, checks: &mut Checks) {
        fields::key_name(
            checks,
            self.application_id.as_deref(),
            self.reference_id.as_deref(),
        );
        checks.require(
            self.time_stamp.is_some(),
            "timeStamp",
            "should not be null or empty",
        );
        fields::given(checks, "data", self.data.as_deref());
        fields::given_if_there(checks, "salt", self.salt.as_deref());
        fields::given_if_there(checks, "aad", self.aad.as_deref());
    }
}

pub(crate) async fn handle(
    caller: Caller,
    Body(request): Body<Convert>,
    vault: Data<Vault>,
) -> ApiResult<Converted> {
    let app_id = request.application_id.unwrap_or_default();
    let ref_id = request.reference_id.unwrap_or_default();
    vault.restricted.check_client(&caller, (&app_id, &ref_id))?;
    check_base(&app_id, &ref_id)?;
    let data = plain(&request.data.unwrap_or_default())?;
    let salt = Salt::parse(request.salt.as_deref(), request.aad.as_deref()).or_failure()?;
    let recipient = recipient(&vault, (&app_id, &ref_id)).await?;
    if salt.is_absent() {
        let shared = vault.sessions.are_for(&app_id, &ref_id);
        let mut encrypted = seal_all(&vault, recipient, vec![data], shared).await?;
        let encrypted = encrypted
            .pop()
            .ok_or_else(|| ApiError::unexpected("nothing was encrypted"))?;
        return Ok(Converted {
            data: encrypted.into(),
        });
    }
    let encrypt = move || envelope::encrypt(&recipient, &data, salt.salted());
    let encrypted = vault.compute.run(encrypt).await?.or_failure()?;
    Ok(Converted {
        data: encrypted.into(),
    })
}
