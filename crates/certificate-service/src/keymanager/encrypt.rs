//! POST /v1/keymanager/encrypt (contract keymanager.md §11)

use actix_web::web::Data;
use pms_database::{Connection, DbError};
use pms_pki::{Certificate, envelope, errors, key_life};
use pms_web::{ApiResult, Body, Caller, Checks, Request};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::data::{Converted, Salt, plain};
use super::fields;
use crate::errors::{OrDbError as _, refused};
use crate::keys::{current_base, find_base};
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
    if fields::is_blank(Some(&ref_id)) || key_life::is_master(&app_id, &ref_id) {
        return Err(refused(errors::ENCRYPTION_FORBIDDEN).into());
    }
    let data = plain(&request.data.unwrap_or_default())?;
    let salt = Salt::parse(request.salt.as_deref(), request.aad.as_deref()).or_failure()?;
    let recipient = recipient(&vault, app_id, ref_id).await?;
    let encrypt = move || envelope::encrypt(&recipient, &data, salt.salted());
    let encrypted = vault.compute.run(encrypt).await?.or_failure()?;
    Ok(Converted {
        data: encrypted.into(),
    })
}

/// The certificate to encrypt for. The transaction that may make a key is
/// started only when there is none.
async fn recipient(
    vault: &Data<Vault>,
    app_id: String,
    ref_id: String,
) -> Result<Certificate, DbError> {
    let (within, now) = (vault.clone(), vault.clock.now());
    let name = (app_id.clone(), ref_id.clone());
    let find = move |conn: &mut Connection| find_base(&within.keys, conn, (&name.0, &name.1), now);
    if let Some(key) = vault.db.read(find).await? {
        return Ok(key.certificate().clone());
    }
    let within = vault.clone();
    let make = move |conn: &mut Connection| {
        let key = current_base(&within.keys, conn, (&app_id, &ref_id), now)?;
        Ok(key.certificate().clone())
    };
    vault.db.transaction(make).await
}
